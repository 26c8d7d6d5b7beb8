/** Registers the commands with Discord: at the start of the bot, and for `npm run register`. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { ArgsDef, ParsedArgs } from 'citty';
import { Routes, type REST, type RESTPostAPIApplicationCommandsJSONBody } from 'discord.js';
import { z } from 'zod';
import type { DiscordConfig } from '../config.ts';
import { DragomanError } from '../errors.ts';
import { replaceFile } from '../files.ts';
import type { Logger } from '../log.ts';
import { usageError } from '../terminal/command-line.ts';
import { createRest, discordError } from './client.ts';
import { textsIn, type Locale } from './texts/index.ts';

const registered = z.array(z.looseObject({ id: z.string(), name: z.string() }));

/** The commands that texts point to. */
type Named = 'ask' | 'meeting' | 'tour' | 'sources' | 'about' | 'help';

/** Names of commands as readers can tap them: `</ask:ID>`. The ids are Discord's, known after `load`. */
export class CommandMentions {
  readonly #ids = new Map<string, string>();

  /** Reads the ids of the registered commands; those of a server come before those for everywhere. */
  async load(
    rest: REST,
    { applicationId, guildId }: { applicationId: string; guildId: string | null },
  ): Promise<void> {
    const route =
      guildId === null
        ? Routes.applicationCommands(applicationId)
        : Routes.applicationGuildCommands(applicationId, guildId);
    for (const { id, name } of registered.parse(await rest.get(route))) this.#ids.set(name, id);
  }

  /** The name in code where the id is not known. */
  of(name: Named, locale: Locale): string {
    const id = this.#ids.get(name);
    return id === undefined ? `\`/${textsIn(locale).commands[name].name}\`` : `</${name}:${id}>`;
  }
}

export type Commands = readonly RESTPostAPIApplicationCommandsJSONBody[];

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

/** What registering these commands, or none, would change, compared with what Discord has now. */
async function commandChanges(
  rest: REST,
  scope: CommandScope,
  commands: Commands,
): Promise<CommandChange[]> {
  const query = new URLSearchParams({ with_localizations: 'true' });
  const before = byKey(namedCommands.parse(await rest.get(routeOf(scope), { query })));
  const wanted = byKey(commands);
  const removed = [...before].filter(([key]) => !wanted.has(key));
  return [
    ...[...wanted].map(([key, { name, content }]): CommandChange => {
      const old = before.get(key);
      if (old === undefined) return { name, change: 'added' };
      return { name, change: old.content === content ? 'unchanged' : 'changed' };
    }),
    ...removed.map(([, { name }]): CommandChange => ({ name, change: 'removed' })),
  ];
}

/** Replaces all commands of the scope with these, or none, in one request. */
async function registerCommands(
  rest: REST,
  scope: CommandScope,
  commands: Commands,
): Promise<void> {
  await rest.put(routeOf(scope), { body: commands });
}

/** Whether Discord has any command there: registered in a server and everywhere, each would be listed twice. */
async function hasCommands(rest: REST, scope: CommandScope): Promise<boolean> {
  return namedCommands.parse(await rest.get(routeOf(scope))).length > 0;
}

function routeOf({ applicationId, guildId }: CommandScope): `/${string}` {
  return guildId === null
    ? Routes.applicationCommands(applicationId)
    : Routes.applicationGuildCommands(applicationId, guildId);
}

const namedCommands = z.array(z.looseObject({ name: z.string(), type: z.number().optional() }));

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
  if (value === undefined || value === null || value === false || value === '') return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

/** What was registered last, and where. */
const noteSchema = z.object({
  applicationId: z.string(),
  guildId: z.string().nullable(),
  digest: z.string(),
});
type Note = z.infer<typeof noteSchema>;

interface StartRegistration {
  readonly rest: REST;
  readonly scope: CommandScope;
  readonly commands: Commands;
  /** The address of Discord: the same application at another address is another one. */
  readonly apiUrl: string;
  /** Keeps a note of what was registered last. */
  readonly noteFile: string;
  readonly log: Logger;
}

