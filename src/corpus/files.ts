/** The bytes of a file of the corpus and their text, all within bounds. */
import { readFile } from 'node:fs/promises';
import { createContext, Script } from 'node:vm';
import { isMainThread } from 'node:worker_threads';
import { analyse } from 'chardet';
import { replaceCodePoint } from 'entities/decode';
import { messageOf, systemCodeOf } from '../errors.ts';
import { placeOfError, Unreadable } from './formats/block.ts';
import { lineStartsOf, placeInFile, problem, type Problem } from './types.ts';

/** A link to a file without escapes. */
export function decodedUrl(url: string): string {
  try {
    return decodeURIComponent(url);
  } catch {
    // A "%" that is not an escape.
    return url;
  }
}

export interface FileFound {
  /** Relative to the corpus folder, with forward slashes. */
  readonly path: string;
  readonly absolute: string;
  readonly byteLength: number;
}

/** The bytes of a file that the walk found, or the problem with it. */
export async function readFound(file: FileFound): Promise<Uint8Array | Problem> {
  const { path, absolute, byteLength } = file;
  // Before reading: a disk image that was copied here by mistake must not fill the memory.
  const sized = sizeProblem(byteLength, path);
  if (sized !== null) return problem(path, sized);
  try {
    return await readFile(absolute);
  } catch (error) {
    return problem(path, describeFileError(error));
  }
}

/** The text of a file that the walk found, or the problem with it. */
export async function readTextOf(file: FileFound): Promise<string | Problem> {
  const bytes = await readFound(file);
  if (!(bytes instanceof Uint8Array)) return bytes;
  try {
    return decode(bytes);
  } catch (error) {
    return problem(file.path, messageOf(error), placeOfError(error));
  }
}

const PERMISSION =
  'expected a file that can be read, found no permission to read it. Change its permissions.';
const FILE_ERRORS: Readonly<Record<string, string | undefined>> = {
  EACCES: PERMISSION,
  EPERM: PERMISSION,
  ENOENT: 'expected a file, found a link that leads nowhere. Remove the link.',
  ELOOP: 'expected a file, found a link that leads back to itself. Remove the link.',
};

export function describeFileError(error: unknown): string {
  const known = FILE_ERRORS[systemCodeOf(error) ?? ''];
  return known ?? `expected a file that can be read, found: ${messageOf(error)}.`;
}

/** Milliseconds of a processor. A file of the largest size takes a few seconds; one that takes so long would take hours. */
export const LONGEST_READING = 30_000;
/** Of the time on the clock: a busy machine gives a program a small part of it. */
const LONGEST_WAITING = 20 * LONGEST_READING;

/**
 * Begins to measure the time of a processor that each of `threads` busy threads takes.
 *
 * @returns whether it is more than `limit` milliseconds
 */
export function stopwatch(threads: number, limit: number): () => boolean {
  const [cpu, clock] = [process.cpuUsage(), performance.now()];
  return () => {
    const { user, system } = process.cpuUsage(cpu);
    return (user + system) / 1000 / threads > limit || performance.now() - clock > LONGEST_WAITING;
  };
}

const sandbox: { work?: () => unknown } = {};
const context = createContext(sandbox);
const call = new Script('work()');

/**
 * Does work that does not wait for anything, and stops it when it takes too long: no timer could, because the work holds
 * the thread; the watchdog of `node:vm` can. It looks at the clock, so work that a busy machine held up is done again. A
 * reading thread is watched from outside.
 *
 * @throws Error when the time is over, and what the work throws
 */
