/** What commands are, and how Discord is told of them: at the start of the bot, and by hand with `npm run register`. */
import { readFile } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import type { ArgsDef, ParsedArgs } from 'citty';
import {
  ApplicationCommandOptionType as OptionType,
  ApplicationCommandType,
  ApplicationIntegrationType,
  InteractionContextType,
  Routes,
  type APIApplicationCommandBasicOption,
  type APIApplicationCommandOption,
  type ChatInputCommandInteraction,
  type MessageContextMenuCommandInteraction,
  type REST,
  type RESTPostAPIApplicationCommandsJSONBody,
  type RESTPostAPIChatInputApplicationCommandsJSONBody,
  type RESTPostAPIContextMenuApplicationCommandsJSONBody,
} from 'discord.js';
import * as z from 'zod';
import type { DiscordConfig } from '../config.ts';
import type { About } from '../corpus/types.ts';
import { LONGEST_QUESTION, type Snapshot } from '../engine.ts';
import { DragomanError } from '../errors.ts';
import { replaceFile } from '../files.ts';
import type { Logger } from '../monitor.ts';
import { usageError } from '../terminal/command-line.ts';
import { createRest, discordError } from './client.ts';
import type { InteractionContext, Reader } from './services.ts';
import { textsIn, type Texts } from './text.ts';
import type { Choice } from './view.ts';

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

interface Named {
  readonly name: string;
  readonly description: string;
}

export function localizedName(pick: (texts: Texts) => string) {
  return { name: pick(textsIn('en')), name_localizations: { ja: pick(textsIn('ja')) } };
}

function named(pick: (texts: Texts) => Named) {
  return {
    ...localizedName((texts) => pick(texts).name),
    description: pick(textsIn('en')).description,
    description_localizations: { ja: pick(textsIn('ja')).description },
  };
}

type SlashCommands = Omit<Texts['commands'], 'askMessage'>;
/** What is left of an option without its texts. */
type OptionData = DistributiveOmit<APIApplicationCommandOption, keyof Named>;
type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
type OptionsOf<Command> = Command extends { options: infer O }
  ? Record<keyof O, OptionData>
  : Record<string, never>;

/** A slash command with the texts that have its name, and its options in the order in which they are given. */
export function slashCommand<Name extends keyof SlashCommands>(
  name: Name,
  options: OptionsOf<SlashCommands[Name]>,
): RESTPostAPIChatInputApplicationCommandsJSONBody {
  const textsOf = (texts: Texts): Named & { readonly options?: Readonly<Record<string, Named>> } =>
    texts.commands[name];
  return {
    ...named(textsOf),
    ...EVERYWHERE,
    type: ApplicationCommandType.ChatInput,
    options: Object.entries<OptionData>(options).map(
      ([key, data]) =>
        ({
          ...named((texts) => textsOf(texts).options?.[key] ?? { name: key, description: key }),
          ...data,
        }) as APIApplicationCommandBasicOption,
    ),
  };
}

/** A text for which choices are offered while it is typed, see `ChatCommand.autocomplete`. */
export const AUTOCOMPLETED = { type: OptionType.String, autocomplete: true } as const;
/** A question, completed from questions that were answered before. */
export const QUESTION = { ...AUTOCOMPLETED, max_length: LONGEST_QUESTION } as const;
export const SWITCH = { type: OptionType.Boolean } as const;
export const SUBCOMMAND = { type: OptionType.Subcommand } as const;

/** A slash command: one file of `commands/`. */
export interface ChatCommand {
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
  reader: Reader & {
    readonly snapshot: Snapshot;
    /** Questions that were answered in public on this server, the latest first. */
    readonly asked: readonly string[];
  },
) => Choice[];

export interface Commands {
  readonly chatCommands: readonly ChatCommand[];
  readonly messageCommands: readonly MessageCommand[];
}

export function commandDefinitions(
  { chatCommands, messageCommands }: Commands,
  { about, hasMeetings }: { about: About; hasMeetings: boolean },
): RESTPostAPIApplicationCommandsJSONBody[] {
  const offered = chatCommands
    .filter(({ needsMeetings }) => needsMeetings !== true || hasMeetings)
    .map(({ data }) => (hasMeetings ? data : withoutMeetings(data)));
  return [...offered, ...messageCommands.map(({ data }) => data)].map((data) =>
    withTopic(data, about),
  );
}

function withoutMeetings(data: ChatCommand['data']): ChatCommand['data'] {
  const { options } = data;
  if (options === undefined) return data;
  return { ...data, options: options.filter(({ name }) => name !== 'meeting') };
}

/** The definition with the corpus's topic in its names and descriptions, and in those of its options. */
export function withTopic<T extends object>(definition: T, about: About): T {
  const fill = (value: unknown, language: keyof About): unknown => {
    if (typeof value === 'string') return value.replaceAll('{topic}', about[language].topic);
    if (Array.isArray(value)) return value.map((item: unknown) => fill(item, language));
    if (typeof value !== 'object' || value === null) return value;
    const fields = Object.entries(value);
    return Object.fromEntries(
      fields.map(([key, field]) => [key, fill(field, key === 'ja' ? 'ja' : language)]),
    );
  };
  return fill(definition, 'en') as T;
}

