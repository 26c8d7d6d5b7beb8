import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectSound } from '../invariants.ts';
import { blocksOf, read, readSound } from '../read.ts';

const WRAPPED = `Japan's minister in Kyiv

KYIV, January 7, 2024

The minister arrived in the morning by a train from the east of Poland and
was shown the church of Bucha. She had told nobody of her plan, so that the
visit took reporters by surprise.
   The second paragraph is only indented. It speaks of generators, and of a
joint-
stock company that makes them.

1. The talks lasted long.
2. The dinner did not.
1. The list begins anew.
`;

describe('readPlainText, by way of readDocument', () => {
  it('joins hard-wrapped lines and finds title, dateline and list', async () => {
    const document = await readSound('page.txt', WRAPPED);
    expect(document.title).toBe("Japan's minister in Kyiv");
    expect(document.date).toBe('2024-01-07');
    expect(blocksOf(document)).toEqual([
      "Japan's minister in Kyiv",
      'KYIV, January 7, 2024',
      'The minister arrived in the morning by a train from the east of Poland and was shown the church of Bucha. She had told nobody of her plan, so that the visit took reporters by surprise.',
      'The second paragraph is only indented. It speaks of generators, and of a joint-stock company that makes them.',
      '1. The talks lasted long.',
      '2. The dinner did not.',
      '1. The list begins anew.',
    ]);
    expectSound(document, WRAPPED);
  });

  it('puts a dateline into the passage that it opens', async () => {
    const [first] = expectSound(await readSound('page.txt', WRAPPED), WRAPPED, {
      targetCharacters: 100,
    });
    expect(first?.text).toMatch(/^Japan's .+\nKYIV, January 7, 2024\nThe minister arrived/);
    expect(first?.lines).toEqual([1, 6]);
  });

  it('guesses headings only right above running text', async () => {
    const prose =
      'This is a paragraph of running text that is long enough to be taken for one by anybody.';
    const text = `The title of it all\n\nThe first heading\n\n${prose}\n\nAnother heading, with a comma\n\n${prose} Again.\n\nNot a heading\n\nNor this\n`;
    const document = await readSound('page.txt', text);
    expect(document.sections.map(({ headings }) => headings)).toEqual([
      ['The first heading'],
      ['Another heading, with a comma'],
    ]);
    expect(blocksOf(document)).toEqual(text.trim().split('\n\n'));
  });

  it('reads lone carriage returns and form feeds as line ends', async () => {
    const text =
      'A title here\rThe first paragraph of the old file stands here.\rAnother one follows it and ends in its turn.\fThe second page begins and ends here.';
    expect(blocksOf(await readSound('old.txt', text))).toHaveLength(4);
  });

  it('is sound for any text and keeps every word of it', async () => {
    const line = fc
      .array(
        fc.constantFrom(
          'Kyiv',
          'The',
          'said.',
          'U.S.',
          '“Yes”',
          '\u00a0',
          '•',
          '1.',
          'Share',
          'January 7, 2024',
          'of',
          'and',
          'a-',
          'word',
          '😀',
          '[^x]',
        ),
        { maxLength: 25 },
      )
      .map((words) => words.join(' '));
    await fc.assert(
      fc.asyncProperty(
        fc.array(line, { maxLength: 20 }),
        fc.constantFrom('\n', '\r\n', '\r', '\n\n'),
        async (lines, ending) => {
          const text = lines.join(ending).replaceAll('[^x]', '');
          const { document, problems } = await read('x.txt', text);
          expect(document === null).toBe(problems.length > 0);
          if (document === null) return;
          expectSound(document, text, { targetCharacters: 120 });
          // A line that is taken for a heading can be quoted all the same.
          const wordsOf = (lines: string): string => lines.replace(/[^\w]/g, '');
          expect(wordsOf(blocksOf(document).join(' '))).toBe(wordsOf(text));
        },
      ),
      { numRuns: 150 },
    );
  });
});
