import {
  ApplicationIntegrationType,
  DiscordAPIError,
  InteractionContextType,
  REST,
  Routes,
  SlashCommandBuilder,
} from 'discord.js';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assertCommands } from '../../../tools/local-discord/command-form.ts';
import type { JsonObject } from '../../../tools/local-discord/json.ts';
import { ManualClock } from '../../../tools/local-discord/clock.ts';
import { LocalDiscord } from '../../../tools/local-discord/local-discord.ts';

let discord: LocalDiscord;
let rest: REST;

beforeAll(async () => {
  discord = await LocalDiscord.start({ clock: new ManualClock() });
  rest = new REST({ api: discord.apiUrl, retries: 0 }).setToken(discord.token);
});

afterAll(() => discord.stop());

const ask = new SlashCommandBuilder()
  .setName('ask')
  .setNameLocalizations({ ja: '質問' })
  .setDescription('Ask about the tour')
  .setDescriptionLocalizations({ ja: '外遊について質問する' })
  .setContexts(
    InteractionContextType.Guild,
    InteractionContextType.BotDM,
    InteractionContextType.PrivateChannel,
  )
  .setIntegrationTypes(
    ApplicationIntegrationType.GuildInstall,
    ApplicationIntegrationType.UserInstall,
  )
  .addStringOption((option) =>
    option.setName('question').setDescription('What?').setRequired(true).setMaxLength(300),
  )
  .addStringOption((option) =>
    option.setName('meeting').setDescription('Which?').setAutocomplete(true),
  )
  .toJSON();

async function put(commands: unknown[]): Promise<JsonObject[]> {
  const route = Routes.applicationCommands(discord.applicationId);
  return (await rest.put(route, { body: commands })) as JsonObject[];
}

async function refusal(commands: unknown[]): Promise<string> {
  const error: unknown = await put(commands).catch((reason: unknown) => reason);
  if (!(error instanceof DiscordAPIError)) throw new Error('the commands were accepted');
  expect(error.code).toBe(50035);
  return error.message;
}

