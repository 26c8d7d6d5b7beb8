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
import { FLAG, parseScriptArguments, usageError } from '../terminal/arguments.ts';

export const REGISTER_HELP = `Usage: npm run register -- [options]

Tells Discord the bot's commands, all in one request, when any of them has changed. Prints what changed.
Without --guild or --global: in the server of DISCORD_GUILD_ID, or everywhere when that is not set.

  --guild ID   in this server only, where they appear at once
  --global     everywhere
  --dry-run    print what would change, and change nothing
  --help       print this text

Needs DISCORD_TOKEN; see .env.example for the settings.
Exit codes: 0 done, 1 Discord or the settings refused, 2 wrong usage.
`;

export interface RegisterArguments {
  /** `undefined`: as the settings say; null: everywhere. */
  readonly guildId: string | null | undefined;
  readonly dryRun: boolean;
}

/**
 * @returns null when help is wanted
 * @throws DragomanError USAGE
 */
export function parseRegisterArguments(args: readonly string[]): RegisterArguments | null {
  const { guild, global, 'dry-run': dryRun, help } = parse(args);
  if (help) return null;
  if (guild !== undefined && global)
    throw usageError('register', 'Expected --guild or --global, got both.');
  if (guild !== undefined && !/^\d{17,20}$/.test(guild)) {
    throw usageError(
      'register',
      `Expected a server's id of 17 to 20 digits after --guild, got "${guild}".`,
    );
  }
  return { guildId: global ? null : guild, dryRun };
}

function parse(args: readonly string[]) {
  return parseScriptArguments('register', {
    args: [...args],
    options: { guild: { type: 'string' }, global: FLAG, 'dry-run': FLAG, help: FLAG },
  }).values;
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
