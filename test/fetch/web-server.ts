import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import type { Limits } from '../../src/fetch/visitor.ts';

export type Route = (response: ServerResponse, request: IncomingMessage) => void;

export interface WebServer {
  /** "http://127.0.0.1:1234" */
  readonly origin: string;
  /** Paths in the order in which they were asked for. */
  readonly asked: string[];
  readonly requests: IncomingMessage[];
}

/** A web server on this machine that stops with the test. Paths without a route give 404. */
export async function startServer(routes: Readonly<Record<string, Route>>): Promise<WebServer> {
  const asked: string[] = [];
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    asked.push(path);
    requests.push(request);
    const route = routes[path] ?? routes[path.split('?')[0] ?? ''];
    if (route !== undefined) route(response, request);
    else response.writeHead(404).end('<p>Nothing is here.</p>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  const { port } = server.address() as AddressInfo;
  return { origin: `http://127.0.0.1:${port}`, asked, requests };
}

/** The only address that tests may reach besides those of the internet, which they do not. */
export const onlyThisServer = (address: string): boolean => address === '127.0.0.1';

/** No pause: the pace has a test of its own with a clock of its own. */
export const QUICK: Limits = { timeoutMs: 60_000, maxBytes: 200_000, maxRedirects: 5, paceMs: 0 };

export const redirect =
  (to: string, status = 302): Route =>
  (response) =>
    response.writeHead(status, { location: to }).end();

export const send =
  (body: string | Uint8Array, headers: Readonly<Record<string, string>> = {}): Route =>
  (response) =>
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', ...headers }).end(body);

/** A page of our own wording, long enough to be an article. */
export function page(title: string, sentences: readonly string[], head = ''): string {
  const filler =
    'The delegations then turned to the timetable of the ferries and to the repair of the harbour wall, which both sides want to see finished before the winter storms.';
  return `<!doctype html><html lang="en"><head><title>${title}</title>${head}</head><body><article><h1>${title}</h1>${[
    ...sentences,
    filler,
  ]
    .map((sentence) => `<p>${sentence}</p>`)
    .join('\n')}</article></body></html>`;
}
