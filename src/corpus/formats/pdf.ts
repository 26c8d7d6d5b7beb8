import { messageOf } from '../../errors.ts';
import type { Block, ParsedBody } from './block.ts';
import { readLines, paragraphsOf, wrapWidth } from './plain-text.ts';

export type ReadPdf =
  | (ParsedBody & {
      readonly ok: true;
      /** The text of all pages, to whose lines the line numbers of the document refer. */
      readonly decoded: string;
    })
  | { readonly ok: false; readonly message: string };

/**
 * Text of a PDF without running heads and page numbers. Line numbers are those of the extracted text, because a PDF has
 * no lines.
 */
export async function readPdf(bytes: Uint8Array): Promise<ReadPdf> {
  const { extractText, getDocumentProxy } = await import('unpdf');
  let pages: readonly string[];
  try {
    // A copy, because the PDF reader transfers the buffer. Not by `slice`, which for a Buffer shares the memory.
    const pdf = await getDocumentProxy(new Uint8Array(bytes), { verbosity: 0 });
    pages = (await extractText(pdf, { mergePages: false })).text;
    await pdf.destroy();
  } catch (error) {
    const found = messageOf(error).replace(/[.\s]+$/, '');
    const isLocked = /password/i.test(found);
    return {
      ok: false,
      message: isLocked
        ? 'expected a PDF that opens without a password, found an encrypted one. Save a copy without the password.'
        : `expected a PDF, found: ${found}. Save the document again, as PDF or as text.`,
    };
  }
  const decoded = pages.map((page) => page.replaceAll('\0', '')).join('\n');
  if (!/\p{L}{2}/u.test(decoded)) {
    return {
      ok: false,
      message:
        'expected a PDF with text, found only images. Run text recognition (OCR) on it, or save its text.',
    };
  }
  const lines = withoutRunningHeads(
    pages.map((page) => readLines(page)),
    decoded,
  );
  return { ok: true, decoded, blocks: paragraphsOf(lines, wrapWidth(lines)), leftOut: [] };
}

/** Lines without page numbers and without lines that recur at the edges of most pages, apart from their numbers. */
function withoutRunningHeads(pages: readonly (readonly Block[])[], decoded: string): Block[] {
  const key = (line: Block): string => line.text.replace(/\d+/g, '#').toLowerCase();
  const edges = pages.map((lines) => {
    const filled = lines.filter(({ text }) => text !== '');
    return new Set([...filled.slice(0, 2), ...filled.slice(-2)].map(key));
  });
  const counts = new Map<string, number>();
  for (const edge of edges) for (const text of edge) counts.set(text, (counts.get(text) ?? 0) + 1);
  const kept: Block[] = [];
  for (const line of readLines(decoded)) {
    const isNumber = /^(?:page\s+)?[-–—\s]*\d{1,4}[-–—\s]*(?:\s*(?:of|\/)\s*\d{1,4})?$/i.test(
      line.text,
    );
    const recurs =
      pages.length >= 3 && (counts.get(key(line)) ?? 0) >= Math.ceil(pages.length * 0.6);
    if (!isNumber && !recurs) kept.push(line);
  }
  return kept;
}
