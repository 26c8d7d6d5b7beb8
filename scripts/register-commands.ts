import { loadRegistry } from '../src/discord/dispatcher.ts';
import {
  REGISTER_ARGS,
  commandDefinitions,
  registerArguments,
  runRegister,
} from '../src/discord/register.ts';
import { runCommandLine } from '../src/terminal/command-line.ts';

await runCommandLine({
  name: 'npm run register --',
  description:
    "Registers the bot's commands with Discord in one request, if any of them has changed.\n" +
    'Default: in the server of DISCORD_GUILD_ID, or everywhere if that is not set.\n' +
    'Needs DISCORD_TOKEN; see .env.example for the settings.',
  args: REGISTER_ARGS,
  run: async (args) => {
    const wanted = registerArguments(args);
    const { readConfig } = await import('../src/config.ts');
    const { discord, indexFolder, ...config } = readConfig();
    const { fetchPublished } = await import('../src/database/shared-store.ts');
    await fetchPublished({ ...config, indexFolder });
    // Names of the commands, and which there are, depend on the documents.
    const { publishedManifest } = await import('../src/index/generation-files.ts');
    const { about, counts } = await publishedManifest(indexFolder);
    const commands = commandDefinitions(await loadRegistry(), {
      about,
      hasMeetings: counts.meetings > 0,
    });
    await runRegister(wanted, commands, discord, process.stdout);
  },
});
