/**
 * Every command and every control. They are found in the folders `commands/` and `buttons/`: adding one is a file there, and
 * its texts in both languages.
 */
import { readdir } from 'node:fs/promises';
import {
  ApplicationCommandOptionType,
  ApplicationIntegrationType,
  ApplicationCommandType as CommandType,
  InteractionContextType,
  type APIApplicationCommandBooleanOption,
  type APIApplicationCommandStringOption,
  type APIApplicationCommandSubcommandOption,
  type ChatInputCommandInteraction,
  type MessageContextMenuCommandInteraction,
  type ModalSubmitInteraction,
  type RESTPostAPIApplicationCommandsJSONBody,
  type RESTPostAPIChatInputApplicationCommandsJSONBody,
  type RESTPostAPIContextMenuApplicationCommandsJSONBody,
} from 'discord.js';
import type { About } from '../corpus/types.ts';
import { type Snapshot, LONGEST_QUESTION } from '../engine.ts';
import type { Control, ControlInteraction } from './custom-ids.ts';
import type { ClickInteraction } from './reply.ts';
import { type Choice, type InteractionContext } from './services.ts';
import { textsIn, type Locale, type Texts } from './text.ts';

/** A slash command: one file of `commands/`. */
export interface ChatCommand {
  /** As Discord registers it. */
  readonly data: RESTPostAPIChatInputApplicationCommandsJSONBody;
  /** Whether it is of use only where there are meetings. */
  readonly needsMeetings?: true;
  /** Whether it works in channels where the bot does not answer too. */
  readonly worksEverywhere?: true;
  /** Whether this use of the command searches the index, which costs more of the rate limit. Never by default. */
  readonly isQuestion?: (interaction: ChatInputCommandInteraction) => boolean;
  /** What to offer while an option is typed, by the option's name. */
  readonly autocomplete?: Readonly<Record<string, Autocomplete>>;
  readonly execute: (context: InteractionContext<ChatInputCommandInteraction>) => Promise<void>;
}

/** A command in the menu of a message. It always searches the index. */
export interface MessageCommand {
  readonly data: RESTPostAPIContextMenuApplicationCommandsJSONBody;
  readonly execute: (
    context: InteractionContext<MessageContextMenuCommandInteraction>,
  ) => Promise<void>;
}

/** At most 25 choices with different names. */
export type Autocomplete = (
  typed: string,
  options: {
    readonly snapshot: Snapshot;
    readonly locale: Locale;
    /** Questions that were answered in public on this server, the latest first. */
    readonly asked: readonly string[];
  },
) => Choice[];

/** What the files of `commands/` and `buttons/` export. */
export interface Registry {
  readonly chatCommands: readonly ChatCommand[];
  readonly messageCommands: readonly MessageCommand[];
  /** Buttons and menus. */
  readonly clickControls: readonly Control<ClickInteraction>[];
  readonly formControls: readonly Control<ModalSubmitInteraction>[];
}

const FOLDERS = ['commands', 'buttons'].map((name) => new URL(`./${name}/`, import.meta.url));

/** Loads every command and every control. */
export async function loadRegistry(): Promise<Registry> {
  const files = await Promise.all(
    FOLDERS.map(async (folder) =>
      (await readdir(folder))
        .filter((name) => /\.[jt]s$/.test(name))
        .map((name) => new URL(name, folder).href),
    ),
  );
  const modules = await Promise.all(
    files.flat().map((file) => import(file) as Promise<Record<string, unknown>>),
  );
  const exported = modules.flatMap((module) => Object.values(module));
  const controls = exported.filter((one) => isControl(one));
  return {
    chatCommands: exported.filter((one) => isCommand<ChatCommand>(one, CommandType.ChatInput)),
    messageCommands: exported.filter((one) => isCommand<MessageCommand>(one, CommandType.Message)),
    clickControls: controls.filter(({ isForm }) => !isForm),
    formControls: controls.filter(({ isForm }) => isForm),
  };
}

function isCommand<C extends ChatCommand | MessageCommand>(
  value: unknown,
  type: C['data']['type'],
): value is C {
  if (typeof value !== 'object' || value === null || !('execute' in value)) return false;
  return 'data' in value && (value.data as C['data']).type === type;
}

function isControl(value: unknown): value is Control<ControlInteraction> {
  return typeof value === 'object' && value !== null && 'letter' in value && 'handle' in value;
}

