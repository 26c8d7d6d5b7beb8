import type { Passage } from '../../src/corpus/types.ts';
import { LexicalBuilder } from '../../src/index/lexical.ts';
import type { PlacedQuestion } from '../../src/index/generation.ts';
import type { NameTable } from '../../src/language/terms.ts';

/** The word index of passages, as a file. */
export function buildLexical(
  passages: readonly Passage[],
  names: NameTable,
  expected: readonly PlacedQuestion[] = [],
): Uint8Array {
  const builder = new LexicalBuilder(names);
  for (const passage of passages) builder.add(passage);
  return builder.finish(expected);
}
