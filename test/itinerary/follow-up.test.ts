import { describe, expect, it } from 'vitest';
import { readCorpus } from '../../src/corpus/read-corpus.ts';
import { Itinerary } from '../../src/itinerary/itinerary.ts';
import { JAPANESE_NAMES } from './japanese-names.ts';

const { corpus } = await readCorpus('corpus/meetings');
const itinerary = new Itinerary(corpus.meetings, { names: JAPANESE_NAMES });

interface Before {
  readonly question: string;
  readonly meeting?: string;
  readonly isChosen?: boolean;
}

function standalone(question: string, { meeting, ...before }: Before): string {
  return itinerary.standalone(question, { ...before, meeting: meeting ?? null });
}

const ids = (question: string, before: Before): string[] =>
  itinerary.read(standalone(question, before)).listing?.meetings.map(({ id }) => id) ?? [];
const valueOf = (question: string, before: Before): string | number | null | undefined =>
  itinerary.read(standalone(question, before)).listing?.value;

describe('a follow-up in words that can be asked alone', () => {
  const kyiv = { question: 'Who did she meet in Kyiv?', meeting: 'kuleba' };
  const blinken = { question: 'How long did the meeting with Blinken last?', meeting: 'blinken' };
  const press = {
    question: 'Was the press announcement held in a shelter?',
    meeting: 'kuleba-press',
  };
  it.each([
    ['and in Warsaw?', kyiv, 'Who did she meet in Warsaw?'],
    ['what did they talk about?', kyiv, 'what did they talk about in Kyiv?'],
    ['what about Sweden', kyiv, 'Who did she meet in Sweden?'],
    [
      'what about Hamburg?',
      { question: 'How long was “Dinner with Japanese residents of Sweden in Stockholm”?' },
      'How long was the meeting in Hamburg?',
    ],
    [
      'and with Sullivan?',
      {
        question:
          'Where was “Working lunch with Finnish Foreign Minister Elina Valtonen in Helsinki”?',
      },
      'Where was the meeting with Sullivan?',
    ],
    ['and on the 9th?', { question: 'Where was she on January 8?' }, 'Where was she on the 9th?'],
    ['and Sullivan?', blinken, 'How long did the meeting with Sullivan last?'],
    ['and in Kyiv?', blinken, 'How long did the meeting in Kyiv last?'],
    [
      'and in Warsaw?',
      { question: 'Which ministers did she meet?' },
      'Which ministers did she meet in Warsaw?',
    ],
    ['which of them were women?', kyiv, 'which of the people met in Kyiv were women?'],
    [
      'how many of them are in Europe?',
      { question: 'Which countries did she visit?' },
      'how many of the countries visited are in Europe?',
    ],
    [
      'where was the last one',
      { question: 'list the press conferences' },
      'where was “Closing press conference of Foreign Minister Kamikawa in Ankara”',
    ],
    ['そのうち女性は？', { question: 'キーウで誰に会いましたか' }, 'キーウの面会者のうち女性は？'],
    [
      'and outside Europe?',
      { question: 'How many meetings in each country?' },
      'How many meetings in each country outside Europe?',
    ],
    ['and outside Kyiv?', kyiv, 'Who did she meet outside Kyiv?'],
    [
      'キーウ以外では？',
      { question: 'キーウで誰に会いましたか' },
      'キーウ以外で、誰に会いましたか',
    ],
    ['why?', press, 'Why was the press announcement held in a shelter?'],
    ['when was that?', blinken, 'When was the meeting with Antony J. Blinken?'],
    [
      'how many?',
      { question: 'Which countries did she visit?' },
      'How many countries did she visit?',
    ],
    ['who else was there?', blinken, 'who else was at the meeting with Antony J. Blinken?'],
    [
      'how long did it last?',
      { ...kyiv, meeting: 'joly' },
      'how long did the meeting with Mélanie Joly last?',
    ],
    ['what did he say?', blinken, 'what did Antony J. Blinken say?'],
    [
      'what did they agree on?',
      blinken,
      'what did they agree on at the meeting with Antony J. Blinken?',
    ],
    // The document that was quoted tells that.
    ['what was discussed?', blinken, 'what was discussed?'],
    ['what did she do there?', blinken, 'what did she do in Washington D.C.?'],
    ['what did she do the next day?', blinken, 'what did she do on January 13, 2024?'],
    ['ワルシャワでは？', { question: 'キーウで誰に会いましたか' }, 'ワルシャワで誰に会いましたか'],
    ['いつ？', { question: 'ブリンケンとどこで会いましたか' }, 'ブリンケンといつ会いましたか'],
    [
      '他に誰がいましたか',
      { question: 'ブリンケンとの会談は何分でしたか', meeting: 'blinken' },
      'アントニー・ブリンケンとの会談で他に誰がいましたか',
    ],
    [
      'カナダでは？',
      { question: 'ブリンケンとの会談は何分でしたか', meeting: 'blinken' },
      'カナダの会談は何分でしたか',
    ],
    [
      '何分でしたか',
      { question: 'ジョリー外相との会談では何を話しましたか', meeting: 'joly' },
      'メラニー・ジョリーとの会談は何分でしたか',
    ],
    [
      '何について話しましたか',
      { question: 'カナダで誰に会いましたか', meeting: 'joly' },
      'メラニー・ジョリーとの会談で何について話しましたか',
    ],
    [
      'その後どこへ行きましたか',
      { question: 'ハンブルクで誰に会いましたか', meeting: 'itlos' },
      'ハンブルクの後はどこへ行きましたか',
    ],
    [
      'その日は何をしましたか',
      { question: 'ブリンケンとの会談は何分でしたか', meeting: 'blinken' },
      '2024年1月12日は何をしましたか',
    ],
  ])('“%s” after %j is “%s”', (question, before, expected) => {
    expect(standalone(question, before)).toBe(expected);
  });

  it.each([
    'Which countries did she visit?',
    'What did Japan pledge for drones?',
    'How long did the lunch in Helsinki take?',
    'Who is Prime Minister of Finland?',
    'Where does the itinerary begin?',
    '次の訪問国はどこですか、カナダですか',
  ])('leaves “%s” as it is: it can be asked alone', (question) => {
    expect(standalone(question, blinken)).toBe(question);
  });

  it.each([
    [
      'When did she meet Blinken?',
      [
        ['how long?', 'How long was the meeting with Antony J. Blinken?'],
        ['and before that?', 'What came right before the meeting with Antony J. Blinken?'],
        ['where?', 'Where was the meeting with Antony J. Blinken?'],
      ],
    ],
    [
      'What did Blinken say about refugees?',
      [
        ['why?', 'Why did Blinken say this about refugees?'],
        ['and Valtonen?', 'Why did Valtonen say this about refugees?'],
        ['what about NATO?', 'Why did Valtonen say this about NATO?'],
      ],
    ],
    [
      'Which countries did she visit?',
      [
        ['how many?', 'How many countries did she visit?'],
        ['which was first?', 'How many countries did she visit first?'],
        ['and the last?', 'How many countries did she visit last?'],
      ],
    ],
    [
      'Where was she on the 9th?',
      [
        ['and on the 12th?', 'Where was she on the 12th?'],
        ['the day after?', 'Where was she on January 13, 2024?'],
      ],
    ],
    [
      'ブリンケンとはいつ会いましたか',
      [
        ['どこで？', 'ブリンケンとはどこで会いましたか'],
        ['その前は？', 'アントニー・ブリンケンとの会談の直前の予定は何ですか'],
        ['12日は？', '12日には何がありましたか'],
      ],
    ],
    [
      'どの国を訪問しましたか',
      [
        ['何カ国？', '何カ国を訪問しましたか'],
        ['最初は？', '最初に何カ国を訪問しましたか'],
      ],
    ],
  ])('keeps the last complete question over several turns: %s', (first, turns) => {
    let question = first;
    for (const [typed = '', expected] of turns) {
      question = standalone(typed, { question, meeting: 'blinken' });
      expect(question).toBe(expected);
    }
  });

  const inKyiv = { question: 'Who did she meet in Kyiv?', meeting: 'energy-handover' };
  const drones = { question: 'How much did Japan pledge for drones?', meeting: 'kuleba' };
  const talks = { question: 'ブリンケンとの会談は何分でしたか', meeting: 'blinken' };
  const ninth = { question: '1月9日は何をしましたか', meeting: 'valtonen' };
  const helsinki = { question: 'When did she arrive in Helsinki?', meeting: 'nytkis' };
  const countries = { question: 'Which countries did she visit?', meeting: 'nowacka' };
  const madrid = { question: 'Did she go to Madrid?' };
  it.each([
    // A question that says neither whom nor where is not about the whole tour.
    ['どこで会いましたか', blinken, 'アントニー・ブリンケンとの会談でどこで会いましたか'],
    ['どこで会いましたか', inKyiv, 'キーウでどこで会いましたか'],
    ['いつ発表しましたか', drones, /キーウ|Kyiv.*でいつ発表しましたか/],
    // The question before in the language of the follow-up.
    ['ワルシャワでは？', inKyiv, 'ワルシャワで誰に会いましたか'],
    ['何人？', inKyiv, 'キーウで何人会いましたか'],
    ['いつ？', madrid, /^いつ、.*に行きましたか$/],
    ['ではパリは？', madrid, 'パリに行きましたか'],
    ['いくつ？', countries, 'いくつの国を訪問しましたか'],
    ['and with Joly?', talks, 'How long was the meeting with Joly?'],
    [
      'and in Poland?',
      { question: 'ウクライナで誰に会いましたか' },
      'Who did they meet in Poland?',
    ],
    // Reasons.
    ['なぜですか', blinken, 'アントニー・ブリンケンとの会談はなぜ行われましたか'],
    ['なんで', helsinki, 'ヘルシンキにはなぜ行きましたか'],
    ['why?', blinken, 'Why was the meeting with Antony J. Blinken held?'],
    ['why?', countries, 'Why did she visit these countries?'],
    ['why not?', madrid, 'Why did she go to Madrid?'],
    // What came next: after one meeting, a place or a day.
    ['その次は？', talks, 'アントニー・ブリンケンとの会談の直後の予定は何ですか'],
    ['それで？', inKyiv, 'キーウの後はどこへ行きましたか'],
    ['then?', inKyiv, 'Where did they go after Kyiv?'],
    ['次は', ninth, '2024年1月10日は何をしましたか'],
    // More, and others.
    ['もっと詳しく', talks, 'アントニー・ブリンケンとの会談について教えて'],
    ['もっと詳しく', inKyiv, 'キーウで何をしましたか'],
    ['tell me more', blinken, 'Tell me about the meeting with Antony J. Blinken'],
    ['more details please', countries, 'Give me an overview of the tour'],
    ['anyone else?', inKyiv, 'Who did she meet in Kyiv?'],
    ['他に誰がいましたか', inKyiv, 'キーウで誰に会いましたか'],
    // Other question words.
    ['何時から', talks, 'ブリンケンとの会談は何時からでしたか'],
    ['誰と？', talks, 'アントニー・ブリンケンとの会談には誰がいましたか'],
    ['誰と？', ninth, '1月9日は誰に会いましたか'],
    ['to whom?', drones, 'To whom did Japan pledge for drones?'],
    ['and for generators?', drones, 'How much did Japan pledge for generators?'],
    ['and when did she leave?', helsinki, 'and when did she leave Helsinki?'],
    ['which was the longest?', inKyiv, 'What was the longest meeting in Kyiv?'],
    ['一番長かったのは？', countries, '一番長く滞在した場所はどこですか'],
    ['and the ICC?', { question: 'Where was the ICJ meeting?' }, 'Where was the ICC meeting?'],
  ])(
    'takes up what was spoken of, in either language: “%s” after %j',
    (typed, before, expected) => {
      const asked = standalone(typed, before);
      if (typeof expected === 'string') expect(asked).toBe(expected);
      else expect(asked).toMatch(expected);
    },
  );

  it('means somebody of the question before by a pronoun that stands there too', () => {
    const before = { question: 'Where did he go after the lunch?', meeting: 'billstrom' };
    expect(standalone('what did he say?', before)).toBe('what did he say?');
  });
});

