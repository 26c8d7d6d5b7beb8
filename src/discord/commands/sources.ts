import type { APIButtonComponentWithCustomId, APIComponentInContainer } from 'discord.js';
import type { MeetingNames } from '../../answer/meeting-texts.ts';
import { SOURCE_KINDS, type Meeting, type Source, type SourceKind } from '../../corpus/types.ts';
import { codeOf, defineControl, itemOf, listSourcesId, sourcesPageForm } from '../custom-ids.ts';
import {
  autocompletedOption,
  choiceOption,
  slashCommand,
  type Autocomplete,
  type ChatCommand,
} from '../registry.ts';
import {
  BUTTON_URL,
  MESSAGE_TEXT,
  PLAIN_COLOUR,
  button,
  buttonRows,
  container,
  text,
  type Row,
  type View,
} from '../reply.ts';
import {
  CHOICES,
  directoryOf,
  distinct,
  meetingsById,
  type SnapshotPart,
  type InteractionContext,
} from '../services.ts';
import { escapeLine, longDate, safeUrl, textsIn, type Locale } from '../text.ts';
import { chooseOnDay, isDay, meetingChoices, oneMeeting } from './meeting.ts';

/** While nothing is typed, the publishers; one that is chosen leads to its sources. */
export const sourceChoices: Autocomplete = (typed, { snapshot, locale }) => {
  const { byPublisher, sources, names } = directoryOf(snapshot);
  const [all, few] = [[...byPublisher.values()], snapshot.sources.size <= CHOICES];
  if (typed.trim() === '' && !few) {
    return distinct(
      all.slice(0, CHOICES).flatMap(([first, ...others]) => {
        if (first === undefined) return [];
        const { publisher, id } = first;
        const isOne = others.length === 0;
        const shown = names.named(publisher, locale);
        const name = isOne ? shown : `${shown} · ${others.length + 1}`;
        return [{ name, value: isOne ? id : publisher }];
      }),
    );
  }
  return distinct(
    sources.find(typed, CHOICES).map(({ value }) => ({
      name: `${value.title} · ${names.named(value.publisher, locale)}`,
      value: value.id,
    })),
  );
};

/** `/sources [meeting] [kind]` */
export const sources: ChatCommand = {
  data: {
    ...slashCommand(({ commands }) => commands.sources),
    options: [
      autocompletedOption(({ commands }) => commands.sources.options.meeting),
      choiceOption(
        ({ commands }) => commands.sources.options.kind,
        SOURCE_KINDS,
        (kind) => (texts) => texts.sourceKind(kind),
      ),
    ],
  },
  autocomplete: { meeting: meetingChoices },
  async execute(context) {
    const { options } = context.interaction;
    const input = options.getString('meeting');
    const isPrivate = context.isPrivateByDefault;
    const sourceKind = SOURCE_KINDS.find((kind) => kind === options.getString('kind')) ?? null;
    const wanted = wantedFor(sourceKind, isPrivate);
    const meeting = input === null ? null : await oneMeeting(context, input, wanted);
    if (input !== null && meeting === null) return;
    const view = sourcesPage({ meeting, sourceKind, page: 0 }, context);
    await context.reply.send(view, { isPrivate });
  },
};

/** Turns the list of sources to another page. */
export const turnSources = defineControl({
  kind: 'sources',
  letter: 'b',
  ...sourcesPageForm,
  async run(context, fields) {
    const view = pageFor(fields, context);
    await context.reply.deferUpdate(context.interaction);
    await context.reply.fill(view);
  },
});

/** Opens the list of a meeting's sources: from its card, or for the command where its meeting had to be chosen from a menu. */
export const listSources = defineControl({
  kind: 'list',
  ...listSourcesId,
  async run(context, fields) {
    const { interaction, reply, isPrivateByDefault: isPrivate } = context;
    const chosen = interaction.isStringSelectMenu() ? interaction.values[0] : undefined;
    if (chosen === undefined) return reply.send(pageFor(fields, context), { isPrivate: true });
    const { sourceKind } = fields;
    if (isDay(chosen)) return chooseOnDay(context, chosen, wantedFor(sourceKind, isPrivate));
    return reply.send(pageFor({ page: 0, meeting: chosen, sourceKind }, context), { isPrivate });
  },
});

/** A meeting whose sources are listed once it is chosen. */
function wantedFor(sourceKind: SourceKind | null, isPrivate: boolean) {
  // The page only keeps the ids of one message apart.
  const menuId = (part: number): string =>
    listSources.encode({ page: part, meeting: null, sourceKind });
  return { question: null, meeting: null, source: null, isPrivate, menuId };
}

