import { brotliCompressSync, constants, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Visitor, type VisitorOptions } from '../../src/fetch/visitor.ts';
import { onlyThisServer, QUICK, redirect, type Route, send, startServer } from './web-server.ts';

function visitorWith(options: Partial<VisitorOptions> = {}): Visitor {
  const visitor = new Visitor({
    userAgent: 'Dragoman/1.0 (+https://example.org)',
    limits: QUICK,
    allowsAddress: onlyThisServer,
    ...options,
  });
  onTestFinished(() => visitor.close());
  return visitor;
}

/** Asks a server with these routes for a path. */
async function ask(
  path: string,
  routes: Readonly<Record<string, Route>>,
  options: Partial<VisitorOptions> = {},
) {
  const server = await startServer(routes);
  const answer = visitorWith(options).get(server.origin + path);
  return { server, answer };
}

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');

describe('a visitor', () => {
  it('names itself and gives what a page says', async () => {
    const { server, answer } = await ask('/a', { '/a': send('Hello.', { etag: '"1"' }) });
    const { status, bytes, headers, url } = await answer;
    expect([status, textOf(bytes), headers.get('etag'), url]).toEqual([
      200,
      'Hello.',
      '"1"',
      `${server.origin}/a`,
    ]);
    expect(server.asked).toEqual(['/robots.txt', '/a']);
    expect(server.requests[1]?.headers['user-agent']).toBe('Dragoman/1.0 (+https://example.org)');
  });

  it('gives answers of any status', async () => {
    const { answer } = await ask('/gone', {});
    expect((await answer).status).toBe(404);
    const broken = await ask('/broken', { '/broken': (response) => response.writeHead(503).end() });
    expect((await broken.answer).status).toBe(503);
  });

  it('follows redirects, relative ones too, up to five', async () => {
    const routes = (count: number) =>
      Object.fromEntries([
        ...Array.from({ length: count }, (_, at) => [
          `/${at}`,
          redirect(`./${at + 1}`, [301, 302, 303, 307, 308][at % 5]),
        ]),
        [`/${count}`, send('The end.')],
      ]) as Record<string, Route>;
    const five = await ask('/0', routes(5));
    expect(await five.answer).toMatchObject({ status: 200, url: `${five.server.origin}/5` });
    const six = await ask('/0', routes(6));
    await expect(six.answer).rejects.toThrow(/^More than 5 redirects/);
  });

  it('notices a circle, and a redirect that leads to no address', async () => {
    const circle = await ask('/a', { '/a': redirect('/b'), '/b': redirect('/a') });
    await expect(circle.answer).rejects.toThrow(/^Redirects lead in a circle/);
    const nowhere = await ask('/a', { '/a': redirect('http://') });
    await expect(nowhere.answer).rejects.toThrow(/^A redirect leads to no address/);
    const file = await ask('/a', { '/a': redirect('file:///etc/passwd') });
    await expect(file.answer).rejects.toThrow(/^Expected an address of the web, found .*file:/);
    const named = await ask('/a', { '/a': redirect('http://me:secret@127.0.0.1/') });
    await expect(named.answer).rejects.toThrow(/^Expected an address without a user name/);
    const long = await ask('/a', { '/a': redirect(`/${'a'.repeat(3000)}`) });
    await expect(long.answer).rejects.toThrow(/^Expected an address of at most 2000 characters/);
    expect(long.server.asked).toEqual(['/robots.txt', '/a']);
  });

  it('counts as a circle no addresses that differ, but ends after five of them', async () => {
    let count = 0;
    const next: Route = (response, request) => redirect(`/a?${count++}`)(response, request);
    const changing = await ask('/a', { '/a': next });
    await expect(changing.answer).rejects.toThrow(/^More than 5 redirects/);
    const marks: Route = (response, request) => redirect(`/a#${count++}`)(response, request);
    const marked = await ask('/a', { '/a': marks });
    await expect(marked.answer).rejects.toThrow(/^More than 5 redirects/);
    const self = await ask('/a', { '/a': redirect('') });
    await expect(self.answer).rejects.toThrow(/^Redirects lead in a circle/);
  });

  it('reaches public addresses only, by number or by name, directly or by a redirect', async () => {
    const server = await startServer({ '/a': send('Private.') });
    const { port } = new URL(server.origin);
    const visitor = new Visitor({ userAgent: 'Dragoman', limits: QUICK });
    onTestFinished(() => visitor.close());
    for (const host of [
      '127.0.0.1',
      'localhost',
      '[::1]',
      '[::ffff:127.0.0.1]',
      '[::127.0.0.1]',
      '[0:0:0:0:0:ffff:7f00:1]',
      '[64:ff9b::127.0.0.1]',
      '0x7f.1',
      '0177.0.0.1',
      '2130706433',
      '127.1',
      '0',
      '①②⑦.0.0.1',
      '127.0.0.1.',
    ]) {
      await expect(visitor.get(`http://${host}:${port}/a`)).rejects.toThrow(
        /is not an address of the public internet/,
      );
    }
    expect(server.asked).toEqual([]);
    for (const to of [
      `http://127.0.0.2:${port}/a`,
      `//127.0.0.2:${port}/a`,
      `http:\\\\127.0.0.2:${port}\\a`,
      `http://[::1]:${port}/a`,
      `http://[::7f00:1]:${port}/a`,
      'http://169.254.169.254/',
    ]) {
      const { answer } = await ask('/a', { '/a': redirect(to) });
      await expect(answer).rejects.toThrow(/is not an address of the public internet/);
    }
    expect(server.asked).toEqual([]);
    const robots = await ask('/a', { '/robots.txt': redirect('http://127.0.0.2/robots.txt') });
    await expect(robots.answer).rejects.toThrow(/is not an address of the public internet/);
    expect(robots.server.asked).toEqual(['/robots.txt']);
  });

  it('ends at the limit of a page without an end', async () => {
    const endless: Route = (response) => {
      response.writeHead(200, { 'content-type': 'text/html' });
      const more = (): void => {
        while (response.writable && response.write('x'.repeat(10_000)));
        if (response.writable) response.once('drain', more);
      };
      more();
    };
    const { answer } = await ask('/a', { '/a': endless });
    await expect(answer).rejects.toThrow(/^More than 0\.2 MiB/);
  });

  it('ends at the limit of what a small answer unpacks to', async () => {
    const zeros = Buffer.alloc(2_000_000);
    const bombs: readonly (readonly [string, Uint8Array])[] = [
      ['gzip', gzipSync(zeros)],
      ['deflate', deflateSync(zeros)],
      ['br', brotliCompressSync(zeros, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } })],
      ['gzip, gzip', gzipSync(gzipSync(zeros))],
    ];
    for (const [encoding, bomb] of bombs) {
      const { answer } = await ask('/a', { '/a': send(bomb, { 'content-encoding': encoding }) });
      await expect(answer, encoding).rejects.toThrow(/^More than 0\.2 MiB/);
    }
    const often = Array.from({ length: 40 }, () => 'gzip').join(', ');
    const nested = await ask('/a', { '/a': send('x', { 'content-encoding': often }) });
    await expect(nested.answer).rejects.toThrow(/^No answer: too many content-encodings/);
    const small = await ask('/a', {
      '/a': send(gzipSync('Packed.'), { 'content-encoding': 'gzip' }),
    });
    expect(textOf((await small.answer).bytes)).toBe('Packed.');
  });

  it('waits for a silent or slow server only so long', async () => {
    const limits = { ...QUICK, timeoutMs: 300 };
    const silent = await ask('/a', { '/robots.txt': () => undefined }, { limits });
    await expect(silent.answer).rejects.toThrow(/^No whole answer within 0\.3 s/);
    const half: Route = (response) => response.writeHead(200).write('A beginning');
    const slow = await ask('/a', { '/robots.txt': half }, { limits });
    await expect(slow.answer).rejects.toThrow(/^No whole answer within 0\.3 s/);
  });

  it('says why there is no answer', async () => {
    const { answer } = await ask('/a', { '/a': (response) => response.destroy() });
    await expect(answer).rejects.toThrow(/^No answer: /);
    const wrong = await ask('/a', { '/a': send('not packed', { 'content-encoding': 'gzip' }) });
    await expect(wrong.answer).rejects.toThrow(/^No answer: /);
  });
});

