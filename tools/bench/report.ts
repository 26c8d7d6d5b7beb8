import { BUILD_STEPS } from '../../src/index/build.ts';
import { GENERATION_FILES, type GenerationFile } from '../../src/index/generation-files.ts';
import type { BenchmarkResult, CorpusResult, Runs, SyntheticResult } from './benchmark.ts';
import { STAGES, type AnswerTimes } from './answers.ts';
import type { Cost, Machine, Spread } from './measure.ts';

type Row = readonly string[];

/** The figures as tables in Markdown, readable in a terminal too. */
export function benchmarkMarkdown(result: BenchmarkResult): string {
  const { at, model, machine, corpus, synthetic } = result;
  return [
    '# Benchmarks',
    '',
    'Written by `npm run bench -- --write`.',
    '',
    ...machineLines(machine, at, model),
    '',
    ...corpusLines(corpus),
    ...(synthetic.length === 0 ? [] : syntheticLines(synthetic)),
  ].join('\n');
}

function machineLines(machine: Machine, at: string, model: string): string[] {
  const { processor, cores, memoryGiB, node, platform, load } = machine;
  return [
    `${at.slice(0, 10)}, model ${model}. ${processor}, ${cores} cores, ${memoryGiB} GiB, Node ${node}, ${platform}.`,
    '',
    'Wall times are medians, with the 99th percentile after the stroke. CPU is processor time of all threads of the',
    "process and of the encoder's, which other work on the machine hardly changes.",
    ...(load > cores
      ? [
          `The machine was busy: ${load.toFixed(1)} processes wanted its ${cores} cores, so wall times are longer than on an idle one.`,
        ]
      : []),
  ];
}

function corpusLines(corpus: CorpusResult): string[] {
  const { index } = corpus;
  const runs = (what: string, { runs, wall, cpu }: Runs): Row => [
    what,
    pair(wall),
    time(cpu.median),
    String(runs),
  ];
  return [
    `## This corpus: ${index.documents} documents, ${index.passages} passages`,
    '',
    ...table(
      ['from a fresh process', 'wall, ms', 'CPU, ms', 'runs'],
      [
        runs('process start to first answer', corpus.firstAnswer),
        runs('of it: opening the model', corpus.modelLoad),
        runs('of it: opening the index', corpus.indexLoad),
        runs('full build, process start included', corpus.fullBuild),
        runs(
          `rebuild after one changed document (${corpus.rebuild.embedded} passages embedded)`,
          corpus.rebuild,
        ),
      ],
    ),
    '',
    `Resident memory with the index open: ${corpus.memoryMiB.toFixed(0)} MiB, and ${corpus.encoderMiB.toFixed(0)} MiB of the encoder's process. Passages embedded a second: ` +
      `${index.embedding.perSecond.toFixed(0)} by the clock, ${index.embedding.perCpuSecond.toFixed(0)} by processor time.`,
    '',
    ...table(['question to answer', 'ms'], answerRows(index.answers)),
    '',
    `${index.answers.questions} development questions, ${index.answers.rounds} rounds after one to warm up.`,
    '',
  ];
}

const STAGE_NAMES: Readonly<Record<(typeof STAGES)[number], string>> = {
  read: 'read the question',
  embed: 'embed it',
  candidates: 'find candidates, by words and by meaning',
  'second stage': 'second stage',
  answer: 'verdict, selection, citations',
};

function answerRows(answers: AnswerTimes): Row[] {
  return [
    ['total', pair(answers.total)],
    ['total but the encoder', pair(answers.withoutEncoder)],
    ['total, CPU a question', time(answers.cpuMs)],
    ...STAGES.map((stage) => [STAGE_NAMES[stage], pair(answers.stages[stage])]),
  ];
}

/** What was not reached in time. */
const NONE = '–';

