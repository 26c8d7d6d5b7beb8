import { Session } from 'node:inspector/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeArchive } from './formats/make-archive.ts';
import { placedPdf } from './formats/make-pdf.ts';
import { passagesOf } from '../../src/corpus/passages.ts';
import { blocksOf, read, readSound } from './read.ts';

it('loses no line of a note with a marked title, with or without a full stop', async () => {
  const lines = [
    'She wrote the program in C#',
    'The bakery opens at seven in the morning and closes when the bread is sold.',
    'The tag ends this line in March. #starter',
    'Feed the dough twice a day with fifty grams of flour and as much water as it takes.',
  ];
  const document = await readSound('note.md', `# Notes\n\n${lines.join('\n\n')}\n`);
  expect(document.title).toBe('Notes');
  expect(blocksOf(document)).toEqual(lines);
});

const MAIL =
  'From: Ada <ada@example.org>\r\nContent-Type: text/plain;\r\n charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nThe paint costs =C2=A3=\r\n310.\r\n';

it.each([
  ['page.txt', '\n<!DOCTYPE html><p>The gate.</p>', 'text, found a web page', '.html'],
  ['page.pdf', '\xef\xbb\xbf<html lang="en"><p>The gate.</p>', 'a PDF, found a web page', '.html'],
  ['part.txt', '<div class="post"><p>The gate.</p></div>', 'text, found a part of a web', '.html'],
  ['minutes.md', '%PDF-1.7\n', 'text, found a PDF', '.pdf'],
  ['minutes.docx', '{\\rtf1 The gate}', 'a DOCX file, found RTF', '.docx'],
  ['minutes.docx', '\xd0\xcf\x11\xe0\xa1', 'a DOCX file, found a file of an old', '.docx'],
  [
    'minutes.pdf',
    'PK\x03\x04 [Content_Types].xml word/document.xml',
    'a PDF, found a DOCX',
    '.docx',
  ],
  ['book.docx', 'PK\x03\x04 mimetypeapplication/epub+zip', 'a DOCX file, found an EPUB', '.epub'],
  [
    'text.docx',
    'PK\x03\x04 mimetypeapplication/vnd.oasis.opendocument.text',
    'LibreOffice',
    '.docx',
  ],
  ['list.docx', 'PK\x03\x04 xl/workbook.xml', 'a table or slides', '.docx'],
  ['things.txt', 'PK\x03\x04 things.csv', 'text, found an archive', 'Unpack'],
  ['gate.html', '\xff\xd8\xff\xe0\0\x10JFIF', 'a web page, found a picture', '(OCR)'],
  ['gate.md', 'GIF89a\x20\x03\x58\x02\xf7', 'text, found a picture', '(OCR)'],
  ['gate.txt', 'RIFF\x24\x10\0\0WEBPVP8', 'text, found a picture', '(OCR)'],
  ['gate.docx', '\0\0\0\x18ftypheic', 'a DOCX file, found a picture or film', '(OCR)'],
  ['mail.txt', MAIL, 'text, found a mail', 'as text'],
  ['mail.eml', MAIL, 'a mail in plain text, found a mail', 'as text'],
  [
    'long.eml',
    `Received: by x;\r\n${'\tid 1;\r\n'.repeat(900)}${MAIL}${'The paint is dear.\r\n'.repeat(5000)}`,
    'found a mail or a web',
    'as text',
  ],
  [
    'page.eml',
    'From: Ada\nContent-Type: text/html; charset=utf-8\n\n<p>The paint.</p>\n',
    'found a mail or a web',
    'as text',
  ],
  [
    'page.html',
    MAIL.replace('text/plain', 'multipart/related'),
    'found a mail or a web',
    'as HTML',
  ],
])('says what %s is that is of another format: %j', async (path, content, found, remedy) => {
  const { document, problems } = await read(path, Buffer.from(content, 'latin1'));
  expect(document).toBeNull();
  expect(problems).toHaveLength(1);
  expect(problems[0]?.message).toContain(found);
  expect(problems[0]?.message).toContain(remedy);
});

it.each(['GIF89a is a format of 1989.', 'Rar! cried the bird.', 'PK is a name.'])(
  'reads a text that begins as files of another kind do: %s',
  async (text) => {
    expect((await readSound('a.txt', text)).text).toBe(text);
  },
);

