import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  readQuestion,
  type Query,
  type QueryTerm,
  type QueryTools,
} from '../../src/search/query.ts';
import { realCorpus } from './real-corpus.ts';

let tools: QueryTools;
beforeAll(async () => {
  tools = await realCorpus();
});

const read = (text: string): Query => readQuestion(text, tools);

function term(query: Query, typed: string): QueryTerm {
  const found = query.terms.find((each) => each.typed === typed);
  if (found === undefined) throw new Error(`No term of ${JSON.stringify(typed)}`);
  return found;
}

describe('readQuestion', () => {
  it('mends what the corpus spells otherwise, and says so', () => {
    const query = read('how long did Blinkin talk to kamikava?');
    expect(term(query, 'Blinkin')).toMatchObject({
      term: 'blinken',
      mended: 'blinken',
      name: true,
    });
    expect(query.mendedText).toBe('how long did blinken talk to kamikawa?');
    expect(query.text).toBe('how long did Blinkin talk to kamikava?');
    expect(query.kind).toBe('duration');
  });

  it('mends a misspelt country into the country', () => {
    expect(read('when was she in Ukrane').terms[0]).toMatchObject({
      term: '=ua',
      mended: 'ukraine',
    });
  });

  it('gives a mended word a little less weight than one typed right', () => {
    expect(term(read('Blinkin'), 'Blinkin').weight).toBeLessThan(
      term(read('Blinken'), 'Blinken').weight,
    );
  });

  it('knows a name by its capital, by the corpus, and as a country', () => {
    const query = read('did blinken meet Lavrov in poland');
    expect(query.terms.filter(({ name }) => name).map(({ typed }) => typed)).toEqual([
      'blinken',
      'Lavrov',
      'poland',
    ]);
    expect(term(query, 'Lavrov')).toMatchObject({ termId: null, mended: null });
  });

  it('takes no word for a name because every word has a capital', () => {
    for (const text of ['WHERE DID THEY EAT 3 TIMES', 'Where Did They Eat Breakfast']) {
      expect(read(text).terms.filter(({ name }) => name)).toEqual([]);
    }
  });

  it('lists each term once', () => {
    const all = read('Kyiv, Kiev, kyiv and Ukraine, Ukrainians').terms.map((each) => each.term);
    expect(all).toEqual([...new Set(all)]);
  });

  it('reads nothing out of nothing', () => {
    for (const text of ['', '   ', '???', '🙂🙂', 'what is it?']) {
      const { terms, mendedText } = read(text);
      expect(terms).toEqual([]);
      expect(mendedText).toBe(text);
    }
  });

  it('holds for any text: typed words lie in it, weights and frequencies are positive', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 100 }), (text) => {
        for (const { typed, weight, idf } of read(text).terms) {
          expect(text).toContain(typed);
          expect(weight).toBeGreaterThan(0);
          expect(idf).toBeGreaterThan(0);
        }
      }),
    );
  });
});
