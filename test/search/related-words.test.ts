import { beforeAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { openEmbedder } from '../../src/embedding/open-embedder.ts';
import { stem } from '../../src/language/stem.ts';
import type { LexicalIndex } from '../../src/index/lexical.ts';
import { RelatedWords } from '../../src/search/related-words.ts';
import { realCorpus } from './real-corpus.ts';

let lexical: LexicalIndex;
let related: RelatedWords;
beforeAll(async () => {
  ({ lexical } = await realCorpus());
  const { tokenTable } = await openEmbedder(loadConfig({}).embedding);
  if (tokenTable === null) throw new Error('The bundled model has a token table.');
  related = new RelatedWords(tokenTable, lexical);
});

const idOf = (word: string): number | null => lexical.termId(stem(word));

describe('RelatedWords', () => {
  it.each([
    ['quake', 'earthquake'],
    ['cash', 'money'],
    ['rocket', 'missile'],
  ])('finds for %j, which may be missing, %j among the words of the corpus', (word, expected) => {
    const found = related.to(word, idOf(word)).map(({ termId }) => termId);
    expect(idOf(expected)).not.toBeNull();
    expect(found).toContain(idOf(expected));
  });

  it('never gives the word itself, gives the nearest first, each term once, and few', () => {
    for (const { word, termId } of lexical.surfaces.slice(0, 200)) {
      const found = related.to(word, termId);
      const ids = found.map((other) => other.termId);
      expect(ids).not.toContain(termId);
      expect(ids).toEqual([...new Set(ids)]);
      const similarities = found.map(({ similarity }) => similarity);
      expect(similarities).toEqual([...similarities].sort((a, b) => b - a));
      for (const value of similarities) expect(value).toBeLessThanOrEqual(1 + 1e-6);
      expect(found.length).toBeLessThan(10);
    }
  });

  it('gives the same when asked again', () => {
    expect(related.to('aid', idOf('aid'))).toEqual(related.to('aid', idOf('aid')));
  });

  it('knows nothing of what is no word', () => {
    for (const word of ['', 'zzxqj', '🙂', '1234567']) expect(related.to(word, null)).toEqual([]);
  });
});
