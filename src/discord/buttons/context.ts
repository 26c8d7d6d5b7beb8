import type { APIButtonComponent } from 'discord.js';
import type { Quote } from '../../answer/glance.ts';
import type { Excerpt } from '../../answer/types.ts';
import type { LineRange } from '../../corpus/types.ts';
import type { Context, Snapshot } from '../../engine-types.ts';
import { codeOf, defineControl, itemOf, numberField } from '../custom-ids.ts';
import { askAgain } from '../reply.ts';
import { clip, escapeLine, quotation, stretchWithin, within } from '../text.ts';
import { textsIn, type Locale } from '../texts/index.ts';
import {
  MESSAGE_TEXT,
  PLAIN_COLOUR,
  button,
  container,
  text,
  type View,
} from '../views/components.ts';

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

interface Reader {
  readonly snapshot: Pick<Snapshot, 'documents'>;
  readonly locale: Locale;
}

/** Opens what is around a quoted sentence. */
export function contextButton(
  { excerpt, shown }: Quote,
  { snapshot, locale }: Reader,
): APIButtonComponent {
  const customId = showContext.encode(placeOf(excerpt, shown, snapshot));
  return button({ customId, label: textsIn(locale).reply.readAround });
}

/** Opens what is around a passage, which is known by its number. */
export function passageContextButton(
  excerpt: Excerpt,
  { snapshot, locale }: Reader,
): APIButtonComponent {
  const customId = showContext.encode(placeOf(excerpt, excerpt.highlight, snapshot));
  return button({ customId, label: textsIn(locale).contextButton(excerpt.rank), emoji: '📄' });
}

function placeOf(
  { rank, text: words, document: { id, lines } }: Excerpt,
  range: readonly [start: number, end: number] | null,
  { documents }: Reader['snapshot'],
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
/** Between paragraphs. */
const BREAK = '\n\n';

/** The paragraphs around a sentence, which is in bold; whole sentences next to it where not all fit. */
export function contextView(
  { document, headings, paragraphs }: Context,
  { sentence, locale }: { sentence: string; locale: Locale },
): View {
  const texts = textsIn(locale);
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

  const before = paragraphs.slice(
    0,
    paragraphs.findIndex(({ asked }) => asked),
  );
  const start = before.reduce((sum, { text: words }) => sum + words.length + BREAK.length, 0);
  const whole = paragraphs.map(({ text: words }) => words).join(BREAK);
  const at = sentence === '' ? -1 : whole.indexOf(sentence, start);
  const bold = at < 0 ? null : ([at, at + sentence.length] as const);
  const asked = paragraphs.find((paragraph) => paragraph.asked)?.text ?? '';
  const shown = stretchWithin(whole, bold ?? [start, start + asked.length], budget);
  const quoted = quotation(
    whole.slice(shown.start, shown.end),
    within(bold, shown.start, shown.end),
  );
  const parts = [
    head,
    ...(shown.cutBefore ? [cut] : []),
    quoted,
    ...(shown.cutAfter ? [cut] : []),
    foot,
  ];
  return { components: [container(PLAIN_COLOUR, parts.map(text))] };
}
