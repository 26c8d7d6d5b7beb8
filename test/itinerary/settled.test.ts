import { describe, expect, it } from 'vitest';
import { readCorpus } from '../../src/corpus/read-corpus.ts';
import { Itinerary } from '../../src/itinerary/itinerary.ts';
import { isToldIn } from '../../src/itinerary/premises.ts';
import { JAPANESE_NAMES } from './japanese-names.ts';

const { corpus } = await readCorpus('corpus/meetings');
const itinerary = new Itinerary(corpus.meetings, { names: JAPANESE_NAMES });

/** What is settled, in words; null when nothing is. */
function settledOf(question: string): string | null {
  const { settled, language } = itinerary.read(question);
  return settled === null ? null : itinerary.text(settled, language);
}

describe('what a question takes for granted', () => {
  it.each([
    ['what did Renzi say when he welcomed her in Rome', 'She did not visit Rome on this tour.'],
    ['did she go to Rome', 'She did not visit Rome on this tour.'],
    ['where was she on the 20th', 'The tour was from January 5, 2024 to January 18, 2024.'],
    ['did she meet anyone on January 3', 'The tour was from January 5, 2024 to January 18, 2024.'],
    ['3日はどこにいましたか', '外遊の日程は2024年1月5日から2024年1月18日までです。'],
    ['1月20日は誰に会いましたか', '外遊の日程は2024年1月5日から2024年1月18日までです。'],
    [
      'Did she visit Ottawa?',
      'She did not visit Ottawa on this tour. Nearest: Montréal on January 13, 2024.',
    ],
    ['was she ever in Paris on this trip', 'She did not visit Paris on this tour.'],
    ['her itinerary in Riyadh', 'She did not visit Riyadh on this tour.'],
    ['what did she do in oslo', 'She did not visit Oslo on this tour.'],
    ['what did she see in the port of Odesa', 'She did not visit Odesa on this tour.'],
    ['did she meet Boris Johnson', 'The itinerary has no meeting with Boris Johnson on this tour.'],
    ['was trudeau there', 'The itinerary has no meeting with trudeau on this tour.'],
    ['Was Orbán with her?', 'The itinerary has no meeting with Orbán on this tour.'],
    ['was baerbock at the talks', 'The itinerary has no meeting with baerbock on this tour.'],
    [
      'what did she and Macron talk about',
      'The itinerary has no meeting with Macron on this tour.',
    ],
    [
      'What did Olena Zelenska tell her?',
      'The itinerary has no meeting with Olena Zelenska on this tour.',
    ],
    [
      'did she meet the Swedish prime minister',
      'The itinerary has no meeting with the Swedish prime minister on this tour.',
    ],
    [
      'what did chancellor scholz tell her',
      'The itinerary has no meeting with scholz on this tour.',
    ],
    [
      'What did Kamikawa discuss with Blinken in Ottawa?',
      'Kamikawa Yoko met Antony J. Blinken in Washington D.C. on January 12, 2024, not in Ottawa.',
    ],
    [
      'what did she and karim khan agree on in hamburg',
      'She met Karim A. A. Khan KC in The Hague on January 11, 2024, not in Hamburg.',
    ],
    [
      'did she see Erdogan in Istanbul',
      'She met Recep Tayyip Erdoğan in Ankara on January 16, 2024, not in Istanbul.',
    ],
    [
      'did she meet Sikorski on Tuesday',
      'She met Radosław Sikorski in Warsaw on January 8, 2024, not on January 9, 2024.',
    ],
    ['was she in Kyiv on the 9th', 'She was in Kyiv on January 7, 2024, not on January 9, 2024.'],
    ['did she meet with Zelensky?', 'Yes: She met Volodymyr Zelenskyy in Kyiv on January 7, 2024.'],
    ['did she visit Hamburg?', 'Yes: She was in Hamburg on January 14, 2024 and January 15, 2024.'],
    ['has she met Joly', 'Yes: She met Mélanie Joly in Montréal on January 13, 2024.'],
    [
      'was ginna raimundo comerce secretary on the programm in washingtn',
      'Yes: Kamikawa Yoko met Gina Raimondo in Washington D.C. on January 12, 2024.',
    ],
    [
      'did she meet the mayor of Hamburg',
      'Yes: She met Peter Tschentscher in Hamburg on January 14, 2024.',
    ],
    ['オタワに行きましたか', '今回の日程にオタワは含まれていません。'],
    ['マクロン大統領に会いましたか', '今回の日程にマクロンとの会談はありません。'],
    [
      'ブリンケンとオタワで会いましたか',
      'アントニー・ブリンケンと会ったのはワシントン（2024年1月12日）で、オタワではありません。',
    ],
    ['ドゥダ大統領と会いましたか', 'はい。アンジェイ・ドゥダとはワルシャワ（2024年1月8日）です。'],
    // One of two days with a wreath.
    [
      'Did she meet President Duda on the day of the wreath laying?',
      'Yes: She met Andrzej Duda in Warsaw on January 8, 2024.',
    ],
  ])('“%s”: %s', (question, expected) => {
    expect(settledOf(question)).toBe(expected);
  });

  it.each([
    // Too near to a name to be another.
    'did she meet Zelinksi',
    // Spoken of, not met; lain elsewhere, not visited.
    'did she talk about Trump with Blinken',
    'what did Sikorski say about refugees in Ukraine',
    "did she talk with Biden's security adviser",
    'what did she tell Zelensky about having gone to Bucha',
    // Another time.
    'did she visit Paris last year',
    'What did Hayashi announce in Kyiv in September 2023?',
    'when did she study in Paris',
    // The last day there, whichever that was.
    'who did she meet on her last day in Ankara',
    // A province that the itinerary does not know.
    'what did she do in Quebec',
    // No question of a meeting at all.
    'how old is Elina Valtonen',
    'did she speak english',
    'who won the election in Taiwan',
    'did she go to Berlin or Hamburg',
    '日本の防衛費はいくら？',
    // A common noun in katakana.
    'なぜ記者会見はシェルターで行われましたか',
    '記者会見はオンラインで開かれましたか',
    // A topic, not a place.
    '北朝鮮について、ブリンケンとの会談で何を話しましたか',
    // Two lengths, not whether she met them.
    'was the lunch with Valtonen longer than the talks with Blinken',
    'which was longer, the talks with Joly or the dinner in Stockholm',
    // Somebody of theirs, not they themselves.
    "did she meet Duda's foreign minister",
    "did she meet Zelensky's wife",
    // What did not take place.
    'was there a day of the tour, 5 to 18 January, with nothing on it',
    // Whom she met may come to her country.
    'why was Silla Kakkola coming to Japan',
  ])('leaves “%s” open', (question) => {
    expect(settledOf(question)).toBeNull();
  });

  it('does not speak against documents that hold what is taken for granted', () => {
    const told = new Itinerary(corpus.meetings, { isMentioned: () => true });
    expect(told.read('What did Lai Ching-te tell her?').settled).toBeNull();
    expect(told.read('What did Blinken tell her in Ottawa?').settled).toBeNull();
    // Whether she met him is for the itinerary to say.
    expect(told.read('Did she meet Lai Ching-te?').settled?.kind).toBe('no_such_person');
    expect(told.read('What did Blinken tell her in Ottawa on this tour?').settled?.kind).toBe(
      'other_place',
    );
  });

  it('knows no Japanese name as unknown while it has none', () => {
    const plain = new Itinerary(corpus.meetings);
    expect(plain.read('ブリンケン長官に会いましたか').settled).toBeNull();
  });
});

