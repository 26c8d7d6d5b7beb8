/** The definitions of commands, and their registration with Discord: at the start of the bot, and by hand with `npm run register`. */
import { readFile } from 'node:fs/promises';
import type { ArgsDef, ParsedArgs } from 'citty';
import {
  ApplicationCommandOptionType as OptionType,
  ApplicationCommandType,
  ApplicationIntegrationType,
  InteractionContextType,
  Routes,
  type APIApplicationCommandBasicOption,
  type APIApplicationCommandOption,
  type REST,
  type RESTPostAPIApplicationCommandsJSONBody,
  type RESTPostAPIChatInputApplicationCommandsJSONBody,
} from 'discord.js';
import * as z from 'zod';
import type { DiscordConfig } from '../config.ts';
import { LONGEST_QUESTION } from '../engine.ts';
import { DragomanError } from '../errors.ts';
import { replaceFile } from '../files.ts';
import type { Logger } from '../monitor.ts';
import { usageError } from '../terminal/command-line.ts';
import { createRest, discordError } from './client.ts';
import { textsIn, type Texts } from './text.ts';

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

type Commands = readonly RESTPostAPIApplicationCommandsJSONBody[];

/** Where commands are registered: in one server, or everywhere. */
interface CommandScope {
  readonly applicationId: string;
  /** Null: everywhere. */
  readonly guildId: string | null;
}

interface CommandChange {
  readonly name: string;
  readonly change: 'added' | 'changed' | 'removed' | 'unchanged';
}

const listSchema = z.array(
  z.looseObject({ id: z.string(), name: z.string(), type: z.number().optional() }),
);
/** Commands as Discord has them. */
type RegisteredCommands = Readonly<z.infer<typeof listSchema>>;

/** What Discord has there: registered in a server and everywhere, each command would be listed twice. */
async function registeredIn(rest: REST, scope: CommandScope): Promise<RegisteredCommands> {
  const query = new URLSearchParams({ with_localizations: 'true' });
  return listSchema.parse(await rest.get(routeOf(scope), { query }));
}

async function registerCommands(
  rest: REST,
  scope: CommandScope,
  commands: Commands,
): Promise<RegisteredCommands> {
  return listSchema.parse(await rest.put(routeOf(scope), { body: commands }));
}

/** What registering commands, or none, in place of others would change. */
function changesFrom(registered: RegisteredCommands, commands: Commands): CommandChange[] {
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
      { name: command.name, content: JSON.stringify(comparable(command)) },
    ]),
  );
}

/** The fields of a command that the bot decides; Discord adds ids, versions and defaults. */
const COMPARED = new Set([
  ...['type', 'name', 'name_localizations', 'description', 'description_localizations', 'ja'],
  ...['options', 'choices', 'value', 'required', 'autocomplete', 'min_length', 'max_length'],
  ...['default_member_permissions', 'contexts', 'integration_types', 'nsfw'],
]);

/** The compared fields in one order. Absent, null, false and empty are the same: Discord sends some for others. */
function comparable(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.every((item) => typeof item === 'number')
      ? value.toSorted((a, b) => a - b)
      : value.map(comparable);
  }
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value)
    .filter(([key]) => COMPARED.has(key))
    .map(([key, field]) => [key, comparable(field)] as const)
    .filter(([, field]) => !isEmpty(field))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(fields);
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null
    ? Object.keys(value).length === 0
    : value === undefined || value === null || value === false || value === '';
}

/** Where commands were registered last. */
const noteSchema = z.object({ applicationId: z.string(), guildId: z.string().nullable() });
type Note = z.infer<typeof noteSchema>;

interface StartRegistration {
  readonly rest: REST;
  readonly scope: CommandScope;
  readonly commands: Commands;
  /** Keeps a note of where commands were registered last. */
  readonly noteFile: string;
  readonly log: Logger;
}

/**
 * Registers the commands unless Discord has the same. Those of the server where they were before are removed. Those that
 * are registered everywhere stay, because other servers use them; where they are listed twice, the log says so. A bot whose
 * commands cannot be registered still answers those that Discord has, so nothing is thrown.
 *
 * @returns the commands as Discord has them; null when it could not be asked
 */
