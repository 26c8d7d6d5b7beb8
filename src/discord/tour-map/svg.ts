/** Shapes and texts as SVG, and the colours and sizes that the picture is drawn with. */
import type { Weight } from './fonts.ts';
import type { Box } from './labels.ts';

/**
 * The picture is an opaque card, so that it looks the same on Discord's dark and light backgrounds. Blue and amber
 * differ for every common kind of colour blindness, and nothing is told by colour alone: stops are numbered, the
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

/** All pairs of text and background colours. Each has the contrast that WCAG AA requires of text, at least 4.5. */
export const TEXT_PAIRS: readonly (readonly [text: string, background: string])[] = [
  [COLOUR.text, COLOUR.card],
  [COLOUR.softText, COLOUR.card],
  [COLOUR.route, COLOUR.card],
  [COLOUR.route, COLOUR.label],
  [COLOUR.text, COLOUR.label],
  [COLOUR.softText, COLOUR.label],
  [COLOUR.badgeText, COLOUR.badge],
  [COLOUR.text, COLOUR.cell],
  [COLOUR.softText, COLOUR.cell],
  [COLOUR.bubbleText, COLOUR.bubble],
  [COLOUR.chosenText, COLOUR.chosen],
  [COLOUR.chosenBadgeText, COLOUR.chosenBadge],
];

/** Type sizes in pixels. The picture is 1200 wide, and a phone shows it about 420 wide: 28 become about 10 there. */
export const TYPE = { title: 46, name: 30, day: 36, body: 28 } as const;

export const CARD_WIDTH = 1200;
export const MARGIN = 24;

/** Text escaped for an element or an attribute, without the characters that XML forbids. */
function escapeXml(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** A number with one decimal: pixels need no more. */
export function short(value: number): string {
  return String(Math.round(value * 10) / 10);
}

/** Runs of kana, Han characters and their punctuation, which the Latin font does not have. */
const JAPANESE = /[\u3000-\u30FF\u4E00-\u9FFF\uFF00-\uFFEF]+/gu;

/** Names the font of Japanese runs: with a fallback of its own choice, the renderer would lose the weight. */
function withFonts(text: string): string {
  return escapeXml(text).replace(JAPANESE, '<tspan font-family="BIZ UDPGothic">$&</tspan>');
}

export interface TextStyle {
  readonly x: number;
  /** Of the baseline. */
  readonly y: number;
  readonly size: number;
  readonly colour: string;
  readonly weight?: Weight;
  readonly anchor?: 'start' | 'middle' | 'end';
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

export interface RectStyle {
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
