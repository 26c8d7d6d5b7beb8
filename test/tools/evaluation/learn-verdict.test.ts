import { describe, expect, it } from 'vitest';
import {
  EVIDENCE_NAMES,
  CROSS_SCRIPT_EVIDENCE,
  type Evidence,
} from '../../../src/answer/evidence.ts';
import { probability } from '../../../src/answer/verdict.ts';
import {
  calibrateByAll,
  calibrateAcrossScripts,
  NEAR_TOPIC_ANSWERED,
  describeVerdicts,
} from '../../../tools/evaluation/learn-verdict.ts';
import type { Trial } from '../../../tools/evaluation/learn-ranking.ts';
import { seeded } from '../../../tools/evaluation/noisy-questions.ts';

const random = seeded(7);

/** Evidence drawn by lot around a level, by which answerable questions stand out from near and off topic ones. */
function trial(of: Trial['class'], level: number, rest: Partial<Trial> = {}): Trial {
  const evidence = Object.fromEntries(
    EVIDENCE_NAMES.map((name) => [name, Math.min(1, Math.max(0, level + 0.3 * random() - 0.15))]),
  ) as unknown as Evidence;
  return { evidence, class: of, foreign: false, right: of === 'answerable', weight: 1, ...rest };
}

const many = (count: number, make: () => Trial): Trial[] => Array.from({ length: count }, make);

const trials = [
  ...many(200, () => trial('answerable', 0.7)),
  ...many(40, () => trial('answerable', 0.55, { right: false })),
  ...many(60, () => trial('near_topic', 0.5)),
  ...many(40, () => trial('false_premise', 0.55)),
  ...many(50, () => trial('off_topic', 0.2)),
];
const foreign = [
  ...many(30, () => trial('answerable', 0.5, { foreign: true })),
  ...many(20, () => trial('near_topic', 0.35, { foreign: true })),
  ...many(10, () => trial('off_topic', 0.1, { foreign: true })),
];

function share(some: readonly Trial[], isSo: (one: Trial) => boolean): number {
  return some.filter(isSo).length / some.length;
}

describe('calibrateByAll', () => {
  const { holdsAnswer, onTopic, answeredFrom, foundFrom } = calibrateByAll([...trials, ...foreign]);
  const isAnswered = ({ evidence }: Trial): boolean =>
    probability(holdsAnswer, evidence) >= answeredFrom;
  const isRefused = ({ evidence }: Trial): boolean => probability(onTopic, evidence) < foundFrom;
  const of = (...classes: readonly Trial['class'][]): Trial[] =>
    trials.filter((one) => classes.includes(one.class));

  it('lets no more near topic or on a false premise be called answered than it is set to', () => {
    const wrong = share(of('near_topic', 'false_premise'), isAnswered);
    expect(wrong).toBeLessThanOrEqual(NEAR_TOPIC_ANSWERED + 0.01);
    expect(wrong).toBeGreaterThan(0.05);
  });

  it('refuses about 3 in 100 that can be answered, and most that are off topic', () => {
    expect(share(of('answerable'), isRefused)).toBeLessThanOrEqual(0.045);
    expect(share(of('off_topic'), isRefused)).toBeGreaterThan(0.95);
  });

  it('sets its thresholds without questions that count little, which there may be many of', () => {
    const sure = many(300, () => trial('near_topic', 0.75, { weight: 0.01 }));
    const { holdsAnswer: model, answeredFrom: from } = calibrateByAll([...trials, ...sure]);
    const answered = share(
      of('near_topic', 'false_premise'),
      ({ evidence }) => probability(model, evidence) >= from,
    );
    expect(answered).toBeLessThanOrEqual(NEAR_TOPIC_ANSWERED + 0.01);
    expect(answered).toBeGreaterThan(0.05);
  });

  it('takes no notice of questions in another script', () => {
    expect(calibrateByAll(trials)).toEqual({ holdsAnswer, onTopic, answeredFrom, foundFrom });
  });

  it('uses the evidence that it is given only', () => {
    const { holdsAnswer: one } = calibrateByAll(trials, ['nearness']);
    expect(Object.keys(one.weights)).toEqual(['nearness']);
  });
});

describe('calibrateAcrossScripts', () => {
  it('uses the vectors alone, and refuses few questions in another script that have an answer', () => {
    const { holdsAnswer, onTopic, foundFrom } = calibrateAcrossScripts([...trials, ...foreign]);
    for (const { weights } of [holdsAnswer, onTopic]) {
      expect(Object.keys(weights).sort()).toEqual([...CROSS_SCRIPT_EVIDENCE].sort());
    }
    const own = foreign.filter((one) => one.class === 'answerable');
    const refused = share(own, ({ evidence }) => probability(onTopic, evidence) < foundFrom);
    expect(refused).toBeLessThanOrEqual(0.05);
  });
});

describe('describeVerdicts', () => {
  it('has a line for each class with its shares', () => {
    const calibration = calibrateByAll(trials);
    const lines = describeVerdicts(trials, calibration);
    expect(lines.map((line) => /^\w+ \(\d+\)/.exec(line)?.[0])).toEqual([
      'answerable (240)',
      'near_topic (60)',
      'false_premise (40)',
      'off_topic (50)',
    ]);
    expect(lines[0]).toMatch(/answered 0\.\d{3}, refused 0\.\d{3}, right where answered 0\.\d{3}$/);
    expect(lines[3]).toMatch(/answered 0\.000, refused (?:1\.000|0\.9\d\d)$/);
  });
});
