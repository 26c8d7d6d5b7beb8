import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  CALIBRATIONS,
  type Calibration,
  isInDoubt,
  judge,
  probability,
  reasonFor,
  reconsidered,
} from '../../src/answer/verdict.ts';
import {
  EVIDENCE_NAMES,
  type Evidence,
  type Findings,
  CROSS_SCRIPT_EVIDENCE,
} from '../../src/answer/evidence.ts';
import type { Doubt } from '../../src/answer/types.ts';

const { byAll: BY_ALL, acrossScripts: ACROSS_SCRIPTS } = CALIBRATIONS.found;

const evidenceOf = (value: (name: keyof Evidence) => number): Evidence =>
  Object.fromEntries(EVIDENCE_NAMES.map((name) => [name, value(name)])) as unknown as Evidence;

/** Evidence that speaks as strongly as it can for an answer, or against any. */
const bestBy = ({ holdsAnswer }: Calibration): Evidence =>
  evidenceOf((name) => Number((holdsAnswer.weights[name] ?? 0) > 0));
const BEST = bestBy(BY_ALL);
const NONE = evidenceOf(() => 0);

const findings = (evidence: Evidence, rest: Partial<Findings> = {}): Findings => ({
  stage: 'found',
  evidence,
  unmentioned: [],
  apart: [],
  kindMissing: null,
  unmatched: 0,
  isOfNow: false,
  isOtherLanguage: false,
  namesPerson: false,
  isSingleWord: false,
  isBareName: false,
  foreign: false,
  nearestIsForeign: false,
  ...rest,
});

const anyEvidence = fc
  .array(fc.double({ min: 0, max: 1, noNaN: true }), {
    minLength: EVIDENCE_NAMES.length,
    maxLength: EVIDENCE_NAMES.length,
  })
  .map((values) => evidenceOf((name) => values[EVIDENCE_NAMES.indexOf(name)] ?? 0));

/** The best evidence, weaker by any factor: passes every threshold on its way to nothing. */
const fadedBest = fc
  .double({ min: 0, max: 1, noNaN: true })
  .map((factor) => evidenceOf((name) => BEST[name] * factor));

