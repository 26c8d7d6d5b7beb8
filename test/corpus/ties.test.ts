import { describe, expect, it } from 'vitest';
import { passagesOf } from '../../src/corpus/passages.ts';
import { MeetingTies } from '../../src/corpus/ties.ts';
import type { Meeting } from '../../src/corpus/types.ts';
import { readSound } from './read.ts';

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
