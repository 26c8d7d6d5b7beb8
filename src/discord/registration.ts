import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Routes, type REST } from 'discord.js';
import { z } from 'zod';
import type { Logger } from '../log.ts';
import { commandDefinitions } from './registry.ts';

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

/** What registering would change, compared with what Discord has now. */
export async function commandChanges(rest: REST, scope: CommandScope): Promise<CommandChange[]> {
  const query = new URLSearchParams({ with_localizations: 'true' });
  const before = byKey(namedCommands.parse(await rest.get(routeOf(scope), { query })));
  const wanted = byKey(commandDefinitions());
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

/** Replaces all commands of the scope with the bot's, in one request. */
export async function registerCommands(rest: REST, scope: CommandScope): Promise<void> {
  await rest.put(routeOf(scope), { body: commandDefinitions() });
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

export interface StartRegistration {
  readonly rest: REST;
  readonly scope: CommandScope;
  /** The address of Discord: the same application at another address is another one. */
  readonly apiUrl: string;
  /** Keeps a digest of what was registered last. */
  readonly digestFile: string;
  readonly log: Logger;
}

/**
 * Registers the commands unless the digest says that the same were registered before. A bot whose commands cannot be
 * registered still answers those that Discord has, so nothing is thrown.
 */
export async function registerAtStart(options: StartRegistration): Promise<void> {
  const { rest, scope, apiUrl, digestFile, log } = options;
  const registered = JSON.stringify([apiUrl, scope, commandDefinitions()]);
  const digest = createHash('sha256').update(registered).digest('hex');
  const last = await readFile(digestFile, 'utf8').catch(() => '');
  if (last.trim() === digest) return;
  try {
    await registerCommands(rest, scope);
    log.info({ event: 'commands.registered', guild: scope.guildId });
    await mkdir(dirname(digestFile), { recursive: true });
    await writeFile(digestFile, `${digest}\n`);
  } catch (err) {
    log.error({ event: 'commands.not-registered', err });
  }
}
