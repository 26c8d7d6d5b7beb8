import { describe, expect, it } from 'vitest';
import type { Document, Meeting, Passage, Person } from '../../src/corpus/types.ts';
import { plainDocument } from '../../tools/evaluation/plain-document.ts';
import { passagesOf } from '../../src/corpus/passages.ts';
import { buildLexical } from '../index/build-lexical.ts';
import { LexicalIndex, lexicalSegment } from '../../src/index/lexical.ts';
import { NameTable } from '../../src/language/terms.ts';
import { answerNames } from '../../src/search/search-index.ts';

const person = (name: string): Person => ({
  name,
  title: null,
  organisation: null,
  otherSpellings: [],
});

const PLACES = [
  { city: 'Kyiv', country: 'Ukraine' },
  { city: 'Ankara', country: 'Türkiye' },
];

/** The names that a corpus of these texts tells, by their terms. */
function namesIn(
  texts: readonly string[],
  people: readonly Person[],
): ReturnType<typeof answerNames> & { id: (term: string) => number | null } {
  const table = new NameTable({ people, places: PLACES });
  const documents = texts.map((text, at): Document => ({
    ...plainDocument(`d${at}`, text),
    people: at === 0 ? people : [],
  }));
  const passages: Passage[] = documents.flatMap((document) => passagesOf(document, []));
  const lexical = new LexicalIndex([lexicalSegment(buildLexical(passages, table))]);
  const meetings = PLACES.map((place) => ({ ...place, people: [] }) as unknown as Meeting);
  return {
    ...answerNames({ documents, meetings }, table, lexical),
    id: (term) => lexical.termId(term),
  };
}

const TEXTS = [
  'Kamikawa met Dmytro Kuleba in Kyiv.',
  'Kamikawa flew on to Ankara.',
  'Kamikawa spoke of Norway.',
  'Kamikawa went home.',
];

describe('answerNames', () => {
  it('are the people that front matter names, the cities of the meetings, and every country', () => {
    const { persons, places, id } = namesIn(TEXTS, [person('Dmytro Kuleba')]);
    expect(persons).toEqual(new Set([id('dmytro'), id('kuleba')]));
    expect(places.has(id('kyiv') ?? -1)).toBe(true);
    expect(places.has(id('ankara') ?? -1)).toBe(true);
    expect(places.has(id('=no') ?? -1)).toBe(true);
    expect(places.has(id('kuleba') ?? -1)).toBe(false);
  });

  it('are without one that stands nearly everywhere', () => {
    const people = [person('Kamikawa'), person('Dmytro Kuleba')];
    const { persons, id } = namesIn(TEXTS, people);
    expect(id('kamikawa')).not.toBeNull();
    expect(persons).toEqual(new Set([id('dmytro'), id('kuleba')]));
  });

  it('are none but countries where nothing is told', () => {
    const { persons } = namesIn(TEXTS, []);
    expect(persons.size).toBe(0);
  });
});
