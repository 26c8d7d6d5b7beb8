import type { Answer, Excerpt, Verdict } from '../answer/types.ts';
import { citationLines, type CitationContext } from './citation.ts';
import { printableLine } from './printable.ts';
import { INDENT, quotationLines } from './quotation.ts';
import type { Style } from './style.ts';
import { wrapLines } from './wrap.ts';

/** How and where an answer is shown. */
export interface View extends CitationContext {
  readonly style: Style;
  /** Columns of the longest line. */
  readonly width: number;
}

/** What can be asked instead of a question that found nothing. */
export interface Alternatives {
  readonly meetings: readonly { readonly id: string; readonly title: string }[];
  readonly questions: readonly string[];
  /** What the search was restricted to, and how to lift that. */
  readonly restriction?: string;
}

const VERDICTS: Readonly<Record<Verdict, { word: string; tone: 'good' | 'doubtful' | 'bad' }>> = {
  answered: { word: 'Answered', tone: 'good' },
  weak: { word: 'Not sure', tone: 'doubtful' },
  not_found: { word: 'Not found', tone: 'bad' },
};

/** An answer as text for a terminal, ending in a line feed. */
export function renderAnswer(answer: Answer, view: View, alternatives: Alternatives): string {
  const blocks = [
    verdictLines(answer, view),
    ...answer.excerpts.map((excerpt) => excerptLines(excerpt, view)),
    ...(answer.verdict === 'not_found' ? [alternativeLines(alternatives, view)] : []),
  ];
  return blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => `${lines.join('\n')}\n`)
    .join('\n');
}

/** Verdict, how sure it is, and the reason for doubt. */
function verdictLines({ verdict, confidence, reason }: Answer, { style, width }: View): string[] {
  const { word, tone } = VERDICTS[verdict];
  // At most 99: "100 % sure" would claim what no calibration can.
  const percent = Math.min(99, Math.round(confidence * 100));
  const sure = verdict === 'answered' ? ` (${percent} % sure)` : '';
  const why = reason === null ? '.' : `: ${printableLine(reason)}`;
  return wrapLines(word + sure + why, { width }).map((line, at) =>
    at === 0 ? style[tone](style.bold(word)) + line.slice(word.length) : line,
  );
}

function excerptLines(excerpt: Excerpt, view: View): string[] {
  const { style, width } = view;
  const { title, details } = citationLines(excerpt, view);
  const inset = (text: string): string[] => wrapLines(text, { width, indent: INDENT });
  return [
    ...quotationLines(excerpt, view),
    '',
    ...inset(title),
    ...details.flatMap(inset).map((line) => INDENT + style.dim(line.slice(INDENT.length))),
  ];
}

function alternativeLines(alternatives: Alternatives, { width }: View): string[] {
  const { meetings, questions, restriction } = alternatives;
  const item = { width, indent: '    ', first: '  - ' };
  return [
    ...(restriction === undefined ? [] : wrapLines(printableLine(restriction), { width })),
    ...(meetings.length === 0 ? [] : ['You can ask about:']),
    ...meetings.flatMap(({ id, title }) => wrapLines(printableLine(`${title} (${id})`), item)),
    ...(questions.length === 0 ? [] : ['You can ask, for example:']),
    ...questions.flatMap((question) => wrapLines(printableLine(question), item)),
  ];
}
