import { MeetingTies } from '../../src/corpus/meeting-ties.ts';
import { passagesOf } from '../../src/corpus/passages.ts';
import { readCorpus } from '../../src/corpus/read-corpus.ts';
import type { Passage } from '../../src/corpus/types.ts';
import { buildLexical, LexicalIndex } from '../../src/index/lexical.ts';
import { namesOf } from '../../src/language/names.ts';
import type { QueryTools } from '../../src/search/query.ts';
import { SpellingCorrector } from '../../src/search/spelling.ts';

/** The corpus as shipped, ready for its questions to be read. */
export async function realCorpus(): Promise<
  QueryTools & { readonly passages: readonly Passage[] }
> {
  const { corpus } = await readCorpus('corpus');
  const ties = new MeetingTies(corpus.meetings);
  const passages = corpus.documents.flatMap((document) => passagesOf(document, ties));
  const names = namesOf(corpus);
  const lexical = new LexicalIndex(buildLexical(passages, names));
  return {
    passages,
    names,
    lexical,
    spelling: new SpellingCorrector(lexical),
  };
}
