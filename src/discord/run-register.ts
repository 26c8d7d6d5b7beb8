import type { ArgsDef, ParsedArgs } from 'citty';
import { Routes, type REST } from 'discord.js';
import { z } from 'zod';
import type { DiscordConfig } from '../config.ts';
import { DragomanError } from '../errors.ts';
import { createRest, discordError } from './client.ts';
import {
  commandChanges,
  registerCommands,
  type CommandChange,
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
  'dry-run': { type: 'boolean', description: 'Print what would change, and change nothing' },
} as const satisfies ArgsDef;

export interface RegisterArguments {
  /** `undefined`: as the settings say; null: everywhere. */
  readonly guildId: string | null | undefined;
  readonly dryRun: boolean;
}

/** @throws DragomanError USAGE */
export function registerArguments(args: ParsedArgs<typeof REGISTER_ARGS>): RegisterArguments {
  const { guild, global = false, 'dry-run': dryRun = false } = args;
  if (guild !== undefined && global) {
    throw usageError('Expected --guild or --global, found both.');
  }
  if (guild !== undefined && !/^\d{17,20}$/.test(guild)) {
    throw usageError(`Expected a server's id of 17 to 20 digits after --guild, found "${guild}".`);
  }
  return { guildId: global ? null : guild, dryRun };
}

/**
 * Registers the commands, or says what registering would change.
 *
 * @throws DragomanError CONFIG without a token, DISCORD when Discord refuses or cannot be reached
 */
export async function runRegister(
  { guildId, dryRun }: RegisterArguments,
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
    const changes = await commandChanges(rest, scope);
    const hasChanged = changes.some(({ change }) => change !== 'unchanged');
    if (hasChanged && !dryRun) await registerCommands(rest, scope);
    output.write(report(changes, { scope, dryRun, hasChanged }));
  } catch (error) {
    throw discordError(error, {
      message: 'The commands could not be registered',
      hint: 'Check the ids of the application and the server, the network, and DISCORD_API_URL if it is set.',
    });
  }
}

async function ownApplicationId(rest: REST): Promise<string> {
  const application = await rest.get(Routes.currentApplication());
  return z.object({ id: z.string() }).parse(application).id;
}

const SIGNS = { added: '+', changed: '~', removed: '-', unchanged: ' ' } as const;

function report(
  changes: readonly CommandChange[],
  { scope, dryRun, hasChanged }: { scope: CommandScope; dryRun: boolean; hasChanged: boolean },
): string {
  const where = scope.guildId === null ? 'everywhere' : `in server ${scope.guildId}`;
  const lines = changes.map(({ name, change }) => `${SIGNS[change]} ${name} (${change})`);
  const count = `${changes.filter(({ change }) => change !== 'removed').length} commands`;
  const end = !hasChanged
    ? `Nothing has changed: ${count} are registered ${where}.`
    : dryRun
      ? `Dry run: ${count} would be registered ${where}.`
      : `Registered ${count} ${where}.`;
  return `${[...lines, end].join('\n')}\n`;
}
