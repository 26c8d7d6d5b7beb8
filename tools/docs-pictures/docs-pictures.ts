import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium, type Browser } from 'playwright-core';
import sharp from 'sharp';
import { PROJECT_FOLDER } from '../../src/config.ts';
import { DragomanError } from '../../src/errors.ts';
import { runCommandLine, usageError } from '../../src/terminal/command-line.ts';
import { playScenes } from './scenes.ts';

/** Pixels of a phone's screen. */
const WIDTH = 420;
/** Pixels of the picture to one of the page. */
const SCALE = 2;

/** @throws DragomanError USAGE when the program cannot be started */
async function startBrowser(executablePath: string): Promise<Browser> {
  try {
    return await chromium.launch({
      executablePath,
      args: ['--force-color-profile=srgb'],
    });
  } catch (cause) {
    const message = `Expected a Chromium that starts, but ${executablePath} did not.`;
    const hint = 'Install one (Debian: chromium), or name another with --chromium FILE.';
    throw new DragomanError('USAGE', message, { hint, cause });
  }
}

/** A PNG of the element `#shot` of a page, its height in pixels, and how many rows of buttons take more than one line. */
async function photograph(
  browser: Browser,
  html: string,
): Promise<{ png: Buffer; height: number; wrapped: number }> {
  const viewport = { width: WIDTH, height: 800 };
  const page = await browser.newPage({ viewport, deviceScaleFactor: SCALE });
  await page.setContent(html);
  const sizes = await page.evaluate(async () => {
    await document.fonts.ready;
    await Promise.all([...document.images].map((image) => image.decode()));
    // No function may have a name here: tsx marks those with one of its own.
    const wrapped = [...document.querySelectorAll('.row')].filter(
      ({ children: [...buttons] }) =>
        new Set(buttons.map((button) => button.getBoundingClientRect().top)).size > 1,
    );
    const { height = 0 } = document.getElementById('shot')?.getBoundingClientRect() ?? {};
    return { height: Math.ceil(height), wrapped: wrapped.length };
  });
  const clip = { x: 0, y: 0, width: WIDTH, height: sizes.height };
  const png = await page.screenshot({ fullPage: true, clip });
  await page.close();
  return { png, ...sizes };
}

async function draw(options: {
  readonly only: string | undefined;
  readonly program: string;
}): Promise<void> {
  const folder = join(PROJECT_FOLDER, 'docs', 'pictures');
  await mkdir(folder, { recursive: true });
  const played = await playScenes();
  const scenes = played.filter(({ name }) => options.only === undefined || options.only === name);
  if (scenes.length === 0) {
    const names = played.map(({ name }) => name).join(', ');
    throw usageError(`Expected --only to be one of ${names}, found "${options.only ?? ''}".`);
  }
  const browser = await startBrowser(options.program);
  try {
    const tooHigh: string[] = [];
    for (const { name, html, highest } of scenes) {
      const { png, height, wrapped } = await photograph(browser, html);
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
    await browser.close();
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
      valueHint: 'file',
      description: 'The browser to use',
      default: '/usr/bin/chromium',
    },
  },
  outputIsOptional: true,
  run: ({ only, chromium: program }) => draw({ only, program }),
});
