import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { headerOf, LONGEST_PASSAGE, passagesOf } from '../../src/corpus/passages.ts';
import type { Meeting } from '../../src/corpus/types.ts';
import { readSound } from './read.ts';

const HEAD = '---\nid: x\nkind: background\ntitle: A title\n---\n';

async function passages(body: string, targetCharacters: number): Promise<string[]> {
  return passagesOf(await readSound('x.md', HEAD + body), [], { targetCharacters }).map(
    ({ text }) => text,
  );
}

const sentence = (n: number): string => `Sentence number ${n} stands here.`;

describe('passagesOf', () => {
  it('never crosses a section, however short', async () => {
    expect(
      await passages(`Short.\n\n## One\n\n${sentence(1)}\n\n## Two\n\n${sentence(2)}\n`, 1000),
    ).toEqual(['Short.', sentence(1), sentence(2)]);
  });

  it('leaves a sentence whole that is longer than the target', async () => {
    const long = `It ${'goes on and '.repeat(40)}ends.`;
    expect(await passages(`${sentence(1)} ${long} ${sentence(2)}`, 60)).toContain(long);
  });

  it('divides a long paragraph evenly and leaves no scrap', async () => {
    const lengths = (
      await passages(Array.from({ length: 20 }, (_, n) => sentence(n)).join(' '), 200)
    ).map(({ length }) => length);
    expect(Math.min(...lengths)).toBeGreaterThan(120);
    expect(Math.max(...lengths)).toBeLessThan(290);
  });

  it('keeps a sentence that begins with "She" with the one before it', async () => {
    const [first] = await passages(
      'Kamikawa met Kuleba in the capital of Ukraine. She thanked him for his time and left. The press waited in the shelter below.',
      60,
    );
    expect(first).toMatch(/She thanked/);
  });

  it('keeps an answer with its question and a list with its introduction', async () => {
    expect(
      (
        await passages('What did she hope for on that day?\n\nShe hoped for peace, she said.\n', 40)
      )[0],
    ).toContain('peace');
    expect(
      (
        await passages(
          'They agreed on:\n\n- generators for the winter\n- a conference in Tokyo\n',
          40,
        )
      )[0],
    ).toContain('generators');
  });

  it('keeps a block of code whole while it fits', async () => {
    const code = Array.from({ length: 12 }, (_, n) => `call number ${n} of the program`).join('\n');
    const found = await passages(
      `${sentence(1).repeat(9)}\n\n\`\`\`\n${code}\n\`\`\`\n\n${sentence(2).repeat(9)}\n`,
      300,
    );
    expect(found.filter((text) => text.includes(code))).toHaveLength(1);
  });

  it('has a limit that no text and no target exceeds', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('word ', 'J. ', 'x', '- a\n', '語', '| a | b |\n', 'One. '),
        fc.integer({ min: 1, max: 1500 }),
        fc.integer({ min: 50, max: 5000 }),
        async (unit, times, target) => {
          for (const text of await passages(`Begin.\n\n${unit.repeat(times)}`, target)) {
            expect(text.length).toBeLessThanOrEqual(LONGEST_PASSAGE);
          }
        },
      ),
      { numRuns: 15 },
    );
  });

  it('stays near the target for any text', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 40 }),
        fc.integer({ min: 100, max: 800 }),
        async (lengths, target) => {
          const body = lengths.map((words) => `Begin ${'word '.repeat(words)}end.`).join(' ');
          for (const text of await passages(body, target))
            expect(text.length).toBeLessThanOrEqual(Math.max(2 * target, 170));
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe('headerOf', () => {
  const person = { name: 'Dmytro Kuleba', title: 'Foreign Minister', organisation: null };
  const meeting = {
    date: '2024-01-07',
    venue: null,
    city: 'Kyiv',
    country: 'Ukraine',
    people: [{ ...person, otherSpellings: [] }],
  } as unknown as Meeting;

  it('has date, place and people of the meeting, which the encoder does not read', async () => {
    const document = await readSound('kyiv.md', '# A day in Kyiv\n\nThey met.\n');
    expect(headerOf(document, ['A day in Kyiv', 'Aid'], meeting).split('\n')).toEqual([
      'A day in Kyiv',
      'Aid',
      'Sunday, January 7, 2024 (2024-01-07)',
      'Kyiv, Ukraine',
      'Dmytro Kuleba, Foreign Minister',
    ]);
    expect(headerOf(document, [], undefined)).toBe('A day in Kyiv');
  });
});
