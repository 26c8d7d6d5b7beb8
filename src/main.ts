import { runCommandLine } from './terminal/command-line.ts';

await runCommandLine({
  name: 'npm start --',
  description:
    'Starts the Discord bot when DISCORD_TOKEN is set, else answers questions typed here.\n' +
    'Builds the index first where there is none, or where another model made it.\n' +
    'See .env.example for the settings; `npm run ask -- --help` for single questions.',
  args: {},
  run: async () => {
    const { readConfig } = await import('./config.ts');
    const config = readConfig();
    const { openReadyEngine } = await import('./terminal/build.ts');
    const { stdin: input, stdout: output, stderr: errors } = process;
    const engine = await openReadyEngine({ config, errors, rebuildForModel: true });
    const { discord } = config;
    if (discord === null) {
      const { runSession } = await import('./terminal/session.ts');
      await runSession(engine, config, { input, output, errors });
      return;
    }
    const { createLog } = await import('./log.ts');
    const { runBot } = await import('./discord/run.ts');
    const log = createLog({ level: config.logLevel, secrets: [discord.token] });
    process.exitCode = await runBot({ engine, config: { ...config, discord }, log });
  },
});
