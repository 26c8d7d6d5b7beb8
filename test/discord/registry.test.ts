import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UNNAMED } from '../../src/corpus/companions.ts';
import { loadConfig } from '../../src/config.ts';
import { loadRegistry } from '../../src/discord/dispatcher.ts';
import {
  REGISTER_ARGS,
  commandDefinitions,
  registerArguments,
  runRegister,
} from '../../src/discord/register.ts';
import { parseArguments } from '../../src/terminal/command-line.ts';
import { LocalDiscord } from '../../tools/local-discord/local-discord.ts';

const REGISTRY = await loadRegistry();
const SUBJECT = { about: UNNAMED, hasMeetings: true };
const COMMANDS = commandDefinitions(REGISTRY, SUBJECT).length;

let discord: LocalDiscord;

beforeEach(async () => {
  discord = await LocalDiscord.start();
});

afterEach(async () => {
  await discord.stop();
});

async function register(args: readonly string[], token = discord.token): Promise<string> {
  const wanted = registerArguments(parseArguments(REGISTER_ARGS, args));
  const config = loadConfig({
    DISCORD_TOKEN: token,
    DISCORD_APPLICATION_ID: discord.applicationId,
    DISCORD_API_URL: discord.apiUrl,
  });
  let text = '';
  await runRegister(wanted, commandDefinitions(REGISTRY, SUBJECT), config.discord, {
    write: (part) => (text += part),
  });
  return text;
}

function writes(): number {
  return discord.requestCounts.get('PUT applications') ?? 0;
}

describe('npm run register', () => {
  it('says what it would do on a dry run, and does nothing', async () => {
    const text = await register(['--dry-run']);
    expect(text).toContain('+ ask (added)');
    expect(text).toContain(`Dry run: ${COMMANDS} commands would be registered everywhere.`);
    expect(writes()).toBe(0);
  });

  it('registers once, and finds nothing changed afterwards', async () => {
    expect(await register([])).toContain(`Registered ${COMMANDS} commands everywhere.`);
    const again = await register([]);
    expect(again).toContain('Nothing has changed');
    expect(writes()).toBe(1);
  });

  it('registers in one server', async () => {
    const text = await register(['--guild', discord.home.id]);
    expect(text).toContain(`Registered ${COMMANDS} commands in server ${discord.home.id}.`);
  });

  it('removes what is registered in a place, and warns of commands that are listed twice', async () => {
    await register([]);
    const twice = await register(['--guild', discord.home.id]);
    expect(twice).toContain('npm run register -- --global --clear');
    expect(await register(['--global', '--clear', '--dry-run'])).toContain(
      `Dry run: ${COMMANDS} commands would be removed everywhere.`,
    );
    expect(await register(['--global', '--clear'])).toContain(`Removed ${COMMANDS} commands`);
    expect(await register(['--guild', discord.home.id])).not.toContain('twice');
    expect(await register(['--global', '--clear'])).toContain('Nothing to remove');
  });

  it('refuses wrong usage, a missing and a wrong token', async () => {
    for (const args of [['--guild', 'x'], ['--global', '--guild', discord.home.id], ['--no']]) {
      await expect(register(args)).rejects.toMatchObject({ code: 'USAGE' });
    }
    const nowhere = { guildId: null, clear: false, dryRun: true };
    await expect(runRegister(nowhere, [], null, process.stdout)).rejects.toMatchObject({
      code: 'CONFIG',
    });
    await expect(register([], 'MTIz.wrong.token')).rejects.toMatchObject({ code: 'DISCORD' });
  });
});

describe('the commands of a corpus', () => {
  const namesOf = (hasMeetings: boolean): string[] =>
    commandDefinitions(REGISTRY, { about: UNNAMED, hasMeetings }).map(({ name }) => name);

  it('carry its topic, and leave out what needs meetings where it has none', () => {
    expect(namesOf(true)).toEqual(expect.arrayContaining(['meeting', 'tour', 'Ask the documents']));
    expect(namesOf(false)).not.toContain('meeting');
    expect(namesOf(false)).not.toContain('tour');
    const about = { ...UNNAMED, ja: { subject: '茶の歴史', topic: '茶' } };
    const written = JSON.stringify(commandDefinitions(REGISTRY, { about, hasMeetings: false }));
    expect(written).toContain('茶について調べる');
    expect(written).not.toContain('"name":"meeting"');
    expect(written).not.toMatch(/[{]topic[}]/);
  });
});

describe('every command', () => {
  it('has Japanese names and descriptions, and works in servers, in messages, for both installations', () => {
    for (const command of commandDefinitions(REGISTRY, SUBJECT)) {
      expect(command.name_localizations?.ja).toBeTruthy();
      expect(command.contexts).toEqual(command.name === 'settings' ? [0] : [0, 1, 2]);
      expect(command.integration_types).toEqual([0, 1]);
      if (!('options' in command)) continue;
      for (const option of command.options ?? []) {
        expect(option.name_localizations?.ja).toBeTruthy();
        expect(option.description_localizations?.ja).toBeTruthy();
      }
    }
  });
});
