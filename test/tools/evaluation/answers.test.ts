import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Answer } from '../../../src/answer/types.ts';
import { readCorpus } from '../../../src/corpus/read-corpus.ts';
import {
  askAll,
  reportAnswers,
  type AnswerReport,
  type Outcome,
} from '../../../tools/evaluation/answers.ts';
import { calibrateByAll, crossValidated } from '../../../tools/evaluation/learn-verdict.ts';
import {
  learnRanking,
  learnSentences,
  searchQuestions,
  type SearchedQuestion,
} from '../../../tools/evaluation/learn-ranking.ts';
import { readQuestions, type EvaluationQuestion } from '../../../tools/evaluation/questions.ts';
import { figuresOf, METHODS, relearnedVerdicts } from '../../../tools/evaluation/ranking.ts';
import { reportMarkdown } from '../../../tools/evaluation/report.ts';
import {
  openPairsBed,
  openSet,
  SETS,
  splitBare,
  type TestBed,
} from '../../../tools/evaluation/test-beds.ts';
import { expectInFile, expectSound } from '../../answer/invariants.ts';
import { temporaryFolder, writeFiles } from '../../index/temporary-folder.ts';
import { openRealSnapshot } from '../../support/real-index.ts';

let bed: TestBed;
let outcomes: Outcome[];
let report: AnswerReport;

beforeAll(async () => {
  // A quarter of them tells as much as all, in a quarter of the time.
  const all = await readQuestions('test/eval/development.jsonl');
  const questions = all.filter((_, at) => at % 4 === 0);
  bed = { name: 'development', ...(await openRealSnapshot()), questions };
  outcomes = await askAll(bed);
  report = reportAnswers(outcomes);
});

/** Floors, some way below what is reached, under which quality must not slip unnoticed. */
describe('the development questions', () => {
  it('are answered by the first excerpt in at least 80 of 100 cases, by the first three in 90', () => {
    expect(report.hit1).toBeGreaterThanOrEqual(0.8);
    expect(report.hit3).toBeGreaterThanOrEqual(0.9);
  });

  it('have the answer highlighted in at least 80 of 100 right first excerpts', () => {
    expect(report.highlightRight).toBeGreaterThanOrEqual(0.8);
  });

  it.each([
    ['en', 0.8],
    ['ja', 0.3],
  ])('off topic (%s) are refused in at least as many cases', (language, least) => {
    const asked = outcomes.filter(({ question }) => question.language === language);
    expect(reportAnswers(asked).verdicts.off_topic.not_found).toBeGreaterThanOrEqual(least);
  });

  it('near the topic are called answered in at most 20 of 100 cases', () => {
    expect(report.verdicts.near_topic.answered).toBeLessThanOrEqual(0.2);
  });

  it('that can be answered are refused in at most 3 of 100 cases', () => {
    expect(report.verdicts.answerable.not_found).toBeLessThanOrEqual(0.03);
  });

  it('are given a confidence that rises with the share of right answers', () => {
    const told = report.reliability.filter(({ count }) => count >= 12);
    expect(told.length).toBeGreaterThanOrEqual(3);
    const shares = told.map(({ right }) => right);
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    expect(report.reliability.reduce((sum, { count }) => sum + count, 0)).toBe(outcomes.length);
  });

  it('get sound answers', () => {
    for (const { answer } of outcomes) {
      expectSound(answer, bed, { k: 10 });
      for (const excerpt of answer.excerpts) expectInFile(excerpt, 'corpus');
    }
  });
});

