import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Answer } from '../../src/answer/types.ts';
import { writeFiles } from '../index/temporary-folder.ts';
import { openSnapshotOf, type RealSnapshot } from '../support/real-index.ts';

const frontMatter = (
  id: string,
  rest: string,
  [name, title, organisation]: readonly string[],
): string => `---
id: ${id}
kind: meeting
${rest}
people:
  - name: Tomasi Raikuna
    gender: male
    title: Prime Minister
    organisation: Government of Fiji
    otherSpellings: []
  - name: ${name}
    gender: female
    title: ${title}
    organisation: ${organisation}
    otherSpellings: []
topics: [oceans]
sources: []
---
`;

/** Others whom he met: who is in most documents is taken for the traveller. */
const OTHERS = [
  ['Noureddine Saidi', 'Rabat', 'Morocco'],
  ['Aminata Sarr', 'Dakar', 'Senegal'],
  ['Kwabena Ofori', 'Accra', 'Ghana'],
  ['Tendai Moyo', 'Harare', 'Zimbabwe'],
  ['Lalao Rakoto', 'Antananarivo', 'Madagascar'],
  ['Ravi Beeharry', 'Port Louis', 'Mauritius'],
].map(([name = '', city = '', country = ''], at) => {
  const id = city.toLowerCase().replace(' ', '-');
  const facts = `title: Talks with Minister ${name} in ${city}\ndate: 2031-06-0${at + 3}\ncity: ${city}\ncountry: ${country}\ntimeZone: UTC\norder: ${at + 3}\ncoordinates: [${at}, ${at}]`;
  const text = `\n## Talks in ${city}\n\nPrime Minister Tomasi Raikuna of Fiji and Minister ${name} met in ${city}. Raikuna thanked ${name} for the welcome.\n`;
  return [
    `meetings/${id}.md`,
    frontMatter(id, facts, [name, 'Minister', `Government of ${country}`]) + text,
  ] as const;
});

/** An invented tour of another traveller. */
const FILES = {
  ...Object.fromEntries(OTHERS),
  'sources.yaml': 'sources: []\n',
  'meetings/barros.md': `${frontMatter(
    'barros',
    'order: 1\ncoordinates: [38.7, -9.1]\ntitle: Talks with Prime Minister Inês Barros in Lisbon\ndate: 2031-05-30\nlocalStart: "10:00"\ndurationMinutes: 55\ncity: Lisbon\ncountry: Portugal\ntimeZone: Europe/Lisbon',
    ['Inês Barros', 'Prime Minister', 'Government of Portugal'],
  )}
## Talks in Lisbon

Prime Minister Tomasi Raikuna of Fiji and the Portuguese Prime Minister Inês Barros agreed in Lisbon on May 30, 2031 to protect the oceans together.
The talks began at 10:00 and lasted about 55 minutes.

## What both said

Barros thanked Fiji for its coral experts and invited students of fishery to Coimbra.
Raikuna told Barros that the sea rises faster than expected around the outer islands.
He also spoke of a railway between Suva and Nadi, for which he is looking for builders.
He hoped that Portugal would teach workers from Fiji for its shipyards.
A newspaper read the talks as an answer to moves of larger states in the Arctic.
Barros came to Fiji in the autumn with a delegation of 40 business people.
`,
  'meetings/ibarra.md': `${frontMatter(
    'ibarra',
    'order: 2\ncoordinates: [40.4, -3.7]\ntitle: Working lunch with Foreign Minister Leire Ibarra in Madrid\ndate: 2031-06-01\nlocalStart: "12:30"\ndurationMinutes: 95\ncity: Madrid\ncountry: Spain\ntimeZone: Europe/Madrid',
    ['Leire Ibarra', 'Minister of Foreign Affairs', 'Government of Spain'],
  )}
## A working lunch in Madrid

Prime Minister Tomasi Raikuna of Fiji and the Spanish Foreign Minister Leire Ibarra met over a working lunch in Madrid on June 1, 2031.
The lunch began at 12:30 and lasted about 95 minutes.

## What both said

Ibarra offered her sympathy over the cyclone of March and praised the work of the rescuers.
Raikuna told Ibarra that tuna stocks have to be shared fairly.
Ibarra said that Spanish trawlers will carry trackers from 2032 on.
`,
  'porto.md': `# After the tour

A summit in Porto in November 2031 produced twelve agreements on the oceans.
`,
  'sesimbra.html': `<html><head><title>A harbour day</title></head><body><article><h1>A harbour day</h1>
<p>The Prime Minister of Fiji saw the harbour of Sesimbra on a windy afternoon, and the fishing families showed him their boats and their nets.</p>
<ul><li>Fish market
<p>Sardines and octopus are auctioned there by the crate from five in the morning on, and what is left goes to the kitchens of the town.</p></li></ul>
<p>Some of the boats are older than their skippers, who paint an eye on the bow so that the boat finds home in the fog.</p></article></body></html>
`,
};

let real: RealSnapshot;
beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'dragoman-other-corpus-'));
  try {
    await writeFiles(folder, FILES);
    real = await openSnapshotOf(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
});

const bold = ({ excerpts: [first] }: Answer): string =>
  first?.text.slice(...(first.highlight ?? [0, 0])) ?? '';

describe('on a tour that nothing was learned from', () => {
  it.each([
    'what did Ibarra say about the railway',
    'did Barros talk about the cyclone',
    'did Barros mention trains',
    'what did Ibarra say about students',
  ])('words about something else are no sure answer: “%s”', async (question) => {
    expect((await real.snapshot.ask(question)).verdict).not.toBe('answered');
  });

  it.each([
    ['what did Ibarra say about the cyclone', /cyclone of March/],
    ['what did Barros say about students', /students of fishery/],
    ['what did Raikuna tell Ibarra about fish', /tuna/],
  ])('words about what is asked are: “%s”', async (question, expected) => {
    const answer = await real.snapshot.ask(question);
    expect(bold(answer)).toMatch(expected);
    expect(answer.verdict).toBe('answered');
  });

  it('words of somebody else that hold the topic are no sure answer', async () => {
    const answer = await real.snapshot.ask('what did Barros say about the Arctic');
    expect(answer.verdict).not.toBe('answered');
  });

  it('the sentence that holds the topic comes before one by the same speaker that does not', async () => {
    const answer = await real.snapshot.ask('did he talk about workers with Barros');
    expect(bold(answer)).toMatch(/workers/);
  });

  it('what was signed by others is not held against the traveller', async () => {
    const answer = await real.snapshot.ask('how many papers were signed at the summit in Porto');
    expect(answer.verdict).toBe('answered');
    expect(bold(answer)).toMatch(/twelve/);
  });

  it('a heading in a text is never the answer', async () => {
    const answer = await real.snapshot.ask('fish market of Sesimbra');
    expect(bold(answer)).toMatch(/auctioned/);
  });

  it('the length of the talks is no answer to how big a delegation was', async () => {
    expect(bold(await real.snapshot.ask('how big was the Barros delegation'))).toMatch(/40/);
  });
});
