import { writeFileSync } from 'node:fs';
import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Embedder } from '../src/embedding/model.ts';
import {
  type Engine,
  LONGEST_QUESTION,
  MOST_EXCERPTS,
  openEngine,
  type ReloadStatus,
} from '../src/engine.ts';
import { buildIndex } from '../src/index/build.ts';
import { temporaryFolder, writeFiles } from './index/temporary-folder.ts';
import { sharedEmbedder } from './support/real-index.ts';

const SOURCES = `sources:
  - id: gazette
    title: The minister arrives
    publisher: The Gazette
    published: 2024-01-07
    url: https://example.org/arrives
    kind: press
    language: en
  - id: herald
    title: A wreath and a speech
    publisher: The Herald
    published: null
    url: https://example.org/wreath
    kind: agency
    language: en
`;

function meeting(id: string, order: number, city: string, country: string, body: string): string {
  return `---
id: ${id}
kind: meeting
order: ${order}
title: Visit to ${city}
date: 2024-01-0${order + 6}
city: ${city}
country: ${country}
coordinates: [52.23, 21.01]
people:
  - name: Kamikawa Yoko
    title: Minister for Foreign Affairs
topics: [arrival]
sources: [gazette]
---

${body}
`;
}

const FILES = {
  'sources.yaml': SOURCES,
  'meetings/warsaw.md': meeting(
    'warsaw',
    1,
    'Warsaw',
    'Poland',
    `## Arrival

Foreign Minister Kamikawa Yoko arrived in Warsaw by train on January 7, 2024.[^gazette]

## Supper

The supper with the Polish hosts lasted 70 minutes and was about aid to Ukraine.[^herald]`,
  ),
  'meetings/ankara.md': meeting(
    'ankara',
    2,
    'Ankara',
    'Türkiye',
    `## Wreath

Kamikawa laid a wreath at the mausoleum in Ankara on January 8, 2024.[^gazette]

She spoke for 20 minutes about earthquakes.[^herald]`,
  ),
  'notes.md': '# Notes\n\nThe minister reads poems by Takuboku on long flights.\n',
} as const;

const embedder = await sharedEmbedder();

interface Opened {
  readonly engine: Engine;
  readonly indexFolder: string;
  /** Builds the index anew with these files changed; gives the generation. */
  readonly rebuild: (files: Readonly<Record<string, string>>) => Promise<string>;
}

async function open(model: Embedder = embedder): Promise<Opened> {
  const root = await temporaryFolder();
  const [corpusFolder, indexFolder] = [join(root, 'corpus'), join(root, 'index')];
  const rebuild: Opened['rebuild'] = async (files) => {
    await writeFiles(corpusFolder, files);
    return (await buildIndex({ corpusFolder, indexFolder, embedder })).generation;
  };
  await rebuild(FILES);
  return { engine: await openEngine({ indexFolder, embedder: model }), indexFolder, rebuild };
}

/** Copies the current generation under another id, spoils a file of it, and points to it. */
async function publishDamaged(indexFolder: string, good: string): Promise<string> {
  const bad = good.replace(/[0-9a-f]{12}$/, '0'.repeat(12));
  await cp(join(indexFolder, good), join(indexFolder, bad), { recursive: true });
  await writeFile(join(indexFolder, bad, 'manifest.json'), '{');
  await pointTo(indexFolder, good, bad);
  return bad;
}

async function pointTo(indexFolder: string, from: string, to: string): Promise<void> {
  const pointer = join(indexFolder, 'current.json');
  await writeFile(pointer, (await readFile(pointer, 'utf8')).replace(from, to));
}