describe('robots.txt', () => {
  const rules = (text: string): Route => send(text, { 'content-type': 'text/plain' });
  const PAGES = { '/a': send('A'), '/private/b': send('B') };

  it('is read once a host and obeyed, by the name of the visitor before that of all', async () => {
    const server = await startServer({
      ...PAGES,
      '/robots.txt': rules(
        'User-agent: *\nDisallow: /\n\nUser-agent: dragoman\nDisallow: /private/',
      ),
    });
    const visitor = visitorWith();
    expect((await visitor.get(`${server.origin}/a`)).status).toBe(200);
    await expect(visitor.get(`${server.origin}/private/b`)).rejects.toThrow(
      /^robots\.txt of 127\.0\.0\.1:\d+ forbids it/,
    );
    expect(server.asked).toEqual(['/robots.txt', '/a']);
  });

  it('is obeyed as far as it is read, which is 500 KiB up to the last whole line', async () => {
    const start = 'User-agent: *\nDisallow: /private/\n';
    const cut = 'Disallow: /';
    const filler = '#'.repeat(500 * 1024 - start.length - cut.length - 1);
    const server = await startServer({
      ...PAGES,
      '/robots.txt': rules(`${start}${filler}\n${cut}other\n${'#'.repeat(100_000)}`),
    });
    const visitor = visitorWith();
    expect((await visitor.get(`${server.origin}/a`)).status).toBe(200);
    await expect(visitor.get(`${server.origin}/private/b`)).rejects.toThrow('forbids it');
  });

  it('holds for pages that redirects lead to, on their own host', async () => {
    const other = await startServer({
      ...PAGES,
      '/robots.txt': rules('User-agent: *\nDisallow: /a'),
    });
    const { answer } = await ask('/start', { '/start': redirect(`${other.origin}/a`) });
    await expect(answer).rejects.toThrow(/^robots\.txt .* forbids it/);
    expect(other.asked).toEqual(['/robots.txt']);
  });

  it.each([
    ['a wildcard, and the end of an address', 'Disallow: /*.pdf$', '/x/a.pdf', '/x/a.pdf?v=1'],
    ['the longest rule, allowed before forbidden', 'Disallow: /x\nAllow: /x/a', '/x/b', '/x/a'],
    ['rules of one length', 'Disallow: /x\nAllow: /x', '/robots', '/x'],
    ['a query', 'Disallow: /*?print=', '/a?print=1', '/a?p=1'],
    ['escapes that are the same', 'Disallow: /%7euser/%61', '/~user/a', '/user/a'],
    ['escapes in the address', 'Disallow: /private', '/%70rivate', '/%2Fprivate'],
    ['characters that must be escaped', 'Disallow: /会談', '/会談/1', '/会'],
    ['many stars', `Disallow: /${'*'.repeat(200_000)}b`, `/${'a'.repeat(1500)}b`, '/a'],
    ['no rule at all', 'Disallow:', '/robots', '/a'],
  ])('may hold %s', async (_, rule, forbidden, allowed) => {
    const pages = send('A page.');
    const server = await startServer({
      '/robots.txt': rules(`User-agent: *\n${rule}\nDisallow: /robots`),
      [new URL(allowed, 'http://a').pathname]: pages,
    });
    const visitor = visitorWith();
    await expect(visitor.get(server.origin + forbidden)).rejects.toThrow('forbids it');
    expect((await visitor.get(server.origin + allowed)).status).toBe(200);
  });

  it('names several visitors for one group of rules, whatever other lines are between them', async () => {
    const server = await startServer({
      ...PAGES,
      '/robots.txt': rules(
        '\ufeffUser-Agent : Dragoman/2.0 # that is us\r\nSitemap: https://a.example/map.xml\r\nUser-agent: other\r\n\r\nDisallow: /private\r\n\r\nUser-agent: dragomanbot\r\nDisallow: /',
      ),
    });
    const visitor = visitorWith();
    expect((await visitor.get(`${server.origin}/a`)).status).toBe(200);
    await expect(visitor.get(`${server.origin}/private/b`)).rejects.toThrow('forbids it');
  });

  it('allows nothing to a visitor who asked too often', async () => {
    const { answer, server } = await ask('/a', {
      ...PAGES,
      '/robots.txt': (response) => response.writeHead(429).end(),
    });
    await expect(answer).rejects.toThrow(/^HTTP 429 for .*robots\.txt/);
    expect(server.asked).toEqual(['/robots.txt']);
  });

  it('allows anything where there is none, and nothing where the server is in trouble', async () => {
    const without = await ask('/a', PAGES);
    expect((await without.answer).status).toBe(200);
    const { answer, server } = await ask('/a', {
      ...PAGES,
      '/robots.txt': (response) => response.writeHead(500).end(),
    });
    await expect(answer).rejects.toThrow(/^HTTP 500 for .*robots\.txt/);
    expect(server.asked).toEqual(['/robots.txt']);
  });
});

