import { copyFile, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseSidecar, readBibliography } from '../../src/corpus/companions.ts';
import { walkCorpus } from '../../src/corpus/read-files.ts';
import { readCorpus } from '../../src/corpus/read-corpus.ts';
import { fetchOriginals, type FetchOptions } from '../../src/fetch/fetch-originals.ts';
import { sha256 } from '../../src/files.ts';
import { makePdf } from '../corpus/formats/make-pdf.ts';
import { temporaryFolder, writeFiles } from '../index/temporary-folder.ts';
import {
  onlyThisServer,
  page,
  QUICK,
  redirect,
  send,
  startServer,
  type Route,
  type WebServer,
} from './web-server.ts';

const FERRY = page('Ferry talks', ['The ferry talks lasted forty minutes.']);

/** A corpus whose bibliography lists these paths of a server, by id. */
async function corpusOf({ origin }: WebServer, paths: Readonly<Record<string, string>>) {
  const folder = await temporaryFolder();
  const entries = Object.entries(paths).map(
    ([id, path]) =>
      `  - { id: "${id}", title: T, publisher: P, published: 2024-01-07, url: "${origin}${path}", kind: press }\n`,
  );
  await writeFiles(folder, { 'sources.yaml': `sources:\n${entries.join('')}` });
  return folder;
}

async function fetchAll(folder: string, options: Partial<FetchOptions> = {}) {
  const { entries } = await readBibliography((await walkCorpus(folder)).bibliography);
  const outcomes = await fetchOriginals({
    corpusFolder: folder,
    sources: (entries ?? []).map(({ source }) => source),
    useArchive: false,
    askAgain: true,
    userAgent: 'Dragoman',
    limits: QUICK,
    allowsAddress: onlyThisServer,
    ...options,
  });
  return Object.fromEntries(
    outcomes.map(({ source, outcome }) => [
      source.id,
      outcome.kind === 'failed' ? outcome.reason : outcome.kind,
    ]),
  );
}

const sidecarOf = async (folder: string, name: string) =>
  parseSidecar(await readFile(join(folder, 'originals', `${name}.page.json`), 'utf8'));

const originals = (folder: string): Promise<string[]> => readdir(join(folder, 'originals'));