type Definitions = readonly RESTPostAPIApplicationCommandsJSONBody[];

const ownSchema = z.object({ id: z.string() });
/** Where commands are registered: in one server, or everywhere where that is null. */
const scopeSchema = z.object({ applicationId: z.string(), guildId: z.string().nullable() });
type CommandScope = Readonly<z.infer<typeof scopeSchema>>;

interface CommandChange {
  readonly name: string;
  readonly change: 'added' | 'changed' | 'removed' | 'unchanged';
}

const listSchema = z.array(
  z.looseObject({ id: z.string(), name: z.string(), type: z.number().optional() }),
);
type RegisteredCommands = Readonly<z.infer<typeof listSchema>>;

/** What Discord has there: registered in a server and everywhere, each command would be listed twice. */
async function registeredIn(rest: REST, scope: CommandScope): Promise<RegisteredCommands> {
  const query = new URLSearchParams({ with_localizations: 'true' });
  return listSchema.parse(await rest.get(routeOf(scope), { query }));
}

async function registerCommands(
  rest: REST,
  scope: CommandScope,
  commands: Definitions,
): Promise<RegisteredCommands> {
  return listSchema.parse(await rest.put(routeOf(scope), { body: commands }));
}

/** What registering commands, or none, in place of others would change. */
function changesFrom(registered: RegisteredCommands, commands: Definitions): CommandChange[] {
  const before = byKey(registered);
  const wanted = byKey(commands);
  const removed = [...before].filter(([key]) => !wanted.has(key));
  return [
    ...[...wanted].map(([key, { name, content }]): CommandChange => {
      const old = before.get(key)?.content;
      const change = old === undefined ? 'added' : old === content ? 'unchanged' : 'changed';
      return { name, change };
    }),
    ...removed.map(([, { name }]): CommandChange => ({ name, change: 'removed' })),
  ];
}

function hasChanges(changes: readonly CommandChange[]): boolean {
  return changes.some(({ change }) => change !== 'unchanged');
}

function routeOf({ applicationId, guildId }: CommandScope): `/${string}` {
  return guildId === null
    ? Routes.applicationCommands(applicationId)
    : Routes.applicationGuildCommands(applicationId, guildId);
}

/** Names are unique for each type of command. */
function byKey(
  commands: readonly { name: string; type?: number | undefined }[],
): Map<string, { name: string; content: string }> {
  return new Map(
    commands.map((command) => [
      `${command.type ?? 1} ${command.name}`,
      { name: command.name, content: comparable(command) },
    ]),
  );
}

/** The fields of a command that the bot decides; Discord adds ids, versions and defaults. */
const COMPARED = [
  ...['type', 'name', 'name_localizations', 'description', 'description_localizations', 'ja'],
  ...['options', 'choices', 'value', 'required', 'autocomplete', 'min_length', 'max_length'],
  ...['default_member_permissions', 'contexts', 'integration_types', 'nsfw'],
];

/** The compared fields in one order. Absent, null, false and empty are the same: Discord sends some for others. */
function comparable(command: object): string {
  const filled = (_: string, value: unknown): unknown => {
    if (value === null || value === false || value === '') return undefined;
    if (typeof value === 'object' && Object.keys(value).length === 0) return undefined;
    const isNumbers = Array.isArray(value) && value.every((item) => typeof item === 'number');
    return isNumbers ? value.toSorted((a, b) => a - b) : value;
  };
  return JSON.stringify(JSON.parse(JSON.stringify(command, COMPARED), filled));
}

/**
 * Registers the commands unless Discord has the same. Those of the server where they were before are removed. Those that
 * are registered everywhere stay, because other servers use them; where they are listed twice, the log says so. A bot whose
 * commands cannot be registered still answers those that Discord has, so nothing is thrown.
 *
 * @param options.noteFile keeps where commands were registered last
 * @returns the commands as Discord has them; null when it could not be asked
 */