it('reads Markdown that begins with elements, a mail in plain text, and a text with the ending of a page', async () => {
  const html = '<p align="center">The gate</p>\n\nIt is locked at night.\n';
  expect((await readSound('note.md', html)).text).toContain('It is locked');
  const mail = 'From: Ada\nSubject: The gate\n\nIt is locked at night.\n';
  expect((await readSound('mail.txt', mail)).title).toBe('The gate');
  const text = await readSound('band.html', 'The band\n\nIt plays on Sundays.\n');
  expect([text.title, ...blocksOf(text)]).toEqual(['The band', 'The band', 'It plays on Sundays.']);
});

const HEADS = `Received: by mx.example.org with SMTP id be28;
        Tue, 9 Jan 2024 05:03:12 -0800 (PST)
From: Marit Holm <m@example.org>
Date: Tue, 9 Jan 2024 14:03:11 +0100
Subject: The boiler for the harbour
 of Aldersund
Cc:
Content-Type: text/plain; charset="UTF-8"

The boiler is here, and so is the man who put it on the boat.

---------- Forwarded message ---------
From: Jon <j@example.org>
Sent: Monday
Subject: Crane

> From: Per
> Subject: Weight
>
> It weighs 900 kg.
`;

it.each(['mail.eml', 'mail.txt', 'mail.md'])(
  'takes title, date and author of %s from the head of the mail, and quotes no line of a head',
  async (path) => {
    for (const content of [HEADS, HEADS.replaceAll('\n', '\r\n')]) {
      const { document, author, leftOut, problems } = await read(path, content);
      expect([problems, document?.title, document?.date, author]).toEqual([
        [],
        'The boiler for the harbour of Aldersund',
        '2024-01-09',
        'Marit Holm',
      ]);
      expect(document && blocksOf(document)).toEqual([
        'The boiler is here, and so is the man who put it on the boat.',
        'It weighs 900 kg.',
      ]);
      expect(leftOut.map(({ lines, why }) => `${lines.join('–')}: ${why}`)).toEqual([
        '1–8: the head of a mail',
        '12–15: the head of a mail',
        '17–18: the head of a mail',
      ]);
    }
  },
);

it('keeps lines that only look like the head of a mail, and no title in code', async () => {
  const train = 'From: Oslo\nTo: Bergen\nDate: 5 January 2024\n\nThe train takes seven hours.\n';
  expect(blocksOf(await readSound('train.txt', train))).toContain('To: Bergen');
  const coded = 'From: Ada\nSubject: =?utf-8?B?5qGf?=\n\nThe gate is locked.\n';
  expect((await readSound('gate.eml', coded)).title).toBe('The gate is locked.');
});

it('names what it leaves out of a file without text', async () => {
  expect(await read('note.md', '# Heading\n\n%% private\n\nnote %%\n')).toMatchObject({
    skipped: 'it has no text below its title',
    leftOut: [{ lines: [3, 5], why: 'a comment' }],
  });
});

it('reads a line of a million signs', async () => {
  const document = await readSound('dots.txt', `The end ${'.'.repeat(1_000_000)}`);
  expect(document.text).toHaveLength(1_000_008);
});

it('quotes a line that it takes for a heading, in a file of any format that marks none', async () => {
  const title = 'My notes on bread, flour and the price of both';
  const heading = 'She wrote the program in C#';
  const prose =
    'The bakery opens at seven in the morning and closes when the last loaf of the day is sold.';
  const text = [title, heading, prose].join('\n\n');
  const pdf = placedPdf([
    [
      { text: title, x: 60, y: 780, size: 20 },
      { text: heading, x: 60, y: 740, font: 'bold' },
      { text: prose, x: 60, y: 720 },
    ],
  ]);
  for (const [path, content] of [
    ['notes.txt', text],
    ['notes.md', text],
    ['notes.pdf', pdf],
  ] as const) {
    const document = await readSound(path, content);
    expect(document.title, path).toBe(title);
    expect(document.sections.at(-1)?.headings.at(-1), path).toBe(heading);
    expect(passagesOf(document, []).map((passage) => passage.text)).toEqual([
      [title, heading, prose].join('\n'),
    ]);
  }
});

const PROSE = 'The board went on to say that the matter would be looked at again, and ended. ';