describe('who and what was spoken of', () => {
  const warsaw = { question: 'When did she arrive in Warsaw?' };
  const drones = { question: "What is Japan's policy on drones?" };
  const many = { question: 'Who did she meet in Washington?', meeting: 'blinken' };
  const prosecutor = { question: 'what did the prosecutor say?' };
  const topics = { question: 'ブリンケンとの会談で何を話しましたか', meeting: 'blinken' };
  it.each([
    ['and who did she meet there?', warsaw, 'and who did she meet in Warsaw?'],
    ['how long did she stay there?', warsaw, 'how long did she stay in Warsaw?'],
    ['why did she go there?', warsaw, 'why did she go to Warsaw?'],
    ['did she meet Duda there?', warsaw, 'did she meet Duda in Warsaw?'],
    // The place of the question goes before the meeting that the answer showed first.
    ['what did she do there?', { ...warsaw, meeting: 'joly' }, 'what did she do in Warsaw?'],
    [
      'そこで誰に会いましたか',
      { question: 'ワルシャワにはいつ着きましたか' },
      'ワルシャワで誰に会いましたか',
    ],
    ['did he mention Ukraine?', prosecutor, 'did Karim A. A. Khan KC mention Ukraine?'],
    ['北朝鮮については？', topics, '北朝鮮について、ブリンケンとの会談で何を話しましたか'],
    [
      'what about North Korea?',
      { question: 'What did she discuss with Blinken?', meeting: 'blinken' },
      'What did she discuss with Blinken about North Korea?',
    ],
  ])('“%s” after %j is “%s”', (question, before, expected) => {
    expect(standalone(question, before)).toBe(expected);
  });

  it.each([
    // No place is known, or only home.
    ['who did she meet there?', drones],
    [
      'how long did she stay there?',
      { question: 'When did she leave Tokyo?', meeting: 'departure' },
    ],
    ['what did she do there?', { ...drones, meeting: 'presser-tokyo' }],
    ['そこで誰に会いましたか', { question: 'ドローンの政策は何ですか' }],
    // Several meetings, not the one that the answer showed first.
    ['how long were they?', many],
    // Complete questions.
    ['How was the weather?', topics],
    ['What is NATO?', many],
    ['Was she in Kyiv on the 9th?', topics],
    ['Was she in Kyiv on the 9th?', many],
  ])('leaves “%s” after %j as it is, and lists nothing', (question, before) => {
    expect(standalone(question, before)).toBe(question);
    expect(itinerary.read(question).listing).toBeNull();
  });
});

