/** Text at a place of the page, in points from its left and lower edge. */
export interface Placed {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  /** In points; 10 unless given. */
  readonly size?: number;
  /** Operators before it. */
  readonly before?: string;
  readonly font?: 'roman' | 'bold' | 'unmapped' | 'japanese';
}

const FONTS = { roman: 'F1', bold: 'F2', unmapped: 'F3', japanese: 'F4' } as const;
const FIRST_PAGE = 8;

/** A PDF with the lines of each page one below the other. ASCII only. */
export function makePdf(pages: readonly (readonly string[])[]): Uint8Array {
  return placedPdf(
    pages.map((lines) =>
      lines.map((text, index) => ({ text, x: 60, y: 780 - 14 * index, size: 11 })),
    ),
  );
}

/** A PDF with text at given places. ASCII only, but in `japanese`. In the font `unmapped` letters are numbers of glyphs. */
export function placedPdf(
  pages: readonly (readonly Placed[])[],
  { title = '' }: { readonly title?: string } = {},
): Uint8Array {
  const ids = pages.map((_, index) => FIRST_PAGE + index * 2);
  const objects = new Map<number, string>([
    [1, '<< /Type /Catalog /Pages 2 0 R >>'],
    [
      2,
      `<< /Type /Pages /Kids [${ids.map((id) => `${id} 0 R`).join(' ')}] /Count ${ids.length} >>`,
    ],
    [3, '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>'],
    [4, '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold >>'],
    [
      5,
      '<< /Type /Font /Subtype /Type0 /BaseFont /Own /Encoding /Identity-H /DescendantFonts [<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Own /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /DW 500 /FontDescriptor << /Type /FontDescriptor /FontName /Own /Flags 4 >> >>] >>',
    ],
    [
      7,
      '<< /Type /Font /Subtype /Type0 /BaseFont /Ryumin-Light /Encoding /UniJIS-UTF16-H /DescendantFonts [<< /Type /Font /Subtype /CIDFontType0 /BaseFont /Ryumin-Light /CIDSystemInfo << /Registry (Adobe) /Ordering (Japan1) /Supplement 4 >> /DW 1000 /FontDescriptor << /Type /FontDescriptor /FontName /Ryumin-Light /Flags 4 >> >>] >>',
    ],
    [6, `<< /Title (${escaped(title)}) >>`],
  ]);
  for (const [index, placed] of pages.entries()) {
    const id = ids[index] ?? 0;
    const content = `BT ${placed.map(shown).join('\n')} ET`;
    objects.set(
      id,
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R /F2 4 0 R /F3 5 0 R /F4 7 0 R >> >> /Contents ${id + 1} 0 R >>`,
    );
    objects.set(id + 1, `<< /Length ${content.length} >>\nstream\n${content}\nendstream`);
  }
  return written(objects);
}

function shown({ text, x, y, size = 10, font = 'roman', before = '' }: Placed): string {
  const hex = (letter: string): string =>
    (letter.charCodeAt(0) - (font === 'unmapped' ? 29 : 0)).toString(16).padStart(4, '0');
  const isCoded = font === 'unmapped' || font === 'japanese';
  const string = isCoded ? `<${Array.from(text, hex).join('')}>` : `(${escaped(text)})`;
  return `${before} /${FONTS[font]} ${size} Tf 1 0 0 1 ${x} ${y} Tm ${string} Tj`;
}

function escaped(text: string): string {
  return text.replace(/[\\()]/g, '\\$&');
}

/** Objects as a file, with the table of their places. */
function written(objects: ReadonlyMap<number, string>): Uint8Array {
  let pdf = '%PDF-1.4\n';
  const entries: string[] = [];
  for (const [id, object] of [...objects].sort(([a], [b]) => a - b)) {
    entries.push(`${String(pdf.length).padStart(10, '0')} 00000 n \n`);
    pdf += `${id} 0 obj\n${object}\nendobj\n`;
  }
  const start = pdf.length;
  pdf += `xref\n0 ${objects.size + 1}\n0000000000 65535 f \n${entries.join('')}`;
  pdf += `trailer\n<< /Size ${objects.size + 1} /Root 1 0 R /Info 6 0 R >>\nstartxref\n${start}\n%%EOF\n`;
  return Uint8Array.from(pdf, (character) => character.charCodeAt(0));
}