describe('an snapshot', () => {
  let opened: Opened;
  const ask = (question: string, options = {}) => opened.engine.current().ask(question, options);

  it('tells what it holds', async () => {
    opened = await open();
    const { counts, meetings, sources, documents, model } = opened.engine.current();
    expect(counts.documents).toBe(3);
    expect(meetings.map(({ id }) => id)).toEqual(['warsaw', 'ankara']);
    expect([...sources.keys()]).toEqual(['gazette', 'herald']);
    expect(documents.has('notes')).toBe(true);
    expect(model).toMatchObject({ id: embedder.id, dimensions: embedder.dimensions });
  });

  it.each([
    ['an empty question', '', {}],
    ['blanks', ' \n\t ', {}],
    ['301 characters', 'x'.repeat(LONGEST_QUESTION + 1), {}],
    ['301 characters of two code units each', '🙂'.repeat(LONGEST_QUESTION + 1), {}],
    ['no excerpt', 'wreath?', { k: 0 }],
    ['too many excerpts', 'wreath?', { k: MOST_EXCERPTS + 1 }],
    ['half an excerpt', 'wreath?', { k: 1.5 }],
    ['no number of excerpts', 'wreath?', { k: NaN }],
    ['an unknown meeting', 'wreath?', { meeting: 'oslo' }],
    ['an unknown source', 'wreath?', { source: 'oslo' }],
    ['a property of objects for a meeting', 'wreath?', { meeting: 'constructor' }],
  ])('refuses %s', async (_, question, options) => {
    await expect(ask(question, options)).rejects.toMatchObject({
      name: 'DragomanError',
      code: 'QUESTION',
    });
  });

  it('takes 300 characters, blanks around them, and 25 excerpts', async () => {
    await ask('x'.repeat(LONGEST_QUESTION));
    await ask(`  ${'🙂'.repeat(LONGEST_QUESTION)}\n`);
    await ask('Where did Kamikawa lay a wreath?', { k: MOST_EXCERPTS });
  });

  it('answers within a meeting only, with other words than its own too', async () => {
    for (const [id, question] of [
      ['ankara', 'How long did the supper with the Polish hosts last?'],
      ['warsaw', 'Where did Kamikawa lay a wreath in Ankara?'],
    ] as const) {
      const { excerpts } = await ask(question, { meeting: id, k: 5 });
      for (const excerpt of excerpts) expect(excerpt.meeting?.id).toBe(id);
    }
    const own = await ask('How long did the supper with the Polish hosts last?', {
      meeting: 'warsaw',
    });
    expect(own.excerpts[0]?.text).toContain('70 minutes');
  });

  it('answers within a source only, and within a meeting and a source together', async () => {
    const question = 'How long did Kamikawa speak about earthquakes in Ankara?';
    const both = await ask(question, { meeting: 'ankara', source: 'herald' });
    expect(both.excerpts.map(({ text }) => text)).toEqual([
      expect.stringContaining('20 minutes') as unknown,
    ]);
    for (const { sources } of (await ask(question, { source: 'herald', k: 5 })).excerpts) {
      expect(sources.map(({ id }) => id)).toContain('herald');
    }
  });

  it('shows the section around lines, the paragraph asked for marked', () => {
    const snapshot = opened.engine.current();
    const text = FILES['meetings/ankara.md'];
    const line = text.split('\n').findIndex((each) => each.startsWith('She spoke')) + 1;
    const context = snapshot.context('ankara', [line, line]);
    expect(context).toEqual({
      document: { id: 'ankara', title: 'Visit to Ankara', path: 'meetings/ankara.md' },
      headings: ['Wreath'],
      paragraphs: [
        {
          text: 'Kamikawa laid a wreath at the mausoleum in Ankara on January 8, 2024.',
          lines: [line - 2, line - 2],
          asked: false,
        },
        {
          text: 'She spoke for 20 minutes about earthquakes.',
          lines: [line, line],
          asked: true,
        },
      ],
    });
    expect(snapshot.context('ankara', [line + 50, line + 60])).toBeNull();
    expect(snapshot.context('oslo', [1, 2])).toBeNull();
    opened.engine.close();
  });
});

describe('openEngine', () => {
  it('refuses a folder without an index, and another model than the index was built with', async () => {
    const indexFolder = await temporaryFolder();
    await expect(openEngine({ indexFolder, embedder })).rejects.toMatchObject({
      code: 'INDEX_MISSING',
    });
    const built = (await open()).indexFolder;
    const other = { ...embedder, id: 'other', digest: 'f'.repeat(64) };
    await expect(openEngine({ indexFolder: built, embedder: other })).rejects.toMatchObject({
      code: 'INDEX_MODEL_MISMATCH',
    });
  });

  it('opens before the model has, if wanted: then the first question tells what is wrong with it', async () => {
    const { indexFolder } = await open();
    const waiting: ((opened: Embedder) => void)[] = [];
    const opening = new Promise<Embedder>((resolve) => waiting.push(resolve));
    const engine = await openEngine({ indexFolder, embedder: opening, isImpatient: true });
    const snapshot = engine.current();
    expect(snapshot.counts.documents).toBe(3);
    const asked = snapshot.ask('How long did she speak in Ankara?');
    waiting[0]?.({ ...embedder, id: 'other', digest: 'f'.repeat(64) });
    await expect(asked).rejects.toMatchObject({ code: 'INDEX_MODEL_MISMATCH' });
    expect(await engine.reload()).toMatchObject({ loaded: false });
    engine.close();
  });
});

const POEM = { 'notes.md': '# Notes\n\nThe minister keeps a paper zebra called Zorblax.\n' };
const ZEBRA = 'What is the paper zebra of the minister called?';

