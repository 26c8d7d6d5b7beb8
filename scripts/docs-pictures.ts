import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { PROJECT_FOLDER } from '../src/config.ts';
import { fail } from '../src/terminal/fail.ts';
import { Chromium } from './docs-pictures/chromium.ts';
import { shrinkPng } from './docs-pictures/shrink-png.ts';
import { playScenes } from './docs-pictures/scenes.ts';

const HELP = `Usage: npm run docs:pictures -- [options]

Runs the bot against a local Discord, uses every command, and draws what it sent, in Discord's look, into
docs/pictures. Needs Chromium (Debian: chromium, fonts-noto-core, fonts-noto-cjk, fonts-noto-color-emoji).

  --only NAME           one picture, for example ask-weak
  --chromium PROGRAM    the browser to use (chromium unless told)
  --help                print this text
`;

async function main(): Promise<void> {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    options: { help: { type: 'boolean', default: false }, only: text, chromium: text },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  const folder = join(PROJECT_FOLDER, 'docs', 'pictures');
  await mkdir(folder, { recursive: true });
  const scenes = await playScenes();
  const chromium = await Chromium.start(values.chromium ?? 'chromium');
  try {
    for (const { name, html } of scenes) {
      if (values.only !== undefined && values.only !== name) continue;
      const png = shrinkPng(await chromium.photograph(html));
      await writeFile(join(folder, `${name}.png`), png);
      process.stdout.write(`${name}.png  ${Math.ceil(png.length / 1024)} KB\n`);
    }
  } finally {
    await chromium.stop();
  }
}

try {
  await main();
} catch (error) {
  fail(error);
}
