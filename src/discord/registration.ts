import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Routes, type REST, type RESTPostAPIApplicationCommandsJSONBody } from 'discord.js';
import { z } from 'zod';
import { replaceFile } from '../files.ts';
import type { Logger } from '../log.ts';

export type Commands = readonly RESTPostAPIApplicationCommandsJSONBody[];

/** Where commands are registered: in one server, or everywhere. */
export interface CommandScope {
  readonly applicationId: string;
  /** Null: everywhere. */
  readonly guildId: string | null;
}

export interface CommandChange {
  readonly name: string;
  readonly change: 'added' | 'changed' | 'removed' | 'unchanged';
}

/** What registering these commands, or none, would change, compared with what Discord has now. */
export async function commandChanges(
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
export async function registerCommands(
  rest: REST,
  scope: CommandScope,
  commands: Commands,
): Promise<void> {
  await rest.put(routeOf(scope), { body: commands });
}

/** Whether Discord has any command there: registered in a server and everywhere, each would be listed twice. */
export async function hasCommands(rest: REST, scope: CommandScope): Promise<boolean> {
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

export interface StartRegistration {
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
    await mkdir(dirname(noteFile), { recursive: true });
    const note: Note = { ...scope, digest };
    await replaceFile(noteFile, [`${JSON.stringify(note)}\n`]);
  } catch (err) {
    log.error({ event: 'commands.not-registered', err });
    return;
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