describe('a fetched page', () => {
  it('is kept byte by byte, with what is known of where it came from', async () => {
    const server = await startServer({
      '/old': redirect('/ferry'),
      '/ferry': send(FERRY, { etag: '"7"', 'last-modified': 'Sun, 07 Jan 2024 00:00:00 GMT' }),
    });
    const folder = await corpusOf(server, { ferry: '/old' });
    const today = () => new Date('2026-01-02T03:04:05Z');
    expect(await fetchAll(folder, { today })).toEqual({ ferry: 'new' });
    expect(await originals(folder)).toEqual(['ferry.html', 'ferry.page.json']);
    expect(await readFile(join(folder, 'originals/ferry.html'), 'utf8')).toBe(FERRY);
    expect(await sidecarOf(folder, 'ferry')).toEqual({
      source: 'ferry',
      file: 'ferry.html',
      address: `${server.origin}/old`,
      finalAddress: `${server.origin}/ferry`,
      archived: false,
      fetchedAt: '2026-01-02T03:04:05.000Z',
      checkedAt: '2026-01-02T03:04:05.000Z',
      sha256: sha256(FERRY),
      contentType: 'text/html; charset=utf-8',
      etag: '"7"',
      lastModified: 'Sun, 07 Jan 2024 00:00:00 GMT',
    });
  });

  // "会談" in each of them.
  it.each([
    ['that the server declared', 'text/html; charset="Shift_JIS"', '', [0x89, 0xef, 0x92, 0x6b]],
    ['before the one of the page', 'text/html;charset=EUC-JP', 'utf-8', [0xb2, 0xf1, 0xc3, 0xcc]],
    ['of the page, where the server names none', 'text/html', 'sjis', [0x89, 0xef, 0x92, 0x6b]],
  ])('is read in the charset %s', async (_, type, declared, bytes) => {
    const head = declared === '' ? '' : `<meta charset="${declared}">`;
    const [before = '', after = ''] = page('Talks', ['X @ Y'], head).split('@');
    const body = Buffer.concat([Buffer.from(before), Buffer.from(bytes), Buffer.from(after)]);
    const server = await startServer({ '/a': send(body, { 'content-type': type }) });
    const folder = await corpusOf(server, { talks: '/a' });
    expect(await fetchAll(folder)).toEqual({ talks: 'new' });
    const { corpus, problems } = await readCorpus(folder);
    expect(problems).toEqual([]);
    expect(corpus.documents[0]?.text).toContain('X 会談 Y');
  });

  it.each(['application/pdf', 'application/octet-stream', 'text/html'])(
    'may be a PDF (%s)',
    async (type) => {
      const pdf = makePdf([['The harbour wall will be repaired before the winter storms.']]);
      const server = await startServer({ '/a': send(pdf, { 'content-type': type }) });
      const folder = await corpusOf(server, { wall: '/a' });
      expect(await fetchAll(folder)).toEqual({ wall: 'new' });
      expect(await originals(folder)).toEqual(['wall.page.json', 'wall.pdf']);
      const { corpus } = await readCorpus(folder);
      expect(corpus.documents[0]).toMatchObject({
        sources: ['wall'],
        page: { source: 'wall', archived: false },
      });
    },
  );

  it('has a file of its own for ids that are no names of files', async () => {
    const long = '会'.repeat(300);
    const ids = ['../a', 'A!', 'a', long, `${long}!`];
    const server = await startServer({ '/1': send(FERRY) });
    const folder = await corpusOf(server, Object.fromEntries(ids.map((id) => [id, '/1'])));
    expect(await fetchAll(folder)).toEqual(Object.fromEntries(ids.map((id) => [id, 'new'])));
    expect(await originals(folder)).toHaveLength(10);
    expect((await readCorpus(folder)).problems).toEqual([]);
    expect(await readdir(folder)).toEqual(['originals', 'sources.yaml']);
  });
});

