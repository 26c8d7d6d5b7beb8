import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Answer } from '../../src/answer/types.ts';
import type { Snapshot } from '../../src/engine.ts';
import { openRealSnapshot, openSnapshotOf } from '../support/real-index.ts';

const valuesOf = ({ versions }: Answer): string[] => versions?.map(({ value }) => value) ?? [];

/** Each version stands in the excerpts that it names. */
function expectQuoted({ versions, excerpts }: Answer): void {
  for (const { value, excerpts: ranks } of versions ?? []) {
    expect(ranks.length).toBeGreaterThan(0);
    for (const rank of ranks) expect(excerpts[rank - 1]?.text).toContain(value);
  }
}

describe('versions in the documents of the tour', () => {
  it.each([
    ['How long was the Blinken meeting?', ['45 minutes', '60 minutes']],
    ['What time did the meeting with Blinken begin?', ['13:30', '13:45']],
    ['ブリンケン国務長官との会談は何分でしたか', ['45 minutes', '60 minutes']],
    [
      'how many people will benefit from the power equipment',
      ['five million', '5.5 million', 'six million'],
    ],
    ['military budget in dollars', ['55 billion dollars', '56 billion']],
    ['how many gas turbines did Japan give?', ['five', 'three']],
  ])('are told for “%s”, and none of them is certain', async (question, expected) => {
    const { snapshot } = await openRealSnapshot();
    const answer = await snapshot.ask(question);
    expect(valuesOf(answer)).toEqual(expected);
    expectQuoted(answer);
    expect(answer.verdict).toBe('weak');
    expect(answer.doubt).toEqual({ kind: 'versions', values: expected });
  });

  it('are all in the highlighted sentence where the verdict stays “answered”', async () => {
    const { snapshot } = await openRealSnapshot();
    const answer = await snapshot.ask(
      'Do Japan and UNDP agree on how many gas turbines were given?',
    );
    expect(valuesOf(answer)).toEqual(['five', 'three']);
    expect(answer.verdict).toBe('answered');
    const [first] = answer.excerpts;
    const highlight = first?.text.slice(...(first.highlight ?? [0, 0]));
    for (const value of valuesOf(answer)) expect(highlight).toContain(value);
  });

  it.each([
    'How long were the talks with Rishi Sunak?',
    'how old is the universe',
    'How long did the meeting with Sullivan last?',
    'How long did the meeting with Kuleba last?',
    "By how much did Japan's trade with Russia fall in 2023?",
    'How long did the morning round on Capitol Hill last?',
    'how many people got out of the burning airliner',
    'At what time did she face reporters in Washington on the 12th?',
    'how much cash for the NATO fund',
    'How much did Japan give in yen?',
    'how much is it worth in yen',
    '日本はいくら払いましたか',
  ])('are not made up for “%s”', async (question) => {
    const { snapshot } = await openRealSnapshot();
    expect((await snapshot.ask(question)).versions).toBeNull();
  });
});

const HARBOUR = {
  'council.md':
    '# The council meeting\n\nThe council of Lindholm met the harbour master, Astrid Vane, on 3 March. The meeting with Vane lasted about 40 minutes. They agreed on a new pier of 120 metres.\n',
  'gazette.md':
    '# Gazette\n\nAstrid Vane came to the council of Lindholm in March. The meeting with Vane lasted 55 minutes, our reporter writes. Fishermen waited outside.\n',
  'ferry.md':
    '# The ferry\n\nThe ferry to Lindholm takes 25 minutes. The ministry says that 200 people use it a day, while the company says that 300 people use it a day.\n',
  'mole.md':
    '# The mole\n\nThe harbour board puts the cost of the new mole at 1.3 billion yen. The ministry puts it at $9.2 million.\n',
};

describe('versions in plain documents', () => {
  let harbour: Snapshot;
  beforeAll(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'dragoman-versions-'));
    try {
      for (const [name, text] of Object.entries(HARBOUR)) await writeFile(join(folder, name), text);
      harbour = (await openSnapshotOf(folder)).snapshot;
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('are the values of different documents', async () => {
    const answer = await harbour.ask('How long did the meeting with Vane last?');
    expect(valuesOf(answer).toSorted()).toEqual(['40 minutes', '55 minutes']);
    expectQuoted(answer);
    expect(answer.excerpts.length).toBeGreaterThan(1);
  });

  it('are the values that one sentence sets against each other', async () => {
    const answer = await harbour.ask('How many people use the ferry a day?');
    expect(valuesOf(answer)).toEqual(['200', '300']);
    expectQuoted(answer);
  });

  it.each([
    ['in dollars', 'The ministry puts it at $9.2 million.'],
    ['in yen', 'The harbour board puts the cost of the new mole at 1.3 billion yen.'],
  ])('leave a sum in the currency asked for (%s) in bold', async (currency, expected) => {
    const [first] = (await harbour.ask(`cost of the new mole ${currency}`)).excerpts;
    expect(first?.text.slice(...(first.highlight ?? [0, 0]))).toBe(expected);
  });

  it('are none where one document alone tells', async () => {
    expect((await harbour.ask('How long does the ferry take?')).versions).toBeNull();
    expect((await harbour.ask('How long is the new pier?')).versions).toBeNull();
  });
});
