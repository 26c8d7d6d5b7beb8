import { describe, expect, it } from 'vitest';
import { changedFacts } from '../../../tools/corpus/facts.ts';
import {
  commonestSurname,
  proseFigures,
  readingEase,
  sumOf,
} from '../../../tools/corpus/prose-figures.ts';
import { readSound } from '../../corpus/read.ts';

async function figuresOf(body: string) {
  return proseFigures(await readSound('a.md', `# A page\n\n${body}\n`), 'Kamikawa');
}

describe('proseFigures', () => {
  it.each([
    'She received condolences, or sympathy, for the earthquake.',
    'She was due back in Japan, that is home, on Thursday.',
    'She named, or appointed, an ambassador.',
    'Trade fell by half, in other words.',
  ])('counts the gloss in "%s"', async (sentence) => {
    expect((await figuresOf(sentence)).glosses).toEqual([sentence]);
  });

  it.each([
    'She would go to Kyiv, or to Warsaw if the line was closed.',
    'He offered the plan that is now in force.',
    'Poland, Finland, or Sweden could host the talks.',
    'She laid a wreath at the Tomb of the Unknown Soldier.',
  ])('takes "%s" for plain', async (sentence) => {
    expect(await figuresOf(sentence)).toMatchObject({ glosses: [], meta: [] });
  });

  it('lists sentences about the sources, but not those of the open questions', async () => {
    const gap = 'The building is not established.';
    const body = `## Talks\n\nThey talked. ${gap} See also the tour.\n\n## Open questions\n\n${gap}`;
    expect((await figuresOf(body)).meta).toEqual([gap, 'See also the tour.']);
    const document = await readSound('a.md', `# Open questions of the tour\n\n${gap}\n`);
    expect(proseFigures(document, 'Kamikawa').meta).toEqual([]);
  });

  it('counts words, names, long sentences and passives of the body', async () => {
    const long = `Kamikawa's ${'plan '.repeat(40).trim()}.`;
    const figures = await figuresOf(`## Kamikawa\n\n${long} It was quickly adopted. She left.`);
    expect(figures).toMatchObject({ words: 47, sentences: 3, names: 1, passives: 1 });
    expect(figures.longSentences).toBe(1);
    expect(sumOf([figures, figures])).toMatchObject({ words: 94, sentences: 6, names: 2 });
  });

  it('finds short words easier to read than long ones', async () => {
    const plain = readingEase(await figuresOf('She came home. The day was cold.'));
    const heavy = readingEase(
      await figuresOf('Multilateral cooperation necessitates considerable deliberation.'),
    );
    expect(plain).toBeGreaterThan(90);
    expect(heavy).toBeLessThan(0);
  });
});

it('commonestSurname takes the name of the person in most documents that the texts use', async () => {
  const page = (people: string, text: string): string =>
    `---\ntitle: A\npeople: [${people}]\n---\n${text}\n`;
  const documents = [
    await readSound('a.md', page('{name: Kamikawa Yoko}', 'Kamikawa came.')),
    await readSound('b.md', page('{name: Kamikawa Yoko}, {name: Jake Sullivan}', 'Kamikawa left.')),
  ];
  expect(commonestSurname(documents)).toBe('Kamikawa');
  expect(commonestSurname([])).toBeNull();
});

describe('changedFacts', () => {
  const BEFORE =
    'She met Shmyhal in Kyiv on January 7, 2024 for two hours.[^a]\nThe talks began at 14:00.[^b]';

  async function changes(after: string) {
    return changedFacts(await readSound('a.md', BEFORE), await readSound('a.md', after));
  }

  it('sees no change where only the words differ', async () => {
    const after = 'Shmyhal received her on January 7, 2024.[^a]\nIn Kyiv they began at 14:00.[^b]';
    expect(await changes(`${after}\nThey talked for 2 hours.`)).toEqual([]);
  });

  it('names each fact that is lost or new', async () => {
    expect(await changes('She met Duda in Kyiv on January 8, 2024 at 14:30.[^c]')).toEqual([
      { kind: 'footnotes', lost: ['a', 'b'], added: ['c'] },
      { kind: 'numbers', lost: ['7', '2'], added: ['8'] },
      { kind: 'dates', lost: ['1-7'], added: ['1-8'] },
      { kind: 'times', lost: ['14:00'], added: ['14:30'] },
      { kind: 'names', lost: ['Shmyhal'], added: ['Duda'] },
    ]);
  });
});
