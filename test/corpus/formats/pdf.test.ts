import { describe, expect, it } from 'vitest';
import { makePdf } from './make-pdf.ts';
import { expectSound } from '../invariants.ts';
import { blocksOf, read, readSound } from '../read.ts';
import { readPdf } from '../../../src/corpus/formats/pdf.ts';

const PAGE = (n: number, lines: readonly string[]): string[] => [
  'Annual report of the ministry',
  ...lines,
  `Page ${n}`,
];

describe('readPdf, by way of readDocument', () => {
  it('reads paragraphs across lines and leaves out running heads and page numbers', async () => {
    const bytes = makePdf([
      PAGE(1, [
        'The minister in Hamburg',
        'Kamikawa visited the tribunal for the law of the sea in Hamburg, where',
        'its president (Tomas Heidar) received her.',
      ]),
      PAGE(2, [
        'She spoke of the rule of law for some time, and of the judges, who have',
        'served there for long.',
      ]),
      PAGE(3, ['Nothing else was said on that day.']),
    ]);
    const document = await readSound('a.pdf', bytes);
    expect(document.title).toBe('The minister in Hamburg');
    expect(blocksOf(document)).toEqual([
      'Kamikawa visited the tribunal for the law of the sea in Hamburg, where its president (Tomas Heidar) received her.',
      'She spoke of the rule of law for some time, and of the judges, who have served there for long.',
      'Nothing else was said on that day.',
    ]);
    const pdf = await readPdf(bytes);
    if (!pdf.ok) expect.fail(pdf.message);
    expectSound(document, pdf.decoded);
  });

  it('refuses a PDF without text and a file that is none', async () => {
    expect((await read('a.pdf', makePdf([[]]))).problems[0]?.message).toContain('only images');
    expect((await read('a.pdf', 'no PDF at all')).problems[0]?.message).toMatch(
      /^expected a PDF, found: [^.]+\. Save/,
    );
  });
});
