import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makePdf, placedPdf, type Placed } from './make-pdf.ts';
import { expectSound } from '../invariants.ts';
import { blocksOf, read, readSound } from '../read.ts';
import { Unreadable } from '../../../src/corpus/formats/block.ts';
import { readPdf, withoutPictures } from '../../../src/corpus/formats/pdf.ts';

/** Lines one below the other from a place on. */
function column(
  lines: readonly string[],
  x: number,
  y: number,
  more: Partial<Placed> = {},
): Placed[] {
  return lines.map((text, index) => ({ text, x, y: y - 12 * index, ...more }));
}

const LEFT = [
  'Lighthouses of this coast were lit with',
  'whale oil until the winter of 1861, when',
  'the harbour board bought four lamps and',
  'sent for paraffin. Keepers were paid by',
  'the month, and a second man came only',
  'in the dark half of the year.',
];
const RIGHT = [
  'Fog signals came later. A bell was rung',
  'by hand every two minutes, whoever was',
  'awake, and the log book had to say for',
  'how long. Some keepers tied the rope to',
  'the mill wheel, which the inspector found',
  'out in his second summer there.',
];

describe('readPdf, by way of readDocument', () => {
  it('reads paragraphs across lines and leaves out running heads and page numbers', async () => {
    const page = (number: number, lines: readonly string[]): string[] => [
      'Annual report of the ministry',
      ...lines,
      `Page ${number}`,
    ];
    const bytes = makePdf([
      page(1, [
        'The minister in Hamburg',
        'Kamikawa visited the tribunal for the law of the sea in Hamburg, where',
        'its president (Tomas Heidar) received her.',
      ]),
      page(2, [
        'She spoke of the rule of law for some time, and of the judges, who have',
        'served there for long.',
      ]),
      page(3, ['Nothing else was said on that day.']),
    ]);
    const document = await readSound('a.pdf', bytes);
    expect(document.title).toBe('The minister in Hamburg');
    expect(blocksOf(document)).toEqual([
      'The minister in Hamburg',
      'Kamikawa visited the tribunal for the law of the sea in Hamburg, where its president (Tomas Heidar) received her.',
      'She spoke of the rule of law for some time, and of the judges, who have served there for long.',
      'Nothing else was said on that day.',
    ]);
    const pdf = await readPdf(bytes);
    expectSound(document, pdf.decoded);
  });

  it('reads columns one after another, below the title that spans them', async () => {
    const title = { text: 'The lamps and bells of the northern coast', x: 150, y: 780, size: 18 };
    // The lines of both columns in turn, as many programs write them.
    const rows = LEFT.flatMap((_, index) => [
      ...column(LEFT, 60, 740).slice(index, index + 1),
      ...column(RIGHT, 310, 737).slice(index, index + 1),
    ]);
    const document = await readSound('a.pdf', placedPdf([[title, ...rows]]));
    expect(document.title).toBe(title.text);
    expect(blocksOf(document)).toEqual([title.text, LEFT.join(' '), RIGHT.join(' ')]);
  });

  it('leaves out heads that alternate between left and right pages, and names their lines', async () => {
    const pages = [1, 2, 3, 4].map((number) => [
      number % 2 === 0
        ? { text: `${number}   The Coastal Quarterly`, x: 60, y: 810, size: 8 }
        : { text: `On lamps and bells   ${number}`, x: 400, y: 810, size: 8 },
      ...column([`Chapter note ${'abcd'.charAt(number)} tells what the keepers did.`], 60, 700),
    ]);
    const { document, leftOut } = await read('a.pdf', placedPdf(pages));
    expect(document?.text).not.toMatch(/Quarterly|lamps/);
    expect(leftOut).toEqual(
      [1, 3, 5, 7].map((line) => ({ lines: [line, line], why: 'running head or page number' })),
    );
  });

  it('joins a word over the end of a line where the joined word is one', async () => {
    const lines = [
      'The engine lost most of its perfor-',
      'mance in spring, which the well-',
      'known captain had foreseen. He went to Vass-',
      'botn, a town on the fjord, and brought a re-',
      'use valve from the depot, as the reuse rule asks.',
    ];
    const document = await readSound('a.pdf', placedPdf([column(lines, 60, 700)]));
    expect(document.text).toBe(
      'The engine lost most of its performance in spring, which the well-known captain had foreseen. He went to Vassbotn, a town on the fjord, and brought a reuse valve from the depot, as the reuse rule asks.',
    );
  });

  it('begins paragraphs at indented lines and wider gaps, not at capitals', async () => {
    const first = [
      'Two ships of the line lay in the bay of',
      'Altavik that week. The ministry of',
      'Tides had not been told of either one.',
    ];
    const second = ['Their captains came ashore after noon', 'and asked for water and for bread.'];
    const third = ['Nobody answered them until the evening.'];
    const document = await readSound(
      'a.pdf',
      placedPdf([
        [
          ...column(first, 60, 700),
          ...column(second.slice(0, 1), 75, 664),
          ...column(second.slice(1), 60, 652),
          ...column(third, 60, 620),
        ],
      ]),
    );
    expect(blocksOf(document)).toEqual([first, second, third].map((lines) => lines.join(' ')));
  });

  it('takes headings by the size of their letters, and the title that the file gives', async () => {
    const placed = [
      { text: 'Ministry of Tides', x: 60, y: 800 },
      { text: 'Urchins in winter', x: 60, y: 770, size: 20 },
      { text: 'Fines', x: 60, y: 740, size: 14 },
      ...column(
        ['Collectors who take more than forty pay', 'ninety crowns for each of them.'],
        60,
        715,
      ),
      { text: 'Season', x: 60, y: 680, size: 14 },
      ...column(['It runs from November to February.'], 60, 655),
    ];
    const given = await readSound('a.pdf', placedPdf([placed], { title: 'Rules for collectors' }));
    expect(given.title).toBe('Rules for collectors');
    expect(given.sections.map(({ headings }) => headings)).toEqual([
      [],
      ['Urchins in winter', 'Fines'],
      ['Urchins in winter', 'Season'],
    ]);
    for (const title of ['', 'rules_v3.docx', 'Microsoft Word - rules', 'untitled']) {
      expect((await readSound('a.pdf', placedPdf([placed], { title }))).title).toBe(
        'Urchins in winter',
      );
    }
  });

  it('reads a table row by row and marks the row that names the columns', async () => {
    const rows = [
      ['Station', 'Depth', 'Keeper'],
      ['Altavik', '125', 'Ingrid Vassbotn'],
      ['Bodholm', '139', 'Aksel Thorne'],
      ['Kirkvoll', '97', 'Marta Eide'],
    ];
    // Column by column, as some programs write them.
    const placed = [0, 1, 2].flatMap((cell) =>
      rows.map((row, index) => ({
        text: row[cell] ?? '',
        x: 60 + 150 * cell,
        y: 700 - 16 * index,
      })),
    );
    const document = await readSound('a.pdf', placedPdf([placed]));
    expect(blocksOf(document)).toEqual(rows.map((row) => row.join(' ')));
    const pdf = await readPdf(placedPdf([placed]));
    expect(pdf.blocks.map(({ level }) => level)).toEqual([1, 0, 0, 0]);
  });

  it('knows a table of long cells from columns, and the lines above it from its rows', async () => {
    const end = ['The rules of the basin have stood since the', 'crane was built.'];
    const cells = [
      [
        ['Rule', ''],
        ['Reason', ''],
        ['Since', ''],
      ],
      [
        ['No ship may anchor near the crane', 'at any time of the year'],
        ['Its cables lie on the ground and', 'cannot be seen'],
        ['1998', ''],
      ],
      [
        ['Ferries go before every other vessel', 'in the inner basin'],
        ['They cannot stop within the length', 'of the basin'],
        ['2004', ''],
      ],
      [
        ['Lamps are lit from sunset on', ''],
        ['Two boats met in one winter', ''],
        ['1961', ''],
      ],
    ];
    const placed = cells.flatMap((row, at) =>
      row.flatMap((lines, cell) =>
        lines.map((text, line) => ({ text, x: 60 + 190 * cell, y: 640 - 36 * at - 12 * line })),
      ),
    );
    const document = await readSound(
      'a.pdf',
      placedPdf([[{ text: 'Rules', x: 60, y: 740, size: 16 }, ...column(end, 60, 700), ...placed]]),
    );
    expect(blocksOf(document)).toEqual([
      'Rules',
      end.join(' '),
      ...cells.map((row) =>
        row
          .flat()
          .filter((text) => text !== '')
          .join(' '),
      ),
    ]);
  });

  it('reads columns whose paragraphs end at different heights one after another', async () => {
    const lines = (name: string): string[] =>
      Array.from({ length: 12 }, (_, at) => `${name} went on to line number ${at} of all`);
    const columns = [9, 10, 8].map((count, at) => {
      const text = lines(['Anna', 'Bodil', 'Carl'][at] ?? '');
      const x = 40 + 178 * at;
      return [
        ...column(text.slice(0, count), x, 700),
        ...column(text.slice(count), x, 694 - 12 * count),
      ];
    });
    const { text } = await readSound('a.pdf', placedPdf([columns.flat()]));
    expect([...text.matchAll(/Anna|Bodil|Carl/g)].map(String)).toEqual(
      ['Anna', 'Bodil', 'Carl'].flatMap((name) => lines(name).map(() => name)),
    );
  });

  it('reads short columns that the file prints one after another so, and the line that spans them', async () => {
    const left = ['The dyke at Osmund was mended by', 'forty volunteers before the', 'water came.'];
    const right = ['Nobody has counted the sandbags,', 'but the quarry sent nine lorries.'];
    const below =
      'The council thanks all of them, and will pay for the lorries out of the fund for the winter.';
    const placed = [
      { text: 'Dyke', x: 40, y: 724, size: 14 },
      ...column(left, 40, 700),
      { text: 'Sand', x: 220, y: 716, size: 14 },
      ...column(right, 220, 700),
      { text: below, x: 40, y: 640 },
    ];
    const document = await readSound('a.pdf', placedPdf([placed]));
    expect(blocksOf(document)).toEqual(['Dyke', left.join(' '), 'Sand', right.join(' '), below]);
  });

  it('reads the rows of a table whose cells the file prints one after another', async () => {
    const rows = [
      [['Ship'], ['Remark']],
      [
        ['Zinnia, built of oak in', 'the year 1902'],
        ['Her hull is sound, but one rail', 'is missing on the port side'],
      ],
      [['Marigold'], ['No fault was found when the', 'crew was asked about fires']],
    ];
    const heights = [0, 14, 42];
    const placed = rows.flatMap((row, at) =>
      row.flatMap((lines, cell) =>
        lines.map((text, line) => ({
          text,
          x: 60 + 160 * cell,
          // The only line of a cell stands in the middle of its row.
          y: 640 - (heights[at] ?? 0) - 14 * line - (at === 2 && cell === 0 ? 7 : 0),
        })),
      ),
    );
    const document = await readSound('a.pdf', placedPdf([placed]));
    expect(blocksOf(document)).toEqual(rows.map((row) => row.flat().join(' ')));
  });

  it('reads upright characters below each other as vertical writing, with the figures in it', async () => {
    const lines = ['港の門は正午に閉じた。嵐で', '船が舵を失ったからである。'];
    const cells = (line: string, x: number): Placed[] =>
      Array.from(line, (text, at) => ({ text, x, y: 700 - 12 * at, size: 12, font: 'japanese' }));
    const year = { text: '12', x: 448, y: 700, size: 12 };
    const vertical = [
      ...lines.flatMap((line, at) => cells(line, 500 - 18 * at)),
      year,
      ...cells('年のことだった。', 446).map((cell) => ({ ...cell, y: cell.y - 12 })),
      { text: 'Printed by the harbour office', x: 60, y: 40 },
    ];
    const { leftOut, document } = await read('a.pdf', placedPdf([vertical]));
    expect(document && blocksOf(document).join('')).toBe(`${lines.join('')}12年のことだった。`);
    expect(leftOut.map(({ why }) => why)).toEqual(['text across the page']);
  });

  it('leaves out the readings above Japanese words, and names them', async () => {
    const japanese = { font: 'japanese', size: 12 } as const;
    const { leftOut, document } = await read(
      'a.pdf',
      placedPdf([
        [
          { ...japanese, text: '町の外れにある古い建物で、', x: 60, y: 700 },
          { ...japanese, text: 'とうだい', x: 96, y: 688, size: 6 },
          { ...japanese, text: '番人は灯台に住み、日記を書い', x: 60, y: 676 },
          { ...japanese, text: 'た。', x: 60, y: 652 },
        ],
      ]),
    );
    expect(document && blocksOf(document)).toEqual([
      '町の外れにある古い建物で、番人は灯台に住み、日記を書いた。',
    ]);
    expect(leftOut.map(({ why }) => why)).toEqual(['reading of the characters below it']);
  });

  it('leaves out letters that are too small to be seen, and names them', async () => {
    const seen = { text: 'The tide was low, and the boats waited.', x: 60, y: 700 };
    const tiny = { text: 'Nobody is to read of the crates.', x: 60, y: 660, size: 0.5 };
    const { document, leftOut } = await read('a.pdf', placedPdf([[seen, tiny]]));
    expect(document?.text).toBe(seen.text);
    expect(leftOut.map(({ why }) => why)).toContain('letters too small to be seen');
  });

  it('leaves out what a browser prints around a page, which ends with the number of all pages', async () => {
    const edge = { size: 8 };
    const placed = (page: number): Placed[] => [
      { ...edge, text: '5/12/24, 9:40 AM', x: 24, y: 820 },
      { ...edge, text: 'Notes of the harbour', x: 250, y: 820 },
      ...column(LEFT, 60, 780),
      { ...edge, text: 'https://harbour.example/notes', x: 24, y: 20 },
      { ...edge, text: `${page}/1`, x: 560, y: 20 },
    ];
    expect(blocksOf(await readSound('a.pdf', placedPdf([placed(1)])))).toEqual([LEFT.join(' ')]);
    // A page may begin right below.
    const long = Array.from({ length: 3 }, () => LEFT).flat();
    const near = placed(1).filter(({ x }) => x !== 60);
    const read = await readSound('a.pdf', placedPdf([[...near, ...column(long, 60, 808)]]));
    expect(read.text).not.toContain('AM');
    // Another number is no number of this page.
    expect((await readSound('a.pdf', placedPdf([placed(4)]))).text).toContain('4/1');
  });

  it('keeps the first lines of pages that share them, since no white is below', async () => {
    const shared = ['The keeper of the lamp declares that', 'he has read the rules of the tower'];
    const pages = [1, 2, 3].map((page) => [
      { text: 'Form of the tower', x: 60, y: 780 },
      ...column(
        [
          ...shared,
          ...Array.from(
            { length: 8 },
            (_, at) => `and signs for night ${page * 10 + at} of the year`,
          ),
        ],
        60,
        740,
      ),
    ]);
    const { text } = await readSound('a.pdf', placedPdf(pages));
    expect(text.match(/keeper of the lamp/g)).toHaveLength(3);
    expect(text).not.toContain('Form of');
  });

  it('leaves out numbers that count pages of a total, below another line', async () => {
    const pages = [1, 2, 3].map((page) => [
      ...column(
        [
          `Keeper number ${'abc'[page - 1]} signs here`,
          `and goes home in the ${['rain', 'snow', 'fog'][page - 1]}.`,
        ],
        60,
        700,
      ),
      { text: 'Kept until 1960', x: 60, y: 50, size: 8 },
      { text: `${page}/3`, x: 290, y: 38, size: 8 },
    ]);
    const { text } = await readSound('a.pdf', placedPdf(pages));
    expect(text).not.toMatch(/Kept|\//);
    expect(text.match(/goes home/g)).toHaveLength(3);
  });

  it('joins names, figures and parts of words over the end of a line as they are written', async () => {
    const lines = [
      'She gave the letter of twelve pages to Anne-',
      'Marie Dahl, who had asked for it in the 12-',
      'page report on pre- and post-',
      'war lamps and on the lamps of pre-',
      'and post-war towers.',
    ];
    const document = await readSound('a.pdf', placedPdf([column(lines, 60, 700)]));
    expect(document.text).toBe(
      'She gave the letter of twelve pages to Anne-Marie Dahl, who had asked for it in the 12-page report on pre- and post-war lamps and on the lamps of pre- and post-war towers.',
    );
  });

  it('puts small print at the foot of a page behind the paragraph that runs over it', async () => {
    const body = [
      'The board met in spring and wrote down what the',
      'keepers had asked of it, which was',
    ];
    const rest = ['more oil and a second boat for the winter.'];
    const note = { text: '1 Minutes of the board, kept in the town hall.', x: 60, y: 60, size: 7 };
    const document = await readSound(
      'a.pdf',
      placedPdf([[...column(body, 60, 700), note], column(rest, 60, 700)]),
    );
    expect(blocksOf(document)).toEqual([[...body, ...rest].join(' '), note.text]);
  });

  it('names the pages of fonts without a Unicode map and leaves their text out', async () => {
    const unreadable: Placed = {
      text: 'The lamp was out that night',
      x: 60,
      y: 600,
      font: 'unmapped',
    };
    const { document, leftOut } = await read(
      'a.pdf',
      placedPdf([column(LEFT, 60, 700), [...column(RIGHT, 60, 700), unreadable]]),
    );
    expect(document?.text).toBe([LEFT.join(' '), RIGHT.join(' ')].join('\n'));
    expect(leftOut.map(({ why }) => why)).toEqual([
      'page 2 has text in a font without a Unicode map; run text recognition (OCR) on it',
    ]);
    const { problems } = await read('a.pdf', placedPdf([[unreadable]]));
    expect(problems[0]?.message).toContain('Unicode map, found none on page 1');
  });

  it('refuses a PDF without text and a file that is not a PDF', async () => {
    expect((await read('a.pdf', makePdf([[]]))).problems[0]?.message).toContain('only images');
    expect((await read('a.pdf', 'no PDF at all')).problems[0]?.message).toMatch(
      /^expected a PDF, found: [^.]+\. Save/,
    );
  });

  it('keeps every word, wherever it stands', async () => {
    const place = fc.record({
      text: fc.constantFrom('lamp', 'Bell', 'oil', 'the keeper', 'of 1861'),
      x: fc.integer({ min: 20, max: 500 }),
      y: fc.integer({ min: 20, max: 800 }),
      size: fc.constantFrom(7, 10, 18),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(place, { maxLength: 12 }), { minLength: 1, maxLength: 3 }),
        async (pages) => {
          // Text printed twice at one place stands for bold letters.
          fc.pre(
            pages.every((placed) => !placed.some((one, at) => isTwice(one, placed.slice(0, at)))),
          );
          const pdf = await readPdf(placedPdf(pages)).catch((error: unknown) => {
            if (error instanceof Unreadable) return null;
            throw error;
          });
          if (pdf === null)
            return (
              pages.flat().every(({ text }) => !/\p{L}{2}/u.test(text)) || pages.flat().length < 4
            );
          const { document } = await read('a.pdf', placedPdf(pages));
          if (document !== null) expectSound(document, pdf.decoded);
          const letters = (text: string): string =>
            Array.from(text.replace(/\W/g, '')).sort().join('');
          const placed = pages.flat().map(({ text }) => text);
          expect(letters(pdf.decoded)).toBe(letters(placed.join('')));
          return true;
        },
      ),
      { numRuns: 40, endOnFailure: true },
    );
  });
});