describe('a follow-up on one thing of what was shown', () => {
  const hamburg = { question: 'Who did she meet in Hamburg?', meeting: 'tschentscher' };
  const hamburgJa = { question: 'ハンブルクで誰に会いましたか', meeting: 'tschentscher' };
  const countries = { question: 'Which countries did she visit?' };
  const ankara = { question: 'What did she do in Ankara?' };
  const tenth = { question: '1月10日は何をしましたか' };
  const women = { question: 'Which of the people she met were women?' };
  const dutch = {
    question: 'What did the Dutch minister say about Haneda?',
    meeting: 'bruins-slot',
  };
  it.each([
    ['how long did she talk to the second one?', hamburg, 'how long did she talk to Tomas Heidar?'],
    ['what did the first one say?', hamburg, 'what did Peter Tschentscher say?'],
    ['what did number two say?', hamburg, 'what did Tomas Heidar say?'],
    ['what did the latter say?', hamburg, 'what did Tomas Heidar say?'],
    ['and the last one?', hamburg, 'Who is Tomas Heidar?'],
    ['what did she do in the second one?', countries, 'what did she do in Ukraine?'],
    ['the second one, what did they agree', ankara, 'the meeting with Ünüvar, what did they agree'],
    ['最後のは何分', tenth, 'トビアス・ビルストロムとの会談は何分'],
    ['any from Poland?', women, 'which of the people met, women were from Poland?'],
    ['the swedish one, what was it about?', dutch, 'the swedish minister, what was it about?'],
    ['2番目の人は？', hamburgJa, 'トマス・ヘイダルは誰ですか'],
    ['最初の人は何を話しましたか', hamburgJa, 'ペーター・チェンチャーは何を話しましたか'],
    // No item of the list, or a question of its own.
    ['what did the fifth one say?', hamburg, 'what did the fifth one say?'],
    ['who was the first person she met?', countries, 'who was the first person she met?'],
    ['2番目に会った人は誰ですか', hamburgJa, '2番目に会った人は誰ですか'],
  ])('means the item of the list by “%s” after %j: “%s”', (typed, before, expected) => {
    expect(standalone(typed, before)).toBe(expected);
  });

  const chosen = { question: 'how long was it', meeting: 'joly', isChosen: true };
  const joly = { question: 'How long was the meeting with Joly?', meeting: 'joly' };
  it.each([
    ['and what about Taiwan?', chosen, 'what did they say about Taiwan?'],
    ['what about Ukraine?', chosen, 'what did they say about Ukraine?'],
    ['台湾は？', { ...chosen, question: '何分でしたか' }, '台湾について何を話しましたか'],
    [
      'what about Taiwan?',
      joly,
      'what did they say about Taiwan at the meeting with Mélanie Joly?',
    ],
    [
      'what about refugees?',
      joly,
      'what did they say about refugees at the meeting with Mélanie Joly?',
    ],
    ['what about Kyiv?', joly, 'How long was the meeting in Kyiv?'],
  ])('asks what was said by “%s” after %j: “%s”', (typed, before, expected) => {
    expect(standalone(typed, before)).toBe(expected);
  });

  const sikorski = { question: 'what did Sikorski say about refugees?', meeting: 'sikorski' };
  const sikorskiJa = { question: 'シコルスキ外相は何を話しましたか', meeting: 'sikorski' };
  it.each([
    ['and his president?', sikorski, 'what did the president of Poland say about refugees?'],
    ['who is his prime minister?', sikorski, 'who is the prime minister of Poland?'],
    ['who is his boss?', sikorski, 'who is the leader of Poland?'],
    ['what about his country?', sikorski, 'what did Sikorski say about Poland?'],
    ['who is her prime minister?', joly, 'who is the prime minister of Canada?'],
    // Nobody that was spoken of is a woman.
    ['who is her president?', sikorski, 'who is her president?'],
    ['彼の大統領は？', sikorskiJa, 'ポーランドの大統領は何を話しましたか'],
  ])('means the country of the person by “%s” after %j: “%s”', (typed, before, expected) => {
    expect(standalone(typed, before)).toBe(expected);
  });

  const stockholm = { question: 'What did Kamikawa do in Stockholm?', meeting: 'billstrom' };
  const slot = { question: 'Who is Hanke Bruins Slot?', meeting: 'bruins-slot' };
  const kyiv = { question: 'Who did she meet in Kyiv?', meeting: 'io-dinner' };
  const eleventh = { question: 'Where was she on January 11?', meeting: 'us-wps' };
  const dinners = { question: 'When was the dinner?', meeting: 'fidan' };
  it.each([
    ['who else was there?', stockholm, 'Who did they meet in Stockholm?'],
    ['他に誰がいましたか', stockholm, 'ストックホルムで誰に会いましたか'],
    [
      'did she mention the earthquake?',
      slot,
      'did she mention the earthquake at the meeting with Hanke Bruins Slot?',
    ],
    ['why there?', kyiv, 'Why did they go to Kyiv?'],
    ['why there?', eleventh, 'Why did they go to The Hague?'],
    ['なぜそこ？', kyiv, 'キーウにはなぜ行きましたか'],
    ['and the day after?', kyiv, 'Who did she meet on January 8, 2024?'],
    ['and the day after?', eleventh, 'Where was she on January 12, 2024?'],
    ['and the day before?', dinners, 'What happened on January 6, 2024?'],
  ])('takes place, day and people of a list by “%s” after %j: “%s”', (typed, before, expected) => {
    expect(standalone(typed, before)).toBe(expected);
  });

  const next = 'アントニー・ブリンケンとの会談の直後の予定は何ですか';
  it.each([
    ['why there?', dinners],
    ['why that day?', eleventh],
    ['why?', { question: 'who is the secretary?', meeting: 'blinken' }],
    ['how?', { question: 'who is the secretary?', meeting: 'blinken' }],
    ['なぜ？', { question: next, meeting: 'blinken' }],
  ])('asks “%s” after %j as it is: no sentence of both reads well', (typed, before) => {
    expect(standalone(typed, before)).toBe(typed);
  });

  const inKyiv = { question: 'Who did she meet in Kyiv?', meeting: 'kuleba' };
  const blinken = { question: 'How long was the meeting with Blinken?', meeting: 'blinken' };
  const fidan = { question: 'What was discussed with Fidan?', meeting: 'fidan' };
  const drones = { question: 'How much did Japan pledge for drones?', meeting: 'kuleba' };
  it.each([
    ['and the lunch?', blinken, 'How long was the lunch?'],
    ['what about the dinner?', fidan, 'What was discussed at the dinner?'],
    [
      '夕食会は？',
      { question: 'ブリンケンとの会談は何分でしたか', meeting: 'blinken' },
      '夕食会は何分でしたか',
    ],
    ['what about the dinner?', inKyiv, 'Tell me about the dinner in Kyiv'],
    [
      '夕食会は？',
      { ...inKyiv, question: 'キーウで誰に会いましたか' },
      'キーウで夕食会について教えて',
    ],
    // There was no breakfast.
    ['what about the breakfast?', inKyiv, 'Tell me about the breakfast'],
    ['and on the 12th?', drones, 'How much did Japan pledge for drones on the 12th?'],
    ['and Iran?', sikorski, 'what did Sikorski say about Iran?'],
  ])(
    'puts an event, a day or a topic where it belongs: “%s” after %j is “%s”',
    (typed, before, expected) => {
      expect(standalone(typed, before)).toBe(expected);
    },
  );

  it('keeps the article of an office', () => {
    const before = { question: 'How long was the dinner?', meeting: 'fidan' };
    expect(standalone('and with the Dutch minister?', before)).toMatch(/ with the Dutch minister/);
    const unnamed = { question: 'how long did she talk to the second one?', meeting: 'itlos' };
    expect(standalone('and the Dutch minister?', unnamed)).toBe(
      'how long did she talk to the Dutch minister?',
    );
  });
});

