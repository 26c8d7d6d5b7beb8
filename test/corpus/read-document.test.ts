import { expect, it } from 'vitest';
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

it('names a web page in a text file, and what it leaves out of a file without text', async () => {
  expect((await read('page.txt', '\n<!DOCTYPE html><p>The gate.</p>')).problems[0]?.message).toContain(
    'ending .html',
  );
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
