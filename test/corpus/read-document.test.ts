import { expect, it } from 'vitest';
import { placedPdf } from './formats/make-pdf.ts';
import { passagesOf } from '../../src/corpus/passages.ts';
import { blocksOf, readSound } from './read.ts';

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