export function withinTime<Result>(work: () => Result, limit = LONGEST_READING): Result {
  if (!isMainThread) return work();
  sandbox.work = work;
  for (let timeout = limit; ; timeout *= 4) {
    const isOver = stopwatch(1, limit * 0.9);
    try {
      return call.runInContext(context, { timeout }) as Result;
    } catch (error) {
      // The watchdog's error is one of the other context, so it is no `Error` of this one.
      const { code } = Object(error) as { code?: unknown };
      if (code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
      const message = `no end of reading after ${limit / 1000} seconds`;
      if (isOver()) throw new Error(message, { cause: error });
    }
  }
}

/** Larger files of text are refused: they are books or data, not one document. */
export const MAX_FILE_BYTES = 5 * 1024 * 1024;

interface Declared {
  /** From the `Content-Type` that the file came with. */
  readonly charset?: string | null;
  /** Whether the file may declare its encoding in a `<meta>` or an XML declaration. */
  readonly isMarkup?: boolean;
}

const RESAVE = 'Save it as UTF-8 text, or remove it from the corpus.';

/** Most bytes of these formats are pictures, which are not read. */
const WITH_PICTURES = /\.(?:pdf|docx|epub)$/i;
const MAX_BYTES_WITH_PICTURES = 50 * 1024 * 1024;

/** The problem with a file of this size: too large for its format, or empty. Null when there is none. */
export function sizeProblem(byteLength: number, path: string): string | null {
  const most = WITH_PICTURES.test(path) ? MAX_BYTES_WITH_PICTURES : MAX_FILE_BYTES;
  if (byteLength > most) {
    const found = (Math.ceil((byteLength / 1024 / 1024) * 10) / 10).toFixed(1);
    return `expected at most ${most / 1024 / 1024} MiB, found ${found} MiB. Split the file or remove it from the corpus.`;
  }
  return byteLength === 0 ? 'expected text, found an empty file. Fill it or remove it.' : null;
}

/**
 * Text of a file, or of a part of one. Its encoding is that of the byte-order mark, else the declared one, else UTF-8, else the
 * one that chardet finds likely and that makes plausible words. What cannot be told is refused rather than shown garbled.
 *
 * @throws Unreadable
 */
export function decode(bytes: Uint8Array, declared: Declared = {}): string {
  const wide = wideEncoding(bytes);
  if (wide !== null) {
    const text = tryDecode(wide, bytes);
    if (text !== null && !text.includes('\0')) return withText(text);
    throw new Unreadable(`expected text, found UTF-32 or damaged ${wide}. ${RESAVE}`);
  }
  if (looksBinary(bytes)) throw new Unreadable(`expected text, found binary data. ${RESAVE}`);
  const label = declaredEncoding(bytes, declared);
  const detect = (): string => detected(bytes, declared.isMarkup === true);
  const utf8 = tryDecode('utf-8', bytes);
  // Pages that were saved as UTF-8 often keep an older declaration. Bytes of a single-byte encoding hardly ever form
  // UTF-8 by chance; those of others can, and ISO-2022-JP is ASCII.
  if (label !== null && (utf8 === null || MULTIBYTE.test(label))) {
    const text = tryDecode(label, bytes);
    // Servers declare Latin-1 for whatever they have.
    if (text !== null && label === 'windows-1252' && !(isPlausible(text) && isLatin(text))) {
      try {
        return detect();
      } catch (error) {
        if (!isLatin(text)) throw error;
      }
    }
    if (text !== null) return withText(text);
  }
  if (utf8 !== null && HZ.test(utf8)) {
    throw new Unreadable(`expected text in UTF-8 or a declared encoding, found HZ. ${RESAVE}`);
  }
  if (utf8 !== null && !JAPANESE_ESCAPES.test(utf8)) return withText(utf8);
  const repaired = new TextDecoder('utf-8').decode(bytes);
  const invalid = repaired.match(/\ufffd/g)?.length ?? 0;
  const valid = repaired.match(/[^\0-\x7f\ufffd]/gu)?.length ?? 0;
  if (invalid > 0 && valid >= invalid) {
    const before = repaired.slice(0, repaired.indexOf('\ufffd'));
    const offset = Buffer.byteLength(before);
    const place = placeInFile(lineStartsOf(before), before.length);
    const found = `0x${(bytes[offset] ?? 0).toString(16)} at byte ${offset + 1}`;
    throw new Unreadable(`expected UTF-8, found ${found}, which is invalid. ${RESAVE}`, { place });
  }
  return detect();
}

/** HZ, an encoding of Chinese in ASCII that the platform does not know. */
const HZ = /~\{(?:[\x21-\x77][\x21-\x7e]){8,}~\}/;

/** Of ISO-2022-JP, which is ASCII. */
const JAPANESE_ESCAPES = /\u001b\$[@B]/;

const MULTIBYTE = /^(?:gbk|gb18030|big5|euc-|shift_jis|iso-2022-jp)/;

/** UTF-16 by its byte-order mark, or by what the first characters are in either order of bytes. */
function wideEncoding(bytes: Uint8Array): string | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  // Line feeds, spaces and figures have one zero each.
  if (!bytes.includes(0)) return null;
  const head = bytes.subarray(0, 400);
  // ASCII with a few of them: letters in pairs would be Chinese ones. In UTF-16 every second byte of ASCII is zero.
  const zeros = head.filter((byte) => byte === 0).length;
  if (zeros < head.length / 4 && head.every((byte) => byte < 0x80)) return null;
  const [best] = ['utf-16le', 'utf-16be']
    .map((encoding) => {
      const text = tryDecode(encoding, head.subarray(0, head.length & ~1)) ?? '';
      // Binary data hold characters that no text has; in the wrong order, spaces and full stops become rare letters.
      const isText = text !== '' && !/(?!\s)[\p{Cc}\p{Co}\p{Cn}]/u.test(text);
      const common = text.match(/[\x20-\x7e\s\p{P}\u3040-\u30ff]/gu)?.length ?? 0;
      return { encoding, share: isText ? common / text.length : 0 };
    })
    .sort((a, b) => b.share - a.share);
  return best !== undefined && best.share > LEAST_COMMON ? best.encoding : null;
}