function chapter(body: string): Uint8Array {
  return makeArchive({
    'META-INF/container.xml': '<rootfile full-path="b.opf"/>',
    'b.opf':
      '<manifest><item id="c" href="c.xhtml"/></manifest><spine><itemref idref="c"/></spine>',
    'c.xhtml': `<html><body>${body}</body></html>`,
  });
}

/** Kinds of files that have been slow somewhere, each in any size. */
const KINDS: Readonly<Record<string, readonly [path: string, (n: number) => string | Uint8Array]>> =
  {
    'elements inside each other': ['a.html', (n) => '<div>'.repeat(30 * n) + PROSE],
    'many paragraphs deep inside': [
      'a.html',
      (n) => '<div>'.repeat(100) + `<p>${PROSE}</p>`.repeat(n),
    ],
    'emphasis without end': ['a.html', (n) => '<b><p>text'.repeat(10 * n)],
    'many links': ['a.html', (n) => '<a href="/one">A page</a> '.repeat(5 * n)],
    'many attributes': [
      'a.html',
      (n) => `<p ${Array.from({ length: 20 * n }, (_, i) => `a${i}=x`).join(' ')}>${PROSE}`,
    ],
    'a long title and many headings': [
      'a.html',
      (n) =>
        `<title>${'Word | '.repeat(10 * n)}</title>${'<h1>A heading of it</h1>'.repeat(n)}${PROSE}`,
    ],
    'many small tables': [
      'a.html',
      (n) => '<table><tr><th>a<th>b<tr><td>1<td>2</table>'.repeat(2 * n),
    ],
    'many note marks': [
      'a.html',
      (n) => '<p>Some text<sup><a href="#n">1</a></sup> with a note.</p>'.repeat(5 * n),
    ],
    'comments without end': ['a.md', (n) => '<!-- %% '.repeat(20 * n)],
    'quotations in quotations': ['a.md', (n) => '> '.repeat(50 * n) + PROSE],
    'lists in lists': ['a.md', (n) => `${'- '.repeat(50)}${PROSE}\n`.repeat(n)],
    'emphasis that nobody closes': ['a.md', (n) => '*a **b '.repeat(20 * n)],
    'brackets that nobody closes': ['a.md', (n) => '[a](!['.repeat(20 * n)],
    'many footnotes': [
      'a.md',
      (n) => Array.from({ length: 3 * n }, (_, i) => `A[^${i}].\n\n[^${i}]: note\n\n`).join(''),
    ],
    'one line without a space': ['a.txt', (n) => 'x'.repeat(500 * n)],
    'initials without end': ['a.txt', (n) => 'J. '.repeat(50 * n)],
    'wrapped lines without a paragraph': ['a.txt', (n) => `${PROSE}\n`.repeat(5 * n)],
    'notes of a book without end': [
      'a.epub',
      (n) => chapter('<a epub:type="noteref" '.repeat(20 * n) + PROSE),
    ],
    'many small pieces on a page': [
      'a.pdf',
      (n) =>
        placedPdf([
          Array.from({ length: 10 * n }, (_, i) => ({
            text: 'ab',
            x: (i * 37) % 560,
            y: (i * 91) % 800,
          })),
        ]),
    ],
  };

describe.skipIf(process.env['COVERAGE'] === 'on')(
  'reading takes work in proportion to the size of',
  () => {
    const session = new Session();

    beforeAll(async () => {
      session.connect();
      await session.post('Profiler.enable');
      await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
    });

    afterAll(() => session.disconnect());

    /** How often V8 ran any function or branch while a file was read and cut: the same on every machine. */
    async function workOf(path: string, content: string | Uint8Array): Promise<number> {
      await session.post('Profiler.takePreciseCoverage');
      const { document } = await read(path, content);
      if (document !== null) passagesOf(document, []);
      const { result } = await session.post('Profiler.takePreciseCoverage');
      let work = 0;
      for (const { functions } of result) {
        for (const { ranges } of functions) for (const { count } of ranges) work += count;
      }
      return work;
    }

    it.each(Object.entries(KINDS))('%s', async (_, [path, make]) => {
      await read(path, make(1));
      const [small, large] = [await workOf(path, make(15)), await workOf(path, make(60))];
      expect(large).toBeLessThan(small * 6);
    });
  },
);