describe('judge', () => {
  it('finds nothing where there is no passage', () => {
    expect(judge(null)).toEqual({
      verdict: 'not_found',
      confidence: 0,
      doubt: { kind: 'unrelated' },
    });
  });

  it('answers without a doubt when everything speaks for the passage', () => {
    expect(judge(findings(BEST))).toMatchObject({ verdict: 'answered', doubt: null });
  });

  it('answers a name and nothing else, however little speaks for the passage', () => {
    const judged = judge(findings(NONE, { isBareName: true }));
    expect(judged.verdict === 'answered' || judged.verdict === 'not_found').toBe(true);
    expect(judge(findings({ ...BEST, certainty: 0.01 }, { isBareName: true })).verdict).toBe(
      'answered',
    );
  });

  it('is never sure of a question of one word, and finds nothing when no document has that word', () => {
    const { verdict, confidence } = judge(findings(BEST, { isSingleWord: true }));
    expect(verdict).toBe('weak');
    expect(confidence).toBeLessThan(BY_ALL.answeredFrom);
    expect(judge(findings(BEST, { unmatched: 1, isSingleWord: true })).verdict).toBe('not_found');
  });

  it('finds nothing when nothing speaks for it', () => {
    expect(judge(findings(NONE))).toMatchObject({
      verdict: 'not_found',
      doubt: { kind: 'unrelated' },
    });
  });

  it('is sure of a single word where its subject is known, and of no bare name for that', () => {
    expect(judge(findings(BEST, { isSingleWord: true }), true).verdict).toBe('answered');
    const far = findings({ ...BEST, certainty: 0.01, nearness: 0.2 }, { isBareName: true });
    expect(judge(far).verdict).toBe('answered');
    expect(judge(far, true).verdict).toBe('weak');
  });

  it('goes by the thresholds: a doubt exactly where the verdict is not a plain answer', () => {
    fc.assert(
      fc.property(fc.oneof(anyEvidence, fadedBest), (evidence) => {
        const { verdict, confidence, doubt } = judge(findings(evidence));
        expect(doubt === null).toBe(verdict === 'answered');
        expect(confidence).toBeGreaterThan(0);
        expect(confidence).toBeLessThan(1);
        if (verdict === 'answered') expect(confidence).toBeGreaterThanOrEqual(BY_ALL.answeredFrom);
        if (verdict === 'weak') expect(confidence).toBeLessThan(BY_ALL.answeredFrom);
      }),
      { numRuns: 500 },
    );
  });

  it('goes for a question in another script by the vectors alone', () => {
    fc.assert(
      fc.property(anyEvidence, anyEvidence, (evidence, other) => {
        const mixed = evidenceOf((name) =>
          (CROSS_SCRIPT_EVIDENCE as readonly string[]).includes(name)
            ? evidence[name]
            : other[name],
        );
        const judged = judge(findings(evidence, { foreign: true }));
        const { verdict, confidence } = judge(findings(mixed, { foreign: true }));
        expect({ verdict, confidence }).toEqual({
          verdict: judged.verdict,
          confidence: judged.confidence,
        });
        expect(confidence).toBe(probability(ACROSS_SCRIPTS.holdsAnswer, evidence));
        const isFound = probability(ACROSS_SCRIPTS.onTopic, evidence) >= ACROSS_SCRIPTS.foundFrom;
        expect(verdict === 'not_found').toBe(!isFound);
      }),
      { numRuns: 300 },
    );
  });

  it('weighs what was read by what was learned of that', () => {
    fc.assert(
      fc.property(anyEvidence, fc.boolean(), (evidence, foreign) => {
        const { byAll, acrossScripts } = CALIBRATIONS.read;
        const { confidence } = judge(findings(evidence, { stage: 'read', foreign }));
        const { holdsAnswer } = foreign ? acrossScripts : byAll;
        expect(confidence).toBe(probability(holdsAnswer, evidence));
      }),
    );
  });

  it('is never sure of an answer to a question in a language that is not read', () => {
    for (const stage of ['found', 'read'] as const) {
      const { byAll } = CALIBRATIONS[stage];
      const best = findings(bestBy(byAll), { stage, isOtherLanguage: true });
      expect(judge(best)).toMatchObject({ verdict: 'weak' });
      expect(judge(best).confidence).toBeLessThan(byAll.answeredFrom);
    }
  });

  it('may be sure of a single foreign word, which may be a whole question', () => {
    const best = findings(bestBy(ACROSS_SCRIPTS), { foreign: true, isSingleWord: true });
    expect(judge(best).verdict).toBe('answered');
  });

  /** As near the subject as can be, yet not held: always weak. */
  const doubtful = (change: Partial<Evidence>, rest: Partial<Findings>): Findings => {
    const steps = Array.from({ length: 101 }, (_, at) => at / 100);
    for (const step of steps) {
      const evidence = { ...evidenceOf((name) => BEST[name] * (1 - step)), ...change };
      const found = findings(evidence, rest);
      if (judge(found).verdict === 'weak') return found;
    }
    throw new Error('No evidence of this kind makes a weak answer.');
  };

  it.each([
    [
      'a name that no document holds before all else',
      { unmatchedNames: 0.2 },
      { unmatched: 0.2, unmentioned: ['Lavrov'], apart: ['Kyiv'], kindMissing: 'money' },
      { kind: 'unmentioned', names: ['Lavrov'] },
    ],
    [
      'words that no document holds when they make up a quarter of the question',
      { unmatchedNames: 0 },
      { unmatched: 0.25, unmentioned: ['zebra'], apart: ['Kyiv'] },
      { kind: 'unmentioned', names: ['zebra'] },
    ],
    [
      'names that stand elsewhere',
      { unmatchedNames: 0 },
      { unmatched: 0.2, unmentioned: ['zebra'], apart: ['Kyiv'], kindMissing: 'money' },
      { kind: 'apart', names: ['Kyiv'] },
    ],
    [
      'the kind of thing that is missing',
      { unmatchedNames: 0, figureMissing: 1 },
      { kindMissing: 'money' },
      { kind: 'kind', asked: 'money' },
    ],
    ['nothing in particular', { unmatchedNames: 0 }, {}, { kind: 'vague' }],
  ] as const)('doubts for %s', (_, change, rest, doubt) => {
    expect(judge(doubtful(change, rest)).doubt).toEqual(doubt);
  });
});

