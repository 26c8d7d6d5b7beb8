import { describe, expect, it } from 'vitest';
import { NameTable, pairsOf, termsOf } from '../../src/language/terms.ts';

const names = new NameTable({
  people: [
    person('Kamikawa Yoko', 'Yoko Kamikawa', 'KAMIKAWA Yoko'),
    person('Volodymyr Zelenskyy', 'Volodymyr Zelensky', 'Zelenskiy'),
    person('Denys Shmyhal', 'Denys Shmygal'),
  ],
  places: [
    { city: 'Kyiv', country: 'Ukraine' },
    { city: 'Istanbul', country: 'Türkiye' },
  ],
});

function person(name: string, ...otherSpellings: string[]) {
  return { name, title: null, organisation: null, otherSpellings };
}

function terms(text: string): string[] {
  return termsOf(text, names).map(({ term }) => term);
}

describe('termsOf', () => {
  it.each([
    ['Kiev', 'Kyiv'],
    ['Zelensky', 'Zelenskyy'],
    ['Zelenskiy', 'ZELENSKYY'],
    ['Shmygal', 'Shmyhal'],
    ['Yoko Kamikawa', 'yoko KAMIKAWA'],
    ['Turkey', 'Türkiye'],
    ['the Turks', 'Turkish'],
    ['U.S.', 'United States'],
    ['u.s.', 'America'],
    ['USA', 'Americans'],
    ['the US', 'the United States of America'],
    ['the us', 'the U.S'],
    ['US Secretary', 'American secretary'],
    ['British', 'United Kingdom'],
    ['UK', 'Britain'],
    ['Polish', 'Poland'],
    ['the Finns', 'Finnish'],
    ['the Dutch', 'Holland'],
    ['japans minister', 'Japanese minister'],
    ['Cracow', 'Kraków'],
    ['UN', 'United Nations'],
    ['the PM', 'the prime minister'],
    ['ICC', 'International Criminal Court'],
    ['trip to the states', 'trip to America'],
    ['seven women', '7 woman'],
    ['the 12th year', 'the twelfth year'],
  ])('makes %j and %j equal', (one, other) => {
    expect(terms(one)).toEqual(terms(other));
    expect(terms(one)).not.toEqual([]);
  });

  it.each([
    'January 7',
    '7 January',
    'Jan. 7th',
    'the 7th of January',
    'the seventh of January',
    '2024-01-07',
    '7.1.2024',
    'JAN 7',
  ])('reads %j as one day of the year', (text) => {
    const found = terms(text);
    expect(found.filter((term) => term.startsWith('#'))).toEqual(['#01-07']);
    expect(found).toEqual(expect.arrayContaining(['januari', '7']));
    const others = ['#01-07', 'januari', '7', '2024'];
    expect(found.filter((term) => !others.includes(term))).toEqual([]);
  });

  it('finds one day per date, whatever the order of its words', () => {
    const days = (text: string): string[] => terms(text).filter((term) => term.startsWith('#'));
    expect(days('11th of January; seven people')).toEqual(['#01-11']);
    expect(days('on 11 January 7 people')).toEqual(['#01-11']);
    expect(days('in January seven people')).toEqual([]);
    expect(days('the second January trip')).toEqual([]);
    expect(days('the first of January')).toEqual(['#01-01']);
    expect(days('January 42, 2024-13-01, 1.13.2024')).toEqual([]);
    expect(days('January 2024')).toEqual([]);
    expect(days('sept 11 and Sep 12')).toEqual(['#09-11', '#09-12']);
  });

  it.each([
    'tell us where',
    'TELL US WHERE SHE WENT TODAY',
    'what did she tell us',
    'how do I roast a turkey',
    'to polish shoes',
    'the flag pole',
    'the states parties',
    'a male judge',
    'it is for us all',
    'at no time',
  ])('finds no country in %j', (text) => {
    expect(terms(text).filter((term) => term.startsWith('='))).toEqual([]);
  });

  it('gives a capital the term of its country with a lower weight', () => {
    const uses = termsOf('Ankara', names);
    expect(uses.map(({ term }) => term)).toEqual(['=tr', 'ankara']);
    expect(uses[0]?.weight).toBeLessThan(1);
    expect(terms('Istanbul')).toEqual(['=tr', 'istanbul']);
  });

  it('distinguishes the month of May from the verb', () => {
    expect(terms('what may she do')).toEqual([]);
    expect(terms('in May 2023')).toEqual(['mai', '2023']);
    expect(terms('on may 3')).toEqual(['#05-03', 'mai', '3']);
    expect(terms('march')).toEqual(['march']);
  });

  it('keeps the hour apart from the prime minister', () => {
    expect(terms('4 pm')).toEqual(['4', 'pm']);
  });

  it('drops words of grammar, in small letters and shouted, and nothing of the subject', () => {
    expect(terms("what did she do there, and who's that? I don't know")).toEqual([]);
    expect(terms('WHERE DID SHE GO AFTER THAT')).toEqual(['go']);
    expect(terms('who won the war')).toEqual(['win', 'war']);
    expect(terms('a safe haven')).toEqual(['safe', 'haven']);
    expect(terms('the WHO report')).toEqual(['who', 'report']);
  });

  it('does not join words that only their endings make alike', () => {
    expect(terms('news')).not.toEqual(terms('new'));
    expect(terms('the evening')).not.toEqual(terms('even'));
  });

  it('says where a phrase ends', () => {
    const text = 'in the United States today';
    const [use] = termsOf(text, names);
    expect(text.slice(use?.word.start, use?.end)).toBe('United States');
  });
});

describe('pairsOf', () => {
  const pairs = (text: string): string[] =>
    pairsOf(termsOf(text, names), text).map(({ term }) => term);

  it('makes a term of adjacent words', () => {
    expect(pairs('the prime minister')).toEqual(['prime+minist']);
    expect(pairs('working-level talks')).toEqual(['work+level', 'level+talk']);
  });

  it('reaches over no other word, stop or comma', () => {
    expect(pairs('minister of defence')).toEqual([]);
    expect(pairs('He left. Ministers, generals.')).toEqual([]);
  });

  it('counts a country of several words as one', () => {
    expect(pairs('United States senators')).toEqual(['=us+senat']);
  });

  it('does not count a pair as a word of the text', () => {
    for (const use of pairsOf(termsOf('foreign minister Joly', names), 'foreign minister Joly')) {
      expect(use.own).toBe(false);
    }
  });
});