describe('reportAnswers', () => {
  it('has no figures for a class without questions, and shows a dash', () => {
    const answerable = outcomes.filter(({ question }) => question.class === 'answerable');
    const answers = reportAnswers(answerable.slice(0, 3));
    expect(answers.verdicts.off_topic.answered).toBeNaN();
    const none = reportAnswers([]);
    const markdown = reportMarkdown([
      {
        name: 'none',
        questions: 0,
        documents: 1,
        passages: 2,
        ranking: {},
        answers: none,
        noisy: {},
      },
    ]);
    expect(markdown).toContain('| all | 0 | – | ––– | – | – |');
    expect(markdown).not.toContain('NaN');
  });

  it('counts shares of verdicts to 1', () => {
    for (const [name, { answered, weak, not_found }] of Object.entries(report.verdicts)) {
      if (outcomes.some(({ question }) => question.class === name)) {
        expect(answered + weak + not_found).toBeCloseTo(1);
      }
    }
  });

  const outcome = (question: Partial<EvaluationQuestion>, rank: number | null): Outcome => ({
    question: {
      id: 's1',
      question: 'who?',
      class: 'answerable',
      language: 'en',
      gold: [{ document: 'd', pattern: 'x' }],
      ...question,
    },
    answer: {
      verdict: rank === null ? 'weak' : 'answered',
      confidence: rank === 1 ? 0.9 : 0.3,
      excerpts: [],
      timing: { embedMs: 1, searchMs: 2, totalMs: 3 },
    } as unknown as Answer,
    rank,
  });

  it('tells English questions by kind, and those of other languages together', () => {
    const { kinds } = reportAnswers([
      outcome({ kind: 'fact' }, 1),
      outcome({ kind: 'list' }, 2),
      outcome({ kind: 'fact', language: 'ja' }, null),
      outcome({ kind: 'short', language: 'ja' }, 1),
      outcome({}, 1),
      outcome({ kind: 'list', gold: [] }, null),
      outcome({ kind: 'fact', class: 'near_topic', gold: [] }, null),
    ]);
    expect(kinds).toMatchObject({
      'all English': { count: 2, hit1: 0.5 },
      fact: { count: 1, hit1: 1 },
      list: { count: 1, hit1: 0, hit3: 1 },
      'all ja': { count: 2, hit1: 0.5 },
    });
    expect(Object.keys(kinds)).toHaveLength(4);
  });

  it('holds the confidence against how often it was right', () => {
    const { reliability, rightWhereAnswered } = reportAnswers([
      outcome({}, 1),
      outcome({}, 1),
      outcome({}, 2),
      outcome({ class: 'false_premise', gold: [] }, null),
    ]);
    expect(reliability.at(-1)).toMatchObject({ from: 0.8, to: 1, count: 2, right: 1 });
    expect(reliability[1]).toMatchObject({ from: 0.2, to: 0.4, count: 2, right: 0 });
    expect(rightWhereAnswered).toBeCloseTo(2 / 3);
  });
});

describe('searched questions', () => {
  let searched: SearchedQuestion[];
  beforeAll(async () => {
    const questions = bed.questions.filter((_, at) => at % 4 === 0);
    searched = await searchQuestions({ ...bed, questions }, bed.embedder, { weight: 1 });
  });

  it('know the candidates that hold the answer, which are nearly always among them', () => {
    const answerable = searched.filter(({ question }) => question.class === 'answerable');
    const found = answerable.filter(({ right }) => right.size > 0);
    expect(found.length / answerable.length).toBeGreaterThan(0.95);
    for (const { question, right } of searched) {
      if (question.class !== 'answerable') expect(right.size).toBe(0);
    }
  });

  it('rank by each method: all features together beat words alone and vectors alone', async () => {
    const questions = await readQuestions('test/eval/strangers.jsonl');
    const asked = await searchQuestions({ ...bed, questions }, bed.embedder, { weight: 1 });
    const of = (name: string): number => {
      const weights = METHODS[name];
      if (weights === undefined) throw new Error(`No method "${name}".`);
      return figuresOf(asked, weights).hit1;
    };
    expect(of('learned weights')).toBeGreaterThan(of('BM25 with related words'));
    expect(of('learned weights')).toBeGreaterThan(of('best sentence vector'));
  });

  it('teach which sentence answers, as shares of one', () => {
    const weights = Object.values(learnSentences(searched));
    expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 2);
    expect(Math.min(...weights)).toBeGreaterThanOrEqual(0);
  });

  it('teach a ranking and a verdict that hold on questions left out', () => {
    const ranking = learnRanking(searched);
    expect(Math.min(...Object.values(ranking))).toBeGreaterThanOrEqual(0);
    expect(Math.max(...Object.values(ranking))).toBeGreaterThan(1);
    const trials = crossValidated(searched);
    expect(trials.length).toBeGreaterThan(0.95 * searched.length);
    const answerable = trials.filter((trial) => trial.class === 'answerable');
    const right = answerable.filter((trial) => trial.right).length;
    expect(right / answerable.length).toBeGreaterThan(0.7);
    const { answeredFrom, foundFrom } = calibrateByAll(trials);
    for (const chance of [answeredFrom, foundFrom]) {
      expect(chance).toBeGreaterThan(0);
      expect(chance).toBeLessThan(1);
    }
  });

  it('tell by the evidence right first passages from wrong ones, and subjects from others', () => {
    const [training, measured] = [0, 1].map((part) => searched.filter((_, at) => at % 4 === part));
    const rows = relearnedVerdicts(training ?? [], measured ?? []);
    expect(rows[0]?.name).toBe('all evidence');
    expect(rows[0]?.holdsAnswer).toBeGreaterThan(0.7);
    expect(rows[0]?.onTopic).toBeGreaterThan(0.8);
  });
});

