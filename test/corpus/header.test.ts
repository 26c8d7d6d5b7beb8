import { describe, expect, it } from 'vitest';
import { embeddedHeader, headerOf } from '../../src/corpus/header.ts';
import type { Meeting } from '../../src/corpus/types.ts';
import { plainDocument } from '../../tools/evaluation/plain-document.ts';

describe('embeddedHeader', () => {
  it('is the title and the headings, from the outermost', () => {
    expect(embeddedHeader('A day in Kyiv', ['Talks', 'Aid'])).toBe('A day in Kyiv. Talks. Aid');
    expect(embeddedHeader('A day in Kyiv', [])).toBe('A day in Kyiv');
  });

  it('says a title once that is the first heading too', () => {
    expect(embeddedHeader('A day in Kyiv', ['A day in Kyiv', 'Aid'])).toBe('A day in Kyiv. Aid');
  });

  it('is empty for a text without a title', () => {
    expect(embeddedHeader('', [])).toBe('');
  });
});

describe('headerOf', () => {
  const person = { name: 'Dmytro Kuleba', title: 'Foreign Minister', organisation: null };
  const meeting = {
    date: '2024-01-07',
    venue: null,
    city: 'Kyiv',
    country: 'Ukraine',
    people: [{ ...person, otherSpellings: [] }],
  } as unknown as Meeting;
  const document = { ...plainDocument('kyiv', 'They met.'), title: 'A day in Kyiv' };

  it('tells date, place and people of the meeting, which the encoder does not read', () => {
    expect(headerOf(document, ['A day in Kyiv', 'Aid'], meeting).split('\n')).toEqual([
      'A day in Kyiv',
      'Aid',
      'Sunday, January 7, 2024 (2024-01-07)',
      'Kyiv, Ukraine',
      'Dmytro Kuleba, Foreign Minister',
    ]);
    expect(headerOf(document, [], undefined)).toBe('A day in Kyiv');
  });
});