describe('reload', () => {
  it('changes over to a rebuilt corpus; who holds the old snapshot keeps it', async () => {
    const { engine, rebuild } = await open();
    const before = engine.current();
    expect(engine.lastReload()).toBeNull();
    const generation = await rebuild(POEM);
    const status = await engine.reload();
    expect(status).toMatchObject({ generation, loaded: true, problem: null });
    expect(engine.lastReload()).toBe(status);
    expect((await engine.current().ask(ZEBRA)).excerpts[0]?.text).toContain('Zorblax');
    const old = await before.ask('Who writes the poems the minister reads on flights?');
    expect(old.generation).toBe(before.generation);
    expect(old.excerpts[0]?.text).toContain('Takuboku');
  });

  it('refuses a damaged generation and goes on with the old one', async () => {
    const { engine, indexFolder } = await open();
    const before = engine.current();
    const bad = await publishDamaged(indexFolder, before.generation);
    const status = await engine.reload();
    expect(status).toMatchObject({ generation: before.generation, loaded: false });
    expect(status.problem).toContain(bad);
    expect(engine.current()).toBe(before);
    await pointTo(indexFolder, bad, before.generation);
    expect(await engine.reload()).toMatchObject({ loaded: true, problem: null });
  });

  it('ends, and says why, when a copy of a generation is published under another name', async () => {
    const { engine, indexFolder } = await open();
    const { generation } = engine.current();
    const copy = `20991231T000000000Z-${generation.slice(-12)}`;
    await cp(join(indexFolder, generation), join(indexFolder, copy), { recursive: true });
    await pointTo(indexFolder, generation, copy);
    for (const failures of [1, 2]) {
      const status = await engine.reload();
      expect(status).toMatchObject({ generation, loaded: false, failures });
      expect(status.problem).toContain(`belongs to the generation ${generation}`);
    }
    await pointTo(indexFolder, copy, generation);
    expect(await engine.reload()).toMatchObject({ loaded: true, failures: 0 });
  });

  it('keeps the old snapshot when the index is gone', async () => {
    const { engine, indexFolder } = await open();
    const before = engine.current();
    await rm(indexFolder, { recursive: true });
    expect((await engine.reload()).loaded).toBe(false);
    expect((await before.ask(ZEBRA)).generation).toBe(before.generation);
  });

  it('does not miss what is published while it loads', async () => {
    let meanwhile = (): void => undefined;
    const slow: Embedder = {
      ...embedder,
      // Looked at once a load, after the pointer and before the files.
      get digest() {
        meanwhile();
        return embedder.digest;
      },
    };
    const { engine, indexFolder, rebuild } = await open(slow);
    const first = engine.current().generation;
    const second = await rebuild(POEM);
    const pointer = join(indexFolder, 'current.json');
    const content = await readFile(pointer, 'utf8');
    await writeFile(pointer, content.replace(second, first));
    meanwhile = () => {
      writeFileSync(pointer, content);
    };
    expect(await engine.reload()).toMatchObject({ generation: second, loaded: true });
    expect(engine.current().generation).toBe(second);
  });

  it('called twice at once loads once', async () => {
    const { engine } = await open();
    const [first, second] = await Promise.all([engine.reload(), engine.reload()]);
    expect(first).toBe(second);
  });
});

describe('watch', () => {
  afterEach(() => vi.useRealTimers());

  it('picks up a rebuilt corpus, no question in flight fails, and a damaged one is reported', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const { engine, rebuild, indexFolder } = await open();
    const first = engine.current().generation;
    const heard: ReloadStatus[] = [];
    engine.watch((status) => heard.push(status));
    vi.advanceTimersByTime(10_000);

    const second = await rebuild(POEM);
    vi.advanceTimersByTime(10_000);
    const generations: string[] = [];
    while (heard.length === 0) {
      const { excerpts, generation } = await engine.current().ask(ZEBRA);
      generations.push(generation);
      expect(excerpts.some(({ text }) => text.includes('Zorblax'))).toBe(generation === second);
      await new Promise(setImmediate);
    }
    expect(generations[0]).toBe(first);
    expect((await engine.current().ask(ZEBRA)).generation).toBe(second);

    await publishDamaged(indexFolder, second);
    vi.advanceTimersByTime(10_000);
    await expect.poll(() => heard.length).toBe(2);
    expect(heard).toMatchObject([
      { generation: second, loaded: true },
      { generation: second, loaded: false },
    ]);
    expect(engine.current().generation).toBe(second);

    engine.close();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('tells of a problem once, tries again, and tells when it is over', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const { engine, indexFolder } = await open();
    const { generation } = engine.current();
    const heard: ReloadStatus[] = [];
    engine.watch((status) => heard.push(status));
    const lookUntil = (isDone: () => boolean): Promise<void> =>
      vi.waitFor(
        () => {
          vi.advanceTimersByTime(2000);
          if (!isDone()) throw new Error('not yet');
        },
        { timeout: 60_000, interval: 5 },
      );
    await writeFile(join(indexFolder, 'current.json'), 'garbage');
    await lookUntil(() => (engine.lastReload()?.failures ?? 0) >= 3);
    expect(heard).toMatchObject([{ loaded: false, generation }]);

    // On a network folder the generation may arrive after its pointer.
    const late = `20991231T000000000Z-${generation.slice(-12)}`;
    await writeFile(
      join(indexFolder, 'current.json'),
      JSON.stringify({ generation: late, previous: null }),
    );
    await lookUntil(() => heard.length > 1 && (engine.lastReload()?.failures ?? 0) >= 5);
    expect(heard.slice(1)).toMatchObject([{ loaded: false, generation }]);
    await cp(join(indexFolder, generation), join(indexFolder, late), { recursive: true });
    const manifest = join(indexFolder, late, 'manifest.json');
    await writeFile(manifest, (await readFile(manifest, 'utf8')).replace(generation, late));
    await lookUntil(() => heard.length > 2);
    expect(heard.slice(2)).toMatchObject([{ loaded: true, generation: late, failures: 0 }]);
    engine.close();
  });
});
