import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { openEmbedder } from '../../src/embedding/open-embedder.ts';
import type { Embedder } from '../../src/embedding/types.ts';
import {
  askAll,
  reportAnswers,
  type AnswerReport,
  type Outcome,
} from '../../src/evaluation/answers.ts';
import { learnFrom } from '../../src/evaluation/calibrate.ts';
import { prepareLessons } from '../../src/evaluation/teach.ts';
import { SENTENCE_WEIGHTS } from '../../src/search/weights.ts';
import { dealOut, withNews } from '../../src/evaluation/bare-corpora.ts';
import { openCorpusBed, openPairsBed, type TestBed } from '../../src/evaluation/indexes.ts';
import { compareRankings } from '../../src/evaluation/ranking.ts';
import { reportMarkdown } from '../../src/evaluation/report.ts';
import { readCorpus } from '../../src/corpus/read-corpus.ts';
import { writeFiles } from '../index/temporary-folder.ts';

let folder: string;
let embedder: Embedder;
let bed: TestBed;
let outcomes: Outcome[];
let report: AnswerReport;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dragoman-evaluation-'));
  embedder = await openEmbedder(loadConfig({}).embedding);
  bed = await openCorpusBed('corpus', 'test/eval/development.jsonl', {
    name: 'development',
    embedder,
    cacheFolder: join(folder, 'cache'),
  });
  outcomes = await askAll(bed);
  report = reportAnswers(outcomes);
});
afterAll(() => rm(folder, { recursive: true }));

/** Floors, some way below what is reached, under which quality must not slip unnoticed. */
describe('the development questions', () => {
  it('are answered by the first excerpt in at least 80 of 100 cases, by the first three in 90', () => {
    expect(report.hit1).toBeGreaterThanOrEqual(0.8);
    expect(report.hit3).toBeGreaterThanOrEqual(0.9);
  });

  it('have the answer highlighted in at least 85 of 100 right first excerpts', () => {
    expect(report.highlightRight).toBeGreaterThanOrEqual(0.85);
  });

  it('off topic are refused in at least 93 of 100 cases', () => {
    expect(report.verdicts.off_topic.not_found).toBeGreaterThanOrEqual(0.93);
  });

  it('near the topic are called answered in at most 20 of 100 cases', () => {
    expect(report.verdicts.near_topic.answered).toBeLessThanOrEqual(0.2);
  });

  it('that can be answered are refused in at most 3 of 100 cases', () => {
    expect(report.verdicts.answerable.not_found).toBeLessThanOrEqual(0.03);
  });

  it('are given a confidence that rises with the share of right answers', () => {
    const told = report.reliability.filter(({ count }) => count >= 15);
    expect(told.length).toBeGreaterThanOrEqual(3);
    const shares = told.map(({ right }) => right);
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    expect(report.reliability.reduce((sum, { count }) => sum + count, 0)).toBe(outcomes.length);
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
        ranking: [],
        answers: none,
        haste: [],
      },
    ]);
    expect(markdown).toContain('| hit@1 | – |');
    expect(markdown).not.toContain('NaN');
  });

  it('counts shares of verdicts to 1', () => {
    for (const { answered, weak, not_found } of Object.values(report.verdicts)) {
      expect(answered + weak + not_found).toBeCloseTo(1);
    }
  });
});

describe('compareRankings', () => {
  it('ranks the same candidates by each method: all features together beat words alone', async () => {
    const some = { ...bed, questions: bed.questions.filter((_, at) => at % 3 === 0) };
    const rows = await compareRankings(some, embedder);
    const of = (name: string): number => rows.find(({ method }) => method === name)?.hit1 ?? NaN;
    expect(of('second stage')).toBeGreaterThan(of('lexical'));
    expect(of('second stage')).toBeGreaterThanOrEqual(of('dense'));
  });
});

