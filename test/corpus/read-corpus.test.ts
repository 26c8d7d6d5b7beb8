import { execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MAX_FILE_BYTES } from '../../src/corpus/files.ts';
import { checkCorpus, readCorpus, type Readings } from '../../src/corpus/read-corpus.ts';
import type { ReadDocument } from '../../src/corpus/read-document.ts';
import { readFiles } from '../../src/corpus/read-files.ts';
import { describeProblem } from '../../src/corpus/types.ts';
import { makePdf, placedPdf } from './formats/make-pdf.ts';
import { read } from './read.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'corpus-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function put(files: Readonly<Record<string, string | Uint8Array>>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
}

const TEXT = 'The minister spoke for a long time about many things.\n';

function meeting(id: string, order: number, body = TEXT): string {
  return `---\nid: ${id}\nkind: meeting\norder: ${order}\ntitle: Meeting ${id}\ndate: null\ncity: Kyiv\ncountry: Ukraine\ncoordinates: [50, 30]\npeople:\n  - name: Kamikawa Yoko\ntopics: []\nsources: [s-one]\n---\n${body}`;
}

function sources(...ids: string[]): string {
  return `sources:\n${ids.map((id) => `  - {id: ${id}, title: T, publisher: P, published: null, url: "https://example.org/", kind: press, language: en}\n`).join('')}`;
}

async function problems(): Promise<string[]> {
  return (await readCorpus(folder)).problems.map(describeProblem);
}

describe('readings of earlier', () => {
  it('take the place of files whose bytes are the same, and of nothing else', async () => {
    const known = new Map<string, ReadDocument>();
    const added: (string | undefined)[] = [];
    const readings: Readings = {
      get: (key) => known.get(key),
      add: (more) => {
        for (const { key, read: one } of more) {
          known.set(key, one);
          added.push(one.document?.path);
        }
        return Promise.resolve();
      },
    };
    const told: string[] = [];
    const onFile = (done: number, total: number): void => void told.push(`${done} of ${total}`);
    const readAll = () => readCorpus(folder, { readings, onFile });
    await put({ 'a.md': TEXT, 'b/a.txt': `${TEXT}It rained.\n`, 'empty.md': '' });
    const first = await readAll();
    expect(added).toEqual(['a.md', 'b/a.txt']);
    expect(await readAll()).toEqual(first);
    expect(first).toEqual(await readCorpus(folder));

    await put({ 'b/a.txt': `${TEXT}It snowed.\n`, 'c.md': TEXT });
    const second = await readAll();
    expect(added.slice(2)).toEqual(['b/a.txt', 'c.md']);
    expect(second).toEqual(await readCorpus(folder));
    expect(told.at(-1)).toBe('4 of 4');
  });
});

