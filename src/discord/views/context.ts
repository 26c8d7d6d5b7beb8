import type { Context } from '../../engine-types.ts';
import { container, text } from './components.ts';
import type { Locale } from '../dates.ts';
import { clip, inertLine, oneLine } from '../escape.ts';
import { MESSAGE_TEXT } from '../limits.ts';
import type { View } from '../payload.ts';
import { quotation, stretchWithin } from '../shorten.ts';
import { textsIn } from '../texts/index.ts';
import { PLAIN_COLOUR } from './colours.ts';

const MARGIN = 8;

/**
 * The paragraphs around an excerpt, its own in bold, as many as fit: those asked for first, then their
 * neighbours, after before before.
 */
export function contextView(context: Context, { locale }: { locale: Locale }): View {
  const texts = textsIn(locale);
  const { document, headings, paragraphs } = context;
  const path = headings.map((heading) => inertLine(clip(oneLine(heading), 100))).join(' › ');
  const head = [
    `### ${texts.contextTitle(inertLine(clip(oneLine(document.title), 150)))}`,
    ...(path === '' ? [] : [`-# ${clip(path, 400)}`]),
  ].join('\n');
  const first = paragraphs.at(0)?.lines[0] ?? 1;
  const last = paragraphs.at(-1)?.lines[1] ?? 1;
  const foot = `-# ${texts.linesOf(inertLine(clip(oneLine(document.path), 100)), first, last)}`;
  const cut = `-# ${texts.contextCut}`;
  const budget = MESSAGE_TEXT - head.length - foot.length - 2 * cut.length - 3 * MARGIN;

  // Bold sets the excerpt apart from what is around it; alone, it would only shout.
  const hasOthers = paragraphs.some(({ asked }) => !asked);
  const quoted = paragraphs.map(({ text: words, asked }) =>
    quotation(words, asked && hasOthers ? [0, words.length] : null),
  );
  const chosen = chooseAround(
    quoted.map((quote, at) => ({ cost: quote.length + 3, asked: paragraphs[at]?.asked === true })),
    budget,
  );
  if (chosen === null) {
    const asked = paragraphs.find((paragraph) => paragraph.asked)?.text ?? '';
    const { start, end } = stretchWithin(asked, null, budget);
    return view([head, quotation(asked.slice(start, end), null), cut, foot]);
  }
  const [from, to] = chosen;
  return view([
    head,
    ...(from > 0 ? [cut] : []),
    quoted.slice(from, to).join('\n> \n'),
    ...(to < quoted.length ? [cut] : []),
    foot,
  ]);
}

function view(parts: readonly string[]): View {
  return { components: [container(PLAIN_COLOUR, parts.map(text))] };
}

/** Half-open range of items that holds the asked ones and fits; null when not even those fit. */
function chooseAround(
  items: readonly { cost: number; asked: boolean }[],
  budget: number,
): readonly [from: number, to: number] | null {
  let from = items.findIndex(({ asked }) => asked);
  let to = items.findLastIndex(({ asked }) => asked) + 1;
  let left = items.slice(from, to).reduce((sum, { cost }) => sum - cost, budget);
  if (from < 0 || left < 0) return null;
  for (let grown = true; grown;) {
    grown = false;
    const after = items[to];
    if (after !== undefined && after.cost <= left) {
      left -= after.cost;
      to += 1;
      grown = true;
    }
    const before = items[from - 1];
    if (before !== undefined && before.cost <= left) {
      left -= before.cost;
      from -= 1;
      grown = true;
    }
  }
  return [from, to];
}
