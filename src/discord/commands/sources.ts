import { ApplicationCommandOptionType } from 'discord.js';
import { SOURCE_KINDS, type Meeting, type Source, type SourceKind } from '../../corpus/types.ts';
import {
  codeOf,
  defineControl,
  itemOf,
  listSourcesId,
  sourcesForm,
  type SourcesPage,
} from '../custom-ids.ts';
import { fold } from '../../language/words.ts';
import {
  AUTOCOMPLETED,
  localizedName,
  slashCommand,
  type Autocomplete,
  type ChatCommand,
} from '../register.ts';
import { Refusal } from '../reply.ts';
import type { InteractionContext, Reader } from '../services.ts';
import {
  escapeLine,
  joinTexts,
  longDate,
  oneLine,
  safeUrl,
  small,
  type Locale,
  type Texts,
} from '../text.ts';
import {
  BUTTON_URL,
  CHOICES,
  MESSAGE_TEXT,
  buttonRows,
  distinct,
  framed,
  turnButtons,
  type View,
} from '../view.ts';
import {
  chooseOnDay,
  isDay,
  meetingChoices,
  menusView,
  oneMeeting,
  type Wanted,
} from './meeting.ts';

/** While nothing is typed, the publishers; one that is chosen leads to its sources. */
export const sourceChoices: Autocomplete = (typed, { snapshot, directory, locale }) => {
  const { byPublisher, sources, names } = directory;
  if (typed.trim() !== '' || snapshot.sources.size <= CHOICES) {
    return distinct(
      sources.find(typed, CHOICES).map(({ value: { id, title, publisher } }) => ({
        name: `${title} · ${names.named(publisher, locale)}`,
        value: id,
      })),
    );
  }
  return distinct(
    [...byPublisher.values()].slice(0, CHOICES).flatMap(([first, ...others]) => {
      if (first === undefined) return [];
      const shown = names.named(first.publisher, locale);
      return others.length === 0
        ? [{ name: shown, value: first.id }]
        : [{ name: `${shown} · ${others.length + 1}`, value: first.publisher }];
    }),
  );
};

/** The sources that a text means: by id, by publisher, else by the words of titles. None for no match. */
export function sourcesMeant(
  { snapshot, directory: { sources, byPublisher } }: Reader,
  input: string,
): readonly Source[] {
  const known = snapshot.sources.get(input.trim());
  if (known !== undefined) return [known];
  return byPublisher.get(fold(input.trim())) ?? sources.best(input);
}

/** As `oneMeeting`, for sources. @throws Refusal when the text means none */
export async function oneSource(
  context: InteractionContext,
  input: string | null,
  wanted: Wanted,
): Promise<Source | null | undefined> {
  if (input === null) return null;
  const meant = sourcesMeant(context, input);
  const [only] = meant;
  if (only === undefined) throw new Refusal((texts) => texts.noSource(escapeLine(input, 100)));
  if (meant.length === 1) return only;
  const { talk } = context.texts;
  const { names } = context.directory;
  const choices = meant.map(({ id, title, publisher }) => ({
    label: oneLine(title) || id,
    value: codeOf(id),
    description: oneLine(names.named(publisher, context.locale)),
  }));
  const head = talk.severalSources(meant.length, escapeLine(input, 100));
  const view = menusView(head, choices, wanted, { what: 'source', placeholder: talk.pickSource });
  await context.reply.send(view, { isPrivate: true });
  return undefined;
}

export const sources: ChatCommand = {
  data: slashCommand('sources', {
    meeting: AUTOCOMPLETED,
    kind: {
      type: ApplicationCommandOptionType.String,
      choices: SOURCE_KINDS.map((value) => ({
        ...localizedName((texts) => texts.sourceKinds[value]),
        value,
      })),
    },
  }),
  autocomplete: { meeting: meetingChoices },
  async execute(context) {
    const { options } = context.interaction;
    const isPrivate = context.isPrivateByDefault;
    const sourceKind = SOURCE_KINDS.find((kind) => kind === options.getString('kind')) ?? null;
    const wanted = wantedFor(sourceKind, isPrivate);
    const meeting = await oneMeeting(context, options.getString('meeting'), wanted);
    if (meeting === undefined) return;
    const view = sourcesPage({ meeting, sourceKind, page: 0 }, context);
    await context.reply.send(view, { isPrivate });
  },
};

export const turnSources = defineControl({
  kind: 'sources',
  ...sourcesForm('b'),
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
function pageFor({ meeting, ...rest }: SourcesPage, context: InteractionContext): View {
  const found = meeting === null ? null : itemOf(meeting, context.directory.meetingById);
  return sourcesPage({ meeting: found, ...rest }, context);
}

/** What a list of sources is limited to; null for no limit. */
interface SourceFilter {
  readonly meeting: Meeting | null;
  readonly sourceKind: SourceKind | null;
}

/** More on one page is too much to read on a phone. */
const PAGE_SOURCES = 10;
/** Characters for the heading and the page number. */
const AROUND = 500;

/**
 * A page of the sources that pass the filter, in the order of the bibliography, with its buttons. `page`: from 0; beyond the
 * last page it is the last.
 */
export function sourcesPage(
  { page: wanted, meeting, sourceKind }: SourceFilter & { page: number },
  { snapshot, directory: { names }, locale, texts }: Reader,
): View {
  const ofMeeting = meeting === null ? null : new Set(meeting.sources);
  const sources = [...snapshot.sources.values()].filter(
    ({ id, kind }) =>
      (ofMeeting === null || ofMeeting.has(id)) && (sourceKind === null || kind === sourceKind),
  );
  const entries = sources.map((source) =>
    sourceEntry({ ...source, publisher: names.named(source.publisher, locale) }, locale, texts),
  );
  const shown = pagesOf(entries);
  const pages = shown.length;
  const page = Math.min(wanted, pages - 1);
  const heading = [
    meeting === null ? '' : escapeLine(names.title(meeting, locale), 120),
    sourceKind === null ? '' : texts.sourceKinds[sourceKind],
    texts.sourcesCount(sources.length),
  ];
  const code = meeting === null ? null : codeOf(meeting.id);
  const turnTo = (to: number): string =>
    turnSources.encode({ page: to, meeting: code, sourceKind });
  return framed([
    `## ${texts.sourcesTitle}\n${joinTexts(heading, ' · ')}`,
    ...(shown[page] ?? [texts.noSources]),
    pages > 1 ? small(texts.pageOf(page + 1, pages)) : '',
    ...buttonRows(turnButtons({ page, pages }, turnTo, texts)),
  ]);
}

/** Characters of the parts of an entry. */
const LENGTHS = { title: 110, publisher: 60, host: 60 };

/** The title with its link where that is safe; publisher, date and kind in small print below. */
function sourceEntry(source: Source, locale: Locale, texts: Texts): string {
  const { id, publisher, published, kind, host, copy } = source;
  const title = escapeLine(source.title, LENGTHS.title) || escapeLine(id);
  const url = safeUrl(source.url, BUTTON_URL);
  const details = [
    escapeLine(publisher, LENGTHS.publisher),
    published === null ? texts.undated : escapeLine(longDate(published, locale)),
    texts.sourceKinds[kind],
    copy ? texts.copyOn(escapeLine(host, LENGTHS.host)) : '',
  ];
  const shown = url === null ? `**${title}**` : `[${title}](<${url}>)`;
  return `${shown}\n${small(joinTexts(details, ' · '))}`;
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
