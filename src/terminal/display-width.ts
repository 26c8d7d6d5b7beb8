const ASCII = /^[\x20-\x7e]*$/;

/** East Asian wide and full-width letters (Unicode Standard Annex 11, in blocks). */
const WIDE =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{1b000}-\u{1b2ff}\u{20000}-\u{3fffd}]/u;

/** Shown as a picture: by itself, or because a variation selector asks for it. */
const EMOJI = /^\p{Emoji_Presentation}|\ufe0f/u;

/** Takes no column of its own. */
const INVISIBLE = /^[\p{M}\p{Cf}\p{Cc}]+$/u;

const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' });

/** Columns that a text without line breaks takes on a terminal. */
export function displayWidth(text: string): number {
  if (ASCII.test(text)) return text.length;
  let width = 0;
  for (const { segment } of graphemes.segment(text)) {
    if (INVISIBLE.test(segment)) continue;
    width += WIDE.test(segment) || EMOJI.test(segment) ? 2 : 1;
  }
  return width;
}
