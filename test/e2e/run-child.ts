import { readConfig } from '../../src/config.ts';
import { runBot } from '../../src/discord/run.ts';
import { openEmbedder } from '../../src/embedding/open-embedder.ts';
import { openEngine } from '../../src/engine.ts';
import { createLog } from '../../src/log.ts';
import { withDiscord } from './running-bot.ts';

/** The bot in a process of its own, for tests that end it from outside. The index is there already. */
const config = withDiscord(readConfig());
const embedder = await openEmbedder(config.embedding);
const engine = await openEngine({ indexFolder: config.indexFolder, embedder });
const log = createLog({ level: config.logLevel, secrets: [config.discord.token] });
process.exit(await runBot({ engine, config, log }));
