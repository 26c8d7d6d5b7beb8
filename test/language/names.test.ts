import { describe, expect, it } from 'vitest';
import { continentOf, JapaneseNames, worldPlaces } from '../../src/language/names.ts';

const person = (name: string, ja?: string) => ({
  name,
  title: null,
  organisation: null,
  otherSpellings: [],
  ...(ja === undefined ? {} : { ja }),
});

const names = new JapaneseNames({
  documents: [{ people: [person('Vera Bauer', 'ヴェラ・バウアー')] }],
  meetings: [
    {
      people: [person('Tanaka Ichiro', '田中一郎'), person('Nobody')],
      city: 'Oslo',
      country: 'Norway',
      venue: 'City Hall',
      title: 'Meeting with Tanaka',
      ja: { city: 'オスロ', country: 'ノルウェー', venue: 'オスロ市庁舎' },
    },
  ],
});

const found = (text: string): string[] => names.wordsIn(text).map(({ folded }) => folded);

describe('JapaneseNames', () => {
  it('finds people, places and countries, the longest name first', () => {
    expect(found('田中一郎はオスロ市庁舎で誰に会いましたか')).toEqual(
      expect.arrayContaining(['tanaka', 'ichiro', 'city', 'hall']),
    );
    expect(found('オスロ市庁舎')).not.toContain('oslo');
    expect(found('ノルウェーの首都')).toEqual(['norway']);
    expect(found('ブラジルについて')).toEqual(['brazil']);
  });

  it('finds a person by the last part of the name, however its sounds are spelt', () => {
    expect(found('バウアー氏との会談')).toEqual(['bauer']);
    for (const typed of ['ベラ・バウア', 'ヴェラバウアー', 'ベーラ・バッウアー'])
      expect(found(`${typed}との会談`), typed).toEqual(['vera', 'bauer']);
  });

  it('gives each word the place of its Japanese form', () => {
    const text = '昨日バウアーは';
    for (const { start, end } of names.wordsIn(text)) {
      expect(text.slice(start, end)).toBe('バウアー');
    }
  });

  it('finds nothing in a text without names', () => {
    expect(found('会談は何分続きましたか')).toEqual([]);
  });
});

const places = worldPlaces();
/** Places with a phrase, the surest first. */
const named = (phrase: string): string[] =>
  places
    .filter(({ phrases }) => phrases.includes(phrase))
    .map(({ name, kind, countries }) => `${kind} ${name} ${countries.join(' ')}`.trim());

describe('worldPlaces', () => {
  it.each([
    ['Holland', 'country Netherlands =nl'],
    ['Finnish', 'country Finland =fi'],
    ['America', 'country United States =us'],
    ['Ottawa', 'city Ottawa =ca'],
    ['Istanbul', 'city Istanbul'],
    ['Odessa', 'city Odesa'],
    ['オランダ', 'country Netherlands =nl'],
    ['米国', 'country United States =us'],
    ['Nordics', 'region Nordics =fi =se =no =dk =is'],
    ['Benelux', 'region Benelux =be =nl =lu'],
  ])('knows %s', (phrase, expected) => {
    expect(named(phrase)[0]).toBe(expected);
  });

  it('knows regions by all their countries', () => {
    const europe = places.find(({ name }) => name === 'Europe');
    expect(europe?.countries).toEqual(expect.arrayContaining(['=fr', '=ua', '=se']));
    expect(europe?.phrases).toContain('欧州');
    expect(continentOf('=ke')).toBe('Africa');
    expect(continentOf('=zz')).toBeNull();
  });

  it('takes no common word for a city', () => {
    expect(named('Resolute')).toEqual([]);
  });
});