describe('an act that a question asks after', () => {
  it.each([
    ['did she sign a treaty in Ankara?', 'She signed the treaty there.', true],
    ['did she sign a treaty in Ankara?', 'The treaty should be signed as soon as possible.', false],
    ['did she sign a treaty in Ankara?', "She wrote in the visitors' book about a treaty.", false],
    ['did she sign a treaty in Ankara?', 'Both signed the minutes.', false],
    ['has she promised tanks to Kyiv?', 'Japan pledged ten tanks.', true],
    ['has she promised tanks to Kyiv?', 'Kuleba thanked Japan for tanks.', false],
    ['did Joly announce a loan?', 'A loan was announced on that day.', true],
    ['did they agree on a visa waiver?', 'They spoke about visas.', false],
    ['アンカラで署名しましたか', 'The two ministers signed a memorandum.', true],
    ['F-16を約束しましたか', 'Kuleba thanked Japan for F-16 jets.', false],
  ])('“%s” with “%s”: %s', (question, sentence, expected) => {
    const { claim } = itinerary.read(question);
    expect(claim).not.toBeNull();
    expect(claim === null ? null : isToldIn(sentence, claim)).toBe(expected);
  });

  it.each([
    'what did she announce in Ankara?',
    'who promised aid?',
    'how many papers were signed at the conference?',
    'which states have signed up to the treaty?',
    'how much did Japan give?',
    'did she meet Joly?',
  ])('is none in “%s”', (question) => {
    expect(itinerary.read(question).claim).toBeNull();
  });

  it.each([
    'which treaty did she sign?',
    'why did Canada refuse to join the talks?',
    'why did she cancel the visit?',
    'エルドアン大統領が訪日を中止したのはなぜですか',
  ])('is taken for granted by “%s”', (question) => {
    expect(itinerary.read(question).claim).not.toBeNull();
  });

  it('may be of a kind that the itinerary has elsewhere: then the account of what was there has to tell of it', () => {
    const { claim } = itinerary.read('was there a press conference in Hamburg?');
    expect(claim?.meetings).toEqual(['tschentscher', 'itlos']);
    expect(claim?.untold.en).toBe('The itinerary has no press conferences in Hamburg.');
    expect(claim === null ? null : isToldIn('A press conference followed.', claim)).toBe(true);
    expect(claim === null ? null : isToldIn('The conference was short.', claim)).toBe(false);
    expect(itinerary.read('was there a press conference in Kyiv?').claim).toBeNull();
    expect(itinerary.read('アンカラで昼食会はありましたか').claim?.untold.ja).toBe(
      '日程にはアンカラでの昼食会はありません。',
    );
  });

  it('is looked for where the question puts it', () => {
    expect(itinerary.read('did she sign a treaty in Helsinki?').claim?.meetings).toEqual(
      corpus.meetings.filter(({ city }) => city === 'Helsinki').map(({ id }) => id),
    );
    expect(itinerary.read('did she sign a treaty?').claim?.meetings).toBeNull();
  });

  it('names holders of an office whom nobody met', () => {
    expect(settledOf('did she meet the Pope?')).toBe(
      'The itinerary has no meeting with the Pope on this tour.',
    );
    expect(settledOf('did she see the Secretary-General of the UN?')).toMatch(/no meeting with/);
    expect(settledOf('Did she see a king?')).toMatch(/no meeting with the king/);
  });
});

