import { expect, it } from 'vitest';
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