describe('a later run', () => {
  /** A server whose page has a version, and knows its ETag. */
  async function versioned() {
    const state = { version: 1 };
    const route: Route = (response, request) => {
      const etag = `"${state.version}"`;
      if (request.headers['if-none-match'] === etag) response.writeHead(304).end();
      else
        send(page('Ferry talks', [`Version ${state.version} of the talks.`]), { etag })(
          response,
          request,
        );
    };
    const server = await startServer({ '/a': route });
    return { state, server, folder: await corpusOf(server, { ferry: '/a' }) };
  }

  it('asks whether a page has changed, and replaces one that has', async () => {
    const { state, folder, server } = await versioned();
    const day = (number: number) => ({ today: () => new Date(`2026-01-0${number}T00:00:00Z`) });
    expect(await fetchAll(folder, day(1))).toEqual({ ferry: 'new' });
    expect(await fetchAll(folder, day(2))).toEqual({ ferry: 'unchanged' });
    expect(server.requests.at(-1)?.headers['if-none-match']).toBe('"1"');
    expect(await sidecarOf(folder, 'ferry')).toMatchObject({
      fetchedAt: '2026-01-01T00:00:00.000Z',
      checkedAt: '2026-01-02T00:00:00.000Z',
    });
    state.version = 2;
    expect(await fetchAll(folder, day(3))).toEqual({ ferry: 'changed' });
    expect(await readFile(join(folder, 'originals/ferry.html'), 'utf8')).toContain('Version 2');
    expect(await sidecarOf(folder, 'ferry')).toMatchObject({ etag: '"2"' });
  });

  it('calls the same bytes unchanged where the server has no ETag', async () => {
    const server = await startServer({ '/a': send(FERRY) });
    const folder = await corpusOf(server, { ferry: '/a' });
    expect(await fetchAll(folder)).toEqual({ ferry: 'new' });
    expect(await fetchAll(folder)).toEqual({ ferry: 'unchanged' });
  });

  it('goes on where one was stopped: what came within a day is not asked for again', async () => {
    const server = await startServer({ '/a': send(FERRY), '/b': send(FERRY) });
    const folder = await corpusOf(server, { a: '/a', b: '/b' });
    const today = () => new Date('2026-01-01T00:00:00Z');
    const { entries } = await readBibliography((await walkCorpus(folder)).bibliography);
    const first = (entries ?? []).slice(0, 1).map(({ source }) => source);
    expect(await fetchAll(folder, { today, sources: first })).toEqual({ a: 'new' });
    const rest = { today: () => new Date('2026-01-01T23:00:00Z'), askAgain: false };
    expect(await fetchAll(folder, rest)).toEqual({ a: 'recent', b: 'new' });
    expect(server.asked.filter((path) => path === '/a')).toHaveLength(1);
    const later = { today: () => new Date('2026-01-03T00:00:00Z'), askAgain: false };
    expect(await fetchAll(folder, later)).toEqual({ a: 'unchanged', b: 'unchanged' });
  });

  it('goes on from every moment at which one can be killed, and leaves no page without its source', async () => {
    const pdf = makePdf([['The harbour wall will be repaired before the winter storms.']]);
    const state = { body: send(FERRY) };
    const server = await startServer({ '/a': (...both) => state.body(...both) });
    const folder = await corpusOf(server, { ferry: '/a' });
    const at = (name: string): string => join(folder, 'originals', name);
    await fetchAll(folder);
    // Half of a file, then a sidecar whose page did not come.
    await rename(at('ferry.page.json'), at('ferry.page.json.next'));
    await rm(at('ferry.html'));
    expect(await fetchAll(folder, { askAgain: false })).toEqual({ ferry: 'new' });
    await rename(at('ferry.html'), at('ferry.html.next'));
    expect((await readCorpus(folder)).corpus.documents).toEqual([]);
    expect(await fetchAll(folder, { askAgain: false })).toEqual({ ferry: 'new' });
    expect(await originals(folder)).toEqual(['ferry.html', 'ferry.page.json']);
    // A page that became a PDF, and was killed before that was written.
    await copyFile(at('ferry.html'), at('old'));
    state.body = send(pdf, { 'content-type': 'application/pdf' });
    expect(await fetchAll(folder)).toEqual({ ferry: 'changed' });
    expect(await originals(folder)).toEqual(['ferry.page.json', 'ferry.pdf', 'old']);
    await rm(at('ferry.pdf'));
    await rename(at('old'), at('ferry.html'));
    expect(await fetchAll(folder, { askAgain: false })).toEqual({ ferry: 'new' });
    expect(await originals(folder)).toEqual(['ferry.page.json', 'ferry.pdf']);
  });

  it('fetches a page whole whose file was changed or whose sidecar is damaged', async () => {
    const { folder, server } = await versioned();
    await fetchAll(folder);
    await writeFile(join(folder, 'originals/ferry.html'), 'other words');
    expect(await fetchAll(folder)).toEqual({ ferry: 'new' });
    await writeFile(join(folder, 'originals/ferry.page.json'), '{');
    expect(await fetchAll(folder)).toEqual({ ferry: 'new' });
    expect(server.requests.some(({ headers }) => 'if-none-match' in headers)).toBe(false);
  });

  it('keeps the page that we have when a new one does not come', async () => {
    const state = { isUp: true };
    const server = await startServer({
      '/a': (response, request) => {
        if (state.isUp) send(FERRY)(response, request);
        else response.writeHead(503).end();
      },
    });
    const folder = await corpusOf(server, { ferry: '/a' });
    await fetchAll(folder);
    state.isUp = false;
    expect(await fetchAll(folder)).toEqual({ ferry: `HTTP 503 for ${server.origin}/a.` });
    expect(await originals(folder)).toEqual(['ferry.html', 'ferry.page.json']);
  });
});

