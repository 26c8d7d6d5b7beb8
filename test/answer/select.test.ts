import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resemblance, select, termSetOf } from '../../src/answer/select.ts';
import type { SearchIndex } from '../../src/search/search-index.ts';
import type { Ranked } from '../../src/search/search.ts';
import type { LexicalIndex } from '../../src/index/lexical.ts';

interface Text {
  readonly document: string;
  /** Its document is a meeting's own. */
  readonly meeting?: boolean;
  /** Its document is a page that was fetched, about the meeting with this document. */
  readonly pageOf?: string;
  readonly heading?: string;
  /** Terms of its only sentence; those from 100 on are figures. */
  readonly terms: readonly number[];
  /** Where its vector points, in degrees. */
  readonly angle: number;
  readonly length?: number;
}

/** An index of these passages, those of one document in the order of its text. */
function indexOf(texts: readonly Text[]): SearchIndex {
  const ends = new Map<string, number>();
  const passages = texts.map(({ document, heading = '', length = 100, meeting, pageOf }) => {
    const start = ends.get(document) ?? 0;
    ends.set(document, start + length);
    const meetings = meeting === true ? [document] : pageOf === undefined ? [] : [pageOf];
    return { documentId: document, headings: [heading], start, end: start + length, meetings };
  });
  const documents = new Map(
    texts.map(({ document, meeting = false, pageOf }) => [
      document,
      { id: document, meeting: meeting ? {} : null, page: pageOf === undefined ? undefined : {} },
    ]),
  );
  const termsOf = texts.map(({ terms }) => Uint32Array.from(terms));
  return {
    passage: (ordinal: number) => passages[ordinal],
    document: (ordinal: number) => documents.get(texts[ordinal]?.document ?? ''),
    lexical: { idf: () => 1, isFigure: (term: number) => term >= 100 },
    units: { sentences: (ordinal: number) => [termsOf[ordinal]] },
    termsAt: (ordinal: number) => termsOf[ordinal],
    vector: (ordinal: number) => {
      const angle = ((texts[ordinal]?.angle ?? 0) * Math.PI) / 180;
      return Float32Array.of(Math.cos(angle), Math.sin(angle));
    },
  } as unknown as SearchIndex;
}

/** Passages ranked in this order, each nearly as good as the one before. */
function ranking(ordinals: readonly number[]): Ranked[] {
  return ordinals.map(
    (ordinal, at) => ({ ordinal, score: 1 - at / 1000, best: { at: 0 } }) as unknown as Ranked,
  );
}

function shown(texts: readonly Text[], order: readonly number[], k = 3) {
  return select(indexOf(texts), ranking(order), k).map(({ members, best, alsoReportedBy }) => ({
    members: members.map(({ ordinal }) => ordinal),
    best: best.ordinal,
    alsoReportedBy,
  }));
}

const alone = (ordinal: number, alsoReportedBy: readonly string[] = []) => ({
  members: [ordinal],
  best: ordinal,
  alsoReportedBy,
});

