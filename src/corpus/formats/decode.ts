import { lineStartsOf, placeInFile } from '../lines.ts';

/** Larger files are refused: they are books or data, not one document. */
export const MAX_FILE_BYTES = 5 * 1024 * 1024;

export interface DecodeFailure {
  readonly message: string;
  readonly line: number | null;
  readonly column: number | null;
}

export type Decoded =
  | { readonly ok: true; readonly text: string; readonly encoding: string }
  | { readonly ok: false; readonly failure: DecodeFailure };

const RESAVE = 'Save it as UTF-8 text, or remove it from the corpus.';

function failure(
  message: string,
  line: number | null = null,
  column: number | null = null,
): Decoded {
  return { ok: false, failure: { message, line, column } };
}

/** The problem with a file of this size, in any format: too large or empty. Null when there is none. */
export function sizeProblem(byteLength: number): string | null {
  if (byteLength > MAX_FILE_BYTES) {
    const found = (byteLength / 1024 / 1024).toFixed(1);
    return `expected at most ${MAX_FILE_BYTES / 1024 / 1024} MiB, found ${found} MiB. Split the file or remove it from the corpus.`;
  }
  return byteLength === 0 ? 'expected text, found an empty file. Fill it or remove it.' : null;
}

/**
 * Text of a file: UTF-8 (a byte-order mark is dropped), else Windows-1252, the encoding of old web pages. Anything else
 * is refused rather than shown garbled.
 *
 * @param declared the encoding that a server declared, as a label of https://encoding.spec.whatwg.org; it is followed
 *   where the bytes are valid in it
 */
export function decode(bytes: Uint8Array, declared: string | null = null): Decoded {
  const sized = sizeProblem(bytes.byteLength);
  if (sized !== null) return failure(sized);
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    return failure(`expected UTF-8 or Windows-1252 text, found UTF-16. ${RESAVE}`);
  }
  if (startsWith(bytes, '%PDF-')) {
    return failure('expected text, found a PDF. Give the file the ending .pdf.');
  }
  // As for text without a declaration, Windows-1252 is what is left when it is not UTF-8.
  const told = declared === null || isLatin(declared) ? null : tryDecode(declared, bytes);
  if (declared !== null && told !== null) return withText(told, declared);
  if (looksBinary(bytes)) return failure(`expected text, found binary data. ${RESAVE}`);
  const utf8 = tryDecode('utf-8', bytes);
  if (utf8 !== null) return withText(utf8, 'utf-8');
  const { firstInvalid, validSequences, invalidBytes } = surveyUtf8(bytes);
  const place = (offset: number): [line: number, column: number] => {
    const before = new TextDecoder('utf-8').decode(bytes.subarray(0, offset));
    const { line, column } = placeInFile(lineStartsOf(before), before.length);
    return [line, column];
  };
  if (validSequences >= invalidBytes) {
    return failure(
      `expected UTF-8, found ${hex(bytes[firstInvalid])} at byte ${firstInvalid + 1}, which is invalid. ${RESAVE}`,
      ...place(firstInvalid),
    );
  }
  const firstUndefined = bytes.findIndex((byte) => UNDEFINED_IN_1252.has(byte));
  if (firstUndefined !== -1) {
    return failure(
      `expected UTF-8 or Windows-1252 text, found neither (${hex(bytes[firstUndefined])} at byte ${firstUndefined + 1} is undefined in Windows-1252). ${RESAVE}`,
      ...place(firstUndefined),
    );
  }
  return withText(decodeWindows1252(bytes), 'windows-1252');
}

/** Labels that browsers read as Windows-1252. */
function isLatin(label: string): boolean {
  return /^(?:windows-1252|cp1252|iso-?8859-1|latin-?1|l1|us-ascii|ascii)$/i.test(label);
}

const UNDEFINED_IN_1252: ReadonlySet<number> = new Set([0x81, 0x8d, 0x8f, 0x90, 0x9d]);

/** Characters of 0x80 to 0x9F; the rest of Windows-1252 is Latin-1. */
const WINDOWS_1252 =
  '\u20ac\u0081\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\u008d\u017d\u008f\u0090\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\u009d\u017e\u0178';

/** With a table, because Node 20 decodes "windows-1252" as Latin-1, without curly quotes and dashes. */
function decodeWindows1252(bytes: Uint8Array): string {
  return Buffer.from(bytes)
    .toString('latin1')
    .replace(/[\u0080-\u009f]/g, (character) =>
      WINDOWS_1252.charAt(character.charCodeAt(0) - 0x80),
    );
}

function withText(text: string, encoding: string): Decoded {
  if (text.trim() === '')
    return failure('expected text, found only white space. Fill it or remove it.');
  return { ok: true, text, encoding };
}

function hex(byte: number | undefined): string {
  return `0x${(byte ?? 0).toString(16).padStart(2, '0')}`;
}

export function startsWith(bytes: Uint8Array, ascii: string): boolean {
  for (let i = 0; i < ascii.length; i++) if (bytes[i] !== ascii.charCodeAt(i)) return false;
  return true;
}

function tryDecode(encoding: string, bytes: Uint8Array): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** Whether bytes contain a NUL or more than one control character in a hundred. */
function looksBinary(bytes: Uint8Array): boolean {
  let controls = 0;
  for (const byte of bytes) {
    if (byte === 0) return true;
    if (byte < 0x20 && !(byte >= 0x09 && byte <= 0x0d) && byte !== 0x1b) controls += 1;
  }
  return controls * 100 > bytes.length;
}

/** Counts valid multi-byte sequences and the bytes outside of any. */
function surveyUtf8(bytes: Uint8Array): {
  firstInvalid: number;
  validSequences: number;
  invalidBytes: number;
} {
  let firstInvalid = -1;
  let validSequences = 0;
  let invalidBytes = 0;
  for (let i = 0; i < bytes.length;) {
    const byte = bytes[i] ?? 0;
    const length = byte < 0x80 ? 1 : sequenceLength(byte);
    let whole = length > 0;
    for (let k = 1; k < length; k++) whole &&= ((bytes[i + k] ?? 0) & 0xc0) === 0x80;
    if (whole) {
      if (length > 1) validSequences += 1;
      i += length;
    } else {
      if (firstInvalid === -1) firstInvalid = i;
      invalidBytes += 1;
      i += 1;
    }
  }
  // A sequence of the right form can still be invalid (a surrogate); then the place is the start.
  return { firstInvalid: Math.max(0, firstInvalid), validSequences, invalidBytes };
}

function sequenceLength(byte: number): number {
  if (byte >= 0xc2 && byte <= 0xdf) return 2;
  if (byte >= 0xe0 && byte <= 0xef) return 3;
  return byte >= 0xf0 && byte <= 0xf4 ? 4 : 0;
}