describe('openPairsBed', () => {
  const options = () => ({ name: 'pairs', embedder, cacheFolder: join(folder, 'cache') });

  it('makes each distinct paragraph a document of one passage, the answer to its questions', async () => {
    await writeFiles(folder, {
      'pairs.jsonl': [
        { q: 'What do hens lay?', p: 'Hens lay eggs. They do so most days.\nRarely at night.' },
        { q: 'Who lays eggs?', p: 'Hens lay eggs. They do so most days.\nRarely at night.' },
        { q: 'What is a glacier made of?', p: 'A glacier is a river of ice.' },
      ]
        .map((pair) => JSON.stringify(pair))
        .join('\n'),
    });
    const pairs = await openPairsBed(join(folder, 'pairs.jsonl'), options());
    expect(pairs.edition.counts).toEqual({ documents: 2, passages: 2 });
    expect(pairs.questions.map(({ gold }) => gold[0]?.document)).toEqual([
      'paragraph-1',
      'paragraph-1',
      'paragraph-2',
    ]);
    const [row] = await compareRankings(pairs, embedder, {});
    expect(row).toBeUndefined();
    const [second] = await compareRankings(pairs, embedder);
    expect(second?.hit3).toBe(1);
  });

  it.each(['{"q":"who?"}', '{"q":', 'null'])('names the line that is %s', async (line) => {
    const file = join(folder, 'broken.jsonl');
    await writeFiles(folder, { 'broken.jsonl': `{"q":"who?","p":"She."}\n${line}` });
    await expect(openPairsBed(file, options())).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining(`${file}:2: `) as unknown,
    });
  });
});

describe('dealOut', () => {
  it('deals every document into one folder, as text without front matter or footnotes', async () => {
    const target = join(folder, 'bare');
    const folders = await dealOut('corpus', target, 3);
    expect(folders).toHaveLength(3);
    const read = await Promise.all(folders.map((each) => readCorpus(each)));
    const dealt = read.flatMap(({ corpus }) => corpus.documents);
    const whole = bed.generation.documents;
    expect(dealt.map(({ id }) => id).sort()).toEqual([...whole.keys()].sort());
    for (const { id, title, text, meeting, footnotes, sections } of dealt) {
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

describe('withNews', () => {
  it('makes every document with expected questions a new one in one copy', async () => {
    const copies = await withNews('corpus', join(folder, 'news'), 3);
    const foreseen = [...bed.generation.documents.values()].filter((d) => d.expected.length > 0);
    expect(foreseen.length).toBeGreaterThan(3);
    expect(copies.flatMap(({ news }) => [...news]).sort()).toEqual(
      foreseen.map(({ id }) => id).sort(),
    );
    const [copy] = copies;
    const { corpus } = await readCorpus(copy?.folder ?? '');
    expect(corpus.documents).toHaveLength(bed.generation.documents.size);
    for (const { id, expected } of corpus.documents) {
      expect(expected.length === 0).toBe(copy?.news.has(id));
    }
  });
});

describe('learnFrom', () => {
  it('learns a ranking and a verdict that hold on questions left out', async () => {
    const questions = bed.questions.filter((_, at) => at % 6 === 0);
    const own = await prepareLessons({ ...bed, questions }, embedder, { weight: 1 });
    const learned = learnFrom({
      sentenceWeights: SENTENCE_WEIGHTS,
      own,
      bare: [],
      news: [],
      raw: [],
      public: [],
      strangers: [],
    });
    expect(Object.values(learned.ranking).every((weight) => weight >= 0)).toBe(true);
    expect(Math.max(...Object.values(learned.ranking))).toBeGreaterThan(1);
    for (const chance of [learned.answeredFrom, learned.foundFrom]) {
      expect(chance).toBeGreaterThan(0);
      expect(chance).toBeLessThan(1);
    }
    const hit = /by cross-validation: hit@1 (0\.\d+)/.exec(learned.summary.join('\n'))?.[1];
    expect(Number(hit)).toBeGreaterThan(0.7);
  });
});
