import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { PROJECT_FOLDER } from '../../src/config.ts';
import { DragomanError } from '../../src/errors.ts';
import { runCommandLine } from '../../src/terminal/command-line.ts';
import { Chromium } from './chromium.ts';
import { playScenes } from './scenes.ts';

async function draw(options: {
  readonly only: string | undefined;
  readonly program: string;
}): Promise<void> {
  const folder = join(PROJECT_FOLDER, 'docs', 'pictures');
  await mkdir(folder, { recursive: true });
  const scenes = await playScenes();
  const chromium = await Chromium.start(options.program);
  try {
    const tooHigh: string[] = [];
    for (const { name, html, highest } of scenes) {
      if (options.only !== undefined && options.only !== name) continue;
      const { png, height, wrapped } = await chromium.photograph(html);
      const small = await sharp(png).png({ palette: true, dither: 0, effort: 10 }).toBuffer();
      await writeFile(join(folder, `${name}.png`), small);
      const size = `${Math.ceil(small.length / 1024)} KB, ${height} px`;
      const limit = highest === null ? '' : ` of ${highest}`;
      process.stdout.write(`${name}.png  ${size}${limit}\n`);
      if (highest !== null && height > highest) tooHigh.push(`${name} ${height} > ${highest}`);
      if (highest !== null && wrapped > 0) tooHigh.push(`${name}, whose buttons take two lines`);
    }
    if (tooHigh.length > 0) {
      throw new DragomanError('USAGE', `Replies are too high: ${tooHigh.join(', ')}.`, {
        hint: 'Show less of the sentence, or fewer lines and buttons.',
      });
    }
  } finally {
    await chromium.stop();
  }
}

await runCommandLine({
  name: 'npm run docs:pictures --',
  description:
    'Runs the bot against a local Discord, uses every command, and draws its replies as Discord shows them into\n' +
    'docs/pictures. Needs Chromium (Debian: chromium, fonts-noto-core, fonts-noto-cjk, fonts-noto-color-emoji).',
  args: {
    only: { type: 'string', valueHint: 'name', description: 'One picture, for example ask-weak' },
    chromium: {
      type: 'string',
      valueHint: 'program',
      description: 'The browser to use',
      default: 'chromium',
    },
  },
  outputIsOptional: true,
  run: ({ only, chromium }) => draw({ only, program: chromium }),
});