describe('the pace', () => {
  /** A clock that moves only when somebody sleeps. */
  function clockWith(): { now: () => number; sleep: (ms: number) => Promise<void>; time: number } {
    const clock = {
      time: 0,
      now: () => clock.time,
      sleep: (ms: number) => {
        clock.time += ms;
        return Promise.resolve();
      },
    };
    return clock;
  }

  const timesOf = async (robots: string): Promise<number[]> => {
    const clock = clockWith();
    const times: number[] = [];
    const note: Route = (response) => {
      times.push(clock.time);
      response.writeHead(200).end('x');
    };
    const server = await startServer({
      '/robots.txt': (response) => {
        times.push(clock.time);
        response.writeHead(200).end(robots);
      },
      '/a': note,
      '/b': note,
      '/c': redirect('/a'),
    });
    const visitor = visitorWith({ limits: { ...QUICK, paceMs: 1000 }, clock });
    for (const path of ['/a', '/b', '/c']) await visitor.get(server.origin + path);
    return times;
  };

  it('is one request a second and host, redirects and robots.txt included', async () => {
    expect(await timesOf('')).toEqual([0, 1000, 2000, 4000]);
  });

  it('is that of a host, whatever its ports', async () => {
    const clock = clockWith();
    const times: number[] = [];
    const note: Route = (response) => {
      times.push(clock.time);
      response.writeHead(200).end('');
    };
    const visitor = visitorWith({ limits: { ...QUICK, paceMs: 1000 }, clock });
    for (const server of [
      await startServer({ '/robots.txt': note, '/a': note }),
      await startServer({ '/robots.txt': note, '/a': note }),
    ]) {
      await visitor.get(`${server.origin}/a`);
    }
    expect(times).toEqual([0, 1000, 2000, 3000]);
  });

  it('is at most half a minute, whatever the host asks for', async () => {
    expect(await timesOf('User-agent: *\nCrawl-delay: 1e9')).toEqual([0, 1000, 31_000, 91_000]);
    expect(await timesOf('User-agent: *\nCrawl-delay: -5')).toEqual([0, 1000, 2000, 4000]);
    expect(await timesOf('User-agent: *\nCrawl-delay: soon')).toEqual([0, 1000, 2000, 4000]);
  });

  it('is slower where the host asks for it', async () => {
    expect(await timesOf('User-agent: *\nCrawl-delay: 3')).toEqual([0, 1000, 4000, 10_000]);
  });
});