describe('select', () => {
  it('shows the best k in order', () => {
    const texts = [0, 1, 2, 3].map((at) => ({
      document: `d${at}`,
      terms: [10 * at, 10 * at + 1],
      angle: 45 * at,
    }));
    expect(shown(texts, [2, 0, 3, 1], 3)).toEqual([alone(2), alone(0), alone(3)]);
    expect(shown(texts, [2, 0], 25)).toEqual([alone(2), alone(0)]);
    expect(shown(texts, [], 3)).toEqual([]);
  });

  it('names a document that states the same fact instead of showing it', () => {
    const texts = [
      { document: 'a', terms: [1, 2, 3, 4], angle: 0 },
      { document: 'b', terms: [1, 2, 3, 4], angle: 90 },
      { document: 'c', terms: [7, 8, 9], angle: 180 },
    ];
    expect(shown(texts, [0, 1, 2])).toEqual([alone(0, ['b']), alone(2)]);
  });

  it('names it even when no more excerpts would be shown', () => {
    const texts = [
      { document: 'a', terms: [1, 2, 3, 4], angle: 0 },
      { document: 'c', terms: [7, 8, 9], angle: 180 },
      { document: 'b', terms: [1, 2, 3, 4], angle: 90 },
    ];
    expect(shown(texts, [0, 1, 2], 1)).toEqual([alone(0, ['b'])]);
  });

  it('shows two meetings that ran alike but with other figures', () => {
    const texts = [
      { document: 'a', meeting: true, terms: [1, 2, 3, 4, 100], angle: 0 },
      { document: 'b', meeting: true, terms: [1, 2, 3, 4, 101], angle: 90 },
    ];
    expect(shown(texts, [0, 1])).toEqual([alone(0), alone(1)]);
  });

  it("puts a meeting's own document in the place of one that repeats it", () => {
    const texts = [
      { document: 'overview', terms: [1, 2, 3, 4], angle: 0 },
      { document: 'kyiv', meeting: true, terms: [1, 2, 3, 4], angle: 90 },
      { document: 'column', terms: [1, 2, 3, 4], angle: 180 },
    ];
    expect(shown(texts, [0, 1, 2])).toEqual([alone(1, ['overview', 'column'])]);
    expect(shown(texts, [0, 2, 1])).toEqual([alone(1, ['column', 'overview'])]);
  });

  it('puts a page in the place of the account that says the same, of the same meeting alone', () => {
    const account = { document: 'kyiv', meeting: true, terms: [1, 2, 3, 4], angle: 0 };
    const page = (pageOf: string) => ({ document: 'page', pageOf, terms: [1, 2, 3, 4], angle: 90 });
    expect(shown([account, page('kyiv')], [0, 1])).toEqual([alone(1, ['kyiv'])]);
    expect(shown([account, page('oslo')], [0, 1])).toEqual([alone(0), alone(1)]);
  });

  it('puts it there however far behind it ranks where its best sentence states the same fact', () => {
    const texts = (terms: readonly number[]) => [
      { document: 'kyiv', meeting: true, terms: [1, 2, 3, 4], angle: 0 },
      { document: 'page', pageOf: 'kyiv', terms, angle: 0 },
    ];
    const first = (terms: readonly number[]) =>
      select(
        indexOf(texts(terms)),
        [9, 1].map((score, ordinal) => ({ ordinal, score, best: { at: 0 } }) as unknown as Ranked),
        1,
      )[0]?.best.ordinal;
    expect(first([1, 2, 3, 4])).toBe(1);
    expect(first([7, 8, 9])).toBe(0);
  });

  it('shows a page first that answers as well as the account, and after it one that does not', () => {
    const texts = [
      { document: 'kyiv', meeting: true, terms: [1, 2], angle: 0 },
      { document: 'other', terms: [5, 6], angle: 45 },
      { document: 'page', pageOf: 'kyiv', terms: [8, 9], angle: 90 },
    ];
    const order = (pageScore: number, about = 'kyiv') =>
      select(
        indexOf(
          texts.map((text) => (text.pageOf === undefined ? text : { ...text, pageOf: about })),
        ),
        [3, 2.9, pageScore].map(
          (score, ordinal) => ({ ordinal, score, best: { at: 0 } }) as unknown as Ranked,
        ),
        3,
      ).map(({ best }) => best.ordinal);
    expect(order(2.8)).toEqual([2, 0, 1]);
    expect(order(1)).toEqual([0, 1, 2]);
    expect(order(2.8, 'oslo')).toEqual([0, 1, 2]);
  });

  it('shows a page first whose best sentence resembles the account’s, unless it ranks far behind', () => {
    const first = (pageScore: number, terms: readonly number[]) =>
      select(
        indexOf([
          { document: 'kyiv', meeting: true, terms: [1, 2, 3, 4, 100], angle: 0 },
          { document: 'page', pageOf: 'kyiv', terms, angle: 90 },
        ]),
        [9, pageScore].map(
          (score, ordinal) => ({ ordinal, score, best: { at: 0 } }) as unknown as Ranked,
        ),
        3,
      )[0]?.best.ordinal;
    // The same hour in another form: "9:40 a.m." for "09:40".
    const alike = [1, 2, 7, 8, 101];
    expect(first(5, alike)).toBe(1);
    expect(first(3, alike)).toBe(0);
    expect(first(5, [1, 6, 7, 8, 101])).toBe(0);
  });

  it('takes a near copy in the same document for no second report', () => {
    const texts = [
      { document: 'a', heading: 'one', terms: [1, 2, 3], angle: 0 },
      { document: 'a', heading: 'two', terms: [1, 2, 3], angle: 2 },
    ];
    expect(shown(texts, [0, 1])).toEqual([alone(0)]);
  });

  const neighbours = (second: Partial<Text>, first: Partial<Text> = {}): Text[] => [
    { document: 'a', heading: 'one', terms: [1, 2], angle: 0, ...first },
    { document: 'a', heading: 'one', terms: [5, 6], angle: 90, ...second },
  ];

  it('joins neighbours of one section in the order of the text, in the place of the better one', () => {
    expect(shown(neighbours({}), [1, 0])).toEqual([
      { members: [0, 1], best: 1, alsoReportedBy: [] },
    ]);
    expect(shown(neighbours({}), [1, 0], 1)).toEqual([
      { members: [0, 1], best: 1, alsoReportedBy: [] },
    ]);
  });

  it('joins no neighbours of different sections or documents, nor into an excerpt that is too long', () => {
    expect(shown(neighbours({ heading: 'two' }), [0, 1])).toEqual([alone(0), alone(1)]);
    expect(shown(neighbours({ document: 'b' }), [0, 1])).toEqual([alone(0), alone(1)]);
    expect(shown(neighbours({ length: 900 }, { length: 900 }), [0, 1])).toHaveLength(2);
  });

  it('leaves a gap between passages that are not neighbours', () => {
    const texts = [0, 1, 2].map((at) => ({
      document: 'a',
      terms: [10 * at, 10 * at + 1],
      angle: 90 * at,
    }));
    expect(shown(texts, [0, 2])).toEqual([alone(0), alone(2)]);
    // What lies between joins the first; the other stays by itself.
    expect(shown(texts, [0, 2, 1])).toEqual([
      { members: [0, 1], best: 0, alsoReportedBy: [] },
      alone(2),
    ]);
  });

  it('shows each passage once, joins only neighbours, and names no document twice', () => {
    const text = fc.record({
      document: fc.constantFrom('a', 'b', 'c'),
      heading: fc.constantFrom('one', 'two'),
      terms: fc.array(fc.constantFrom(1, 2, 3, 4, 100, 101), { minLength: 1, maxLength: 4 }),
      angle: fc.integer({ min: 0, max: 180 }),
    });
    const inOrder = fc.array(text, { minLength: 1, maxLength: 14 }).chain((texts) => {
      // Passages are numbered document by document.
      const sorted = [...texts].sort((x, y) => x.document.localeCompare(y.document));
      return fc.tuple(
        fc.constant(sorted.map((each) => ({ ...each, meeting: each.document === 'c' }))),
        fc.shuffledSubarray([...sorted.keys()], { minLength: 1 }),
      );
    });
    fc.assert(
      fc.property(inOrder, fc.integer({ min: 1, max: 6 }), ([texts, order], k) => {
        const excerpts = shown(texts, order, k);
        expect(excerpts.length).toBeGreaterThan(0);
        expect(excerpts.length).toBeLessThanOrEqual(k);
        const all = excerpts.flatMap(({ members }) => members);
        expect(all).toEqual([...new Set(all)]);
        for (const { members, best, alsoReportedBy } of excerpts) {
          expect(members).toContain(best);
          expect(members).toEqual(members.map((_, at) => (members[0] ?? 0) + at));
          const sections = members.map((at) => `${texts[at]?.document}/${texts[at]?.heading}`);
          expect(new Set(sections).size).toBe(1);
          expect(alsoReportedBy).not.toContain(texts[best]?.document);
          expect(alsoReportedBy).toEqual([...new Set(alsoReportedBy)]);
        }
      }),
      { numRuns: 300 },
    );
  });
});