describe('registration', () => {
  it('keeps ids and versions of what did not change', async () => {
    const [first] = await put([ask]);
    const [same] = await put([ask]);
    expect(same).toEqual(first);
    expect(first).toMatchObject({ name: 'ask', type: 1, name_localizations: { ja: '質問' } });
    const [changed] = await put([{ ...ask, description: 'Ask of the tour' }]);
    expect(changed?.['id']).toBe(first?.['id']);
    expect(changed?.['version']).not.toBe(first?.['version']);
  });

  it('lists localisations only when asked for them', async () => {
    await put([ask]);
    const route = Routes.applicationCommands(discord.applicationId);
    const query = new URLSearchParams({ with_localizations: 'true' });
    expect(await rest.get(route, { query })).toMatchObject([
      { name_localizations: { ja: '質問' } },
    ]);
    const [bare] = (await rest.get(route)) as JsonObject[];
    expect(bare).not.toHaveProperty('name_localizations');
  });

  it('keeps the commands of a guild apart, and refuses a guild that the bot is not in', async () => {
    const here = Routes.applicationGuildCommands(discord.applicationId, discord.home.id);
    const [command] = (await rest.put(here, { body: [ask] })) as JsonObject[];
    expect(command).toMatchObject({ guild_id: discord.home.id });
    await rest.put(here, { body: [] });
    expect(await rest.get(here)).toEqual([]);
    const elsewhere = Routes.applicationGuildCommands(discord.applicationId, '1');
    await expect(rest.get(elsewhere)).rejects.toMatchObject({ code: 50001, status: 403 });
  });

  it('makes users choose among registered commands and fill their options as declared', async () => {
    await put([{ ...ask, contexts: [0] }]);
    const call = (options: Record<string, string | number>, guild?: 'dm') => () =>
      discord.sendCommand({ name: 'ask', options, ...(guild ? { guild } : {}) });
    expect(call({})).toThrow(/needs the option question/);
    expect(call({ question: 1 })).toThrow(/type 3, not 4/);
    expect(call({ question: 'x'.repeat(301) })).toThrow(/does not take 301/);
    expect(call({ question: 'x', place: 'y' })).toThrow(/no option place/);
    expect(call({ question: 'x' }, 'dm')).toThrow(/not offered in context 1/);
    expect(call({ question: 'x' })).toThrow(/no bot is logged in/);
    expect(() => discord.sendCommand({ name: 'tour' })).toThrow(/no command tour/);
    expect(() => discord.sendAutocomplete({ name: 'ask', focused: 'question' })).toThrow(
      /no autocomplete/,
    );
  });

  const option = { type: 3, name: 'a', description: 'a' };
  const many = (count: number, make: (index: number) => JsonObject): JsonObject[] =>
    Array.from({ length: count }, (_, index) => make(index));
  const named = (index: number): JsonObject => ({ ...option, name: `o${index}` });

  it.each<[string, object, RegExp]>([
    ['a name with a space', { name: 'ask me' }, /name\[APPLICATION_COMMAND_INVALID_NAME\]/],
    ['a name in capitals', { name: 'Ask' }, /INVALID_NAME/],
    ['a name of 33 characters', { name: 'a'.repeat(33) }, /name\[BASE_TYPE_BAD_LENGTH\]/],
    ['no description', { description: '' }, /description\[BASE_TYPE_REQUIRED\]/],
    ['a long description', { description: 'a'.repeat(101) }, /BASE_TYPE_BAD_LENGTH/],
    ['an unknown locale', { name_localizations: { jp: 'a' } }, /jp\[BASE_TYPE_CHOICES\]/],
    ['an invalid localised name', { name_localizations: { ja: 'a b' } }, /INVALID_NAME/],
    ['26 options', { options: many(26, named) }, /options\[BASE_TYPE_MAX_LENGTH\]/],
    ['two options of one name', { options: [option, option] }, /NAME_ALREADY_EXISTS/],
    [
      'a required option after an optional one',
      { options: [named(0), { ...named(1), required: true }] },
      /options\[1\]\[APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID\]/,
    ],
    [
      '26 choices',
      { options: [{ ...option, choices: many(26, (i) => ({ name: `n${i}`, value: `${i}` })) }] },
      /choices\[BASE_TYPE_MAX_LENGTH\]/,
    ],
    [
      'a choice of 101 characters',
      { options: [{ ...option, choices: [{ name: 'a', value: 'a'.repeat(101) }] }] },
      /BASE_TYPE_BAD_LENGTH/,
    ],
    [
      'choices next to autocomplete',
      { options: [{ ...option, autocomplete: true, choices: [{ name: 'a', value: 'a' }] }] },
      /MUTUALLY_EXCLUSIVE/,
    ],
    [
      'autocomplete of a boolean',
      { options: [{ ...option, type: 5, autocomplete: true }] },
      /NOT_ALLOWED/,
    ],
    [
      'a subcommand next to an option',
      { options: [option, { ...named(1), type: 1 }] },
      /TYPE_INVALID/,
    ],
    ['an unknown context', { contexts: [3] }, /contexts\[0\]\[BASE_TYPE_CHOICES\]/],
    ['no integration type', { integration_types: [] }, /integration_types\[SET_TYPE_CONVERT\]/],
    [
      'more than 8000 characters',
      {
        options: many(25, (i) => ({
          ...named(i),
          choices: many(25, (j) => ({ name: `${j} of the choices`, value: `v${j}` })),
        })),
      },
      /APPLICATION_COMMAND_TOO_LARGE/,
    ],
  ])('refuses %s', async (_what, change, message) => {
    expect(await refusal([{ ...ask, options: [], ...change }])).toMatch(message);
  });

  it('refuses two commands of one name and keeps what was there', async () => {
    await put([ask]);
    expect(await refusal([ask, ask])).toMatch(/DUPLICATE_NAME/);
    expect(discord.commands.list(null, { localizations: false })).toHaveLength(1);
  });

  it('accepts every name of letters, digits, hyphens and underscores up to 32 characters', () => {
    const letters = fc.constantFrom(...'a b z 0 9 - _ 日 本 語 質 問 é ñ'.split(' '));
    fc.assert(
      fc.property(fc.string({ unit: letters, minLength: 1, maxLength: 32 }), (name) => {
        assertCommands([{ name, description: 'd' }]);
      }),
    );
  });

  it('refuses more than two hundred creations a day', async () => {
    const server = await LocalDiscord.start();
    const client = new REST({ api: server.apiUrl, retries: 0 }).setToken(server.token);
    const route = Routes.applicationCommands(server.applicationId);
    const batch = (from: number) => ({
      body: many(100, (index) => ({ name: `c${from + index}`, description: 'd' })),
    });
    await client.put(route, batch(0));
    await client.put(route, batch(100));
    await expect(client.put(route, batch(200))).rejects.toMatchObject({ code: 30034 });
    await server.stop();
  });
});
