import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Document, Passage, Span } from '../corpus/types.ts';

/**
 * JSON lines, because one JSON text of a large corpus would pass the longest string that V8 holds
 * (about 512 MB), and because a line of plain ASCII becomes one-byte strings even when another line
 * holds "Türkiye": half the memory.
 */

const CHUNK_CHARACTERS = 1 << 20;
/** Rows parsed before other work gets its turn: a running bot loads while it answers. */
const ROWS_PER_TURN = 2000;
const NEWLINE = 10;

/** One JSON text a line, in chunks of about a megabyte. */
export function encodeRows(rows: Iterable<unknown>): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  let pending: string[] = [];
  let characters = 0;
  const flush = (): void => {
    if (pending.length > 0) chunks.push(Buffer.from(pending.join('')));
    pending = [];
    characters = 0;
  };
  for (const row of rows) {
    const line = `${JSON.stringify(row)}\n`;
    pending.push(line);
    characters += line.length;
    if (characters >= CHUNK_CHARACTERS) flush();
  }
  flush();
  return chunks;
}

/** The rows as `encodeRows` wrote them. Their type is the caller's word: sha256 has vouched for them. */
export async function decodeRows(data: Uint8Array): Promise<unknown[]> {
  const buffer = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  const rows: unknown[] = [];
  let start = 0;
  while (start < buffer.length) {
    const newline = buffer.indexOf(NEWLINE, start);
    const end = newline === -1 ? buffer.length : newline;
    rows.push(JSON.parse(buffer.toString('utf8', start, end)));
    start = end + 1;
    if (rows.length % ROWS_PER_TURN === 0) await nextTurn();
  }
  return rows;
}

/** A passage on disk: short keys and no text, which is a slice of its document's. */
export interface PassageRow {
  /** Position of the document in `documents.jsonl`. */
  readonly d: number;
  readonly h: readonly string[];
  /** Start and end in the document's text. */
  readonly s: readonly [number, number];
  readonly l: readonly [number, number];
  /** Starts and ends of the sentences in the passage's text, alternating. */
  readonly n: readonly number[];
  readonly m: readonly string[];
  readonly f: readonly string[];
  readonly p: string;
}

/** @throws Error when a passage is not a slice of its document's text: a defect, never bad input */
export function encodePassage(passage: Passage, document: Document, position: number): PassageRow {
  if (document.text.slice(passage.start, passage.end) !== passage.text) {
    throw new Error(
      `Passage ${passage.start}-${passage.end} of ${document.path} is not a slice of its text.`,
    );
  }
  return {
    d: position,
    h: passage.headings,
    s: [passage.start, passage.end],
    l: passage.lines,
    n: passage.sentences.flatMap((sentence) => [sentence.start, sentence.end]),
    m: passage.meetings,
    f: passage.sources,
    p: passage.header,
  };
}

export function decodePassage(row: PassageRow, document: Document): Passage {
  const [start, end] = row.s;
  const sentences: Span[] = [];
  for (let at = 0; at + 1 < row.n.length; at += 2) {
    sentences.push({ start: row.n[at] ?? 0, end: row.n[at + 1] ?? 0 });
  }
  return {
    documentId: document.id,
    headings: row.h,
    start,
    end,
    lines: row.l,
    text: document.text.slice(start, end),
    sentences,
    meetings: row.m,
    sources: row.f,
    header: row.p,
  };
}
