import { beforeAll, describe, expect, it } from 'vitest';
import { readCorpus } from '../../src/corpus/read-corpus.ts';
import { isEnglishWord, relatedWords } from '../../src/language/related-words.ts';
import { wordsOf } from '../../src/language/words.ts';

describe('relatedWords', () => {
  let words: string[];
  beforeAll(async () => {
    const { corpus } = await readCorpus('corpus');
    const folded = corpus.documents.flatMap(({ text }) => wordsOf(text).map((word) => word.folded));
    words = [...new Set(folded)];
  });

  it('are words with a similarity above 0 and up to 1, the most similar first, each once', () => {
    let related = 0;
    for (const word of words) {
      const found = relatedWords(word);
      related += found.length;
      const similarities = found.map(({ similarity }) => similarity);
      expect(similarities).toEqual([...similarities].sort((a, b) => b - a));
      for (const similarity of similarities) {
        expect(similarity).toBeGreaterThan(0);
        expect(similarity).toBeLessThanOrEqual(1);
      }
      const others = found.map((each) => each.word);
      expect(others).toEqual([...new Set(others)]);
      expect(others).not.toContain(word);
      for (const other of others) expect(other).toMatch(/^[^\s:]+$/);
    }
    // Half of the corpus's words are common ones, and those have several each.
    expect(related).toBeGreaterThan(words.length);
  });

  it.each([
    ['lunch', 'meal'],
    ['money', 'cash'],
    ['begin', 'start'],
  ])('of "%s" include "%s"', (word, other) => {
    expect(relatedWords(word).map((each) => each.word)).toContain(other);
  });

  it.each(['', 'qwertzu', 'Lunch', 'constructor ', '__proto__', '日本'])(
    'of %j are none',
    (word) => {
      expect(relatedWords(word)).toEqual([]);
    },
  );
});

describe('isEnglishWord', () => {
  it('knows common words and no slips', () => {
    for (const word of ['lunch', 'urban', 'friendship', 'promised']) {
      expect([word, isEnglishWord(word)]).toEqual([word, true]);
    }
    for (const word of ['conferense', 'secruity', '', '日本']) {
      expect([word, isEnglishWord(word)]).toEqual([word, false]);
    }
  });
});