/** @throws Refusal when the meeting no longer exists */
function pageFor(
  { page, meeting, sourceKind }: ReturnType<typeof turnSources.decode> & object,
  context: InteractionContext,
): View {
  const found = meeting === null ? null : itemOf(meeting, meetingsById(context.snapshot));
  return sourcesPage({ page, meeting: found, sourceKind }, context);
}

/** A page of the sources that pass the filter, in the order of the bibliography, with its buttons. */
export function sourcesPage(
  { page, ...filter }: SourceFilter & { page: number },
  { snapshot, locale }: { snapshot: SnapshotPart; locale: Locale },
): View {
  const { meeting, sourceKind } = filter;
  const ofMeeting = meeting === null ? null : new Set(meeting.sources);
  const sources = [...snapshot.sources.values()].filter(
    ({ id, kind }) =>
      (ofMeeting === null || ofMeeting.has(id)) && (sourceKind === null || kind === sourceKind),
  );
  const rows = (shown: number, pages: number) =>
    buttonRows(pageButtons(filter, { page: shown, pages, locale }));
  const names = directoryOf(snapshot).names;
  return sourcesView(sources, { ...filter, names, locale, page, rows });
}

function pageButtons(
  { meeting, sourceKind }: SourceFilter,
  { page, pages, locale }: { page: number; pages: number; locale: Locale },
): APIButtonComponentWithCustomId[] {
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

/** What a list of sources is limited to; null for no limit. */
interface SourceFilter {
  readonly meeting: Meeting | null;
  readonly sourceKind: SourceKind | null;
}

interface SourcesViewOptions extends SourceFilter {
  readonly names: MeetingNames;
  readonly locale: Locale;
  /** From 0; beyond the last page it is the last. */
  readonly page: number;
  /** Its buttons. */
  readonly rows: (page: number, pages: number) => readonly Row[];
}

/** More on one page is too much to read on a phone. */
const PAGE_SOURCES = 10;
/** Characters for the heading and the page number. */
const AROUND = 500;

/** A page of the sources that pass the filter. */
function sourcesView(sources: readonly Source[], options: SourcesViewOptions): View {
  const { meeting, sourceKind, names, locale } = options;
  const texts = textsIn(locale);
  const pages = pagesOf(
    sources.map((source) =>
      sourceEntry({ ...source, publisher: names.named(source.publisher, locale) }, locale),
    ),
  );
  const page = Math.min(options.page, pages.length - 1);
  const heading = [
    ...(meeting === null ? [] : [escapeLine(names.title(meeting, locale), 120)]),
    ...(sourceKind === null ? [] : [texts.sourceKind(sourceKind)]),
    texts.sourcesCount(sources.length),
  ];
  const parts: APIComponentInContainer[] = [
    text(`## ${texts.sourcesTitle}\n${heading.join(' · ')}`),
    ...(pages[page] ?? [texts.noSources]).map(text),
  ];
  if (pages.length > 1) parts.push(text(`-# ${texts.pageOf(page + 1, pages.length)}`));
  parts.push(...options.rows(page, pages.length));
  return { components: [container(PLAIN_COLOUR, parts)] };
}

/** Characters of the parts of an entry. */
const LENGTHS = { title: 110, publisher: 60, host: 60 };

/** The title with its link where that is safe; publisher, date and kind in small print below. */
function sourceEntry(source: Source, locale: Locale): string {
  const { id, publisher, published, kind, host, copy } = source;
  const texts = textsIn(locale);
  const title = escapeLine(source.title, LENGTHS.title) || escapeLine(id);
  const url = safeUrl(source.url, BUTTON_URL);
  const details = [
    escapeLine(publisher, LENGTHS.publisher),
    published === null ? texts.undated : escapeLine(longDate(published, locale)),
    texts.sourceKind(kind),
    copy ? texts.copyOn(escapeLine(host, LENGTHS.host)) : '',
  ];
  const shown = url === null ? `**${title}**` : `[${title}](<${url}>)`;
  return `${shown}\n-# ${details.filter((part) => part !== '').join(' · ')}`;
}

/** Pages of at most ten entries that fit a message. The same entries always make the same pages. */
function pagesOf(entries: readonly string[]): string[][] {
  const pages: string[][] = [];
  let left = 0;
  for (const entry of entries) {
    const current = pages.at(-1);
    if (current === undefined || current.length === PAGE_SOURCES || entry.length + 1 > left) {
      pages.push([entry]);
      left = MESSAGE_TEXT - AROUND - entry.length;
    } else {
      current.push(entry);
      left -= entry.length + 1;
    }
  }
  return pages;
}