describe('another question about what was answered', () => {
  const lunches = {
    question: 'which was longer, the lunch in Helsinki or the lunch in Stockholm?',
    meeting: 'billstrom',
  };
  const countries = {
    question: 'Which country did she visit first, Sweden or Finland?',
    meeting: 'nytkis',
  };
  const stays = { question: 'Did she stay longer in Warsaw or in Kyiv?', meeting: 'nowacka' };
  const lunchesJa = {
    question: 'ヘルシンキの昼食会とストックホルムの昼食会ではどちらが長かったですか',
    meeting: 'billstrom',
  };
  it.each([
    ['why?', lunches, 'Why was the lunch in Stockholm longer?'],
    ['when was that?', lunches, 'When was the meeting with Tobias Billström?'],
    ['why?', countries, 'Why did she visit Finland first?'],
    ['and when?', countries, 'When did she visit Finland?'],
    ['why is that?', stays, 'Why did she stay longer in Warsaw?'],
    ['how long was it?', stays, 'How long did she stay in Warsaw?'],
    [
      'why?',
      { question: 'Who was met first, Blinken or the one from Canada?', meeting: 'blinken' },
      'why?',
    ],
    [
      'why?',
      { question: 'which was longer, the meeting with Blinken or the one with Joly?' },
      'Why was the meeting with Joly longer?',
    ],
    ['なぜ？', lunchesJa, 'なぜ、ストックホルムの昼食会が長かったですか'],
    [
      'いつ？',
      { question: 'キーウとワルシャワではどちらに長く滞在しましたか', meeting: 'nowacka' },
      'いつ、ワルシャワに滞在しましたか',
    ],
  ])('is about what a comparison chose: “%s” after %j is “%s”', (typed, before, expected) => {
    expect(standalone(typed, before)).toBe(expected);
  });

  const germany = { question: 'who else did she meet in Germany', meeting: 'tschentscher' };
  const germanyJa = { question: 'ドイツでは他に誰に会いましたか', meeting: 'tschentscher' };
  it.each([
    ['when was that', germany, 'When was the meeting with Peter Tschentscher?'],
    ['how long was it?', germany, 'How long was the meeting with Peter Tschentscher?'],
    ['why?', germany, 'Why was the meeting with Peter Tschentscher held?'],
    ['how many?', germany, 'How many people did she meet in Germany'],
    [
      'how many?',
      { question: 'who else was in Hamburg?' },
      'How many people did they meet in Hamburg?',
    ],
    [
      'why?',
      { question: 'which other countries did she visit?' },
      'Why did she visit these countries?',
    ],
    ['when?', { question: 'what else did she do in Kyiv?' }, 'When was she in Kyiv?'],
    ['いつでしたか', germanyJa, 'ペーター・チェンチャーとの会談はいつでしたか'],
    ['何人？', germanyJa, 'ドイツでは何人会いましたか'],
    ['なぜですか', germanyJa, 'ペーター・チェンチャーとの会談はなぜ行われましたか'],
  ])(
    'is about whom the answer told of, not about others: “%s” after %j is “%s”',
    (typed, before, expected) => {
      expect(standalone(typed, before)).toBe(expected);
    },
  );

  const joly = { question: '', meeting: 'joly', isChosen: true };
  const kuleba = { question: '', meeting: 'kuleba', isChosen: true };
  const train = { question: '', meeting: 'night-train', isChosen: true };
  it.each([
    ['いつでしたか', joly, 'メラニー・ジョリーとの会談はいつでしたか'],
    ['どこでしたか', joly, 'メラニー・ジョリーとの会談はどこでしたか'],
    ['誰と', joly, 'メラニー・ジョリーとの会談には誰がいましたか'],
    // One of two with him: which, is known.
    ['何分でしたか', kuleba, 'ドミトロ・クレーバとの会談は何分でしたか'],
    // Nobody there but a title, the traveller herself, and other meetings.
    ['いつでしたか', train, 'いつでしたか'],
    ['彼女は何を約束しましたか', kuleba, '彼女は何を約束しましたか'],
    ['次は？', kuleba, '次は？'],
    ['and then?', kuleba, 'and then?'],
  ])(
    'names the chosen meeting in “%s”, with no question before: %j, “%s”',
    (typed, before, expected) => {
      expect(standalone(typed, before)).toBe(expected);
    },
  );
});

