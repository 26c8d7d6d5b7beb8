import type { APIButtonComponent } from 'discord.js';
import type { Meeting, SourceKind } from '../../corpus/types.ts';
import type { Snapshot } from '../../engine-types.ts';
import { codeOf, defineControl, itemOf, numberField, textField } from '../custom-ids.ts';
import type { InteractionContext } from '../interaction-context.ts';
import { meetingsById } from '../lookup.ts';
import type { ClickInteraction } from '../reply.ts';
import { textsIn, type Locale } from '../texts/index.ts';
import { button, buttonRows, type View } from '../views/components.ts';
import { SOURCE_KINDS, sourcesView, type SourceFilter } from '../views/sources.ts';

interface PageFields {
  /** From 0. */
  readonly page: number;
  /** A code of the meeting's id. */
  readonly meeting: string | null;
  readonly sourceKind: SourceKind | null;
}

function encode({ page, meeting, sourceKind }: PageFields): (string | number)[] {
  return [page, meeting ?? '', sourceKind ?? ''];
}

function decode([pageField, meeting, kindField]: readonly string[]): PageFields | null {
  const page = numberField(pageField);
  if (page === null) return null;
  const sourceKind = SOURCE_KINDS.find((kind) => kind === kindField) ?? null;
  return { page, meeting: textField(meeting), sourceKind };
}

/** Turns the list of sources to another page. */
export const turnSources = defineControl({
  kind: 'sources',
  letter: 'b',
  encode,
  decode,
  async run(context: InteractionContext<ClickInteraction>, fields) {
    const view = pageFor(fields, context);
    await context.reply.deferUpdate(context.interaction);
    await context.reply.fill(view);
  },
});

/** Opens the list of a meeting's sources below its card. */
export const listSources = defineControl({
  kind: 'list',
  letter: 'l',
  encode,
  decode,
  async run(context: InteractionContext<ClickInteraction>, fields) {
    await context.reply.send(pageFor(fields, context), { isPrivate: true });
  },
});

/** @throws Refusal when the meeting no longer exists */
function pageFor({ page, meeting, sourceKind }: PageFields, context: InteractionContext): View {
  const found = meeting === null ? null : itemOf(meeting, meetingsById(context.snapshot));
  return sourcesPage({ page, meeting: found, sourceKind }, context);
}

export function sourcesButton(meeting: Meeting, locale: Locale): APIButtonComponent {
  const fields = { page: 0, meeting: codeOf(meeting.id), sourceKind: null };
  return button({
    customId: listSources.encode(fields),
    label: textsIn(locale).reply.sources(meeting.sources.length),
    emoji: '📚',
  });
}

/** A page of the sources that pass the filter, in the order of the bibliography, with its buttons. */
export function sourcesPage(
  { page, ...filter }: SourceFilter & { page: number },
  { snapshot, locale }: { snapshot: Pick<Snapshot, 'sources'>; locale: Locale },
): View {
  const { meeting, sourceKind } = filter;
  const ofMeeting = meeting === null ? null : new Set(meeting.sources);
  const sources = [...snapshot.sources.values()].filter(
    ({ id, kind }) =>
      (ofMeeting === null || ofMeeting.has(id)) && (sourceKind === null || kind === sourceKind),
  );
  const rows = (shown: number, pages: number) =>
    buttonRows(pageButtons(filter, { page: shown, pages, locale }));
  return sourcesView(sources, { ...filter, locale, page, rows });
}

function pageButtons(
  { meeting, sourceKind }: SourceFilter,
  { page, pages, locale }: { page: number; pages: number; locale: Locale },
): APIButtonComponent[] {
  const texts = textsIn(locale);
  const code = meeting === null ? null : codeOf(meeting.id);
  const turnTo = (target: number): string =>
    turnSources.encode({ page: target, meeting: code, sourceKind });
  return [
    ...(page > 0
      ? [button({ customId: turnTo(page - 1), label: texts.previousButton, emoji: '◀️' })]
      : []),
    ...(page < pages - 1
      ? [button({ customId: turnTo(page + 1), label: texts.nextButton, emoji: '▶️' })]
      : []),
  ];
}
