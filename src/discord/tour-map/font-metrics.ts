/** Advance widths of a TrueType font, read from the file's own tables. */
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
    const letters = [0, 1, 2, 3].map((at) => String.fromCharCode(font.getUint8(entry + at)));
    tables.set(letters.join(''), font.getUint32(entry + 8));
  }
  return tables;
}

/** Offset of the Unicode character map of format 4, the one every font for the basic plane carries. */
function characterMap(font: DataView, cmap: number): number {
  for (let index = 0; index < font.getUint16(cmap + 2); index++) {
    const offset = cmap + font.getUint32(cmap + 4 + index * 8 + 4);
    if (font.getUint16(offset) === 4) return offset;
  }
  throw new Error('expected a font with a character map of format 4, found none');
}

function glyphOf(font: DataView, map: number, codePoint: number): number {
  const doubled = font.getUint16(map + 6);
  for (let at = 0; at < doubled; at += 2) {
    const end = font.getUint16(map + 14 + at);
    if (codePoint > end) continue;
    const start = font.getUint16(map + 16 + doubled + at);
    if (codePoint < start) return 0;
    const delta = font.getUint16(map + 16 + 2 * doubled + at);
    const rangeAt = map + 16 + 3 * doubled + at;
    const range = font.getUint16(rangeAt);
    if (range === 0) return (codePoint + delta) & 0xffff;
    const glyph = font.getUint16(rangeAt + range + 2 * (codePoint - start));
    return glyph === 0 ? 0 : (glyph + delta) & 0xffff;
  }
  return 0;
}

/**
 * Reads the widths of a TrueType file.
 * @throws Error when the file lacks a table that every such font has.
 */
export function readFontMetrics(bytes: Uint8Array): FontMetrics {
  const font = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const tables = tablesOf(font);
  const table = (name: string): number => {
    const offset = tables.get(name);
    if (offset === undefined) throw new Error(`expected a TrueType font, found no table ${name}`);
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

/** Measures with the first font of each weight that has the character, as the renderer does. */
export function measureWith(fonts: Readonly<Record<Weight, readonly FontMetrics[]>>): Measure {
  return (text, sizePx, weight) => {
    let em = 0;
    for (const character of text) {
      const codePoint = character.codePointAt(0) ?? 0;
      // A character that no font has is drawn as an empty box, about as wide as a capital.
      em += fonts[weight].find((font) => font.has(codePoint))?.advance(codePoint) ?? 0.6;
    }
    return em * sizePx;
  };
}
