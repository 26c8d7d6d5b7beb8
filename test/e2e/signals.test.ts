import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { PROJECT_FOLDER } from '../../src/config.ts';
import { TINY_FOLDER } from '../embedding/models.ts';
import { MEETING_FILES, writeFiles } from '../index/temporary-folder.ts';
import { textOf } from '../../tools/local-discord/message-view.ts';
import { ManualClock } from '../../tools/local-discord/clock.ts';
import { LocalDiscord } from '../../tools/local-discord/local-discord.ts';

it('SIGTERM ends the process with 0 after what is in flight, a closed connection for good with 1', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'dragoman-signals-'));
  const discord = await LocalDiscord.start({ clock: new ManualClock() });
  await writeFiles(join(folder, 'corpus'), MEETING_FILES);
  const env = {
    CORPUS_DIR: join(folder, 'corpus'),
    INDEX_DIR: join(folder, 'index'),
    EMBEDDING_MODEL: TINY_FOLDER,
    JOURNAL_DIR: join(folder, 'data'),
    DISCORD_TOKEN: discord.token,
    DISCORD_API_URL: discord.apiUrl,
  };
  const start = () => {
    const child = spawn(process.execPath, ['scripts/run.js', 'main'], {
      cwd: PROJECT_FOLDER,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let output = '';
    child.stdout.on('data', (part: Buffer) => (output += part.toString()));
    const exit = once(child, 'close') as Promise<[number | null]>;
    return { child, exit, output: () => output };
  };
  try {
    const first = start();
    await expect.poll(() => first.output()).toContain('commands.registered');
    const question = 'Who arrived in Warsaw?';
    const asked = discord.sendCommand({ name: 'ask', options: { question } });
    await asked.until(({ callbackType }) => callbackType !== null);
    first.child.kill('SIGTERM');
    expect((await first.exit)[0]).toBe(0);
    expect(textOf(asked.message)).toContain(`-# ${question}`);
    expect(first.output()).toContain('bot.stopped');

    const second = start();
    await expect.poll(() => second.output()).toContain('bot.ready');
    discord.gateway.drop(4014);
    expect((await second.exit)[0]).toBe(1);
    expect(second.output()).toContain('bot.lost');
    expect(first.output() + second.output()).not.toContain(discord.token);
  } finally {
    await discord.stop();
    await rm(folder, { recursive: true, force: true });
  }
});
