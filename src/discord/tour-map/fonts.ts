/**
 * The fonts of the picture, and the widths of texts in them. Fonts come with the program, never from the system: a
 * bare server has none, and text would be missing. Latin letters are set in DejaVu Sans Condensed, Japanese ones in a
 * subset of BIZ UDPGothic (see fonts/README.md).
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

/** Advance widths of a TrueType font, read from its tables. */
export interface FontMetrics {
  readonly has: (codePoint: number) => boolean;
  /** Width in em; 0 for a character the font does not have. */
  readonly advance: (codePoint: number) => number;
}

export type Weight = 'regular' | 'bold';

/** Width of a text in pixels. */
export type Measure = (text: string, sizePx: number, weight: Weight) => number;

function tablesOf(font: DataView): ReadonlyMap<string, number> {
  const tables = new Map<string, number>();
  for (let index = 0; index < font.getUint16(4); index++) {
    const entry = 12 + index * 16;
    const letters = [0, 1, 2, 3].map((byte) => String.fromCharCode(font.getUint8(entry + byte)));
    tables.set(letters.join(''), font.getUint32(entry + 8));
  }
  return tables;
}

/** Offset of the Unicode character map of format 4, which every font for the basic plane has. */
function characterMap(font: DataView, cmap: number): number {
  for (let index = 0; index < font.getUint16(cmap + 2); index++) {
    const offset = cmap + font.getUint32(cmap + 4 + index * 8 + 4);
    if (font.getUint16(offset) === 4) return offset;
  }
  throw new Error('Expected a font with a character map of format 4, found none.');
}

/** The glyph of a character; 0 when the font has none. Segments are searched in the order of their ends. */
function glyphOf(font: DataView, map: number, codePoint: number): number {
  const arrayBytes = font.getUint16(map + 6);
  for (let offset = 0; offset < arrayBytes; offset += 2) {
    const end = font.getUint16(map + 14 + offset);
    if (codePoint > end) continue;
    const start = font.getUint16(map + 16 + arrayBytes + offset);
    if (codePoint < start) return 0;
    const delta = font.getUint16(map + 16 + 2 * arrayBytes + offset);
    const rangeOffset = map + 16 + 3 * arrayBytes + offset;
    const range = font.getUint16(rangeOffset);
    if (range === 0) return (codePoint + delta) & 0xffff;
    const glyph = font.getUint16(rangeOffset + range + 2 * (codePoint - start));
    return glyph === 0 ? 0 : (glyph + delta) & 0xffff;
  }
  return 0;
}

/**
 * Reads the widths of a TrueType file.
 *
 * @throws Error when the file has not the tables that every such font has
 */
export function readFontMetrics(bytes: Uint8Array): FontMetrics {
  const font = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const tables = tablesOf(font);
  const table = (name: string): number => {
    const offset = tables.get(name);
    if (offset === undefined) throw new Error(`Expected a TrueType font, found no table ${name}.`);
    return offset;
  };
  const map = characterMap(font, table('cmap'));
  const hmtx = table('hmtx');
  const unitsPerEm = font.getUint16(table('head') + 18);
  const longMetrics = font.getUint16(table('hhea') + 34);
  return {
    has: (codePoint) => glyphOf(font, map, codePoint) !== 0,
    advance: (codePoint) => {
      const glyph = glyphOf(font, map, codePoint);
      if (glyph === 0) return 0;
      return font.getUint16(hmtx + Math.min(glyph, longMetrics - 1) * 4) / unitsPerEm;
    },
  };
}

/** Measures with the first font of a weight that has the character, as the renderer does. */
function measureWith(fonts: Readonly<Record<Weight, readonly FontMetrics[]>>): Measure {
  return (text, sizePx, weight) => {
    let em = 0;
    for (const character of text) {
      const codePoint = character.codePointAt(0) ?? 0;
      // A character that no font has is drawn as an empty box, about as wide as a capital letter.
      em += fonts[weight].find((font) => font.has(codePoint))?.advance(codePoint) ?? 0.6;
    }
    return em * sizePx;
  };
}

const require = createRequire(import.meta.url);
const dejaVu = (name: string): string => require.resolve(`dejavu-fonts-ttf/ttf/${name}.ttf`);
const bundled = (name: string): string =>
  fileURLToPath(new URL(`fonts/${name}.ttf`, import.meta.url));

export const FONT_FILES: Readonly<Record<Weight, readonly string[]>> = {
  regular: [dejaVu('DejaVuSansCondensed'), bundled('BIZUDPGothic-Regular-subset')],
  bold: [dejaVu('DejaVuSansCondensed-Bold'), bundled('BIZUDPGothic-Bold-subset')],
};

let measure: Measure | null = null;

/** Widths of text in the bundled fonts, which are read once. */
export function bundledMeasure(): Measure {
  measure ??= measureWith({
    regular: FONT_FILES.regular.map((path) => readFontMetrics(readFileSync(path))),
    bold: FONT_FILES.bold.map((path) => readFontMetrics(readFileSync(path))),
  });
  return measure;
}
