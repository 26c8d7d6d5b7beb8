import path from 'node:path';

import { AutoTokenizer, env } from '@xenova/transformers';
import type { PreTrainedTokenizer } from '@xenova/transformers';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';

import { WordPiece } from '../../src/embedding/word-piece.ts';

const modelFolder = path.resolve('embeddings/model');

let library: PreTrainedTokenizer;
let ours: WordPiece;

beforeAll(async () => {
  env.localModelPath = path.dirname(modelFolder);
  library = await AutoTokenizer.from_pretrained(path.basename(modelFolder), {
    local_files_only: true,
  });
  const { tokens_to_ids, unk_token_id } = library.model as unknown as {
    tokens_to_ids: Map<string, number>;
    unk_token_id: number;
  };
  ours = new WordPiece(tokens_to_ids, unk_token_id, 100);
});

function byTheLibrary(text: string): number[] {
  return library.encode(text, null, { add_special_tokens: false });
}

describe('our WordPiece and the one of @xenova/transformers give the same tokens', () => {
  it.each([
    'What did Kamikawa tell Kuleba about drones?',
    'Türkiye’s Hakan Fidan — “talks” in Ankara',
    'İstanbul, Straße, ﬁne, Häkkänen, Séjourné',
    'U.S. aid: $37 million (5.5 bn yen) 10:45 a.m.',
    '日本の外務大臣 上川陽子',
    'soft\u00adhyphen, zero\u200bwidth, no\u00a0break, byte-order\ufeffmark, nul\u0000l, bad\ufffd',
    'emoji 🇯🇵🚀 and 𠀀 outside the basic plane',
    'a lone surrogate \ud83d here',
    'tabs\tand\r\nlines\u2028apart',
    'x'.repeat(101),
    'x'.repeat(100),
    '',
    '   ',
  ])('for %j', (text) => {
    expect(ours.encode(text)).toEqual(byTheLibrary(text));
  });

  it('for any text that spells no special token', () => {
    const word = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 12 }),
      fc.string({ unit: 'grapheme', maxLength: 12 }),
      fc.constantFrom('Zelenskyy', 'drones', '2024', 'Türkiye', 'n’est', 'co-operate', '...'),
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 8 }), (parts) => {
        const text = parts.join(' ');
        fc.pre(!/\[(PAD|UNK|CLS|SEP|MASK)\]/.test(text));
        expect(ours.encode(text)).toEqual(byTheLibrary(text));
      }),
      { numRuns: 500 },
    );
  });
});

describe('special tokens', () => {
  it('are ordinary text when a document spells them', () => {
    expect(ours.encode('[SEP]')).toEqual(ours.encode('[ sep ]'));
  });
});

describe('a word that is no token', () => {
  it('is split the same way however often it is seen', () => {
    const first = ours.encode('kamikavashvili');
    expect(first.length).toBeGreaterThan(1);
    expect(ours.encode('kamikavashvili')).toEqual(first);
  });
});