describe('readCorpus', () => {
  it('reads files of every folder in the order of their paths', async () => {
    await put({ 'b.md': TEXT, 'a/z.txt': TEXT, 'a/y.md': TEXT, 'C.htm': `<p>${TEXT}</p>` });
    const { corpus, problems: found } = await readCorpus(folder);
    expect(found).toEqual([]);
    expect(corpus.documents.map(({ id, path }) => [id, path])).toEqual([
      ['c', 'C.htm'],
      ['y', 'a/y.md'],
      ['z', 'a/z.txt'],
      ['b', 'b.md'],
    ]);
  });

  it('reads PDFs as they lie on the disk, small ones that share a buffer with others too', async () => {
    await put({
      'a.pdf': makePdf([['The minister in Hamburg', TEXT.trim()]]),
      'b.pdf': makePdf([['The minister in Ankara', TEXT.trim()]]),
    });
    const { corpus, problems: found } = await readCorpus(folder);
    expect(found).toEqual([]);
    expect(corpus.documents.map(({ title }) => title)).toEqual([
      'The minister in Hamburg',
      'The minister in Ankara',
    ]);
  });

  it('ends a thread whose file takes longer than the limit, and reads the others', async () => {
    const endless = makePdf(Array.from({ length: 300 }, () => Array<string>(40).fill(TEXT.trim())));
    const files = [
      ['endless.pdf', '.pdf', endless],
      ['note.md', '.md', Buffer.from(TEXT)],
    ] as const;
    const read = await readFiles(
      files.map(([path, format, bytes]) => ({
        file: { path, format, absolute: path, byteLength: bytes.byteLength },
        bytes,
      })),
      () => undefined,
      { ms: 1, memory: Infinity },
    );
    expect(read.map(({ document, problems: found }) => document?.path ?? found)).toEqual([
      [
        expect.objectContaining({
          path: 'endless.pdf',
          message: expect.stringContaining('no end of reading after 0.001 seconds') as string,
        }),
      ],
      'note.md',
    ]);
  });

  it('ends the thread whose file takes all memory, and reads what was read beside it', async () => {
    // A page that names its content three hundred times.
    const page = placedPdf([[{ text: 'Oil', x: 60, y: 700, before: ' '.repeat(2 << 20) }]]);
    const bomb = Buffer.from(
      Buffer.from(page)
        .toString('latin1')
        .replace(/(?<=\/Contents )\d+ 0 R/, (content) => `[${`${content} `.repeat(300)}]`),
      'latin1',
    );
    const files = [
      ['bomb.pdf', '.pdf', bomb],
      ['note.md', '.md', Buffer.from(TEXT)],
    ] as const;
    const read = await readFiles(
      files.map(([path, format, bytes]) => ({
        // So large that several threads read them.
        file: { path, format, absolute: path, byteLength: 4 << 20 },
        bytes,
      })),
      () => undefined,
      { ms: Infinity, memory: 128 << 20 },
    );
    expect(read.map(({ document, problems: found }) => document?.path ?? found)).toEqual([
      [
        expect.objectContaining({
          path: 'bomb.pdf',
          message: expect.stringContaining('found: something that takes too much memory') as string,
        }),
      ],
      'note.md',
    ]);
  });

  it('says what is where it expects the folder', async () => {
    await put({ 'a.md': TEXT });
    await expect(readCorpus(join(folder, 'none'))).rejects.toThrow(
      /at .*none, found no folder there/,
    );
    await expect(readCorpus(join(folder, 'a.md'))).rejects.toThrow(/a\.md, found a file there/);
  });

  it('reads a large folder on threads, with the same result', async () => {
    const names = ['a.md', 'b.txt', 'c.pdf', 'd.html', 'e.txt', 'f.md'];
    const contents = [
      `# A\n\n${TEXT.repeat(400)}`,
      TEXT.repeat(200),
      makePdf([['The minister in Hamburg', TEXT.trim()]]),
      `<p>${TEXT}</p>`,
      // Makes the folder large, and is no text: it costs little to read.
      new Uint8Array(4 * 1024 * 1024),
      '---\ntitle: Boats: a list\n---\nThe Solveig sails first.\n',
    ];
    await put(Object.fromEntries(names.map((name, index) => [name, contents[index] ?? ''])));
    const seen: number[] = [];
    const {
      corpus,
      problems: found,
      warnings,
    } = await readCorpus(folder, {
      onFile: (done) => seen.push(done),
    });
    expect(seen).toEqual([1, 2, 3, 4, 5, 6]);
    const alone = await Promise.all(names.map((name, index) => read(name, contents[index] ?? '')));
    expect(corpus.documents).toEqual(alone.flatMap(({ document }) => document ?? []));
    expect(found).toEqual(alone.flatMap(({ problems }) => problems));
    expect(warnings).toEqual(alone.flatMap((result) => result.warnings));
  });

  it('passes hidden files and READMEs by and says which files are no documents', async () => {
    await put({
      '.hidden.md': TEXT,
      '.git/x.md': TEXT,
      'README.md': TEXT,
      'photo.jpg': 'x',
      'sources.yaml': sources('a'),
    });
    const { corpus, skipped, problems: found } = await readCorpus(folder);
    expect([corpus.documents, found]).toEqual([[], []]);
    expect(skipped.map(({ path }) => path)).toEqual(['README.md', 'photo.jpg']);
    expect(corpus.sources.map(({ id }) => id)).toEqual(['a']);
  });

  it('names each bad file and reads all others', async () => {
    await put({
      'good.md': TEXT,
      'empty.md': '',
      'binary.txt': Uint8Array.of(1, 0, 2),
      'neither.txt': Uint8Array.of(0x61, 0x81, 0xe9),
      'large.txt': new Uint8Array(MAX_FILE_BYTES + 1).fill(0x61),
      'broken.md': '---\nkind: background\ntitle: [a\n---\nText.\n',
      'heads.md': `${meeting('heads', 1, '')}# Only\n\n## Headings\n`,
      'no.pdf': 'x',
    });
    const { corpus, problems: found } = await readCorpus(folder);
    expect(corpus.documents.map(({ path }) => path)).toEqual(['good.md']);
    expect(found.map(describeProblem)).toEqual([
      expect.stringMatching(/^binary\.txt: expected text, found binary/),
      expect.stringMatching(/^broken\.md:\d:\d+: front matter, "id": expected a text/),
      expect.stringMatching(/^broken\.md:\d:\d+: front matter: expected YAML/),
      expect.stringMatching(/^empty\.md: .*empty file/),
      expect.stringMatching(/^heads\.md: expected text, found none/),
      expect.stringMatching(/^large\.txt: expected at most 5 MiB/),
      expect.stringMatching(/^neither\.txt: expected text in UTF-8 or a declared encoding/),
      expect.stringMatching(/^no\.pdf: expected a PDF/),
    ]);
  });

  it('passes by notes without text, and warns of front matter that it reads in part', async () => {
    await put({
      'heads.md': '# Only\n\n## Headings\n',
      'under.md': 'Only\n====\n',
      'stub.md': '---\ntitle: Only front matter\n---\n',
      'comment.md': '%% only a comment %%\n',
      'post.md': `---\ntitle: Boats: which ones sail\n\tdate: 2024-01-09\n---\n${TEXT}`,
    });
    const { corpus, problems: found, warnings, skipped } = await readCorpus(folder);
    expect(found).toEqual([]);
    expect(corpus.documents.map(({ title, date }) => [title, date])).toEqual([
      ['Boats: which ones sail', '2024-01-09'],
    ]);
    expect(warnings.map(describeProblem)).toEqual([
      expect.stringMatching(/^post\.md:\d:\d+: front matter: expected YAML, found/),
    ]);
    expect(skipped.map(({ path }) => path)).toEqual([
      'comment.md',
      'heads.md',
      'stub.md',
      'under.md',
    ]);
  });

  it('takes a bibliography and files of questions that cannot be read for one problem each', async () => {
    const bomb = ['b', 'c', 'd', 'e']
      .map((name, at) => `${name}: &${name} [${`*${'abcd'.charAt(at)},`.repeat(10)}]`)
      .join(', ');
    await put({
      'good.md': TEXT,
      'sources.yaml': `sources:\n  - {id: a, a: &a [${'x,'.repeat(10)}], ${bomb}}\n`,
      'good.questions': `> ${'The '.repeat(50_000)}\nwhat?\n`,
    });
    const { corpus, problems: found } = await readCorpus(folder);
    expect(corpus.documents).toHaveLength(1);
    expect(found.map(({ path, line }) => [path, line])).toEqual([
      ['good.questions', 1],
      ['sources.yaml', 2],
    ]);
    for (const { message } of found) expect(message.length).toBeLessThan(300);
  });

  it('reads a bibliography only where it is a file inside the corpus', async () => {
    await put({ 'good.md': TEXT });
    const path = join(folder, 'sources.yaml');
    for (const make of [
      () => execFileSync('mkfifo', [path]),
      () => symlink('/dev/zero', path),
      () => symlink('/etc/hostname', path),
      () => mkdir(path),
    ]) {
      await make();
      const { bibliography, corpus, problems: found } = await readCorpus(folder);
      expect([bibliography, corpus.documents.length]).toEqual([null, 1]);
      expect(found.every((one) => one.path === 'sources.yaml')).toBe(true);
      await rm(path, { recursive: true });
    }
  });

  it('follows links inside the corpus and refuses those that leave it or lead nowhere', async () => {
    await put({ 'a/x.md': TEXT });
    await symlink(join(folder, 'a/x.md'), join(folder, 'same.md'));
    await symlink(join(folder, 'a'), join(folder, 'b'));
    await symlink(folder, join(folder, 'a/loop'));
    await symlink('/etc/hostname', join(folder, 'out.txt'));
    await symlink(join(folder, 'gone.md'), join(folder, 'dead.md'));
    const { corpus, problems: found } = await readCorpus(folder);
    expect(corpus.documents.map(({ path }) => path)).toEqual(['a/x.md', 'same.md']);
    expect(found.map(({ path, message }) => [path, message.slice(0, 60)])).toEqual([
      ['dead.md', 'expected a file, found a link that leads nowhere. Remove the'],
      ['out.txt', 'expected a file inside the corpus, found a link that leaves '],
    ]);
  });

  // The superuser may read everything, and Windows has no such permissions.
  it.skipIf(process.getuid?.() === 0 || process.platform === 'win32')(
    'names an unreadable file',
    async () => {
      await put({ 'x.md': TEXT });
      await chmod(join(folder, 'x.md'), 0);
      expect(await problems()).toEqual([expect.stringMatching(/^x\.md: .*no permission/)]);
    },
  );

  it('reads no parts of a saved page and no mark of an open document, and says how to save others', async () => {
    await put({
      'A walk.html': `<h1>A walk</h1><p>${TEXT}</p>`,
      'A walk_files/frame.html': '<p>Win a cruise for two.</p>',
      'A walk-notes/a.md': TEXT,
      // Not the page of every folder.
      '.html': '<p>Hidden.</p>',
      '~$rules.docx': 'Ada',
      'list.csv': 'x',
      'sources.yml': 'x',
      notes: 'x',
      'old.doc': 'x',
      'page.mhtml': 'x',
    });
    const { corpus, skipped } = await readCorpus(folder);
    expect(corpus.documents.map(({ path }) => path)).toEqual(['A walk-notes/a.md', 'A walk.html']);
    expect(skipped.map(({ path, reason }) => `${path}: ${reason}`)).toEqual([
      'A walk_files: the parts of a page that was saved next to it',
      expect.stringMatching(/^list\.csv: .*; to have its text read, give it the ending \.txt$/),
      expect.stringMatching(/^notes: it has none of the endings .*; to have .* the ending \.txt$/),
      expect.stringMatching(/^old\.doc: .*; save it as \.docx$/),
      expect.stringMatching(/^page\.mhtml: .*; save the page as HTML$/),
      expect.stringMatching(/^sources\.yml: .*about\.yaml or sources\.yaml is read$/),
      '~$rules.docx: Word keeps it while a document is open',
    ]);
  });

  it('of two documents of this corpus with one id keeps the one that the index has', async () => {
    await put({ 'meetings/a.md': meeting('same', 1), 'meetings/same.md': meeting('same', 2) });
    const { corpus, problems: found } = await readCorpus(folder, {
      inUse: new Map([['same', 'meetings/a.md']]),
    });
    expect(corpus.meetings.map(({ order }) => order)).toEqual([1]);
    expect(found.map(describeProblem)).toEqual([
      'meetings/same.md:2: the id "same" is that of meetings/a.md, which keeps it. Give this document another id, or remove one of the two files.',
    ]);
  });

  it('without an index keeps the one that is named after the id, else the first', async () => {
    await put({ 'meetings/a.md': meeting('same', 1), 'meetings/same.md': meeting('same', 2) });
    await put({ 'x.md': meeting('other', 3), 'y.md': meeting('other', 4) });
    const { corpus, problems: found } = await readCorpus(folder);
    expect(corpus.meetings.map(({ order }) => order)).toEqual([2, 3]);
    expect(found.map(({ path }) => path)).toEqual(['meetings/a.md', 'y.md']);
  });

  it('leaves out no document of another program for its id', async () => {
    const page = `---\nid: intro\ntitle: Introduction\n---\n${TEXT}`;
    await put({ 'a/intro.md': page, 'b/intro.md': page, 'c/start.md': page });
    const { corpus, problems: found } = await readCorpus(folder, {
      inUse: new Map([['intro', 'b/intro.md']]),
    });
    expect(corpus.documents.map(({ id }) => id)).toEqual(['intro-md', 'intro', 'c-start-md']);
    expect(found).toEqual([]);
  });

  it('changes an id made from a name where it is taken', async () => {
    await put({
      'meetings/kyiv.md': meeting('kyiv', 1),
      'Kyiv.txt': TEXT,
      'a/page.md': TEXT,
      'b/page.md': TEXT,
      'b/page.txt': TEXT,
    });
    const { corpus } = await readCorpus(folder);
    expect(corpus.documents.map(({ id }) => id)).toEqual([
      'kyiv-txt',
      'page',
      'page-md',
      'page-txt',
      'kyiv',
    ]);
  });
});

