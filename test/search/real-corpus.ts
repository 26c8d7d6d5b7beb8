import { readFileSync } from 'node:fs';
import { MeetingTies } from '../../src/corpus/meetings-of.ts';
import { passagesOf } from '../../src/corpus/passages.ts';
import { readCorpus } from '../../src/corpus/read-corpus.ts';
import type { Passage } from '../../src/corpus/types.ts';
import { LexicalIndex } from '../../src/index/lexical.ts';
import { buildSearchFiles, namesOf } from '../../src/index/search-files.ts';
import type { QueryTools } from '../../src/search/query.ts';
import { SpellingCorrector } from '../../src/search/spelling.ts';

/** The corpus as shipped, ready for its questions to be read, with the bundled model's words as the known ones. */
export async function realCorpus(): Promise<
  QueryTools & { readonly passages: readonly Passage[] }
> {
  const { corpus } = await readCorpus('corpus');
  const ties = new MeetingTies(corpus.meetings);
  const passages = corpus.documents.flatMap((document) => passagesOf(document, ties));
  const lexical = new LexicalIndex(buildSearchFiles(corpus, passages, null).lexical);
  const known = vocabulary();
  return {
    passages,
    names: namesOf(corpus),
    lexical,
    related: null,
    spelling: new SpellingCorrector(lexical, (word) => known.has(word)),
  };
}

function vocabulary(): ReadonlySet<string> {
  const { model } = JSON.parse(readFileSync('embeddings/model/tokenizer.json', 'utf8')) as {
    readonly model: { readonly vocab: Readonly<Record<string, number>> };
  };
  return new Set(Object.keys(model.vocab));
}
