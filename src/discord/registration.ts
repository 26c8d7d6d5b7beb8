import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Routes, type REST } from 'discord.js';
import { z } from 'zod';
import type { Logger } from '../log.ts';
import { canonicalCommand, type CanonicalCommand } from './command-form.ts';
import { commandDefinitions } from './commands/definitions.ts';

/** Where commands are registered: in one server, or everywhere. */
export interface CommandScope {
  readonly applicationId: string;
  readonly guildId: string | null;
}

export interface CommandChange {
  readonly name: string;
  readonly change: 'added' | 'changed' | 'removed' | 'unchanged';
}

/** What registering would change, compared with what Discord has now. */
export async function commandChanges(rest: REST, scope: CommandScope): Promise<CommandChange[]> {
  const query = new URLSearchParams({ with_localizations: 'true' });
  const registered: unknown = await rest.get(routeOf(scope), { query });
  const old = byName(Array.isArray(registered) ? registered : []);
  const wanted = byName(commandDefinitions());
  const changes: CommandChange[] = [...wanted].map(([key, command]) => {
    const before = old.get(key);
    if (before === undefined) return { name: command.name, change: 'added' };
    const isSame = JSON.stringify(before) === JSON.stringify(command);
    return { name: command.name, change: isSame ? 'unchanged' : 'changed' };
  });
  for (const [key, { name }] of old)
    if (!wanted.has(key)) changes.push({ name, change: 'removed' });
  return changes;
}

/** Replaces all commands of the scope by ours, in one request. */
export async function overwriteCommands(rest: REST, scope: CommandScope): Promise<void> {
  await rest.put(routeOf(scope), { body: commandDefinitions() });
}

/** Registers when anything changed. */
export async function registerCommands(rest: REST, scope: CommandScope): Promise<CommandChange[]> {
  const changes = await commandChanges(rest, scope);
  if (changes.some(({ change }) => change !== 'unchanged')) await overwriteCommands(rest, scope);
  return changes;
}

function routeOf({ applicationId, guildId }: CommandScope): `/${string}` {
  return guildId === null
    ? Routes.applicationCommands(applicationId)
    : Routes.applicationGuildCommands(applicationId, guildId);
}

/** Names are unique for each type of command. */
function byName(commands: readonly unknown[]): Map<string, CanonicalCommand> {
  return new Map(
    commands.map((command) => {
      const canonical = canonicalCommand(command);
      return [`${canonical.type} ${canonical.name}`, canonical];
    }),
  );
}

const noteSchema = z.record(z.string(), z.string());
/** Servers come and go in tests; a bot has one or two scopes. */
const NOTED_SCOPES = 20;

export interface FirstStartOptions {
  readonly rest: REST;
  readonly scope: CommandScope;
  /** Where Discord is: the same application behind another address is another one. */
  readonly apiUrl: string;
  /** Where it is noted what was registered. */
  readonly noteFile: string;
  readonly log: Logger;
}

/**
 * Registers the commands unless the note says that just these were registered for this scope. A bot whose
 * commands cannot be registered still answers those it has, so nothing is thrown.
 */
export async function registerOnFirstStart(options: FirstStartOptions): Promise<void> {
  const { rest, scope, apiUrl, noteFile, log } = options;
  const digest = createHash('sha256').update(JSON.stringify(commandDefinitions())).digest('hex');
  const key = `${apiUrl} ${scope.applicationId} ${scope.guildId ?? 'everywhere'}`;
  const note = await readNote(noteFile);
  if (note[key] === digest) return;
  try {
    const changes = await registerCommands(rest, scope).catch(async (err: unknown) => {
      // Reading is a courtesy to the daily limit of creations; writing is what counts.
      log.warn({ event: 'commands.not-compared', err });
      await overwriteCommands(rest, scope);
      return null;
    });
    log.info({ event: 'commands.registered', guild: scope.guildId, changes });
    const others = Object.entries(note).filter(([other]) => other !== key);
    await writeNote(
      noteFile,
      Object.fromEntries([...others, [key, digest] as const].slice(-NOTED_SCOPES)),
    );
  } catch (err) {
    log.error({ event: 'commands.not-registered', err });
  }
}

async function readNote(path: string): Promise<Record<string, string>> {
  try {
    const content: unknown = JSON.parse(await readFile(path, 'utf8'));
    return noteSchema.parse(content);
  } catch {
    return {};
  }
}

async function writeNote(path: string, note: Readonly<Record<string, string>>): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const unfinished = `${path}.${process.pid}.tmp`;
  await writeFile(unfinished, `${JSON.stringify(note, null, 2)}\n`);
  await rename(unfinished, path);
}
