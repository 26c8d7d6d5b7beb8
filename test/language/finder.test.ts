import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { meetingFinder, NameFinder, sourceFinder } from '../../src/language/finder.ts';

function meeting(id: string, city: string, country: string, ...names: string[]) {
  return {
    id,
    title: `Meeting ${id}`,
    date: null as string | null,
    city,
    country,
    venue: null,
    topics: [] as string[],
    people: names.map((name) => ({
      name,
      title: 'Foreign Minister',
      organisation: null,
      otherSpellings: [],
    })),
  };
}

const kuleba = meeting('kuleba', 'Kyiv', 'Ukraine', 'Dmytro Kuleba');
const kulebaPress = meeting('kuleba-press', 'Kyiv', 'Ukraine', 'Dmytro Kuleba');
const erdogan = {
  ...meeting('erdogan', 'Ankara', 'Türkiye', 'Recep Tayyip Erdoğan'),
  topics: ['hostages'],
};
const raimondo = {
  ...meeting('raimondo', 'Washington', 'United States', 'Gina Raimondo'),
  date: '2024-01-12',
  topics: ['semiconductors'],
};
const blinken = {
  ...meeting('blinken', 'Washington', 'United States', 'Antony Blinken'),
  date: '2024-01-11',
};
const meetings = [kulebaPress, kuleba, erdogan, raimondo, blinken];
const finder = meetingFinder(meetings);

const ids = (found: readonly { readonly id: string }[]): string[] => found.map(({ id }) => id);
const found = (query: string): string[] => ids(finder.find(query).map(({ value }) => value));

describe('find', () => {
  it.each([
    ['kuleba', ['kuleba', 'kuleba-press'], 'an id before longer ids'],
    ['gina rai', ['raimondo'], 'beginnings of words'],
    ['TURKIYE', ['erdogan'], 'any case, without diacritics'],
    ['Erdogan’s', ['erdogan'], 'a possessive'],
    ['blnkin', ['blinken'], 'spelling errors'],
    ['washingtn raimundo', ['raimondo'], 'spelling errors in several words'],
    ['kulebapress', ['kuleba-press'], 'a name without its hyphen'],
    ['jan 12', ['raimondo'], 'a date'],
    ['12th of January', ['raimondo'], 'a date in other words'],
    ['2024-01-11', ['blinken'], 'an ISO date'],
    ['kuleba ankara', [], 'nothing where a word does not match'],
    ['churchill', [], 'nothing for another name'],
  ])('finds by %j: %j (%s)', (query, expected) => {
    expect(found(query)).toEqual(expected);
  });

  it.each([
    ['nobody', 'Volodymyr Zelenskyy', 'another first letter'],
    ['test', 'Desta', 'a word of everyday language'],
    ['such', 'Suchy', 'a stop word, but for its beginning', true],
    ['the pope', 'Pole', 'everyday words'],
    ['nosuch', 'Nowacki', 'more errors than half of a short word'],
    ['foobar', 'Forward', 'the beginning of a longer word with two errors'],
    ['from', 'Form', 'a stop word with two letters swapped'],
  ])('by %j does not find %s: %s', (query, name, _, begins = false) => {
    const people = new NameFinder([{ value: name, names: [name] }]);
    expect(people.best(query)).toEqual(begins ? [name] : []);
  });

  it.each([
    ['ojly', 'Joly'],
    ['joyl', 'Joly'],
    ['kahn', 'Khan'],
    ['hauge', 'The Hague'],
    ['the hauge', 'The Hague'],
    ['kuelba', 'Kuleba'],
    ['waltonen', 'Valtonen'],
    ['zelenski', 'Zelenskyy'],
    ['schmyhal', 'Shmyhal'],
    ['salivan', 'Sullivan'],
  ])('by the slip %j finds %s', (query, name) => {
    const people = new NameFinder([{ value: name, names: [name] }]);
    expect(people.best(query)).toEqual([name]);
  });

  it('finds names in kana however their sounds are spelt, in hiragana and half-width too', () => {
    const people = new NameFinder(
      ['エリナ・ヴァルトネン', 'シッラ・カッコラ', 'ハカン・フィダン'].map((name) => ({
        value: name.split('・')[1],
        names: [name],
      })),
    );
    for (const [typed, meant] of [
      ...['ヴァルトネン', 'バルトネン', 'ばるとねん', 'ﾊﾞﾙﾄﾈﾝ'].map((one) => [one, 'ヴァルトネン']),
      ...['カッコラ', 'カコラ', 'カッコーラ', 'かっこら'].map((one) => [one, 'カッコラ']),
      ...['フィダン', 'ヒダン', 'ハカンフィダン'].map((one) => [one, 'フィダン']),
    ] as const)
      expect(people.best(typed ?? ''), typed).toEqual([meant]);
  });

  it('gives all in their order for an empty query, and no more than the limit', () => {
    expect(found('')).toEqual(ids(meetings));
    expect(finder.find('', 2)).toHaveLength(2);
    expect(finder.find('kyiv', 1)).toHaveLength(1);
  });

  it('does not take a number for a similar one', () => {
    const days = new NameFinder([
      { value: 11, names: ['11 January'] },
      { value: 12, names: ['12 January'] },
    ]);
    expect(days.find('12 jan').map(({ value }) => value)).toEqual([12]);
    expect(days.find('13')).toEqual([]);
    expect(days.find('1')).toHaveLength(2);
  });

  it('finds parts of Japanese names, which have no spaces', () => {
    const japanese = meetingFinder(meetings, ({ city }) => (city === 'Kyiv' ? ['ウクライナ'] : []));
    expect(ids(japanese.find('ウクラ').map(({ value }) => value))).toEqual([
      'kuleba-press',
      'kuleba',
    ]);
  });

  const word = fc.string({
    unit: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
    minLength: 7,
    maxLength: 12,
  });

  it('puts an item first that is typed right, and finds it with one letter wrong', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(word, { minLength: 1, maxLength: 20 }),
        fc.nat(),
        fc.nat(),
        (names, pick, place) => {
          const items = new NameFinder(names.map((name) => ({ value: name, names: [name] })));
          const name = names[pick % names.length] ?? '';
          expect(items.best(name)).toEqual([name]);
          const wrong = place % name.length;
          const misspelt = `${name.slice(0, wrong)}z${name.slice(wrong + 1)}`;
          expect(items.find(misspelt).map(({ value }) => value)).toContain(name);
        },
      ),
    );
  });
});

