import { fail, goOnWhenOutputCloses, leaveWhenOutputCloses } from './terminal/fail.ts';

const HELP = `Usage: npm start

Starts the Discord bot when DISCORD_TOKEN is set, else answers questions typed here.
Builds the index first where there is none, or where another model made it.
See .env.example for the settings; \`npm run ask -- --help\` for single questions.
`;

async function main(args: readonly string[]): Promise<void> {
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(HELP);
    return;
  }
  if (args.length > 0) {
    const { DragomanError } = await import('./errors.ts');
    throw new DragomanError('USAGE', `Expected no arguments, got: ${args.join(' ')}.`, {
      hint: 'Settings come from the environment or from .env; one question is asked by `npm run ask -- "question"`.',
    });
  }
  const { readConfig } = await import('./config.ts');
  const config = readConfig();
  const { openReadyEngine } = await import('./terminal/ready-engine.ts');
  const { stdin: input, stdout: output, stderr: errors } = process;
  const engine = await openReadyEngine({ config, errors, rebuildForModel: true });
  const { discord } = config;
  if (discord !== null) {
    const { createLog } = await import('./log.ts');
    const { runBot } = await import('./discord/run.ts');
    const log = createLog({ level: config.logLevel, secrets: [discord.token] });
    process.exitCode = await runBot({ engine, config: { ...config, discord }, log });
    return;
  }
  const { runSession } = await import('./terminal/run-session.ts');
  await runSession(engine, config, { input, output, errors });
}

leaveWhenOutputCloses(process.stdout);
goOnWhenOutputCloses(process.stderr);
try {
  await main(process.argv.slice(2));
} catch (error) {
  fail(error);
}
