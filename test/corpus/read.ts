import { expect } from 'vitest';
import { FORMATS, readDocument, type ReadDocument } from '../../src/corpus/read-document.ts';
import type { Document } from '../../src/corpus/types.ts';

/** Reads a file that exists only here. */
export async function read(path: string, content: string | Uint8Array): Promise<ReadDocument> {
  const format = FORMATS.find((known) => path.endsWith(known));
  if (format === undefined) throw new RangeError(`no format for ${path}`);
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  return readDocument({ path, format, bytes });
}

/** Reads a file that must have nothing wrong with it. */
export async function readSound(path: string, content: string | Uint8Array): Promise<Document> {
  const { document, problems } = await read(path, content);
  expect(problems).toEqual([]);
  if (document === null) throw new Error(`${path} gave neither a document nor a problem`);
  return document;
}

/** The body blocks of a document as texts. */
export function blocksOf({ text, sections }: Document): string[] {
  return sections.flatMap(({ blocks }) => blocks.map(({ start, end }) => text.slice(start, end)));
}
