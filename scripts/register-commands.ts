import { REGISTER_ARGS, registerArguments, runRegister } from '../src/discord/run-register.ts';
import { runCommandLine } from '../src/terminal/command-line.ts';

await runCommandLine({
  name: 'npm run register --',
  description:
    "Registers the bot's commands with Discord, all in one request, when any of them has changed.\n" +
    'Without --guild or --global: in the server of DISCORD_GUILD_ID, or everywhere when that is not set.\n' +
    'Needs DISCORD_TOKEN; see .env.example for the settings.',
  args: REGISTER_ARGS,
  run: async (args) => {
    const wanted = registerArguments(args);
    const { readConfig } = await import('../src/config.ts');
    await runRegister(wanted, readConfig().discord, process.stdout);
  },
});