describe('a follow-up on who or what was spoken of', () => {
  const counted = { question: 'how many foreign ministers did she meet' };
  const joly = { question: 'where was the meeting with Joly', meeting: 'joly' };
  const gaza = { question: 'who did she talk to about Gaza' };
  const first = { question: 'what was the first meeting of the tour', meeting: 'nowacka' };
  const tribunal = { question: 'Where was the meeting with Tomas Heidar?', meeting: 'itlos' };
  it.each([
    ['who were they', counted, 'which foreign ministers did she meet'],
    ['name them', counted, 'which foreign ministers did she meet'],
    ['where exactly', { ...joly, question: 'when did she meet Joly' }, 'Where did she meet Joly'],
    ['and who is she?', joly, 'Who is Mélanie Joly?'],
    // Of a man: the traveller.
    ['who is she', { question: 'when did she meet Duda', meeting: 'duda' }, 'who is she'],
    ['what did Fidan say about it', gaza, 'what did Fidan say about Gaza'],
    [
      'and what did she say about that?',
      { question: 'what did Blinken say about China?', meeting: 'blinken' },
      'and what did she say about China?',
    ],
    ['and the second?', first, 'what was the second meeting of the tour'],
    ['and the second?', joly, 'and the second?'],
    [
      'who is its president',
      tribunal,
      'who is the president of International Tribunal for the Law of the Sea',
    ],
    [
      'was that before Sullivan or after?',
      { question: 'when did she sit down with Blinken?', meeting: 'blinken' },
      'was the meeting with Antony J. Blinken before Sullivan or after?',
    ],
    [
      'who came after her?',
      { question: 'who is Julia Kronlid?', meeting: 'kronlid' },
      'who came after Julia Kronlid?',
    ],
    [
      'what did he want from Japan?',
      { question: 'who is the prosecutor of the ICC?', meeting: 'icc-prosecutor' },
      'what did Karim A. A. Khan KC want from Japan?',
    ],
    [
      'and the second one?',
      { question: 'which courts did she visit?' },
      'Who was met at the International Criminal Court?',
    ],
    [
      'what about the Dutch one?',
      { question: 'how long was the meeting with the Finnish foreign minister' },
      'how long was the meeting with the Dutch one',
    ],
    [
      'and in Hamburg?',
      { question: 'What did she and Blinken say about the Red Sea?', meeting: 'blinken' },
      'What did she say about the Red Sea in Hamburg?',
    ],
    [
      '誰と会った？',
      { question: '2024年1月8日の予定は？', meeting: 'sikorski' },
      '2024年1月8日に誰に会いましたか',
    ],
    [
      '日本人の裁判官はいる？',
      { question: 'トマス・ヘイダーとは何分話した？', meeting: 'itlos' },
      '日本人の裁判官はいる？',
    ],
    // The same office of the same country.
    [
      'and the foreign minister?',
      { question: 'what did they say at the meeting with Duda?', meeting: 'duda' },
      'what did they say at the meeting with the foreign minister of Poland?',
    ],
    [
      'where did it happen?',
      { question: 'what did she say about the Osprey crash?', meeting: 'blinken' },
      'where did the Osprey crash happen?',
    ],
    [
      'and the one after that?',
      { question: 'what was on January 10?' },
      'what was on January 11, 2024?',
    ],
    [
      'and the 15th?',
      { question: 'who was at the meeting with Tschentscher?', meeting: 'tschentscher' },
      'What happened on the 15th?',
    ],
    [
      'and the next morning?',
      { question: 'who did she see on January 15?' },
      'who did she see on January 16, 2024 in the morning?',
    ],
    ['and men?', { question: 'how many women did she meet' }, 'how many men did she meet'],
    ['name the women', { question: 'how many men did she meet' }, 'name the women'],
    ['どれ？', { question: '裁判所はいくつ訪れた？' }, '裁判所はどれ訪れた？'],
    ['二番目は？', { question: '一番長い会談は？' }, '2番目は?'],
    [
      'いつ会った？',
      { question: 'シコルスキは何と言った？', meeting: 'sikorski' },
      'ラドスワフ・シコルスキとの会談はいつでしたか',
    ],
    ['大統領とは何分？', { question: 'ポーランドで誰に会った？' }, 'アンジェイ・ドゥダとは何分？'],
  ])('“%s” after %j is “%s”', (typed, before, expected) => {
    expect(standalone(typed, before)).toBe(expected);
  });
});

