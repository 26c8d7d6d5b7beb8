import type { ArgsDef, ParsedArgs } from 'citty';
import { Routes, type REST } from 'discord.js';
import { z } from 'zod';
import type { DiscordConfig } from '../config.ts';
import { DragomanError } from '../errors.ts';
import { createRest, discordError } from './client.ts';
import {
  commandChanges,
  hasCommands,
  registerCommands,
  type CommandChange,
  type Commands,
  type CommandScope,
} from './registration.ts';
import { usageError } from '../terminal/command-line.ts';

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

export interface RegisterArguments {
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