function syntheticLines(results: readonly SyntheticResult[]): string[] {
  type Built = NonNullable<SyntheticResult['build']>;
  type Answered = NonNullable<SyntheticResult['answers']>;
  const rowOf =
    <Part>(partOf: (result: SyntheticResult) => Part | null) =>
    (what: string, figure: (part: Part) => string): Row => [
      what,
      ...results.map((result) => {
        const part = partOf(result);
        return part === null ? NONE : figure(part);
      }),
    ];
  const built = rowOf<Built>(({ build }) => build);
  const asked = rowOf<Answered>(({ answers }) => answers);
  const files = Object.keys(GENERATION_FILES) as GenerationFile[];
  const steps = BUILD_STEPS.filter((step) =>
    results.some(({ build }) => (build?.steps[step] ?? 0) >= 10),
  );
  const head = (what: string): Row => [what, ...results.map(({ passages }) => sized(passages))];
  const stages = ['total', 'total but the encoder', 'total, CPU a question'].concat(
    STAGES.map((stage) => STAGE_NAMES[stage]),
  );
  return [
    '## Recombined corpora',
    '',
    "Sentences of this corpus drawn by lot, 76 words a passage, ten passages a document, each document with a title of its own. Every passage has near copies, which makes these corpora harder on a graph than texts of one's own. Vectors of sentences are those of the corpus, and a passage has the mean of its sentences': a build of one's own takes the encoder's time on top. Seconds are wall time, with CPU time in brackets. A dash stands for what was not done in time.",
    '',
    ...table(head('build from nothing'), [
      built('total, s', ({ total }) => cost(total)),
      ...steps.map((step) => built(`${step}, s`, ({ steps: all }) => seconds(all[step] ?? 0))),
      built('again with one document changed, s', ({ changed }) => cost(changed.total)),
      built('peak memory, MiB', ({ peakMemoryMiB }) => peakMemoryMiB.toFixed(0)),
      [
        'processes that wanted a core meanwhile, before → after',
        ...results.map(({ loads }) => loads.map((load) => load.toFixed(1)).join(' → ')),
      ],
    ]),
    '',
    ...table(head('loading'), [
      asked('time, s', ({ load }) => cost(load)),
      asked('lexical index alone, s', ({ lexical }) => cost(lexical.load)),
      asked('memory before → after, MiB', ({ memoryMiB }) =>
        [memoryMiB.before, memoryMiB.after].map((figure) => figure.toFixed(0)).join(' → '),
      ),
      ...files.map((file) =>
        asked(`${GENERATION_FILES[file]}, MiB`, ({ fileMiB }) => fileMiB[file].toFixed(1)),
      ),
    ]),
    '',
    ...table(head('question to answer, ms'), [
      ...stages.map((what, at) => asked(what, ({ answers }) => answerRows(answers)[at]?.[1] ?? '')),
      asked('lexical search alone, 9 telling words', ({ lexical }) => pair(lexical.search)),
      asked('vector search alone', ({ graph }) => pair(graph.search)),
      asked('all vectors compared, without a kernel for all of them', ({ graph }) =>
        pair(graph.exact),
      ),
      asked('recall@10 of the vector search', ({ graph }) => graph.recallAt10.toFixed(4)),
    ]),
    '',
    ...results.flatMap(peerLines),
  ];
}

/** Dragoman and the others at one size. */
function peerLines({ passages, build, answers, peers }: SyntheticResult): string[] {
  const own: Row[] = ['finding passages', 'the whole answer'].map((what, at) => {
    const times = at === 0 ? answers?.answers.finding : answers?.answers.withoutEncoder;
    return [
      `Dragoman, ${what}`,
      build === null ? NONE : cost(build.total),
      answers === null ? NONE : cost(answers.load),
      answers === null ? NONE : (answers.memoryMiB.after - answers.memoryMiB.before).toFixed(0),
      times === undefined ? NONE : pair(times),
    ];
  });
  return [
    `### Side by side: ${sized(passages)}`,
    '',
    ...table(
      ['engine', 'build, s', 'load, s', 'memory, MiB', 'a question, ms'],
      [
        ...own,
        ...peers.map(({ name, build: cached, answers: found }) => [
          name,
          cached === null ? NONE : cost(cached),
          found === null ? NONE : cost(found.load),
          found === null ? NONE : found.memoryMiB.toFixed(0),
          found === null ? NONE : pair(found.search),
        ]),
      ],
    ),
    '',
    ...aheadLines({ build, answers, peers }),
    'The others get the passages, vectors and questions of the same index, and give 50 passages by words and 50 by vectors; they have no ranking of the two together, no verdict and no citation. FlexSearch and Orama keep nothing on the disk: they are built when they are loaded. Finding passages is the same work; the encoder is in no figure.',
    '',
  ];
}

/** In what others are ahead of finding passages here. */
function aheadLines({
  build,
  answers,
  peers,
}: Pick<SyntheticResult, 'build' | 'answers' | 'peers'>): string[] {
  if (build === null || answers === null) return [];
  const { before, after } = answers.memoryMiB;
  const ahead = (isAhead: (peer: SyntheticResult['peers'][number]) => boolean): string =>
    peers
      .filter(isAhead)
      .map(({ name }) => name)
      .join(', ') || 'nobody';
  const built = ({ build: cached, answers: found }: SyntheticResult['peers'][number]): number =>
    cached?.wallMs ?? found?.load.wallMs ?? Infinity;
  return [
    `Ahead of Dragoman: in building ${ahead((peer) => built(peer) < build.total.wallMs)}; ` +
      `in loading ${ahead(({ answers: found }) => (found?.load.wallMs ?? Infinity) < answers.load.wallMs)}; ` +
      `in memory ${ahead(({ answers: found }) => (found?.memoryMiB ?? Infinity) < after - before)}; ` +
      `in finding passages ${ahead(({ answers: found }) => (found?.search.median ?? Infinity) < answers.answers.finding.median)}.`,
    '',
  ];
}

function sized(passages: number): string {
  return `${passages.toLocaleString('en')} passages`;
}

function table(head: Row, rows: readonly Row[]): string[] {
  const widths = head.map((_, at) =>
    Math.max(...[head, ...rows].map((row) => (row[at] ?? '').length)),
  );
  const line = (cells: Row): string =>
    `| ${cells.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join(' | ')} |`;
  const rule = widths.map((width, at) =>
    at === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`,
  );
  return [line(head), line(rule), ...rows.map(line)];
}

function pair({ median, p99 }: Spread): string {
  return `${time(median)} / ${time(p99)}`;
}

function time(ms: number): string {
  return ms >= 100 ? ms.toFixed(0) : ms.toFixed(ms >= 10 ? 1 : 2);
}

function cost({ wallMs, cpuMs }: Cost): string {
  return `${seconds(wallMs)} (${seconds(cpuMs)})`;
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(2);
}
