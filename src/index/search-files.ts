import type { Corpus, Passage } from '../corpus/types.ts';
import { NameTable } from '../language/names.ts';
import { LexicalIndex, buildLexical } from './lexical.ts';
import { buildUnits, type PlacedQuestion } from './passage-parts.ts';

export interface SearchFiles {
  readonly lexical: Uint8Array;
  readonly units: Uint8Array;
}

/** What search needs besides vectors. The same corpus gives the same bytes. */
export function buildSearchFiles(
  corpus: Corpus,
  passages: readonly Passage[],
  expected: readonly PlacedQuestion[],
): SearchFiles {
  const names = namesOf(corpus);
  const lexical = buildLexical(passages, names);
  const units = buildUnits({ passages, expected, names, lexical: new LexicalIndex(lexical) });
  return { lexical, units };
}

/** The names that the corpus itself defines, from the people and places of meetings and documents. */
export function namesOf({
  documents,
  meetings,
}: Pick<Corpus, 'documents' | 'meetings'>): NameTable {
  const people = [
    ...meetings.flatMap((meeting) => meeting.people),
    ...documents.flatMap((document) => document.people),
  ];
  // Most documents name the same few people, and each costs the table time.
  const distinct = new Map(people.map((person) => [JSON.stringify(person), person]));
  return new NameTable({ people: [...distinct.values()], places: meetings });
}
