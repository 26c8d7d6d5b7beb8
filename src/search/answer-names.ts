import type { Meeting, Document } from '../corpus/types.ts';
import type { LexicalIndex } from '../index/lexical.ts';
import type { NameTable } from '../language/names.ts';
import { termsOf } from '../language/terms.ts';

/** Terms that answer "who" and "where". */
export interface AnswerNames {
  readonly persons: ReadonlySet<number>;
  readonly places: ReadonlySet<number>;
  /** People who stand almost everywhere: those whom the documents are about. */
  readonly travellers: ReadonlySet<number>;
}

/**
 * A name that stands in more than this share of the passages answers no question: in the tour's own corpus, the
 * travelling minister's.
 */
const COMMONPLACE = 0.3;

/** The names that front matter tells, and every country. */
export function answerNames(
  corpus: { readonly documents: Iterable<Document>; readonly meetings: Iterable<Meeting> },
  names: NameTable,
  lexical: LexicalIndex,
): AnswerNames {
  const persons = new Set<number>();
  const places = new Set<number>();
  const travellers = new Set<number>();
  const add = (text: string, to: Set<number>): void => {
    for (const { term } of termsOf(text, names)) {
      const id = lexical.termId(term);
      const rare =
        id !== null && lexical.documentFrequency(id) <= COMMONPLACE * lexical.passageCount;
      if (rare) to.add(id);
      else if (id !== null && to === persons) travellers.add(id);
    }
  };
  for (const document of corpus.documents) {
    for (const person of document.people) add(person.name, persons);
  }
  for (const meeting of corpus.meetings) {
    for (const person of meeting.people) add(person.name, persons);
    add(meeting.city, places);
  }
  for (const id of lexical.countryTermIds()) {
    if (lexical.documentFrequency(id) <= COMMONPLACE * lexical.passageCount) places.add(id);
  }
  return { persons, places, travellers };
}