export async function registerAtStart(
  options: StartRegistration,
): Promise<RegisteredCommands | null> {
  const { rest, scope, commands, noteFile, log } = options;
  let registered: RegisteredCommands;
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
    const last = await readNote(noteFile);
    const isNoted = last?.applicationId === scope.applicationId && last.guildId === scope.guildId;
    if (!isNoted) {
      await removeDuplicates(options, last);
      await replaceFile(noteFile, [`${JSON.stringify(scope satisfies Note)}\n`]);
    }
  } catch (err) {
    // Tried once more at the next start.
    log.warn({ event: 'commands.not-cleared', err });
  }
  return registered;
}

async function removeDuplicates(
  { rest, scope, log }: StartRegistration,
  last: Note | null,
): Promise<void> {
  if (last?.applicationId === scope.applicationId && last.guildId !== null) {
    await registerCommands(rest, last, []);
    log.info({ event: 'commands.cleared', guild: last.guildId });
  }
  if (scope.guildId === null) return;
  if ((await registeredIn(rest, { ...scope, guildId: null })).length > 0) {
    const hint = 'npm run register -- --global --clear';
    log.warn({ event: 'commands.twice', guild: scope.guildId, hint });
  }
}

/** Null where there is none, or none that can be read. */
function readNote(file: string): Promise<Note | null> {
  return readFile(file, 'utf8')
    .then((content) => noteSchema.parse(JSON.parse(content)))
    .catch(() => null);
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

interface RegisterArguments {
  /** `undefined`: as the settings say; null: everywhere. */
  readonly guildId: string | null | undefined;
  readonly clear: boolean;
  readonly dryRun: boolean;
}

/** @throws DragomanError USAGE */
export function registerArguments(args: ParsedArgs<typeof REGISTER_ARGS>): RegisterArguments {
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
  commands: Commands,
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
    const scope: CommandScope = {
      applicationId: discord.applicationId ?? (await ownApplicationId(rest)),
      guildId: guildId === undefined ? discord.guildId : guildId,
    };
    const wanted = clear ? [] : commands;
    const changes = changesFrom(await registeredIn(rest, scope), wanted);
    if (hasChanges(changes) && !dryRun) await registerCommands(rest, scope, wanted);
    const lines = changes.map(({ name, change }) => `${SIGNS[change]} ${name} (${change})`);
    lines.push(outcome(changes, placeOf(scope), { clear, dryRun }));
    const other = clear ? null : otherScope(scope, discord);
    if (other !== null && (await registeredIn(rest, other)).length > 0) {
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

/** Where the commands may be registered too, and would be listed twice; null where that is not known. */
function otherScope(scope: CommandScope, { guildId }: DiscordConfig): CommandScope | null {
  if (scope.guildId !== null) return { ...scope, guildId: null };
  return guildId === null ? null : { ...scope, guildId };
}

async function ownApplicationId(rest: REST): Promise<string> {
  const application = await rest.get(Routes.currentApplication());
  return z.object({ id: z.string() }).parse(application).id;
}

const SIGNS = { added: '+', changed: '~', removed: '-', unchanged: ' ' } as const;

function outcome(
  changes: readonly CommandChange[],
  where: string,
  { clear, dryRun }: Pick<RegisterArguments, 'clear' | 'dryRun'>,
): string {
  const count = `${changes.filter(({ change }) => (change === 'removed') === clear).length} commands`;
  if (hasChanges(changes)) {
    const done = clear ? 'removed' : 'registered';
    if (dryRun) return `Dry run: ${count} would be ${done} ${where}.`;
    return `${clear ? 'Removed' : 'Registered'} ${count} ${where}.`;
  }
  return clear
    ? `Nothing to remove: no command is registered ${where}.`
    : `Nothing has changed: ${count} are registered ${where}.`;
}

function placeOf({ guildId }: CommandScope): string {
  return guildId === null ? 'everywhere' : `in server ${guildId}`;
}
