import type { APIButtonComponent } from 'discord.js';
import type { Quote } from '../../answer/glance.ts';
import type { Excerpt } from '../../answer/types.ts';
import type { LineRange } from '../../corpus/types.ts';
import type { Context, Snapshot } from '../../engine-types.ts';
import { codeOf, defineControl, itemOf, numberField } from '../custom-ids.ts';
import { clip, escapeLine } from '../text.ts';
import { askAgain } from '../reply.ts';
import { MESSAGE_TEXT } from '../views/components.ts';
import { quotation, stretchWithin } from '../text.ts';
import { textsIn, type Locale } from '../texts/index.ts';
import { PLAIN_COLOUR, button, container, text, type View } from '../views/components.ts';

/** Some lines of a document. */
interface Place {
  /** A code of the document's id. */
  readonly document: string;
  readonly lines: LineRange;
  /** Start of the document's sha256: in a changed document the lines have another meaning. */
  readonly digest: string;
  /** The sentence to set off, as offsets in the document's text; null for none. */
  readonly sentence: readonly [start: number, end: number] | null;
}

/** Shows the paragraphs around an excerpt to the reader alone. */
export const showContext = defineControl({
  kind: 'context',
  letter: 'x',
  /** The rank only keeps the ids of one message apart: two excerpts can have the same lines. */
  encode: ({ rank, document, lines, digest, sentence }: Place & { rank: number }) => [
    rank,
    document,
    lines.join('-'),
    digest,
    ...(sentence === null ? [] : [sentence.join('-')]),
  ],
  decode([rank, document = '', lines = '', digest = '', sentence = '']): Place | null {
    const [first, last] = lines.split('-').map(numberField);
    const [start, end] = sentence.split('-').map(numberField);
    if (numberField(rank) === null) return null;
    if (typeof first !== 'number' || typeof last !== 'number') return null;
    const isSet = typeof start === 'number' && typeof end === 'number';
    return { document, lines: [first, last], digest, sentence: isSet ? [start, end] : null };
  },
  async run(context, place) {
    const { snapshot, locale, reply } = context;
    const document = itemOf(place.document, snapshot.documents);
    const isSame = digestOf(document.sha256) === place.digest;
    const found = isSame ? snapshot.context(document.id, place.lines) : null;
    if (found === null) throw askAgain();
    const sentence = place.sentence === null ? '' : document.text.slice(...place.sentence);
    await reply.send(contextView(found, { sentence, locale }), { isPrivate: true });
  },
});

interface ButtonOptions {
  readonly snapshot: Pick<Snapshot, 'documents'>;
  readonly locale: Locale;
}

/** Opens what is around a quoted sentence. */
export function contextButton(
  { excerpt, shown }: Quote,
  { snapshot, locale }: ButtonOptions,
): APIButtonComponent {
  const customId = showContext.encode(placeOf(excerpt, shown, snapshot));
  return button({ customId, label: textsIn(locale).reply.readAround });
}

/** Opens what is around a passage, which is known by its number. */
export function passageContextButton(
  excerpt: Excerpt,
  { snapshot, locale }: ButtonOptions,
): APIButtonComponent {
  const customId = showContext.encode(placeOf(excerpt, excerpt.highlight, snapshot));
  return button({ customId, label: textsIn(locale).contextButton(excerpt.rank), emoji: '📄' });
}

function placeOf(
  { rank, text: words, document: { id, lines } }: Excerpt,
  range: readonly [start: number, end: number] | null,
  { documents }: ButtonOptions['snapshot'],
): Place & { rank: number } {
  const document = documents.get(id);
  const offset = document?.text.indexOf(words) ?? -1;
  return {
    rank,
    document: codeOf(id),
    lines,
    digest: digestOf(document?.sha256 ?? ''),
    sentence: range === null || offset < 0 ? null : [offset + range[0], offset + range[1]],
  };
}

/** Enough of a digest to notice that a document changed. */
function digestOf(sha256: string): string {
  return sha256.slice(0, 8);
}

/** Characters for line feeds between the parts. */
const MARGIN = 24;

/**
 * The paragraphs around a sentence, which is in bold. Where not all fit, those of the excerpt come first, then their
 * neighbours, alternating between those after and before.
 */
export function contextView(
  context: Context,
  { sentence, locale }: { sentence: string; locale: Locale },
): View {
  const texts = textsIn(locale);
  const { document, headings, paragraphs } = context;
  const path = headings.map((heading) => escapeLine(heading, 100)).join(' › ');
  const head = [
    `### ${texts.contextTitle(escapeLine(document.title, 150))}`,
    ...(path === '' ? [] : [`-# ${clip(path, 400)}`]),
  ].join('\n');
  const first = paragraphs.at(0)?.lines[0] ?? 1;
  const last = paragraphs.at(-1)?.lines[1] ?? 1;
  const foot = `-# ${texts.linesOf(escapeLine(document.path, 100), first, last)}`;
  const cut = `-# ${texts.contextCut}`;
  const budget = MESSAGE_TEXT - head.length - foot.length - 2 * cut.length - MARGIN;

  const quoted = paragraphs.map(({ text: words, asked }) => {
    const start = asked && sentence !== '' ? words.indexOf(sentence) : -1;
    return quotation(words, start < 0 ? [] : [[start, start + sentence.length]]);
  });
  const costs = quoted.map((quote, index) => ({
    cost: quote.length + 3,
    asked: paragraphs[index]?.asked === true,
  }));
  const chosen = chooseAround(costs, budget);
  if (chosen === null) {
    const asked = paragraphs.find((paragraph) => paragraph.asked)?.text ?? '';
    const { start, end } = stretchWithin(asked, null, budget);
    return viewOf([head, quotation(asked.slice(start, end), []), cut, foot]);
  }
  const { from, to } = chosen;
  return viewOf([
    head,
    ...(from > 0 ? [cut] : []),
    quoted.slice(from, to).join('\n> \n'),
    ...(to < quoted.length ? [cut] : []),
    foot,
  ]);
}

function viewOf(parts: readonly string[]): View {
  return { components: [container(PLAIN_COLOUR, parts.map(text))] };
}

/** Half-open range of items that includes the asked ones and fits the budget; null when those alone exceed it. */
function chooseAround(
  items: readonly { cost: number; asked: boolean }[],
  budget: number,
): { from: number; to: number } | null {
  let from = items.findIndex(({ asked }) => asked);
  let to = items.findLastIndex(({ asked }) => asked) + 1;
  let left = items.slice(from, to).reduce((sum, { cost }) => sum - cost, budget);
  if (from < 0 || left < 0) return null;
  for (let hasGrown = true; hasGrown;) {
    hasGrown = false;
    const after = items[to];
    if (after !== undefined && after.cost <= left) {
      left -= after.cost;
      to += 1;
      hasGrown = true;
    }
    const before = items[from - 1];
    if (before !== undefined && before.cost <= left) {
      left -= before.cost;
      from -= 1;
      hasGrown = true;
    }
  }
  return { from, to };
}
