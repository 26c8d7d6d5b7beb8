import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { decode } from '../../src/corpus/files.ts';
import { MeetingTies, passagesOf } from '../../src/corpus/passages.ts';
import { readYaml } from '../../src/corpus/formats/front-matter.ts';
import { checkCorpus, readCorpus, type ReadCorpusResult } from '../../src/corpus/read-corpus.ts';
import { describeProblem, publisherName, type Passage } from '../../src/corpus/types.ts';
import { expectSound } from './invariants.ts';

const CORPUS = join(import.meta.dirname, '../../corpus');
const PAGES = join(import.meta.dirname, '../fixtures/raw-pages');

async function decodedFile(folder: string, path: string): Promise<string> {
  return decode(await readFile(join(folder, path)));
}

describe('the corpus of this repository', () => {
  let read: ReadCorpusResult;

  beforeAll(async () => {
    read = await readCorpus(CORPUS);
  });

  it('has nothing wrong with it', () => {
    expect(checkCorpus(read).map(describeProblem)).toEqual([]);
  });

  it('has its meetings in the order of the tour, none left out', () => {
    const orders = read.corpus.meetings.map(({ order }) => order);
    expect(orders).toEqual(orders.map((_, index) => index + 1));
  });

  it('says of every source on which host it is, and that it is a copy where that is not one of its publisher', async () => {
    const yaml = readYaml(await decodedFile(CORPUS, 'sources.yaml'));
    const publishers = yaml.value(['publishers']) as Record<string, readonly string[]>;
    const entries = yaml.value(['sources']) as readonly Record<string, string>[];
    expect(read.corpus.sources.map(({ id }) => id)).toEqual(entries.map(({ id }) => id));
    for (const [at, { id, publisher, url, host, copy }] of read.corpus.sources.entries()) {
      const shown = new URL(url).hostname.replace(/^www\./, '');
      const own = publishers[publisherName(publisher)] ?? [];
      const isOwn = own.some((known) => `.${shown}`.endsWith(`.${known}`));
      expect({ id, host, copy }).toEqual({ id, host: shown, copy: !isOwn });
      // What the bibliography says of a copy in words agrees.
      const saysCopy =
        entries[at]?.['repostOf'] !== undefined || /\((?:copy|via|in|\w+ repost) /.test(publisher);
      if (saysCopy) expect([id, copy]).toEqual([id, true]);
    }
  });

  it('has at most ten expected questions a document', () => {
    for (const { id, expected } of read.corpus.documents) {
      expect([id, expected.length <= 10]).toEqual([id, true]);
    }
  });

  it('has a Japanese form of every title, person, place, organisation and publisher', () => {
    const { documents, meetings, sources, about } = read.corpus;
    const names = about.ja.names ?? {};
    const missing = [
      ...documents.flatMap(({ id, ja }) => (ja?.title === undefined ? [`title of ${id}`] : [])),
      ...documents.flatMap(({ people }) =>
        people.flatMap(({ name, ja, organisation }) => [
          ...(ja === undefined ? [name] : []),
          ...(organisation == null || organisation in names ? [] : [organisation]),
        ]),
      ),
      ...meetings.flatMap((meeting) => {
        const ja = documents.find(({ id }) => id === meeting.id)?.ja;
        return (['city', 'country', 'venue'] as const).flatMap((place) =>
          meeting[place] != null && ja?.[place] === undefined ? [`${place} of ${meeting.id}`] : [],
        );
      }),
      ...sources
        .map(({ publisher }) => publisherName(publisher))
        .filter((name) => !(name in names)),
    ];
    expect([...new Set(missing)]).toEqual([]);
  });

  it('gives sound passages at every size', async () => {
    const { documents, meetings } = read.corpus;
    for (const document of documents) {
      const decoded = await decodedFile(CORPUS, document.path);
      for (const targetCharacters of [150, 1000]) {
        const passages = expectSound(document, decoded, { meetings, targetCharacters });
        for (const { sources, text } of passages) {
          expect(sources, text).not.toEqual([]);
          expect(text).not.toContain('[^');
        }
      }
    }
  });

  it('ties passages of a meeting to it, and background to those it names', () => {
    const ties = new MeetingTies(read.corpus.meetings);
    const named: Passage[] = [];
    for (const document of read.corpus.documents) {
      const passages = passagesOf(document, ties);
      if (document.meeting !== null) {
        expect(new Set(passages.flatMap(({ meetings }) => meetings))).toEqual(
          new Set([document.id]),
        );
      } else named.push(...passages);
    }
    for (const { text, meetings } of named.filter((passage) => passage.text.includes('Sikorski'))) {
      expect(meetings, text).toContain('sikorski');
    }
  });
});

describe('pages saved from the web', () => {
  it('are read with title and date, without furniture where the format marks it', async () => {
    const { corpus, problems } = await readCorpus(PAGES);
    expect(problems).toEqual([]);
    expect(corpus.documents.map(({ title, date }) => [title, date])).toEqual([
      ['Under Fire, Undaunted: Japan’s Top Diplomat in Wartime Kyiv', '2024-01-11'],
      ['Japan-U.S. Foreign Ministers’ Meeting', '2024-01-12'],
      ['Tokyo stands by Ukraine, says minister on surprise trip to Kyiv', '2024-01-07'],
      [
        "Japan's chief diplomat sets out on a long journey: Ukraine, law and security on the agenda",
        null,
      ],
      ['Extraordinary Press Conference by the Minister for Foreign Affairs', '2024-01-12'],
    ]);
    const textOf = (html: boolean): string =>
      corpus.documents
        .filter(({ path }) => path.endsWith('.html') === html)
        .map((document) => document.text)
        .join('\n');
    expect(textOf(true)).not.toMatch(
      /Share|Tweet|Back to|Subscribe|ADVERTISEMENT|Photo|Read also|Related|Comments|Privacy|Home >|5 min read|provisional|Skip to|rights reserved/,
    );
    // Text and Markdown mark none: every line stays.
    expect(textOf(false)).toContain('Share Tweet Email Save for later');
    expect(textOf(false).match(/Missiles have not\./g)).toHaveLength(3);
  });

  it('give sound passages, tied to the meetings that they are about', async () => {
    const { meetings } = (await readCorpus(CORPUS)).corpus;
    const { documents } = (await readCorpus(PAGES)).corpus;
    const tied = new Map<string, readonly (readonly string[])[]>();
    for (const document of documents) {
      const passages = expectSound(document, await decodedFile(PAGES, document.path), { meetings });
      tied.set(
        document.id,
        passages.map((passage) => passage.meetings),
      );
      expect(passages.every(({ sources }) => sources.length === 0)).toBe(true);
    }
    expect(tied.get('japan-us-meeting')?.every(([first]) => first === 'blinken')).toBe(true);
    expect(
      tied.get('washington-press-conference')?.every(([first]) => first === 'presser-washington'),
    ).toBe(true);
    expect(tied.get('tour-plan')?.flat()).toEqual(
      expect.arrayContaining(['sikorski', 'icj', 'icc-prosecutor', 'blinken']),
    );
    expect(tied.get('surprise-visit-kyiv')?.flat()).toEqual(
      expect.arrayContaining(['kuleba', 'shmyhal']),
    );
  });
});