describe('SETS', () => {
  it('name a file of questions and a folder of documents each', () => {
    for (const [name, corpus] of Object.entries(SETS)) {
      expect([name, existsSync(`test/eval/${name}.jsonl`)]).toEqual([name, true]);
      expect([corpus, existsSync(corpus)]).toEqual([corpus, true]);
    }
  });
});

describe('openSet', () => {
  it('opens an index of its documents together with its questions', async () => {
    const { embedder } = bed;
    const cacheFolder = await temporaryFolder();
    const raw = await openSet('development-raw-pages', { embedder, cacheFolder });
    expect(raw.snapshot.counts.documents).toBe(raw.generation.documents.size);
    for (const { gold } of raw.questions) {
      for (const { document } of gold)
        expect([...raw.generation.documents.keys()]).toContain(document);
    }
  });
});

describe('openPairsBed', () => {
  const optionsIn = (folder: string) => ({
    name: 'pairs',
    embedder: bed.embedder,
    cacheFolder: join(folder, 'cache'),
  });

  it('makes each distinct paragraph a document of one passage, the answer to its questions', async () => {
    const folder = await temporaryFolder();
    await writeFiles(folder, {
      'pairs.jsonl': [
        { q: 'What do hens lay?', p: 'Hens lay eggs. They do so most days.\nRarely at night.' },
        { q: 'Who lays eggs?', p: 'Hens lay eggs. They do so most days.\nRarely at night.' },
        { q: 'What is a glacier made of?', p: 'A glacier is a river of ice.' },
      ]
        .map((pair) => JSON.stringify(pair))
        .join('\n'),
    });
    const pairs = await openPairsBed(join(folder, 'pairs.jsonl'), optionsIn(folder));
    expect(pairs.snapshot.counts).toEqual({ documents: 2, passages: 2 });
    expect(pairs.questions.map(({ gold }) => gold[0]?.document)).toEqual([
      'paragraph-1',
      'paragraph-1',
      'paragraph-2',
    ]);
    const searched = await searchQuestions(pairs, bed.embedder, { weight: 1 });
    for (const weights of Object.values(METHODS)) {
      expect(figuresOf(searched, weights)).toMatchObject({ count: 3, hit3: 1 });
    }
  });

  it.each(['{"q":"who?"}', '{"q":', 'null'])('names the line that is %s', async (line) => {
    const folder = await temporaryFolder();
    const file = join(folder, 'broken.jsonl');
    await writeFiles(folder, { 'broken.jsonl': `{"q":"who?","p":"She."}\n${line}` });
    await expect(openPairsBed(file, optionsIn(folder))).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining(`${file}:2: `) as unknown,
    });
  });
});

describe('splitBare', () => {
  it('puts every document into one folder, as text without front matter or footnotes', async () => {
    const target = join(await temporaryFolder(), 'bare');
    const folders = await splitBare('corpus', target, 3);
    expect(folders).toHaveLength(3);
    const read = await Promise.all(folders.map((each) => readCorpus(each)));
    const split = read.flatMap(({ corpus }) => corpus.documents);
    const whole = bed.generation.documents;
    expect(split.map(({ id }) => id).sort()).toEqual([...whole.keys()].sort());
    for (const { id, title, text, meeting, footnotes, sections } of split) {
      expect({ meeting, footnotes }).toEqual({ meeting: null, footnotes: [] });
      expect(title).toBe(whole.get(id)?.title);
      const words = (from: string): string[] => from.match(/[\p{L}\p{N}]+/gu) ?? [];
      const blocks = sections.flatMap((section) => section.blocks);
      const original = whole.get(id);
      const originalBlocks = (original?.sections ?? []).flatMap((section) => section.blocks);
      expect(blocks.flatMap(({ start, end }) => words(text.slice(start, end)))).toEqual(
        originalBlocks.flatMap(({ start, end }) => words(original?.text.slice(start, end) ?? '')),
      );
    }
  });
});