export async function registerAtStart(
  commands: Definitions,
  {
    rest,
    scope,
    noteFile,
    log,
  }: { rest: REST; scope: CommandScope; noteFile: string; log: Logger },
): Promise<RegisteredCommands | null> {
  let registered: RegisteredCommands;
  const removeDuplicates = async (last: CommandScope | null): Promise<void> => {
    if (last?.applicationId === scope.applicationId && last.guildId !== null) {
      await registerCommands(rest, last, []);
      log.info({ event: 'commands.cleared', guild: last.guildId });
    }
    if (scope.guildId === null) return;
    if ((await registeredIn(rest, { ...scope, guildId: null })).length > 0) {
      const hint = 'npm run register -- --global --clear';
      log.warn({ event: 'commands.twice', guild: scope.guildId, hint });
    }
  };
  try {
    registered = await registeredIn(rest, scope);
    if (hasChanges(changesFrom(registered, commands))) {
      registered = await registerCommands(rest, scope, commands);
      log.info({ event: 'commands.registered', guild: scope.guildId });
    }
  } catch (err) {
    log.error({ event: 'commands.not-registered', err });
    return null;
  }
  try {
    const last = await readFile(noteFile, 'utf8')
      .then((content) => scopeSchema.parse(JSON.parse(content)))
      .catch(() => null);
    if (!isDeepStrictEqual(last, scope)) {
      await removeDuplicates(last);
      await replaceFile(noteFile, [`${JSON.stringify(scope)}\n`]);
    }
  } catch (err) {
    // Tried once more at the next start.
    log.warn({ event: 'commands.not-cleared', err });
  }
  return registered;
}

export const REGISTER_ARGS = {
  guild: {
    type: 'string',
    valueHint: 'id',
    description: 'In this server only, where they appear at once',
  },
  global: { type: 'boolean', description: 'Everywhere' },
  clear: { type: 'boolean', description: 'Remove the commands there instead' },
  'dry-run': { type: 'boolean', description: 'Print what would change, and change nothing' },
} as const satisfies ArgsDef;

type RegisterArguments = ReturnType<typeof registerArguments>;

/**
 * `guildId`: null for everywhere, `undefined` for what the settings say.
 *
 * @throws DragomanError USAGE
 */
export function registerArguments(args: ParsedArgs<typeof REGISTER_ARGS>) {
  const { guild, global = false, clear = false, 'dry-run': dryRun = false } = args;
  if (guild !== undefined && global) {
    throw usageError('Expected --guild or --global, found both.');
  }
  if (guild !== undefined && !/^\d{17,20}$/.test(guild)) {
    throw usageError(`Expected a server's id of 17 to 20 digits after --guild, found "${guild}".`);
  }
  return { guildId: global ? null : guild, clear, dryRun };
}

/**
 * Registers the commands or removes them, or says what that would change.
 *
 * @throws DragomanError CONFIG without a token, DISCORD when Discord refuses or cannot be reached
 */
export async function runRegister(
  { guildId, clear, dryRun }: RegisterArguments,
  commands: Definitions,
  discord: DiscordConfig | null,
  output: { write(text: string): unknown },
): Promise<void> {
  if (discord === null) {
    throw new DragomanError('CONFIG', 'DISCORD_TOKEN is not set.', {
      hint: 'Set it in .env; .env.example says where to find it.',
    });
  }
  const rest = createRest(discord);
  try {
    const applicationId =
      discord.applicationId ?? ownSchema.parse(await rest.get(Routes.currentApplication())).id;
    const scope = { applicationId, guildId: guildId === undefined ? discord.guildId : guildId };
    const wanted = clear ? [] : commands;
    const changes = changesFrom(await registeredIn(rest, scope), wanted);
    if (hasChanges(changes) && !dryRun) await registerCommands(rest, scope, wanted);
    const lines = changes.map(({ name, change }) => `${SIGNS[change]} ${name} (${change})`);
    lines.push(outcome(changes, placeOf(scope), { clear, dryRun }));
    // Where they may be registered too, and would be listed twice.
    const other = { applicationId, guildId: scope.guildId === null ? discord.guildId : null };
    const isKnown = other.guildId !== scope.guildId && !clear;
    if (isKnown && (await registeredIn(rest, other)).length > 0) {
      lines.push(
        `Commands are registered ${placeOf(other)} too and will be listed twice. Remove those with`,
        `  npm run register -- ${other.guildId === null ? '--global' : `--guild ${other.guildId}`} --clear`,
      );
    }
    output.write(`${lines.join('\n')}\n`);
  } catch (error) {
    throw discordError(error, {
      message: 'The commands could not be registered',
      hint: 'Check the ids of the application and the server, the network, and DISCORD_API_URL if it is set.',
    });
  }
}

const SIGNS = { added: '+', changed: '~', removed: '-', unchanged: ' ' } as const;

function outcome(
  changes: readonly CommandChange[],
  where: string,
  { clear, dryRun }: Pick<RegisterArguments, 'clear' | 'dryRun'>,
): string {
  const count = `${changes.filter(({ change }) => (change === 'removed') === clear).length} commands`;
  if (hasChanges(changes)) {
    return dryRun
      ? `Dry run: ${count} would be ${clear ? 'removed' : 'registered'} ${where}.`
      : `${clear ? 'Removed' : 'Registered'} ${count} ${where}.`;
  }
  return clear
    ? `Nothing to remove: no command is registered ${where}.`
    : `Nothing has changed: ${count} are registered ${where}.`;
}

function placeOf({ guildId }: CommandScope): string {
  return guildId === null ? 'everywhere' : `in server ${guildId}`;
}