function isTwice({ text, x, y }: Placed, others: readonly Placed[]): boolean {
  return others.some(
    (other) => text === other.text && Math.abs(x - other.x) < 4 && Math.abs(y - other.y) < 9,
  );
}

describe('withoutPictures', () => {
  const stream = (dictionary: string, data: Uint8Array | string): Uint8Array =>
    Buffer.concat([
      Buffer.from(`%PDF-1.4\n1 0 obj\n<< ${dictionary} >>\nstream\n`),
      Buffer.from(data),
      Buffer.from('\nendstream\nendobj\n'),
    ]);
  const million = Buffer.alloc(1_000_000, ' ');

  it('gives up at streams that unfold to more than the limit', async () => {
    const packed = deflateSync(million);
    const hex = `${packed.toString('hex')}>`;
    expect(await withoutPictures(stream('/Filter /FlateDecode', packed), 999_999)).toBeNull();
    expect(await withoutPictures(stream('/Filter /FlateDecode', packed), 1_000_000)).not.toBeNull();
    expect(await withoutPictures(stream('/Filter [/AHx /Fl]', hex), 999_999)).toBeNull();
    expect(await withoutPictures(stream('/Filter 9 0 R', packed), 999_999)).toBeNull();
    const twice = stream('/Filter [/FlateDecode /FlateDecode]', deflateSync(packed));
    expect(await withoutPictures(twice, 999_999)).toBeNull();
    const damaged = Buffer.concat([packed.subarray(0, -100), Buffer.alloc(100, 'x')]);
    expect(await withoutPictures(stream('/Filter /FlateDecode', damaged), 500_000)).toBeNull();
    const runs = Buffer.from([...Array.from({ length: 200 }, () => [129, 32]).flat(), 128]);
    expect(await withoutPictures(stream('/Filter /RunLengthDecode', runs), 25_599)).toBeNull();
    expect(await withoutPictures(stream('/Filter /RunLengthDecode', runs), 26_000)).not.toBeNull();
  });

  it('counts what LZW codes stand for', async () => {
    // Clear, A, then each new code as soon as it is known: 1, 2, 3 … letters.
    const codes = [256, 65, ...Array.from({ length: 200 }, (_, index) => 258 + index), 257];
    const bits = codes.map((code) => code.toString(2).padStart(9, '0')).join('');
    const bytes = bits.match(/.{1,8}/g)?.map((byte) => parseInt(byte.padEnd(8, '0'), 2)) ?? [];
    const size = (201 * 202) / 2;
    const lzw = stream('/Filter /LZWDecode', Uint8Array.from(bytes));
    expect(await withoutPictures(lzw, size)).not.toBeNull();
    expect(await withoutPictures(lzw, size - 1)).toBeNull();
  });

  it('blanks pictures and does not count them', async () => {
    const picture = stream('/Subtype /Image /Filter /FlateDecode', deflateSync(million));
    const copy = await withoutPictures(picture, 10);
    expect(copy?.length).toBe(picture.length);
    expect(Buffer.from(copy ?? []).toString('latin1')).toMatch(/stream\n +endstream/);
  });
});
