import type { Weight } from './font-metrics.ts';
import type { Box } from './labels.ts';

/** Text made safe to stand in an element or an attribute; characters XML forbids are dropped. */
function escapeXml(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** A number short enough for a path. */
export function short(value: number): string {
  return String(Math.round(value * 10) / 10);
}

/** Runs of kana, Han characters and their punctuation, which the Latin font does not have. */
const JAPANESE = /[\u3000-\u30FF\u4E00-\u9FFF\uFF00-\uFFEF]+/gu;

/** Names the font of each run, because a fallback found by the renderer would lose the weight. */
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
  /** Share of its natural width that the text is set to. */
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
