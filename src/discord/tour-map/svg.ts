/** Shapes and texts as SVG: colours, sizes, fonts and the widths of texts, boxes and where they touch. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

/**
 * The picture is an opaque card, so that it looks the same on Discord's dark and light backgrounds. Blue and amber
 * differ for every common kind of colour blindness, and no meaning depends on colour alone: stops are numbered, the
 * chosen day is inverted and outlined.
 */
export const COLOUR = {
  card: '#0e1b30',
  cardEdge: '#5f7ba6',
  sea: '#14294a',
  land: '#3a5680',
  border: '#14294a',
  graticule: '#1f3a63',
  frame: '#9db8e0',
  text: '#ffffff',
  softText: '#d3e0f5',
  route: '#ffb81c',
  routeQuiet: '#93804a',
  badge: '#ffb81c',
  badgeText: '#0e1b30',
  label: '#0e1b30',
  cell: '#1b3257',
  bubble: '#d3e0f5',
  bubbleText: '#0e1b30',
  chosen: '#ffb81c',
  chosenText: '#0e1b30',
  chosenBadge: '#0e1b30',
  chosenBadgeText: '#ffffff',
} as const;

/** Type sizes in pixels. The picture is 1200 wide, and a phone shows it about 420 wide: 28 become about 10 there. */
export const TYPE = { title: 46, name: 30, day: 36, body: 28 } as const;