describe('a follow-up that corrects, narrows or turns round what was asked', () => {
  const blinken = { question: 'What did Blinken say about the alliance?', meeting: 'blinken' };
  const kyiv = { question: 'Who did she meet in Kyiv?', meeting: 'kuleba' };
  const helsinki = { question: 'Who did she meet in Helsinki?', meeting: 'valtonen' };
  const ankara = { question: 'What did she do in Ankara?' };
  it.each([
    ['sorry, I meant Stockholm', helsinki, 'Who did she meet in Stockholm?'],
    ['no wait, meant Warsaw', kyiv, 'Who did she meet in Warsaw?'],
    ['and she?', blinken, 'What did she say about the alliance?'],
    [
      'where did she go after?',
      blinken,
      'where did she go after the meeting with Antony J. Blinken?',
    ],
    ['had they met before?', blinken, 'had they met before?'],
    ['how far is Kyiv from Warsaw?', helsinki, 'how far is Kyiv from Warsaw?'],
    ['before noon only', ankara, 'What did she do in Ankara before noon?'],
    ['how long was the lunch?', helsinki, 'how long was the meeting with Elina Valtonen?'],
    ['how long did the president talk?', kyiv, 'how long did Volodymyr Zelenskyy talk?'],
    ['and before 10am', { question: 'events after 6pm' }, 'events before 10am'],
    // She had been in the place that they spoke of.
    [
      'when was she there?',
      { question: 'What did she tell Zelenskyy about Bucha?', meeting: 'zelenskyy' },
      'when was she in Bucha?',
    ],
    [
      'who is she?',
      { question: 'first meeting in Warsaw', meeting: 'nowacka' },
      'Who is Barbara Nowacka?',
    ],
    ['how long?', { question: 'How did she get to Ukraine?', meeting: 'night-train' }, 'how long?'],
    [
      'in Ottawa?',
      { question: 'What did they talk about with Joly?', meeting: 'joly' },
      /^(?!.*about about)/,
    ],
    [
      'エルトゥールル号って？',
      { question: '学長の名前', meeting: 'ankara-university' },
      'エルトゥールル号って？',
    ],
  ])('“%s” after %j is %s', (typed, before, expected) => {
    const asked = standalone(typed, before);
    if (typeof expected === 'string') expect(asked).toBe(expected);
    else expect(asked).toMatch(expected);
  });
});

