import type { AnswerReport } from './answers.ts';
import type { RankingRow } from './ranking.ts';

/** Everything measured on one corpus and one set of questions. */
export interface BedReport {
  readonly name: string;
  readonly questions: number;
  readonly documents: number;
  readonly passages: number;
  readonly ranking: readonly RankingRow[];
  readonly answers: AnswerReport;
  /** hit@1 and hit@3 of the answerable questions spoiled by each rule of haste. */
  readonly haste: readonly {
    readonly rule: string;
    readonly hit1: number;
    readonly hit3: number;
  }[];
}

/** Tables in Markdown; a figure that does not exist is a dash. */
export function reportMarkdown(reports: readonly BedReport[]): string {
  return reports.map(bedMarkdown).join('\n');
}

function bedMarkdown(report: BedReport): string {
  const { name, questions, documents, passages, ranking, answers, haste } = report;
  const verdicts = Object.entries(answers.verdicts).filter(([, v]) => !Number.isNaN(v.answered));
  return [
    `## ${name}`,
    '',
    `${questions} questions, ${documents} documents, ${passages} passages.`,
    '',
    ...table(
      ['ranking of passages', 'hit@1', 'hit@3', 'MRR@10'],
      ranking.map((row) => [row.method, figure(row.hit1), figure(row.hit3), figure(row.mrr10)]),
    ),
    '',
    ...table(
      ['answers as shown', 'figure'],
      [
        ['hit@1', figure(answers.hit1)],
        ['hit@3', figure(answers.hit3)],
        ['MRR@10', figure(answers.mrr10)],
        ['highlighted sentence right, where hit@1 is', figure(answers.highlightRight)],
        [
          'question to answer, median / 95th percentile, ms',
          `${figure(answers.medianMs, 1)} / ${figure(answers.p95Ms, 1)}`,
        ],
      ],
    ),
    '',
    ...table(
      ['class', 'answered', 'weak', 'not found'],
      verdicts.map(([name, v]) => [
        name.replace('_', ' '),
        figure(v.answered),
        figure(v.weak),
        figure(v.not_found),
      ]),
    ),
    '',
    ...table(
      ['confidence', 'answers', 'mean confidence', 'right'],
      answers.reliability.map((row) => [
        `${row.from.toFixed(1)}–${row.to.toFixed(1)}`,
        String(row.count),
        figure(row.confidence),
        figure(row.right),
      ]),
    ),
    '',
    ...(haste.length === 0
      ? []
      : [
          ...table(
            ['asked in haste', 'hit@1', 'hit@3'],
            haste.map((row) => [row.rule, figure(row.hit1), figure(row.hit3)]),
          ),
          '',
        ]),
  ].join('\n');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}

function figure(value: number, digits = 3): string {
  return Number.isNaN(value) ? '–' : value.toFixed(digits);
}
