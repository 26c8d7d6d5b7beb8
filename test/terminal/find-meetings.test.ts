import { describe, expect, it } from 'vitest';
import { findMeetings, meetingsNear } from '../../src/terminal/find-meetings.ts';
import { meeting } from './example.ts';

const person = (name: string, ...otherSpellings: string[]) => ({
  name,
  title: 'Foreign Minister',
  organisation: null,
  otherSpellings,
});

const meetings = [
  meeting('kuleba', { city: 'Kyiv', country: 'Ukraine', people: [person('Dmytro Kuleba')] }),
  meeting('kuleba-press', { city: 'Kyiv', country: 'Ukraine', people: [person('Dmytro Kuleba')] }),
  meeting('erdogan', {
    city: 'Ankara',
    country: 'Türkiye',
    people: [person('Recep Tayyip Erdoğan', 'Erdogan')],
    topics: ['hostages'],
  }),
  meeting('raimondo', { people: [person('Gina Raimondo')], topics: ['semiconductors'] }),
];

const ids = (found: readonly { readonly id: string }[]): string[] => found.map(({ id }) => id);

describe('findMeetings', () => {
  it('takes an id for itself, although other ids begin with it', () => {
    expect(ids(findMeetings('kuleba', meetings))).toEqual(['kuleba']);
    expect(ids(findMeetings(' Kuleba ', meetings))).toEqual(['kuleba']);
  });

  it('finds by beginnings of names and places, without regard to diacritics', () => {
    expect(ids(findMeetings('turkiye', meetings))).toEqual(['erdogan']);
    expect(ids(findMeetings('gina rai', meetings))).toEqual(['raimondo']);
    expect(ids(findMeetings('dmytro', meetings))).toEqual(['kuleba', 'kuleba-press']);
  });

  it('wants every word', () => {
    expect(findMeetings('kuleba ankara', meetings)).toEqual([]);
  });

  it('finds nothing for nothing', () => {
    expect(findMeetings('', meetings)).toEqual([]);
    expect(findMeetings('?!', meetings)).toEqual([]);
  });
});

describe('meetingsNear', () => {
  it('goes by the words of a question, topics too', () => {
    expect(ids(meetingsNear('Did she sell semiconductors?', meetings, 3))).toEqual(['raimondo']);
  });

  it('puts the rarer word first', () => {
    const others = ['a', 'b', 'c', 'd'].map((id) => meeting(id));
    const found = meetingsNear('Ukraine or Ankara?', [...meetings, ...others], 3);
    expect(ids(found)).toEqual(['erdogan', 'kuleba', 'kuleba-press']);
  });

  it('ignores words that most meetings share', () => {
    expect(meetingsNear('What did the foreign minister do at the meeting?', meetings, 3)).toEqual(
      [],
    );
  });

  it('gives no more than asked for', () => {
    const others = ['a', 'b', 'c', 'd'].map((id) => meeting(id));
    expect(ids(meetingsNear('Kyiv', [...meetings, ...others], 1))).toEqual(['kuleba']);
  });
});