/**
 * Registers the commands unless the note says that the same were registered before. Those of the server where they were
 * before are removed. Those that are registered everywhere stay, because other servers use them; where they are listed
 * twice, the log says so. A bot whose commands cannot be registered still answers those that Discord has, so nothing is
 * thrown.
 */
export async function registerAtStart(options: StartRegistration): Promise<void> {
  const { rest, scope, commands, apiUrl, noteFile, log } = options;
  const registered = JSON.stringify([apiUrl, scope, commands]);
  const digest = createHash('sha256').update(registered).digest('hex');
  const last = await readNote(noteFile);
  if (last?.digest === digest) return;
  try {
    await registerCommands(rest, scope, commands);
    log.info({ event: 'commands.registered', guild: scope.guildId });
  } catch (err) {
    log.error({ event: 'commands.not-registered', err });
    return;
  }
  try {
    const note: Note = { ...scope, digest };
    await replaceFile(noteFile, [`${JSON.stringify(note)}\n`]);
  } catch (err) {
    // They are registered, and will be once more at the next start.
    log.warn({ event: 'commands.not-noted', err });
  }
  try {
    await removeDuplicates(options, last);
  } catch (err) {
    log.warn({ event: 'commands.not-cleared', err });
  }
}

async function removeDuplicates(
  { rest, scope, log }: StartRegistration,
  last: Note | null,
): Promise<void> {
  const isSameApplication = last?.applicationId === scope.applicationId;
  if (isSameApplication && last.guildId !== null && last.guildId !== scope.guildId) {
    await registerCommands(rest, last, []);
    log.info({ event: 'commands.cleared', guild: last.guildId });
  }
  if (scope.guildId === null) return;
  if (await hasCommands(rest, { ...scope, guildId: null })) {
    const hint = 'npm run register -- --global --clear';
    log.warn({ event: 'commands.twice', guild: scope.guildId, hint });
  }
}

/** Null where there is none, or none that can be read. */
async function readNote(file: string): Promise<Note | null> {
  try {
    return noteSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return null;
  }
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
    const changes = await commandChanges(rest, scope, wanted);
    const hasChanged = changes.some(({ change }) => change !== 'unchanged');
    if (hasChanged && !dryRun) await registerCommands(rest, scope, wanted);
    const other = clear ? null : otherScope(scope, discord);
    const isTwice = other !== null && (await hasCommands(rest, other));
    output.write(
      report(changes, { scope, dryRun, hasChanged, clear, twice: isTwice ? other : null }),
    );
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

interface Outcome {
  readonly scope: CommandScope;
  readonly dryRun: boolean;
  readonly hasChanged: boolean;
  readonly clear: boolean;
  /** Where the same commands are registered too. */
  readonly twice: CommandScope | null;
}

function report(changes: readonly CommandChange[], outcome: Outcome): string {
  const { scope, dryRun, hasChanged, clear, twice } = outcome;
  const where = placeOf(scope);
  const lines = changes.map(({ name, change }) => `${SIGNS[change]} ${name} (${change})`);
  const count = `${changes.filter(({ change }) => (change === 'removed') === clear).length} commands`;
  const [done, would] = clear ? ['Removed', 'removed'] : ['Registered', 'registered'];
  const end = !hasChanged
    ? clear
      ? `Nothing to remove: no command is registered ${where}.`
      : `Nothing has changed: ${count} are registered ${where}.`
    : dryRun
      ? `Dry run: ${count} would be ${would} ${where}.`
      : `${done} ${count} ${where}.`;
  const warning =
    twice === null
      ? []
      : [
          `Commands are registered ${placeOf(twice)} too and will be listed twice. Remove those with`,
          `  npm run register -- ${twice.guildId === null ? '--global' : `--guild ${twice.guildId}`} --clear`,
        ];
  return `${[...lines, end, ...warning].join('\n')}\n`;
}

function placeOf({ guildId }: CommandScope): string {
  return guildId === null ? 'everywhere' : `in server ${guildId}`;
}
