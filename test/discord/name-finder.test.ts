import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NameFinder } from '../../src/discord/name-finder.ts';

const MEETINGS = new NameFinder([
  { value: 'blinken', names: ['Meeting with Antony Blinken in Washington', '12 January 2024'] },
  { value: 'joly', names: ['Talks with Mélanie Joly in Montréal', '13 January 2024', 'カナダ'] },
  { value: 'sullivan', names: ['Meeting with Jake Sullivan in Washington', '12 January 2024'] },
]);

function found(query: string): string[] {
  return MEETINGS.find(query, 9).map(({ value }) => value);
}

describe('NameFinder', () => {
  it.each([
    ['blinken', ['blinken']],
    ['BLINK', ['blinken']],
    ['blnkin', ['blinken']],
    ['montreal', ['joly']],
    ['カナ', ['joly']],
    ['12th', ['blinken', 'sullivan']],
    ['jan 012', ['blinken', 'sullivan']],
    ['meeting with sullivan', ['sullivan']],
    ['washington joly', []],
    ['22', []],
    ['', ['blinken', 'joly', 'sullivan']],
  ])('finds by "%s" %j', (query, values) => {
    expect(found(query)).toEqual(values);
  });

  it('prefers whole words to beginnings, and beginnings to typing errors', () => {
    const finder = new NameFinder(
      ['tokio', 'tokyoites', 'tokyo'].map((value) => ({ value, names: [value] })),
    );
    expect(finder.find('tokyo', 9).map(({ value }) => value)).toEqual([
      'tokyo',
      'tokyoites',
      'tokio',
    ]);
  });

  it('finds every item by each of its names of up to eight words', () => {
    const word = fc.stringMatching(/^[a-z]{1,9}$/);
    const name = fc.array(word, { minLength: 1, maxLength: 8 }).map((words) => words.join(' '));
    fc.assert(
      fc.property(fc.array(name, { minLength: 1, maxLength: 12 }), (names) => {
        const finder = new NameFinder(names.map((value) => ({ value, names: [value] })));
        for (const value of names) {
          expect(finder.find(value, names.length).map((match) => match.value)).toContain(value);
        }
      }),
    );
  });
});
