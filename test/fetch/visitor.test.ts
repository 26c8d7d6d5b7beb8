import fc from 'fast-check';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { isPublicAddress, Visitor, type VisitorOptions } from '../../src/fetch/visitor.ts';
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
      '0x7f.1',
      '2130706433',
    ]) {
      await expect(visitor.get(`http://${host}:${port}/a`)).rejects.toThrow(
        /is not an address of the public internet/,
      );
    }
    expect(server.asked).toEqual([]);
    for (const host of ['127.0.0.2', '[::1]', '169.254.169.254']) {
      const { answer } = await ask('/a', { '/a': redirect(`http://${host}:${port}/a`) });
      await expect(answer).rejects.toThrow(/is not an address of the public internet/);
    }
    expect(server.asked).toEqual([]);
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
    const bomb = gzipSync(Buffer.alloc(50_000_000));
    const { answer } = await ask('/a', { '/a': send(bomb, { 'content-encoding': 'gzip' }) });
    await expect(answer).rejects.toThrow(/^More than 0\.2 MiB/);
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

  it('is slower where the host asks for it', async () => {
    expect(await timesOf('User-agent: *\nCrawl-delay: 3')).toEqual([0, 1000, 4000, 10_000]);
  });
});

const byte = fc.integer({ min: 0, max: 255 });
const v4 = (first: string) =>
  fc.tuple(byte, byte, byte).map((rest) => `${first}.${rest.join('.')}`);

describe('isPublicAddress', () => {
  it('refuses every private, local and reserved range', () => {
    for (const address of [
      ...['0.0.0.0', '10.1.2.3', '100.64.0.1', '127.0.0.1', '169.254.169.254', '172.16.0.1'],
      ...['192.0.0.1', '192.168.1.1', '198.18.0.1', '224.0.0.1', '240.0.0.1', '255.255.255.255'],
      ...['::', '::1', 'fe80::1', 'fc00::1', 'fd12::1', 'ff02::1', '2001:db8::1'],
      // IPv4 addresses inside of IPv6 ones: mapped, NAT64, 6to4, Teredo.
      ...['::ffff:127.0.0.1', '::ffff:a00:1', '64:ff9b::a00:1', '2002:7f00:1::', '2001:0:1::1'],
      ...['', 'localhost', '127.1.example', 'x'],
    ]) {
      expect([address, isPublicAddress(address)]).toEqual([address, false]);
    }
  });

  it('refuses whole networks of private addresses, mapped too', () => {
    const inside = fc.oneof(v4('10'), v4('127'), v4('0'));
    fc.assert(
      fc.property(inside, (address) => {
        expect(isPublicAddress(address)).toBe(false);
        expect(isPublicAddress(`::ffff:${address}`)).toBe(false);
      }),
    );
  });

  it('allows those of the internet', () => {
    for (const address of ['8.8.8.8', '93.184.216.34', '2606:4700::1111', '::ffff:8.8.8.8']) {
      expect([address, isPublicAddress(address)]).toEqual([address, true]);
    }
  });
});
