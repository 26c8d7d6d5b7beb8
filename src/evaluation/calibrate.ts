import type { LogisticModel } from '../answer/calibration.ts';
import { probability } from '../answer/verdict.ts';
import type { RankingWeights } from '../search/search.ts';
import type { Curriculum } from './curriculum.ts';
import { mean } from './metrics.ts';
import { teachModel, teachRanking, tryOut, type Lesson, type Trial } from './teach.ts';

/** What a curriculum taught. */
export interface Learned {
  readonly ranking: RankingWeights;
  readonly holdsAnswer: LogisticModel;
  readonly onTopic: LogisticModel;
  readonly answeredFrom: number;
  readonly foundFrom: number;
  /** How well it does on questions that it was not taught from, a line each. */
  readonly summary: readonly string[];
}

const FOLDS = 6;

/** Near-topic questions that may be called answered, and answerable ones that may be refused, on development. */
const NEAR_TOPIC_ANSWERED = 0.15;
const ANSWERABLE_REFUSED = 0.025;

/**
 * Learns the ranking and, on top of it, the verdict. The verdict is taught from rankings of questions that the ranking
 * was not taught from, or it would take the ranking for better than it is.
 */
export function learnFrom(curriculum: Curriculum): Learned {
  const { own, bare, news, raw, strangers } = curriculum;
  const split = [...own, ...bare, ...news, ...raw];
  const ranking = teachRanking([...split, ...curriculum.public]);
  const folds = Array.from({ length: FOLDS }, (_, fold) => {
    const inFold = (lesson: Lesson): boolean => foldOf(lesson) === fold;
    const weights = teachRanking([
      ...split.filter((lesson) => !inFold(lesson)),
      ...curriculum.public,
    ]);
    const trials = (some: readonly Lesson[]): Trial[] =>
      some.filter(inFold).flatMap((lesson) => tryOut(lesson, weights));
    return { own: trials(own), bare: trials(bare), news: trials(news), raw: trials(raw) };
  });
  const all = (part: keyof (typeof folds)[number]): Trial[] => folds.flatMap((fold) => fold[part]);
  const trials = all('own');
  const taught = [
    ...trials,
    ...all('bare'),
    ...all('news'),
    ...all('raw'),
    ...strangers.flatMap((lesson) => tryOut(lesson, ranking)),
  ];
  const holdsAnswer = teachModel(taught, (trial) => trial.class === 'answerable' && trial.right);
  const onTopic = teachModel(
    taught.filter((trial) => trial.class !== 'near_topic'),
    (trial) => trial.class === 'answerable',
  );
  const chances = (model: LogisticModel, name: Trial['class'], some = trials): number[] =>
    some
      .filter((trial) => trial.class === name)
      .map(({ evidence }) => probability(model, evidence));
  const answeredFrom = quantile(chances(holdsAnswer, 'near_topic'), 1 - NEAR_TOPIC_ANSWERED);
  const foundFrom = quantile(chances(onTopic, 'answerable'), ANSWERABLE_REFUSED);

  const share = (values: readonly number[], test: (value: number) => boolean): string =>
    mean(values.map((value) => Number(test(value)))).toFixed(3);
  const refused = (name: Trial['class'], some = trials): string =>
    share(chances(onTopic, name, some), (chance) => chance < foundFrom);
  const answered = (name: Trial['class'], some = trials): string =>
    share(chances(holdsAnswer, name, some), (chance) => chance >= answeredFrom);
  const line = (title: string, some: readonly Trial[]): string => {
    const answerable = some.filter((trial) => trial.class === 'answerable');
    const hit = mean(answerable.map(({ right }) => Number(right))).toFixed(3);
    return `${title}: hit@1 ${hit}, called answered ${answered('answerable', [...some])}, refused ${refused('answerable', [...some])}`;
  };
  return {
    ranking,
    holdsAnswer,
    onTopic,
    answeredFrom,
    foundFrom,
    summary: [
      line('answerable, by cross-validation', trials),
      line('  in corpora of bare pages', all('bare')),
      line('  about documents without expected questions', all('news')),
      line('  on raw pages', all('raw')),
      `off topic: refused ${refused('off_topic')}`,
      `near topic: called answered ${answered('near_topic')}`,
    ],
  };
}

/** A question stays in one fold, whatever the corpus that it is put to. */
function foldOf({ question }: Lesson): number {
  return Number(question.id.replace(/\D/g, '')) % FOLDS;
}

/** The value that the share `p` of the figures lies below, to three places. */
function quantile(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = Math.min(sorted.length - 1, Math.floor(p * sorted.length));
  return Math.round((sorted[at] ?? 0) * 1000) / 1000;
}