/** Terms from 100 on are figures; the higher a term, the rarer. */
const lexical = {
  idf: (term: number | null) => Math.log(2 + (term ?? 0)),
  isFigure: (term: number) => term >= 100,
} as unknown as LexicalIndex;

const terms = fc
  .array(fc.oneof(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 100, max: 104 })))
  .map((ids) => Uint32Array.from(ids));
const likeness = (a: Uint32Array, b: Uint32Array, options: typeof agree): number =>
  resemblance(termSetOf(lexical, a), termSetOf(lexical, b), options);
const agree = { figuresMustAgree: true };
const differ = { figuresMustAgree: false };

describe('resemblance', () => {
  it('is 1 for the same words in another order, and 0 without a common one', () => {
    const a = Uint32Array.of(1, 2, 3, 101);
    expect(likeness(a, Uint32Array.of(101, 3, 3, 2, 1), agree)).toBeCloseTo(1);
    expect(likeness(a, Uint32Array.of(4, 5), agree)).toBe(0);
    expect(likeness(a, new Uint32Array(), agree)).toBe(0);
  });

  it('is nothing for two reports with different figures, unless they may differ', () => {
    const first = Uint32Array.of(1, 2, 3, 4, 101);
    const second = Uint32Array.of(1, 2, 3, 4, 102);
    expect(likeness(first, second, agree)).toBe(0);
    expect(likeness(first, second, differ)).toBeGreaterThan(0.2);
    const without = Uint32Array.of(1, 2, 3, 4);
    expect(likeness(first, without, agree)).toBe(likeness(first, without, differ));
  });

  it('counts rare words for more', () => {
    const whole = Uint32Array.of(1, 12);
    expect(likeness(whole, Uint32Array.of(12), agree)).toBeGreaterThan(
      likeness(whole, Uint32Array.of(1), agree),
    );
  });

  it('lies between 0 and 1 and is the same both ways', () => {
    fc.assert(
      fc.property(terms, terms, fc.boolean(), (a, b, figuresMustAgree) => {
        const value = likeness(a, b, { figuresMustAgree });
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(1 + 1e-9);
        expect(likeness(b, a, { figuresMustAgree })).toBeCloseTo(value, 10);
      }),
    );
  });
});
