/**
 * Corpus files and questions can hold anything, also escape sequences that would move the cursor, change
 * the window's title or write to the clipboard, and marks that reorder what is read. Nothing of the sort
 * reaches a terminal.
 */

const CONTROL_PICTURES = 0x2400;
const DELETE = 0x7f;
const DELETE_PICTURE = '\u2421';
const SPACES = /[\v\f\r]/;
const REPLACEMENT = '\ufffd';

/** C0 without tab and line feed, DEL, C1, and the marks that embed, override or isolate a direction. */
const UNSAFE = /[\0-\x08\v-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g;

/**
 * The text with each unsafe character replaced by a visible one. Its length stays the same, so offsets
 * into it stay valid; tab and line feed stay.
 */
export function printable(text: string): string {
  return text.replace(UNSAFE, (character) => {
    const code = character.charCodeAt(0);
    if (SPACES.test(character)) return ' ';
    if (code < 0x20) return String.fromCharCode(CONTROL_PICTURES + code);
    return code === DELETE ? DELETE_PICTURE : REPLACEMENT;
  });
}

/** As {@link printable}, on one line. */
export function printableLine(text: string): string {
  return printable(text).replace(/\s+/g, ' ').trim();
}
