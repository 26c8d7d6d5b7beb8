import type { AnswerReport } from './answers.ts';
import { interval, type RankingFigures } from './metrics.ts';
import type { EvidenceRow } from './ranking.ts';

/** Everything measured on one corpus and one set of questions. */
export interface BedReport {
  readonly name: string;
  readonly questions: number;
  readonly documents: number;
  readonly passages: number;
  /** By method. */
  readonly ranking: Readonly<Record<string, RankingFigures>>;
  readonly answers: AnswerReport;
  /** Figures of the answerable questions after each way of spoiling them. */
  readonly noisy: Readonly<Record<string, RankingFigures>>;
}

/** Tables in Markdown; a figure that does not exist is a dash. */
export function reportMarkdown(reports: readonly BedReport[]): string {
  return reports.map(bedMarkdown).join('\n');
}

function bedMarkdown({ answers, ...report }: BedReport): string {
  const verdicts = Object.entries(answers.verdicts).filter(([, v]) => !Number.isNaN(v.answered));
  return [
    `## ${report.name}`,
    '',
    `${report.questions} questions, ${report.documents} documents, ${report.passages} passages.`,
    '',
    ...figuresTable('ranking of passages', report.ranking),
    ...figuresTable('answers as shown', { all: answers, ...answers.kinds }),
    ...figuresTable('question typed in haste', report.noisy),
    ...table(
      ['answers as shown', 'figure'],
      [
        ['highlighted sentence right, where hit@1 is', figure(answers.highlightRight)],
        ['first excerpt right, where "answered"', figure(answers.rightWhereAnswered)],
        [
          'question to answer, median / 95th percentile, ms',
          `${figure(answers.medianMs, 1)} / ${figure(answers.p95Ms, 1)}`,
        ],
        ['of it without the encoder, median, ms', figure(answers.searchMedianMs, 1)],
      ],
    ),
    ...(answers.listings.length === 0
      ? []
      : table(
          ['lists and values', 'questions', 'right'],
          answers.listings.map(({ name, count, right }) => [name, String(count), figure(right)]),
        )),
    ...table(
      ['class', 'answered', 'weak', 'not found'],
      verdicts.map(([name, v]) => [
        name.replace('_', ' '),
        figure(v.answered),
        figure(v.weak),
        figure(v.not_found),
      ]),
    ),
    ...table(
      ['confidence', 'answers', 'mean confidence', 'right'],
      answers.reliability.map((row) => [
        `${row.from.toFixed(1)}–${row.to.toFixed(1)}`,
        String(row.count),
        figure(row.confidence),
        figure(row.right),
      ]),
    ),
  ].join('\n');
}

/** Rows of figures, hit@1 with its 95 % interval. Nothing for no rows. */
export function figuresTable(
  title: string,
  rows: Readonly<Record<string, RankingFigures>>,
): string[] {
  if (Object.keys(rows).length === 0) return [];
  return table(
    [title, 'questions', 'hit@1', '95 %', 'hit@3', 'MRR@10'],
    Object.entries(rows).map(([name, { count, hit1, hit3, mrr10 }]) => {
      const [low, high] = interval(hit1, count);
      const range = `${figure(low, 2)}–${figure(high, 2)}`;
      return [name, String(count), figure(hit1), range, figure(hit3), figure(mrr10)];
    }),
  );
}

export function evidenceTable(rows: readonly EvidenceRow[]): string[] {
  return table(
    ['verdict', 'AUC holds answer', 'AUC on topic'],
    rows.map(({ name, holdsAnswer, onTopic }) => [name, figure(holdsAnswer), figure(onTopic)]),
  );
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line), ''];
}

function figure(value: number, digits = 3): string {
  return Number.isNaN(value) ? '–' : value.toFixed(digits);
}
