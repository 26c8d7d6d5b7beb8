import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { headerOf, LONGEST_PASSAGE, MeetingTies, passagesOf } from '../../src/corpus/passages.ts';
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

function meeting(
  order: number,
  id: string,
  title: string,
  date: string,
  city: string,
  names: readonly string[],
): Meeting {
  return {
    id,
    title,
    order,
    date,
    city,
    country: 'Somewhere',
    localStart: null,
    durationMinutes: null,
    coordinates: [0, 0],
    venue: null,
    topics: [],
    sources: [],
    people: ['Kamikawa Yoko', ...names].map((name) => ({
      name,
      title: null,
      organisation: null,
      otherSpellings: [],
    })),
  };
}

const TIES = new MeetingTies([
  meeting(1, 'kuleba', 'Talks with the Ukrainian foreign minister', '2024-01-07', 'Kyiv', [
    'Dmytro Kuleba',
  ]),
  meeting(2, 'kuleba-press', 'Joint press appearance in a shelter', '2024-01-07', 'Kyiv', [
    'Dmytro Kuleba',
  ]),
  meeting(3, 'sikorski', 'Talks with the Polish foreign minister', '2024-01-08', 'Warsaw', [
    'Radosław Sikorski',
  ]),
  meeting(4, 'blinken', 'Japan-U.S. foreign ministers’ meeting', '2024-01-12', 'Washington D.C.', [
    'Antony J. Blinken',
  ]),
  meeting(5, 'presser', 'Press conference in Washington', '2024-01-12', 'Washington D.C.', []),
  meeting(6, 'duda', 'Courtesy call on the Polish president', '2024-01-08', 'Warsaw', [
    'Andrzej Duda',
  ]),
  meeting(7, 'itlos', 'Visit to the law-of-the-sea tribunal', '2024-01-15', 'Hamburg', [
    'Tomas Heidar',
  ]),
  meeting(8, 'icj', 'Visit to the court', '2024-01-11', 'The Hague', ['Joan E. Donoghue']),
]);

async function tied(text: string): Promise<readonly (readonly string[])[]> {
  return passagesOf(await readSound('page.txt', text), TIES, { targetCharacters: 60 }).map(
    ({ meetings }) => meetings,
  );
}

describe('MeetingTies', () => {
  it('ties a passage to those it names, whatever the spelling of accents', async () => {
    expect(
      await tied(
        'A page\n\nWhat Radoslaw SIKORSKI said that day was remembered for long.\n\nNobody knew about the rest of the week in the capital.\n',
      ),
    ).toEqual([['sikorski'], []]);
  });

  it('ties a page to the meeting that its title names', async () => {
    const text =
      'Blinken receives a guest from Tokyo\n\nThe secretary spoke of the alliance at some length.\n\nHe had nothing to say about the rest of it all.\n';
    expect(await tied(text)).toEqual([['blinken'], ['blinken']]);
  });

  it('ties a page by place and day when its title names one meeting of the day', async () => {
    const text =
      'Extraordinary Press Conference by the Minister\n\nFriday, January 12, 2024, Washington, D.C.\n\nI have come here today to speak about many things at once.\n';
    expect(await tied(text)).toEqual([['presser'], ['presser']]);
  });

  it('ties nothing by place and day where they leave a choice', async () => {
    expect(
      await tied(
        'A day in Poland\n\nOn January 8 there was much to see in Warsaw for everybody.\n',
      ),
    ).toEqual([[]]);
  });

  it('ties nothing to a day of another year', async () => {
    expect(
      await tied(
        'A day by the sea\n\nOn January 15, 2019 it rained in Hamburg from morning to night.\n',
      ),
    ).toEqual([[]]);
    expect(
      await tied(
        'A day by the sea\n\nOn January 15, 2024 it rained in Hamburg from morning to night.\n',
      ),
    ).toEqual([['itlos']]);
  });

  it('distinguishes two meetings with one person by the words of their titles', async () => {
    expect(
      await tied('A page\n\nIn the shelter Kuleba stood in front of the press for a while.\n'),
    ).toEqual([['kuleba-press']]);
  });

  it('does not take the minister, who was everywhere, for a sign', async () => {
    expect(
      await tied('A page\n\nKamikawa Yoko had a long and full life before all of this.\n'),
    ).toEqual([[]]);
  });

  it('gives the search header place and people of the one meeting', async () => {
    const [passage] = passagesOf(
      await readSound(
        'page.txt',
        'A page\n\nWhat Sikorski said that day was remembered for long.\n',
      ),
      TIES,
    );
    expect(passage?.header).toBe(
      'A page\nMonday, January 8, 2024 (2024-01-08)\nWarsaw, Somewhere\nKamikawa Yoko; Radosław Sikorski',
    );
  });
});

describe('the ties of a page that was fetched', () => {
  const citing = (id: string, names: readonly string[], sources: readonly string[]): Meeting => ({
    ...meeting(1, id, `Talks of ${id}`, '2024-01-07', 'Kyiv', names),
    sources,
  });
  const ties = (sources: Readonly<Record<'kuleba' | 'shmyhal', readonly string[]>>) =>
    new MeetingTies([
      citing('kuleba', ['Dmytro Kuleba'], sources.kuleba),
      citing('shmyhal', ['Denys Shmyhal'], sources.shmyhal),
    ]);
  const tiedBy = async (text: string, known: MeetingTies): Promise<readonly string[]> => {
    const document = await readSound('page.txt', text);
    const page = { source: 'gazette', url: 'https://example.org/', archived: false };
    return passagesOf({ ...document, page }, known).flatMap(({ meetings }) => meetings);
  };
  const PLAIN = 'The winter was long and the rivers were frozen for many weeks of that year.';
  const NAMED = 'Minister Shmyhal spoke of the winter, of frozen rivers, and of the year ahead.';

  it('lead to the one meeting that cites it, whatever it says', async () => {
    const known = ties({ kuleba: ['gazette'], shmyhal: [] });
    expect(await tiedBy(PLAIN, known)).toEqual(['kuleba']);
    expect(await tiedBy(NAMED, known)).toEqual(['kuleba']);
  });

  it('lead to those of several citing ones that a passage names', async () => {
    const known = ties({ kuleba: ['gazette'], shmyhal: ['gazette'] });
    expect(await tiedBy(PLAIN, known)).toEqual([]);
    expect(await tiedBy(NAMED, known)).toEqual(['shmyhal']);
  });

  it('are those of any other text where no meeting cites it', async () => {
    const known = ties({ kuleba: [], shmyhal: [] });
    expect(await tiedBy(NAMED, known)).toEqual(['shmyhal']);
  });
});