describe('holding', () => {
  const held = (query: string): string[] => ids(finder.holding(query));

  it('finds a place by the beginning of any name that it has', () => {
    for (const typed of ['kie', 'Kiev', 'ukr', 'ウクラ'])
      expect(held(typed), typed).toEqual(['kuleba-press', 'kuleba']);
    for (const typed of ['amer', 'USA', 'アメリ', 'united st'])
      expect(held(typed), typed).toEqual(['raimondo', 'blinken']);
  });

  it('finds by the region only where nothing of its own begins so', () => {
    const rome = meeting('rome', 'Rome', 'Italy', 'Eugenia Ricci');
    const both = meetingFinder([rome, ...meetings]);
    expect(ids(both.holding('europe'))).toEqual(['rome', 'kuleba-press', 'kuleba']);
    expect(ids(both.holding('eu'))).toEqual(['rome']);
    expect(held('north am')).toEqual(['raimondo', 'blinken']);
  });

  it('finds by the beginning of a weekday', () => {
    expect(held('thurs')).toEqual(['blinken']);
    expect(held('金曜')).toEqual(['raimondo']);
  });

  it('does not relate a text to what only another name of the place is in', () => {
    expect(finder.related('Who paid for Kiev?', 3)).toEqual([]);
  });
});

describe('best', () => {
  it('is one item for its id, although other ids begin with it', () => {
    expect(ids(finder.best(' Kuleba '))).toEqual(['kuleba']);
  });

  it('is several items that match equally well', () => {
    expect(ids(finder.best('dmytro'))).toEqual(['kuleba-press', 'kuleba']);
    expect(ids(finder.best('washington'))).toEqual(['raimondo', 'blinken']);
  });

  it('is nothing for a text without words', () => {
    expect(finder.best('')).toEqual([]);
    expect(finder.best('?!')).toEqual([]);
  });
});

describe('related', () => {
  it('finds by the words of a question, topics too', () => {
    expect(ids(finder.related('Did she sell semiconductors?', 3))).toEqual(['raimondo']);
  });

  it('puts the rarer word first, and ignores words that most items share', () => {
    const others = ['a', 'b', 'c', 'd'].map((id) => meeting(id, 'Oslo', 'Norway', 'Somebody'));
    const more = meetingFinder([...meetings, ...others]);
    expect(ids(more.related('Ukraine or Ankara?', 3))).toEqual([
      'erdogan',
      'kuleba-press',
      'kuleba',
    ]);
    expect(ids(more.related('Ukraine or Ankara?', 1))).toEqual(['erdogan']);
    expect(more.related('What did the foreign minister do at the meeting?', 3)).toEqual([]);
  });
});

describe('sourceFinder', () => {
  const source = (id: string, title: string, publisher: string) => ({
    id,
    title,
    publisher,
    published: '2024-01-12',
  });
  const sources = sourceFinder([
    source('mofa-us-fm', 'Japan-U.S. talks', 'Ministry of Foreign Affairs of Japan'),
    source('mofa-pl-fm', 'Japan-Poland talks', 'Ministry of Foreign Affairs of Japan'),
    source('kyodo-kyiv', 'Kamikawa visits Kyiv', 'Kyodo News'),
  ]);

  it('finds by title, publisher and id, with an error in the id', () => {
    expect(ids(sources.best('poland talks'))).toEqual(['mofa-pl-fm']);
    expect(ids(sources.best('kyodo'))).toEqual(['kyodo-kyiv']);
    expect(ids(sources.best('mofa-us-fn'))).toEqual(['mofa-us-fm']);
  });
});