describe('what a question is about', () => {
  it('is the counterpart of the country of “one”', () => {
    const { focus } = itinerary.read('how long did she talk to the Swedish one');
    expect(focus.meetings).toEqual(['billstrom']);
  });

  it('is one topic of a meeting, not all of them, where it names one', () => {
    expect(itinerary.read('ブリンケン長官とは何を話した').aspect).toBe('topic');
    expect(itinerary.read('ブリンケン長官とは北朝鮮について何を話した').aspect).toBeNull();
    expect(itinerary.read('what did she discuss with Joly in Canada').aspect).toBe('topic');
  });

  it('is somebody whom a topic names too', () => {
    expect(itinerary.read('ポーランド大統領との会談は何分').focus.meetings).toEqual(['duda']);
    expect(itinerary.read('ポーランド大統領に会いましたか').settled?.kind).toBe('yes');
  });

  it.each([
    ['how long was the luch with billstorm in stokholm', ['billstrom']],
    ['wat did she do at attaturks mausoleam', ['ataturk']],
    ['At what time did she face reporters in Washington on the 12th?', ['presser-washington']],
    ['how long was she in with the Ukrainian prime minister', ['shmyhal']],
    ['what did the president of the ICC say', ['icc-president']],
    ['how long did the lunch with the dutch minister last', ['bruins-slot']],
    ['how do I boil an egg', []],
  ])('“%s”', (question, expected) => {
    expect(itinerary.read(question).focus.meetings).toEqual(expected);
  });
});
