import { BUILD_STEPS } from '../../src/index/build.ts';
import { GENERATION_FILES, type GenerationFile } from '../../src/index/generation.ts';
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
    'Wall times are medians, with the 95th percentile after the stroke. CPU is processor time of all threads of the',
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
    ['total, CPU a question', time(answers.cpuMs)],
    ...STAGES.map((stage) => [STAGE_NAMES[stage], pair(answers.stages[stage])]),
  ];
}

function syntheticLines(results: readonly SyntheticResult[]): string[] {
  const row = (what: string, figure: (result: SyntheticResult) => string): Row => [
    what,
    ...results.map(figure),
  ];
  const files = Object.keys(GENERATION_FILES) as GenerationFile[];
  const steps = BUILD_STEPS.filter((step) =>
    results.some(({ build }) => (build.steps[step] ?? 0) >= 10),
  );
  const head = (what: string): Row => [
    what,
    ...results.map(({ passages }) => `${passages.toLocaleString('en')} passages`),
  ];
  return [
    '## Recombined corpora',
    '',
    "Sentences of this corpus drawn by lot, 76 words a passage, ten passages a document, each document with a title of its own. Every passage has near copies, which makes these corpora harder on the graph than texts of one's own. Vectors of sentences are those of the corpus, and a passage has the mean of its sentences': a build of one's own takes the encoder's time on top.",
    '',
    ...table(head('build from nothing'), [
      row('total, s', ({ build }) => cost(build.total)),
      ...steps.map((step) => row(`${step}, s`, ({ build }) => seconds(build.steps[step] ?? 0))),
      row('lexical index alone, s', ({ build }) => cost(build.lexical)),
      row('peak memory, MiB', ({ build }) => build.peakMemoryMiB.toFixed(0)),
    ]),
    '',
    ...table(head('loading'), [
      row('time, s', ({ answers }) => cost(answers.load)),
      row('lexical index alone, s', ({ answers }) => cost(answers.lexical.load)),
      row('memory before → after, MiB', ({ answers: { memoryMiB } }) =>
        [memoryMiB.before, memoryMiB.after].map((figure) => figure.toFixed(0)).join(' → '),
      ),
      ...files.map((file) =>
        row(`${GENERATION_FILES[file]}, MiB`, ({ answers }) => answers.fileMiB[file].toFixed(1)),
      ),
    ]),
    '',
    ...table(head('question to answer, ms'), [
      ...['total', 'total, CPU a question', ...STAGES.map((stage) => STAGE_NAMES[stage])].map(
        (what, at) => row(what, ({ answers }) => answerRows(answers.answers)[at]?.[1] ?? ''),
      ),
      row('lexical search alone, 9 telling words', ({ answers }) => pair(answers.lexical.search)),
      row('vector search alone, by the graph above 1,000', ({ answers }) =>
        pair(answers.graph.search),
      ),
      row('the same, all vectors compared', ({ answers }) => pair(answers.graph.exact)),
      row('recall@10 of the vector search', ({ answers }) => answers.graph.recallAt10.toFixed(4)),
    ]),
    '',
    'Seconds are wall time, with CPU time in brackets where it was measured.',
    '',
  ];
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

function pair({ median, p95 }: Spread): string {
  return `${time(median)} / ${time(p95)}`;
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
