import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { Resvg, renderAsync, type ResvgRenderOptions } from '@resvg/resvg-js';
import { measureWith, readFontMetrics, type Measure } from './font-metrics.ts';

/**
 * The edge of the picture: font files and the renderer. Fonts come with the program, never from the
 * system, since a bare server has none and text would vanish. Latin letters are set in DejaVu Sans
 * Condensed, Japanese ones in a subset of BIZ UDPGothic (see fonts/README.md).
 */
const require = createRequire(import.meta.url);
const ofDejaVu = (name: string): string => require.resolve(`dejavu-fonts-ttf/ttf/${name}.ttf`);
const ofOurs = (name: string): string =>
  fileURLToPath(new URL(`fonts/${name}.ttf`, import.meta.url));

const FONT_FILES = {
  regular: [ofDejaVu('DejaVuSansCondensed'), ofOurs('BIZUDPGothic-Regular-subset')],
  bold: [ofDejaVu('DejaVuSansCondensed-Bold'), ofOurs('BIZUDPGothic-Bold-subset')],
} as const;

const OPTIONS: ResvgRenderOptions = {
  font: {
    fontFiles: [...FONT_FILES.regular, ...FONT_FILES.bold],
    loadSystemFonts: false,
    defaultFontFamily: 'DejaVu Sans',
  },
};

let measure: Measure | null = null;

/** Widths of text in the bundled fonts, read once. */
export function bundledMeasure(): Measure {
  measure ??= measureWith({
    regular: FONT_FILES.regular.map((path) => readFontMetrics(readFileSync(path))),
    bold: FONT_FILES.bold.map((path) => readFontMetrics(readFileSync(path))),
  });
  return measure;
}

/** @throws Error when the SVG is not well formed. */
export function renderPng(svg: string): Buffer {
  return new Resvg(svg, OPTIONS).render().asPng();
}

/** The same picture, rendered on another thread. */
export async function renderPngInBackground(svg: string): Promise<Buffer> {
  return (await renderAsync(svg, OPTIONS)).asPng();
}