/** Spaces, punctuation and the like among the characters of a text in any language. */
const LEAST_COMMON = 0.02;

/** Bytes in which browsers look for a declaration are 1,024; scripts of saved pages may come before it. */
const DECLARATION_BYTES = 8192;

/** The declared encoding by the name that the platform gives it; null without one that it knows. */
function declaredEncoding(bytes: Uint8Array, { charset, isMarkup }: Declared): string | null {
  const named = encodingNamed(charset ?? '');
  if (named !== null || isMarkup !== true) return named;
  const head = Buffer.from(bytes.subarray(0, DECLARATION_BYTES)).toString('latin1');
  const xml = /^\s*<\?xml[^>]*\bencoding\s*=\s*["']([^"']+)/i.exec(head)?.[1];
  const meta = /<meta\b[^>]*?\bcharset\s*=\s*["']?\s*([^\s"'/>;]+)/i.exec(
    head.replace(/<!--[\s\S]*?-->/g, ''),
  )?.[1];
  const found = encodingNamed(meta ?? xml ?? '');
  // Without a byte-order mark, a declaration that can be read as ASCII is not UTF-16.
  return found?.startsWith('utf-16') === true ? 'utf-8' : found;
}

function encodingNamed(label: string): string | null {
  try {
    return new TextDecoder(label.trim()).encoding;
  } catch {
    return null;
  }
}

/** chardet's confidence, 0 to 100. Right answers on a sentence or two begin at about 25. */
const LEAST_CONFIDENCE = 25;
const LEAST_LEAD = 8;
const MOST_SAMPLED_BYTES = 200_000;

function detected(bytes: Uint8Array, isMarkup: boolean): string {
  const first = bytes.findIndex((byte) => byte >= 0x80 || byte === 0x1b);
  const start = Math.max(0, first - 2000);
  const sample = Buffer.from(bytes.subarray(start, start + MOST_SAMPLED_BYTES)).toString('latin1');
  const markup = isMarkup ? /<(script|style)\b[\s\S]*?<\/\1>|<[^>]*>/gi : /$^/;
  const words = sample.replace(markup, ' ');
  const ranked = analyse(Buffer.from(words, 'latin1')).flatMap(({ name, confidence, lang }) => {
    const found = { name: encodingNamed(name), confidence, foreign: /$^/ };
    // The library takes both encodings of central Europe for one; they differ in letters of one language or the others.
    if (found.name !== 'iso-8859-2') return found;
    const foreign = lang === 'pl' ? /[šžľť]/i : /ą/i;
    return ['iso-8859-2', 'windows-1250'].map((each) => ({ ...found, name: each, foreign }));
  });
  // Nor does it know the encoding of old Macintosh files.
  ranked.push({ name: 'macintosh', confidence: LEAST_CONFIDENCE, foreign: /$^/ });
  const candidates: { name: string; confidence: number; text: string }[] = [];
  for (const { name, confidence, foreign } of ranked) {
    if (name === null || name.startsWith('utf-') || confidence < 10) continue;
    const text = tryDecode(name, bytes);
    if (text === null || !isPlausible(text) || foreign.test(text)) continue;
    if (candidates.every((other) => other.text !== text))
      candidates.push({ name, confidence, text });
  }
  const [best, next] = candidates;
  const least = Math.max(LEAST_CONFIDENCE, (next?.confidence ?? 0) + LEAST_LEAD);
  if (best !== undefined && best.confidence >= least) return withText(best.text);
  const names = candidates.slice(0, 4).map(({ name }) => name);
  const found =
    names.length === 0 ? 'neither UTF-8 nor any other' : `what may be ${names.join(', ')}`;
  throw new Unreadable(`expected text in UTF-8 or a declared encoding, found ${found}. ${RESAVE}`);
}

/** A capital inside a word, a symbol or a raised figure between letters, two alphabets in one word: read in the wrong encoding. */
const IMPLAUSIBLE =
  /\p{Ll}(?![A-Z])\p{Lu}|\p{L}[¹²³¼½¾¿¡¶]\p{L}|\s[¹²³]\p{Ll}{2}|\p{L}[^\p{L}\p{M}\p{N}\s\p{Pd}\p{Pf}\p{Pi}\p{Po}\x20-\x7e\u3000-\u303f\uff01-\uff65]\p{L}|[A-Za-z][\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Hebrew}\p{Script=Arabic}]|[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Hebrew}\p{Script=Arabic}][A-Za-z]|[\u0080-\u009f]|\ufffd/gu;