describe('a page that does not come', () => {
  it('is listed with its reason, and the others come all the same', async () => {
    const server = await startServer({
      '/good': send(FERRY),
      '/picture': send('x', { 'content-type': 'image/png' }),
      '/empty': send('<html><body><script>start()</script></body></html>'),
      '/broken': (response) => response.writeHead(500).end(),
      '/untyped': (response) => response.writeHead(200).end(FERRY),
      '/robots.txt': send('User-agent: *\nDisallow: /secret', { 'content-type': 'text/plain' }),
    });
    const names = ['good', 'picture', 'empty', 'broken', 'untyped', 'secret', 'missing'];
    const folder = await corpusOf(
      server,
      Object.fromEntries(names.map((name) => [name, `/${name}`])),
    );
    expect(await fetchAll(folder)).toEqual({
      good: 'new',
      picture: 'Expected HTML or PDF, found image/png.',
      empty: 'Not readable: no text',
      broken: `HTTP 500 for ${server.origin}/broken.`,
      untyped: 'new',
      secret: expect.stringMatching(/^robots\.txt .* forbids it/) as string,
      missing: `HTTP 404 for ${server.origin}/missing.`,
    });
    expect(await originals(folder)).toHaveLength(4);
  });

  it('is taken from the archive where that is wanted, but not against robots.txt', async () => {
    const asked: string[] = [];
    const archive = await startServer({
      '/available': (response, request) => {
        asked.push(request.url ?? '');
        const isKnown = !request.url?.includes('unknown');
        const closest = { available: true, timestamp: '20240109101112' };
        response.end(JSON.stringify({ archived_snapshots: isKnown ? { closest } : {} }));
      },
    });
    const server = await startServer({
      '/robots.txt': send('User-agent: *\nDisallow: /secret', { 'content-type': 'text/plain' }),
    });
    const folder = await corpusOf(server, {
      gone: '/gone',
      unknown: '/unknown',
      secret: '/secret',
    });
    const archivedPath = `/web/20240109101112id_/${server.origin}/gone`;
    const pages = await startServer({ [archivedPath]: send(FERRY) });
    const addresses = { availability: `${archive.origin}/available`, pages: `${pages.origin}/web` };
    expect(await fetchAll(folder, { useArchive: true, archive: addresses })).toEqual({
      gone: 'new',
      unknown: `HTTP 404 for ${server.origin}/unknown. The Internet Archive has no copy.`,
      secret: expect.stringMatching(/^robots\.txt .* forbids it/) as string,
    });
    expect(new URL(asked[0] ?? '', archive.origin).searchParams.get('timestamp')).toBe('20240107');
    expect(asked.join()).not.toContain('secret');
    expect(await sidecarOf(folder, 'gone')).toMatchObject({
      archived: true,
      address: `${server.origin}/gone`,
      finalAddress: `${pages.origin}/web/20240109101112/${server.origin}/gone`,
    });
    expect(await fetchAll(folder)).toMatchObject({ gone: `HTTP 404 for ${server.origin}/gone.` });
  });
});

describe('a corpus with fetched pages', () => {
  it('refuses a page that is no longer as it was fetched, and a damaged sidecar', async () => {
    const server = await startServer({ '/a': send(FERRY) });
    const folder = await corpusOf(server, { ferry: '/a' });
    await fetchAll(folder);
    expect((await readCorpus(folder)).problems).toEqual([]);
    await writeFile(join(folder, 'originals/ferry.html'), FERRY.replace('forty', 'fifty'));
    const changed = await readCorpus(folder);
    expect(changed.corpus.documents).toEqual([]);
    expect(changed.problems.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^expected the page as it was fetched/) as string,
    ]);
    await writeFile(join(folder, 'originals/ferry.page.json'), '{"file":"../x"}');
    const damaged = await readCorpus(folder);
    expect(damaged.problems.map(({ path }) => path)).toEqual(['originals/ferry.page.json']);
    expect(damaged.corpus.documents[0]?.page).toBeUndefined();
  });
});
