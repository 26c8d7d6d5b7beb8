import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { questionWithin } from '../src/dialogue.ts';
import { openEngine, type Snapshot } from '../src/engine.ts';
import { buildIndex } from '../src/index/build.ts';
import { writeFiles } from './index/temporary-folder.ts';
import { sharedEmbedder } from './support/real-index.ts';

const FILES = {
  'budget.md': `# The budget of Lima

The budget of Lima for 2024 comes to 7.9 billion soles. In dollars that is about two billion. It is 16 per cent higher than
the year before. The mayor defended it in the town hall, and shopkeepers protested.
`,
  'harbour.md': `# The harbour of Callao

The harbour of Callao was widened in 2019, for 900 million dollars. A storm had destroyed the old pier four years earlier.
Ships from Chile use it most.
`,
  'library.md': `# The library of Quito

The library of Quito opened in 1792. Its oldest book was printed in Seville. Students read there until midnight.
`,
};

let folder: string;
let snapshot: Snapshot;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dragoman-'));
  const [corpusFolder, indexFolder] = [join(folder, 'corpus'), join(folder, 'index')];
  await writeFiles(corpusFolder, FILES);
  const embedder = await sharedEmbedder();
  await buildIndex({ corpusFolder, indexFolder, embedder });
  const engine = await openEngine({ indexFolder, embedder });
  snapshot = engine.current();
});

afterAll(() => rm(folder, { recursive: true, force: true }));

async function standalone(typed: string, before: string): Promise<string> {
  return snapshot.standalone(typed, await snapshot.ask(before));
}

async function quoted(question: string): Promise<string> {
  const [first] = (await snapshot.ask(question)).excerpts;
  return first?.highlight == null ? '' : first.text.slice(...first.highlight);
}

describe('a question typed after an answer', () => {
  it.each([
    ['in dollars?', 'How big is the budget of Lima?', 'The budget of Lima', 'about two billion'],
    ['is it higher than before?', 'How big is the budget of Lima?', 'The budget of Lima', '16 per'],
    [
      'what destroyed it?',
      'When was the harbour of Callao widened?',
      'The harbour of Callao',
      'storm',
    ],
    ['who reads there?', 'When did the library of Quito open?', 'The library of Quito', 'Students'],
  ])(
    'is about the document that was quoted: “%s” after “%s”',
    async (typed, before, title, told) => {
      const question = await standalone(typed, before);
      expect(question).toBe(`${typed} (“${title}”)`);
      expect(await quoted(question)).toContain(told);
    },
  );

  it.each([
    'When was the harbour of Callao widened?',
    'Where was the oldest book of the library of Quito printed?',
    'Who painted the ceiling?',
  ])('is a new one where the document has no answer: “%s”', async (typed) => {
    expect(await standalone(typed, 'How big is the budget of Lima?')).toBe(typed);
  });

  it('may begin with and', async () => {
    const question = await standalone(
      'and is it higher than before?',
      'How big is the budget of Lima?',
    );
    expect(await quoted(question)).toContain('16 per cent');
  });

  it('goes on from a question that went on', async () => {
    const first = await standalone('in dollars?', 'How big is the budget of Lima?');
    expect(await standalone('is it higher than before?', first)).toBe(
      'is it higher than before? (“The budget of Lima”)',
    );
  });
});

describe('a question with a title at its end', () => {
  it('is answered from that document alone', async () => {
    const asked = 'What was destroyed? (“The budget of Lima”)';
    const { excerpts, question } = await snapshot.ask(asked);
    expect(question).toBe(asked);
    expect(excerpts.every(({ document }) => document.id === 'budget')).toBe(true);
  });

  it('is searched as it is where no document has the title', async () => {
    const asked = 'What was destroyed? (“The wall of Lima”)';
    const { excerpts } = await snapshot.ask(asked);
    expect(excerpts[0]?.document.id).toBe('harbour');
  });

  it('has the words before it, whatever the quotation marks in the title', () => {
    const documents = [
      { id: 'a', title: 'The “great” wall' },
      { id: 'b', title: 'wall' },
    ];
    expect(questionWithin('how long? (“The “great” wall”)', documents)).toEqual({
      question: 'how long?',
      document: documents[0],
    });
    expect(questionWithin('長さは？（“wall”）', documents)?.document.id).toBe('b');
    expect(questionWithin('how long (“fence”)', documents)).toBeNull();
    expect(questionWithin('(“wall”)', documents)).toBeNull();
  });
});
