import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  readQuestion,
  type Query,
  type QueryTerm,
  type QueryTools,
} from '../../src/search/query.ts';
import { openRealSnapshot } from '../support/real-index.ts';

let tools: QueryTools;
beforeAll(async () => {
  tools = (await openRealSnapshot()).index;
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
    expect(query.correctedText).toBe('how long did blinken talk to kamikawa?');
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
      const { terms, correctedText } = read(text);
      expect(terms).toEqual([]);
      expect(correctedText).toBe(text.replaceAll('🙂', '').trim());
    }
  });

  it('gives a word the related words that the corpus has, the most similar first', () => {
    const lunch = term(read('when was the dispute?'), 'dispute');
    const related = lunch.related.map(({ termId }) => termId);
    expect(related.length).toBeGreaterThan(0);
    expect(related).not.toContain(null);
    expect(related).not.toContain(lunch.termId);
    expect(related).toEqual([...new Set(related)]);
    const similarities = lunch.related.map(({ similarity }) => similarity);
    expect(similarities).toEqual([...similarities].sort((a, b) => b - a));
  });

  it('gives none to names, countries, light verbs and pairs of words', () => {
    const query = read('Did Blinken take soldiers to Poland after the prime minister left?');
    const without = query.terms.filter(
      ({ name, light, term: text }) => name || light || text.startsWith('=') || text.includes('+'),
    );
    expect(without.length).toBeGreaterThan(3);
    for (const { related } of without) expect(related).toEqual([]);
  });

  it('holds for any text: typed words lie in it, weights and frequencies are positive', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 100 }), (text) => {
        for (const { typed, weight, idf, related } of read(text).terms) {
          expect(text).toContain(typed);
          expect(weight).toBeGreaterThan(0);
          expect(idf).toBeGreaterThan(0);
          expect(related.length).toBeLessThanOrEqual(5);
          for (const { similarity } of related) {
            expect(similarity).toBeGreaterThan(0);
            expect(similarity).toBeLessThanOrEqual(1);
          }
        }
      }),
    );
  });
});

describe('a question in another script', () => {
  it.each([
    '上川大臣はいつキーウに着きましたか？',
    '岸田',
    'ブリンケン',
    'Кто встретил её в Киеве?',
  ])('%j is foreign, and none of its words counts as unmatched', (text) => {
    const query = read(text);
    expect(query).toMatchObject({ foreign: true, correctedText: text });
    expect(query.terms.filter(({ termId }) => termId === null)).toEqual([]);
  });

  it.each(['When did she arrive?', 'qwertz', 'São Tomé?', '', '???', '🙂', '2024'])(
    '%j is not',
    (text) => {
      expect(read(text).foreign).toBe(false);
    },
  );

  it.each(['外相 Blinken との会談', 'Blinkenとの会談', 'ブリンケンとの会談'])(
    '%j is read by the name in it, whatever its script',
    (text) => {
      expect(read(text).terms.map(({ term: name }) => name)).toContain('blinken');
    },
  );

  it('has no unmatched word when it is foreign, and is never so in Latin letters, whatever the text', () => {
    const anyText = fc.array(
      fc.oneof(
        fc.constantFrom('会談', 'Киев', 'Kyiv', 'drones', '37', 'は', '?'),
        fc.string({ unit: 'grapheme', maxLength: 8 }),
      ),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(anyText, (parts) => {
        const { foreign, terms } = read(parts.join(' '));
        if (foreign) expect(terms.filter(({ termId }) => termId === null)).toEqual([]);
        if (!/[^\p{Script=Latin}]/u.test(parts.join(''))) expect(foreign).toBe(false);
      }),
    );
  });
});