/** Characters for each implausible place that is taken for a slip of the writer. */
const CHARACTERS_FOR_A_SLIP = 2000;

function isPlausible(text: string): boolean {
  return (text.match(IMPLAUSIBLE)?.length ?? 0) <= text.length / CHARACTERS_FOR_A_SLIP;
}

/** Whether most letters are those of ASCII, as in every language that is written in Latin-1. */
function isLatin(text: string): boolean {
  return (text.match(/[\u00c0-\u00ff]/g)?.length ?? 0) <= (text.match(/[a-z]/gi)?.length ?? 0);
}

/** As HTML reads such characters, because Node 20 decodes "windows-1252" as Latin-1, without curly quotes and dashes. */
function decodeWindows1252(bytes: Uint8Array): string {
  const text = Buffer.from(bytes).toString('latin1');
  return text.replace(/[\u0080-\u009f]/g, (sign) =>
    String.fromCharCode(replaceCodePoint(sign.charCodeAt(0))),
  );
}

function withText(text: string): string {
  if (text.trim() !== '') return text;
  throw new Unreadable('expected text, found only white space. Fill it or remove it.');
}

export function startsWith(bytes: Uint8Array, ascii: string): boolean {
  return Buffer.from(bytes.subarray(0, ascii.length)).toString('latin1') === ascii;
}

function tryDecode(encoding: string, bytes: Uint8Array): string | null {
  if (encoding === 'windows-1252') return decodeWindows1252(bytes);
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

function looksBinary(bytes: Uint8Array): boolean {
  let controls = 0;
  for (const byte of bytes) {
    if (byte === 0) return true;
    if (byte < 0x20 && !(byte >= 0x09 && byte <= 0x0d) && byte !== 0x1b) controls += 1;
  }
  return controls * 100 > bytes.length;
}
