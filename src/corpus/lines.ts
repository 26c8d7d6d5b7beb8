/** Offsets of a document's text to offsets and lines of its file. */
import type { Document, LineRange } from './types.ts';

/** UTF-16 offset of the start of each line; lines end in LF, CRLF or a lone CR. */
export function lineStartsOf(decoded: string): number[] {
  const starts = [0];
  for (let i = 0; i < decoded.length; i++) {
    const code = decoded.charCodeAt(i);
    if (code === 0x0a || (code === 0x0d && decoded.charCodeAt(i + 1) !== 0x0a)) starts.push(i + 1);
  }
  return starts;
}

/** Index of the last entry whose key is at most `wanted`; -1 when there is none. */
function lastAtMost<T>(entries: readonly T[], wanted: number, key: (entry: T) => number): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const entry = entries[middle];
    if (entry !== undefined && key(entry) <= wanted) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Line (from 1) and column (from 1) of an offset in the decoded file. */
export function placeInFile(
  lineStarts: readonly number[],
  fileOffset: number,
): { line: number; column: number } {
  const index = Math.max(
    0,
    lastAtMost(lineStarts, fileOffset, (start) => start),
  );
  return { line: index + 1, column: fileOffset - (lineStarts[index] ?? 0) + 1 };
}

/** Offset in the decoded file that the text at `offset` came from. */
export function fileOffset(document: Pick<Document, 'origin'>, offset: number): number {
  const { runs } = document.origin;
  const run = runs[lastAtMost(runs, offset, (entry) => entry.textStart)];
  return run === undefined ? 0 : run.fileStart + (offset - run.textStart);
}

/** Line of the file (from 1) of the text at `offset`. */
export function lineAt(document: Pick<Document, 'origin'>, offset: number): number {
  return placeInFile(document.origin.lineStarts, fileOffset(document, offset)).line;
}

/** First and last line of the file of the text `[start, end)`. */
export function linesOf(document: Pick<Document, 'origin'>, start: number, end: number): LineRange {
  const first = lineAt(document, start);
  return [first, Math.max(first, lineAt(document, Math.max(start, end - 1)))];
}