describe('the itinerary reads what was understood', () => {
  const blinken = { question: 'when did she meet Blinken?', meeting: 'blinken' };

  it('with the place, the day or the person of the new question, and the rest of the one before', () => {
    expect(ids('and in Montreal?', { question: 'who did she meet in Kyiv?' })).toEqual(['joly']);
    const onThe9th = { question: 'where was she on the 9th?' };
    expect(valueOf('what about the 10th?', onThe9th)).toBe('Stockholm');
    expect(valueOf('and in Germany', { question: 'how long was she in Sweden' })).toBe(2);
    expect(valueOf('ハンブルクでは？', { question: 'モントリオールで誰に会いましたか' })).toBe(
      'Peter Tschentscher, Tomas Heidar',
    );
    const joly = standalone('and with Joly?', { question: 'how long did she talk to Blinken?' });
    expect(itinerary.read(joly).focus.meetings).toEqual(['joly']);
  });

  it('with another question about the same', () => {
    expect(valueOf('how many?', { question: 'which countries did she visit?' })).toBe(9);
    const first = { question: 'what was the first meeting in The Hague?' };
    expect(ids('and the last?', first)).toEqual(['icc-staff']);
    const rome = standalone('what about Rome?', { question: 'did she visit Paris?' });
    expect(itinerary.read(rome).settled).toMatchObject({ kind: 'no_such_place', place: 'Rome' });
  });

  it('with a quoted title for that meeting alone, whatever its words name besides', () => {
    const quoted = (meeting: string, question: string): string =>
      standalone(question, { question: '', meeting, isChosen: true });
    expect(quoted('kuleba', 'When was it?')).toContain('“Japan-Ukraine foreign ministers');
    expect(itinerary.read(quoted('kuleba', 'When was it?')).listing).toMatchObject({
      value: 'January 7, 2024',
      meetings: [{ id: 'kuleba' }],
    });
    // At home, whose days and places are no part of the tour.
    expect(itinerary.read(quoted('presser-tokyo', 'On which day was it?')).listing).toMatchObject({
      value: 'January 5, 2024',
      meetings: [{ id: 'presser-tokyo' }],
    });
    expect(itinerary.read(quoted('irpin-bridge', 'How long did it last?'))).toMatchObject({
      aspect: 'duration',
      focus: { meetings: ['irpin-bridge'] },
    });
  });

  it('with the place, the day and the people of the meeting', () => {
    const hamburg = { ...blinken, meeting: 'tschentscher' };
    expect(ids('what did she do there?', hamburg)).toEqual(['tschentscher', 'itlos']);
    expect(ids('what did she do the next day?', blinken)).toEqual(['joly']);
    expect(valueOf('where did she go after that?', blinken)).toBe('Montréal');
    const him = standalone('how long did she talk to him', blinken);
    expect(itinerary.read(him).focus.meetings).toEqual(['blinken']);
    const frankel = { question: 'When did she meet Lois Frankel?', meeting: 'us-wps' };
    const { listing } = itinerary.read(standalone('who else was there?', frankel));
    expect(listing?.items).toEqual(['Jen Kiggans', 'Melanne Verveer', 'Geeta Rao Gupta']);
  });
});