/** What decides which commands there are, and how they are called. */
export interface CommandSubject {
  readonly about: About;
  readonly hasMeetings: boolean;
}

export function subjectOf({
  about,
  meetings,
}: Pick<Snapshot, 'about' | 'meetings'>): CommandSubject {
  return { about, hasMeetings: meetings.length > 0 };
}

/** The commands as Discord registers them for a corpus. */
export function commandDefinitions(
  { chatCommands, messageCommands }: Registry,
  { about, hasMeetings }: CommandSubject,
): RESTPostAPIApplicationCommandsJSONBody[] {
  const offered = chatCommands
    .filter(({ needsMeetings }) => needsMeetings !== true || hasMeetings)
    .map(({ data }) => (hasMeetings ? data : withoutMeetings(data)));
  return [...offered, ...messageCommands.map(({ data }) => data)].map((data) =>
    withTopic(data, about),
  );
}

/** The option that limits a command to a meeting. */
const MEETING_OPTION = 'meeting';

function withoutMeetings(data: ChatCommand['data']): ChatCommand['data'] {
  const { options } = data;
  if (options === undefined) return data;
  return { ...data, options: options.filter(({ name }) => name !== MEETING_OPTION) };
}

const TOPIC = '{topic}';

/** The definition with the corpus's topic in its names and descriptions, and in those of its options. */
export function withTopic<T extends object>(definition: T, about: About): T {
  const fill = (value: unknown, language: keyof About): unknown => {
    if (typeof value === 'string') return value.replaceAll(TOPIC, about[language].topic);
    if (Array.isArray(value)) return value.map((item: unknown) => fill(item, language));
    if (typeof value !== 'object' || value === null) return value;
    const fields = Object.entries(value);
    return Object.fromEntries(
      fields.map(([key, field]) => [key, fill(field, key === 'ja' ? 'ja' : language)]),
    );
  };
  return fill(definition, 'en') as T;
}

/** In servers, in direct messages with the bot, and in conversations between users. */
export const EVERYWHERE = {
  contexts: [
    InteractionContextType.Guild,
    InteractionContextType.BotDM,
    InteractionContextType.PrivateChannel,
  ],
  integration_types: [
    ApplicationIntegrationType.GuildInstall,
    ApplicationIntegrationType.UserInstall,
  ],
};

/** Picks a text in each language. */
type Localized<T> = (texts: Texts) => T;
type Named = Localized<{ readonly name: string; readonly description: string }>;

export function localizedName(pick: Localized<string>) {
  return { name: pick(textsIn('en')), name_localizations: { ja: pick(textsIn('ja')) } };
}

function named(pick: Named) {
  return {
    ...localizedName((texts) => pick(texts).name),
    description: pick(textsIn('en')).description,
    description_localizations: { ja: pick(textsIn('ja')).description },
  };
}

/** A slash command; its options are added to it. */
export function slashCommand(pick: Named) {
  return { ...named(pick), ...EVERYWHERE, type: CommandType.ChatInput as const };
}

/** A question, completed from questions that were answered before. */
export function questionOption(
  pick: Named,
  rest: { required?: true } = {},
): APIApplicationCommandStringOption {
  return { ...autocompletedOption(pick, rest), max_length: LONGEST_QUESTION };
}

/** A text for which choices are offered while it is typed, see `ChatCommand.autocomplete`. */
export function autocompletedOption(
  pick: Named,
  rest: { required?: true } = {},
): APIApplicationCommandStringOption {
  const type = ApplicationCommandOptionType.String as const;
  return { ...named(pick), type, autocomplete: true, ...rest };
}

/** A text out of a fixed list. */
export function choiceOption<T extends string>(
  pick: Named,
  values: readonly T[],
  nameOf: (value: T) => Localized<string>,
): APIApplicationCommandStringOption {
  const choices = values.map((value) => ({ ...localizedName(nameOf(value)), value }));
  return { ...named(pick), type: ApplicationCommandOptionType.String, choices };
}

export function switchOption(pick: Named): APIApplicationCommandBooleanOption {
  return { ...named(pick), type: ApplicationCommandOptionType.Boolean };
}

export function subcommand(pick: Named): APIApplicationCommandSubcommandOption {
  return { ...named(pick), type: ApplicationCommandOptionType.Subcommand };
}