describe('checkCorpus', () => {
  async function check(): Promise<string[]> {
    return checkCorpus(await readCorpus(folder)).map(describeProblem);
  }

  it('finds nothing wrong with a sound corpus, with or without a bibliography and meetings', async () => {
    await put({ 'page.md': `${TEXT.trim()}[^x] See [that](gone.md).\n` });
    expect(await check()).toEqual([]);
    await put({
      'sources.yaml': sources('s-one'),
      'meetings/a.md': meeting('a', 1, 'See [b](./b.md#x), [c](https://x.org/c.md).[^s-one]\n'),
      'meetings/b.md': meeting('b', 2),
    });
    expect(await check()).toEqual([]);
  });

  it('names footnotes without source, unused sources, dead links and wrong orders by file and line', async () => {
    await put({
      'sources.yaml': sources('s-one', 's-two', 's-three'),
      'meetings/a.md': meeting('a', 2, `${TEXT}\nCited.[^s-nine][^s-two] See [c](c.md).\n`),
      'meetings/b.md': meeting('b', 2).replace('[s-one]', '\n  - s-one\n  - s-ten'),
      'meetings/d.md': meeting('e', 3),
      'meetings/f.txt': TEXT,
    });
    expect(await check()).toEqual([
      'meetings: no document has the order 1, although the tour goes up to 3. Add the document of that meeting or renumber the others.',
      'meetings/a.md:17: the footnote [^s-nine] has no source of this id in sources.yaml. Add it there or correct the id.',
      'meetings/a.md:17: the footnote [^s-two] is missing from "sources" in the front matter. Add it there.',
      'meetings/a.md:17:29: the link to "c.md" leads to no document. Correct or remove it.',
      'meetings/b.md:4: the order 2 is already that of meetings/a.md. Give each meeting its own.',
      'meetings/b.md:15: the front matter names the source "s-ten", which sources.yaml does not have. Add it there or correct the id.',
      'meetings/d.md:2: the id "e" differs from the file\'s name. Give both the same name.',
      'meetings/f.txt:1: expected the document of a meeting, found none ("kind: meeting" is missing). Add the front matter or move the file.',
      'sources.yaml:4: no document uses the source "s-three". Cite it or remove it.',
    ]);
  });

  it('names all that is wrong with a document and nothing that follows from it alone', async () => {
    await put({
      'sources.yaml': sources('s-one', 's-two'),
      'meetings/a.md': meeting('a', 1, 'See [b](b.md) and [c](c.md).[^s-one]\n').replace(
        'topics',
        'related: [b, c]\ntopics',
      ),
      'meetings/b.md': meeting('b', 2, 'Cited.[^s-nine] See [d](d.md).\n')
        .replace('city: Kyiv', 'city: [Kyiv')
        .replace('order: 2', 'order: 2.5'),
      'meetings/c.md': '',
      'meetings/e.md': meeting('a', 4, '').replace('title:', 'titel:'),
    });
    expect(await check()).toEqual([
      'meetings/b.md:4:8: front matter, "order": expected a whole number, found 2.5. Correct the value.',
      expect.stringMatching(/^meetings\/b\.md:7:\d+: front matter: expected YAML/),
      'meetings/b.md:15: the footnote [^s-nine] has no source of this id in sources.yaml. Add it there or correct the id.',
      'meetings/b.md:15:21: the link to "d.md" leads to no document. Correct or remove it.',
      'meetings/c.md: expected text, found an empty file. Fill it or remove it.',
      'meetings/e.md: expected text, found none. Write some, or remove the file.',
      'meetings/e.md:2: the id "a" is that of meetings/a.md, which keeps it. Give this document another id, or remove one of the two files.',
      'meetings/e.md:2: the id "a" differs from the file\'s name. Give both the same name.',
      'meetings/e.md:2:1: front matter, "title": expected a text, found nothing. Add the key.',
      'meetings/e.md:5:1: front matter: found the unknown key "titel". Correct its spelling or remove it.',
    ]);
  });

  it('says of a folder that cannot be read nothing but that', async () => {
    await put({
      'sources.yaml': sources('s-one', 's-two'),
      'meetings/a.md': meeting('a', 2, 'See [b](../background/b.md) and [c](c.md).\n').replace(
        'topics',
        'related: [b]\ntopics',
      ),
    });
    await symlink(join(folder, 'nowhere'), join(folder, 'background'));
    expect(await check()).toEqual([
      'background: expected a file, found a link that leads nowhere. Remove the link.',
      'meetings/a.md:16:33: the link to "c.md" leads to no document. Correct or remove it.',
    ]);
  });

  it('blames the copy of a document, not the one that keeps the id', async () => {
    await put({ 'sources.yaml': sources('s-one'), 'meetings/a.md': meeting('a', 1) });
    await put({ 'meetings/a copy.md': meeting('a', 1) });
    expect((await check()).map((line) => line.replace(/\. .*/, ''))).toEqual([
      'meetings/a copy.md:2: the id "a" is that of meetings/a.md, which keeps it',
      'meetings/a copy.md:2: the id "a" differs from the file\'s name',
      'meetings/a copy.md:4: the order 1 is already that of meetings/a.md',
    ]);
  });

  it('misses the list of sources where a document names some', async () => {
    await put({ 'meetings/a.md': meeting('a', 1) });
    expect(await check()).toEqual([
      'sources.yaml: expected the sources that meetings/a.md names, found no such file. Add it.',
    ]);
  });

  it('names a source that cannot be read before the documents that name it', async () => {
    await put({
      'sources.yaml': sources('s-one', 's-two').replace('id: s-one', 'id: 1'),
      'meetings/a.md': meeting('a', 1),
    });
    const [first = '', second = ''] = await check();
    expect(first).toMatch(/^sources\.yaml:/);
    expect(second).toMatch(/^meetings\/a\.md:.*"s-one", which sources\.yaml does not have/);
  });

  it('names related ids that no other document has', async () => {
    const related = (ids: string): string => meeting('a', 1).replace('\n', `\nrelated: [${ids}]\n`);
    await put({ 'sources.yaml': sources('s-one'), 'meetings/b.md': meeting('b', 2) });
    await put({ 'meetings/a.md': related('b') });
    expect(await check()).toEqual([]);
    await put({ 'meetings/a.md': related('a, b, c') });
    expect(await check()).toEqual(
      ['a', 'c'].map(
        (id) =>
          `meetings/a.md:2: "related" names "${id}", which is no other document. Correct or remove it.`,
      ),
    );
  });

  it('places what is wrong with the bibliography', async () => {
    await put({ 'sources.yaml': `${sources('a', 'a')}  - {id: b, title: T}\n` });
    expect((await check()).filter((line) => !line.includes('no document uses'))).toEqual([
      expect.stringMatching(/^sources\.yaml:3:\d+: the source "a" is already on line 2/),
      expect.stringMatching(/^sources\.yaml:4:\d+: source, "publisher"/),
      expect.stringMatching(/^sources\.yaml:4:\d+: source, "url"/),
      expect.stringMatching(/^sources\.yaml:4:\d+: source, "kind"/),
    ]);
  });
});