describe('passages', () => {
  const judged = (confidence: number) => ({ verdict: 'weak', confidence, doubt: null }) as const;

  it('are read where confidence is neither high nor next to nothing', () => {
    const read = [0, 0.01, 0.02, 0.3, 0.79, 0.8, 0.97].filter((one) => isInDoubt(judged(one)));
    expect(read).toEqual([0.02, 0.3, 0.79]);
  });

  it('that hold no answer once read leave a refusal as it was', () => {
    const refused = { ...judged(0.1), verdict: 'not_found' } as const;
    expect(reconsidered(refused, judged(0.15))).toBe(refused);
    expect(reconsidered(refused, judged(0.5))).toEqual(judged(0.5));
  });

  it('decide about what was not refused', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1 }), fc.double({ min: 0, max: 1 }), (one, other) => {
        const after = judged(other);
        expect(reconsidered(judged(one), after)).toBe(after);
      }),
    );
  });
});

describe('probability', () => {
  it('is the logistic function of the weighted sum of square roots', () => {
    const model = { intercept: 1, weights: { nearness: 2, missing: -4 } };
    expect(probability(model, NONE)).toBeCloseTo(1 / (1 + Math.exp(-1)));
    expect(probability(model, { ...NONE, nearness: 0.25, missing: 0.25 })).toBeCloseTo(0.5);
    expect(probability({ ...model, intercept: -2000 }, NONE)).toBe(0);
  });

  it('takes no notice of evidence that the model does not name', () => {
    const model = { intercept: -1, weights: { certainty: 2 } };
    fc.assert(
      fc.property(anyEvidence, (evidence) => {
        expect(probability(model, evidence)).toBe(
          probability(model, { ...NONE, certainty: evidence.certainty }),
        );
      }),
    );
  });
});

describe('the calibration', () => {
  const { found, read } = CALIBRATIONS;

  it.each([
    ['all evidence', found.byAll, EVIDENCE_NAMES],
    ['vectors', found.acrossScripts, CROSS_SCRIPT_EVIDENCE],
    ['all evidence and reading', read.byAll, EVIDENCE_NAMES],
    ['vectors and reading', read.acrossScripts, CROSS_SCRIPT_EVIDENCE],
  ] as const)(
    'by %s weighs that evidence only, with thresholds between 0 and 1',
    (_, by, names) => {
      for (const { weights, intercept } of [by.holdsAnswer, by.onTopic]) {
        for (const name of Object.keys(weights)) expect(names).toContain(name);
        expect('reading' in weights).toBe(by === read.byAll || by === read.acrossScripts);
        expect([intercept, ...Object.values(weights)].every(Number.isFinite)).toBe(true);
      }
      for (const from of [by.answeredFrom, by.foundFrom]) {
        expect(from).toBeGreaterThan(0);
        expect(from).toBeLessThan(1);
      }
    },
  );
});

describe('reasonFor', () => {
  it.each([
    [['Lavrov'], 'No document mentions “Lavrov”.'],
    [['Lavrov', 'Moscow'], 'No document mentions “Lavrov” or “Moscow”.'],
    [['Lavrov', 'Moscow', 'Minsk'], 'No document mentions “Lavrov”, “Moscow” or “Minsk”.'],
    [['a', 'b', 'c', 'd'], 'No document mentions “a”, “b” or “c”.'],
  ])('names up to three of %j', (names, reason) => {
    expect(reasonFor({ kind: 'unmentioned', names })).toBe(reason);
  });

  it('says of names that stand apart that documents do mention them', () => {
    expect(reasonFor({ kind: 'apart', names: ['Kuleba', 'Oslo'] })).toBe(
      'The documents mention “Kuleba” and “Oslo”, but not in connection with the rest of the question.',
    );
  });

  it('says what kind of thing is missing', () => {
    expect(reasonFor({ kind: 'kind', asked: 'money' })).toContain('a sum of money');
    expect(reasonFor({ kind: 'kind', asked: 'clock' })).toContain('a time of day');
  });

  it('tells "near, but no answer" and "nothing near" apart', () => {
    expect(reasonFor({ kind: 'vague' })).toContain('near the question');
    expect(reasonFor({ kind: 'unrelated' })).toContain('Nothing');
  });

  it('is one short sentence of whole characters, however long the names', () => {
    const names = fc.array(fc.string({ unit: 'binary', minLength: 1, maxLength: 60 }), {
      minLength: 1,
      maxLength: 6,
    });
    const kind = fc.constantFrom('unmentioned' as const, 'apart' as const);
    fc.assert(
      fc.property(kind, names, (kind, names) => {
        const doubt: Doubt = { kind, names };
        const reason = reasonFor(doubt);
        expect(reason).not.toMatch(/\p{Surrogate}/u);
        expect(Array.from(reason).length).toBeLessThan(240);
        expect(reason.endsWith('.')).toBe(true);
      }),
    );
  });
});
