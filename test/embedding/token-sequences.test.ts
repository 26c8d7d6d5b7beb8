import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { passageTokens, questionTokens } from '../../src/embedding/token-sequences.ts';
import type { PassageTokens, TokenRules } from '../../src/embedding/token-sequences.ts';

const FIRST = -1;
const LAST = -2;

/** One token a word: its length. */
function tokenise(text: string): number[] {
  return text
    .split(' ')
    .filter((word) => word !== '')
    .map((word) => word.length);
}

function rules(changes: Partial<TokenRules> = {}): TokenRules {
  return {
    tokenise,
    first: FIRST,
    last: LAST,
    maxTokens: 512,
    profile: { questionPrefix: 'query: ', passagePrefix: 'passage: ' },
    ...changes,
  };
}

const plain = rules({ profile: { questionPrefix: '', passagePrefix: '' } });

describe('questionTokens', () => {
  it('puts prefix and text between the special tokens', () => {
    expect(questionTokens('who promised drones', rules())).toEqual([FIRST, 6, 3, 8, 6, LAST]);
    expect(questionTokens('who promised drones', plain)).toEqual([FIRST, 3, 8, 6, LAST]);
  });

  it('cuts at 128 tokens, or earlier where the model takes fewer, and keeps the last one', () => {
    const long = 'word '.repeat(1000);
    expect(questionTokens(long, rules())).toHaveLength(128);
    const short = questionTokens(long, rules({ maxTokens: 64 }));
    expect(short).toHaveLength(64);
    expect(short.at(-1)).toBe(LAST);
  });

  it('gives the special tokens alone for nothing', () => {
    expect(questionTokens('', plain)).toEqual([FIRST, LAST]);
  });
});

describe('passageTokens', () => {
  it('puts the header, as a sentence, after the prefix and before the sentences', () => {
    const { ids, spans } = passageTokens(
      { header: 'a title', sentences: ['one', 'two words'] },
      rules(),
    );
    expect(ids).toEqual([FIRST, 8, 1, 6, 3, 3, 5, LAST]);
    expect(spans).toEqual([
      { start: 4, end: 5 },
      { start: 5, end: 7 },
    ]);
  });

  it('has the bare prefix where there is no header', () => {
    const seen: string[] = [];
    const watched = rules({
      tokenise: (text) => {
        seen.push(text);
        return tokenise(text);
      },
    });
    expect(passageTokens({ header: '', sentences: ['one'] }, watched).ids).toEqual([
      FIRST,
      8,
      3,
      LAST,
    ]);
    expect(seen).toEqual(['passage:', 'one']);
  });

  it('has nothing at all before the sentences where there is neither header nor prefix', () => {
    expect(passageTokens({ header: '', sentences: ['one'] }, plain).ids).toEqual([FIRST, 3, LAST]);
    expect(passageTokens({ header: 'so', sentences: [] }, plain).ids).toEqual([FIRST, 3, LAST]);
  });

  it('never exceeds the limit, and every span holds the tokens of its sentence, in order', () => {
    const sentence = fc
      .array(fc.integer({ min: 1, max: 9 }), { maxLength: 12 })
      .map((lengths) => lengths.map((length) => 'x'.repeat(length)).join(' '));
    const passage = fc.record({ header: sentence, sentences: fc.array(sentence) });
    fc.assert(
      fc.property(passage, fc.integer({ min: 3, max: 60 }), (text, maxTokens) => {
        const { ids, spans } = passageTokens(text, rules({ maxTokens }));
        expect(ids.length).toBeLessThanOrEqual(maxTokens);
        expect(ids[0]).toBe(FIRST);
        expect(ids.at(-1)).toBe(LAST);
        expect(spans).toHaveLength(text.sentences.length);
        let end = 1;
        spans.forEach((span, i) => {
          expect(span.start).toBeGreaterThanOrEqual(end);
          const all = tokenise(text.sentences[i] ?? '');
          const kept = ids.slice(span.start, span.end);
          expect(kept).toEqual(all.slice(0, kept.length));
          if (kept.length < all.length) expect(span.end).toBe(maxTokens - 1);
          end = span.end;
        });
      }),
    );
  });

  it('is the same for a passage of any length as for the part of it that fits', () => {
    const tokens = (count: number): PassageTokens =>
      passageTokens({ header: '', sentences: new Array<string>(count).fill('two words') }, plain);
    const fitting = tokens(255);
    expect(fitting.ids).toHaveLength(512);
    const long = tokens(5000);
    expect(long.ids).toEqual(fitting.ids);
    expect(long.spans.slice(0, 255)).toEqual(fitting.spans);
    expect(long.spans.slice(255)).toEqual(new Array(4745).fill({ start: 511, end: 511 }));
  });
});
