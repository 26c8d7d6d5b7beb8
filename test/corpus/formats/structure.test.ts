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

  it('keeps lines apart that begin alike: what was said when and by whom, values, quoted mails', async () => {
    const lines = [
      '[09/01/2024, 14:03:11] Marit: The boiler is here, and so is the man who put it on the boat',
      '[09/01/2024, 14:06:10] Jon: It weighs 900 kg, so that we need the big crane for it',
      'Chair: Nobody else wants to speak about the boiler, so that we go on to the next item',
      'Clerk: The next item is the pier.',
      'Aurora,1968,420',
      'Borea,1974,510',
      'On Monday Jon wrote:',
      'The boiler costs 900 and comes from Ulm on the next boat but one, if the weather holds. Do we take it?',
    ];
    const quoted =
      '> The boiler costs 900 and comes from Ulm on the next boat but one,\n> if the weather holds. Do we take it?';
    const text = [lines.slice(0, 2), lines.slice(2, 4), lines.slice(4, 6), [lines[6], quoted]]
      .map((group) => group.join('\n'))
      .join('\n\n');
    const document = await readSound('chat.txt', text);
    expect(blocksOf(document)).toEqual(lines);
    expectSound(document, text);
  });

  it.each([
    [
      'mail.txt',
      'From: Marit <m@example.org>\nDate: Tue, 9 Jan 2024 14:03\nSubject: The boiler\n\nIt is here.',
      'The boiler',
      '2024-01-09',
      'Marit',
    ],
    [
      'mail.txt',
      '差出人: 田中\n日時: 2024年1月9日 14:03\n件名: 桟橋の修理\n\n始まります。',
      '桟橋の修理',
      '2024-01-09',
      '田中',
    ],
    [
      'note.md',
      'Title: The mill\nAuthor: K. Lund\nDate: 12 March 2019\n\nIt burnt down.',
      'The mill',
      '2019-03-12',
      'K. Lund',
    ],
    [
      'plan.txt',
      '#+TITLE: The plan\n#+DATE: 2024-01-12\n\nThe pier closes.',
      'The plan',
      '2024-01-12',
      null,
    ],
    [
      'years.md',
      '% The herring years\n% Ida Holm\n\n# Beginnings\n\nIt was in 1830.',
      'The herring years',
      null,
      null,
    ],
    [
      '2024-01-12 log.md',
      '<< [[2024-01-11]]\n\n# Friday at the quay\n\nIt rained.',
      'Friday at the quay',
      '2024-01-12',
      null,
    ],
  ])(
    'takes title, date and author of %s from its first lines or its name',
    async (path, content, title, date, author) => {
      const { document, author: found } = await read(path, content);
      expect([document?.title, document?.date, found]).toEqual([title, date, author]);
    },
  );

  it.each([
    ['1\n00:00:01,000 --> 00:00:04,000\n', '\n\n2\n00:00:04,500 --> 00:00:08,000\n'],
    ['WEBVTT\nKind: captions\n\n00:01.000 --> 00:04.000\n', '\n\n00:04.500 --> 00:08.000 line:0\n'],
    ['1\r\n00:00:01,000 --> 00:00:04,000\r\n', '\r\n\r\n2\r\n00:00:04,500 --> 00:00:08,000\r\n'],
  ])('reads subtitles as a text without their numbers and times: %j', async (start, next) => {
    const lines = [
      'The first boat was rowed by ten',
      'men, and she saved many lives.',
      'It was a cold winter.',
    ];
    const document = await readSound('talk.txt', `${start}${lines.join(next)}\n`);
    expect(blocksOf(document).join(' ')).toBe(lines.join(' '));
    expect(blocksOf(document)[0]).toContain('rowed by ten men');
    expectSound(document, `${start}${lines.join(next)}\n`);
  });

  it('leaves out the number of a page between dashes', async () => {
    const document = await readSound('a.txt', 'It stood there.\n\n      - 2 -\n\nIt is gone.\n');
    expect(blocksOf(document)).toEqual(['It stood there.', 'It is gone.']);
  });

  it('takes no date from a sentence, which tells when something was', async () => {
    const sentence = 'A storm on 16 December 1989 broke four panes.';
    expect((await readSound('a.txt', `The lighthouse\n\n${sentence}\n`)).date).toBeNull();
    expect((await readSound('a.txt', `The lighthouse\n\n${sentence}[2]\n`)).date).toBeNull();
    const dated = `The lighthouse\n\nAdopted on 12 February 1998\n\n${sentence}\n`;
    expect((await readSound('a.txt', dated)).date).toBe('1998-02-12');
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