/** Text escaped for an element or an attribute, without the characters that XML forbids. */
function escapeXml(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** Rectangle in pixels; `x` and `y` are its upper left corner. */
export interface Box extends Point {
  readonly width: number;
  readonly height: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A number with one decimal: pixels need no more. */
export function short(value: number): string {
  return String(Math.round(value * 10) / 10);
}

/** Runs of kana, Han characters and their punctuation, which the Latin font does not have. */
const JAPANESE = /[\u3000-\u30FF\u4E00-\u9FFF\uFF00-\uFFEF]+/gu;

/** Names the font of Japanese runs: with its own fallback choice, the renderer would lose the weight. */
function withFonts(text: string): string {
  return escapeXml(text).replace(JAPANESE, '<tspan font-family="BIZ UDPGothic">$&</tspan>');
}

interface TextStyle {
  readonly x: number;
  /** Of the baseline. */
  readonly y: number;
  readonly size: number;
  readonly colour: string;
  readonly weight?: Weight;
  readonly anchor?: 'start' | 'middle';
  /** Width of the text as a share of its natural width. */
  readonly squeeze?: number;
}

export function textElement(text: string, style: TextStyle): string {
  const { x, y, size, colour, weight = 'regular', anchor = 'start', squeeze = 1 } = style;
  const place =
    squeeze === 1
      ? `x="${short(x)}" y="${short(y)}"`
      : `transform="translate(${short(x)} ${short(y)}) scale(${squeeze.toFixed(3)} 1)"`;
  return (
    `<text ${place} font-size="${size}" fill="${colour}" ` +
    `font-weight="${weight === 'bold' ? 700 : 400}" text-anchor="${anchor}">${withFonts(text)}</text>`
  );
}

interface RectStyle {
  readonly fill: string;
  readonly radius: number;
  readonly stroke?: string;
  readonly strokeWidth?: number;
}

export function rectElement(box: Box, style: RectStyle): string {
  const { fill, radius, stroke, strokeWidth = 2 } = style;
  const edge = stroke === undefined ? '' : ` stroke="${stroke}" stroke-width="${strokeWidth}"`;
  return (
    `<rect x="${short(box.x)}" y="${short(box.y)}" width="${short(box.width)}" ` +
    `height="${short(box.height)}" rx="${radius}" fill="${fill}"${edge}/>`
  );
}

export const BADGE_RADIUS = 17;
const BADGE_TYPE = 26;

export function badge(number: number, { x, y }: Point, isChosen: boolean): string {
  const [fill, colour] = isChosen
    ? [COLOUR.chosenBadge, COLOUR.chosenBadgeText]
    : [COLOUR.badge, COLOUR.badgeText];
  const style = { size: BADGE_TYPE, colour, weight: 'bold', anchor: 'middle' } as const;
  return (
    `<circle cx="${short(x)}" cy="${short(y)}" r="${BADGE_RADIUS}" fill="${fill}"/>` +
    textElement(String(number), { x, y: y + BADGE_TYPE * 0.36, ...style })
  );
}

/*
 * Fonts come with the program, never from the system: a bare server has none, and text would be missing. Latin letters are
 * set in DejaVu Sans Condensed, Japanese ones in a subset of BIZ UDPGothic (see fonts/README.md).
 */

type FontMetrics = ReturnType<typeof readFontMetrics>;
type Weight = 'regular' | 'bold';

const require = createRequire(import.meta.url);
const dejaVu = (name: string): string => require.resolve(`dejavu-fonts-ttf/ttf/${name}.ttf`);
const bundled = (name: string): string =>
  fileURLToPath(new URL(`fonts/${name}.ttf`, import.meta.url));

export const FONT_FILES: Readonly<Record<Weight, readonly string[]>> = {
  regular: [dejaVu('DejaVuSansCondensed'), bundled('BIZUDPGothic-Regular-subset')],
  bold: [dejaVu('DejaVuSansCondensed-Bold'), bundled('BIZUDPGothic-Bold-subset')],
};

let fonts: Readonly<Record<Weight, readonly FontMetrics[]>> | null = null;

function bundledFonts(): Readonly<Record<Weight, readonly FontMetrics[]>> {
  const read = (path: string): FontMetrics => readFontMetrics(readFileSync(path));
  return (fonts ??= { regular: FONT_FILES.regular.map(read), bold: FONT_FILES.bold.map(read) });
}

function codePointsOf(text: string): number[] {
  return Array.from(text, (character) => character.codePointAt(0) ?? 0);
}

/** Width of a text in pixels in the bundled fonts: each character in the first font that has it, as the renderer does. */
export function widthOf(text: string, sizePx: number, weight: Weight): number {
  const fonts = bundledFonts()[weight];
  // A character that no font has is drawn as an empty box, about as wide as a capital letter.
  const widths = codePointsOf(text).map(
    (codePoint) => fonts.find((font) => font.has(codePoint))?.advance(codePoint) ?? 0.6,
  );
  return widths.reduce((sum, em) => sum + em, 0) * sizePx;
}

/** Whether the bundled fonts have every character of a text: Han characters are a subset. */
export function canDraw(text: string): boolean {
  const fonts = bundledFonts().bold;
  return codePointsOf(text).every((codePoint) => fonts.some((font) => font.has(codePoint)));
}

function tableOf(font: DataView, name: string): number {
  for (let index = 0; index < font.getUint16(4); index++) {
    const entry = 12 + index * 16;
    const letters = [0, 1, 2, 3].map((byte) => font.getUint8(entry + byte));
    if (String.fromCharCode(...letters) === name) return font.getUint32(entry + 8);
  }
  throw new Error(`Expected a TrueType font, found no table ${name}.`);
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
 * The advance widths of a TrueType file. A library that parses the whole font (opentype.js) takes a second for it.
 *
 * @throws Error when the file has not the tables that every such font has
 */
export function readFontMetrics(bytes: Uint8Array) {
  const font = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const map = characterMap(font, tableOf(font, 'cmap'));
  const hmtx = tableOf(font, 'hmtx');
  const unitsPerEm = font.getUint16(tableOf(font, 'head') + 18);
  const longMetrics = font.getUint16(tableOf(font, 'hhea') + 34);
  return {
    has: (codePoint: number): boolean => glyphOf(font, map, codePoint) !== 0,
    /** Width in em; 0 for a character the font does not have. */
    advance: (codePoint: number): number => {
      const glyph = glyphOf(font, map, codePoint);
      if (glyph === 0) return 0;
      return font.getUint16(hmtx + Math.min(glyph, longMetrics - 1) * 4) / unitsPerEm;
    },
  };
}

export function overlaps(a: Box, b: Box, gap = 0): boolean {
  return (
    a.x < b.x + b.width + gap &&
    b.x < a.x + a.width + gap &&
    a.y < b.y + b.height + gap &&
    b.y < a.y + a.height + gap
  );
}

/** The point of the box that is nearest to a point: the end of the line from an anchor. */
export function nearestPoint(box: Box, point: Point): Point {
  return {
    x: Math.min(Math.max(point.x, box.x), box.x + box.width),
    y: Math.min(Math.max(point.y, box.y), box.y + box.height),
  };
}

export function distanceTo(box: Box, point: Point): number {
  const dx = Math.max(box.x - point.x, 0, point.x - box.x - box.width);
  const dy = Math.max(box.y - point.y, 0, point.y - box.y - box.height);
  return Math.sqrt(dx * dx + dy * dy);
}

export function isInside({ x, y }: Point, box: Box, inset = 0): boolean {
  return (
    x >= box.x + inset &&
    x <= box.x + box.width - inset &&
    y >= box.y + inset &&
    y <= box.y + box.height - inset
  );
}

export function isWithin(box: Box, bounds: Box): boolean {
  return isInside(box, bounds) && isInside({ x: box.x + box.width, y: box.y + box.height }, bounds);
}

/** Shares of the way from `from` to `to` at which a line enters and leaves the range `low` to `high`. */
function crossing(from: number, to: number, low: number, high: number): [number, number] {
  if (from === to) return from > low && from < high ? [0, 1] : [1, 0];
  const [a, b] = [(low - from) / (to - from), (high - from) / (to - from)];
  return [Math.max(0, Math.min(a, b)), Math.min(1, Math.max(a, b))];
}

/** Whether the line from an anchor to its own box runs through another box. */
export function lineCrosses(anchor: Point, own: Box, other: Box): boolean {
  const end = nearestPoint(own, anchor);
  const [enterX, leaveX] = crossing(anchor.x, end.x, other.x - 4, other.x + other.width + 4);
  const [enterY, leaveY] = crossing(anchor.y, end.y, other.y - 4, other.y + other.height + 4);
  return Math.max(enterX, enterY) < Math.min(leaveX, leaveY);
}
