import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { ApiError, apiError } from './api-error.ts';
import type { Exchange } from './exchange.ts';
import type { Fault, Faults } from './faults.ts';
import type { InteractionHandler } from './interactions.ts';
import { readBody } from './request-body.ts';
import type { RestAnswer, Routes } from './routes.ts';

const PREFIX = '/api/v10/';

interface RestParts {
  readonly routes: Routes;
  readonly interactions: InteractionHandler;
  readonly faults: Faults;
  readonly token: string;
  /** Called for each request, before it is answered. */
  readonly seen: (method: string, path: string) => void;
  /** Called with what went wrong inside the server itself: a defect of these tests' support. */
  readonly failed: (error: unknown) => void;
}

/** The HTTP side: paths, authorization, scripted failures, and the record of each request in its exchange. */
export function createRestServer(parts: RestParts): Server {
  return createServer((request, response) => {
    answer(parts, request, response).catch((error: unknown) => {
      // A client that went away in the middle of its request is no failure of the server.
      if (!request.destroyed) parts.failed(error);
      response.destroy();
    });
  });
}

async function answer(
  parts: RestParts,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const at = performance.now();
  const method = request.method ?? 'GET';
  const url = new URL(request.url ?? '/', 'http://local');
  const segments = readSegments(url.pathname);
  const path = segments === null ? null : `/${segments.join('/')}`;
  const exchange = exchangeOf(parts.interactions, segments ?? []);
  let json: unknown;
  let fault: Fault | null = null;
  let result: RestAnswer;
  let headers: Readonly<Record<string, string>> = {};
  try {
    const body = await readBody(request);
    json = body.json;
    if (path === null || segments === null) throw apiError('notFound');
    parts.seen(method, path);
    fault = parts.faults.take(method, path);
    if (fault?.kind === 'disconnect') {
      response.destroy();
      exchange?.record({ method, path, json, at, status: 0, response: null });
      return;
    }
    if (fault?.kind === 'refuse') throw fault.error;
    const authorized = request.headers.authorization === `Bot ${parts.token}`;
    result = parts.routes.handle({
      method,
      segments,
      query: url.searchParams,
      body,
      at,
      authorized,
    });
    if (fault?.kind === 'refuseAfter') throw fault.error;
  } catch (error) {
    const refusal = error instanceof ApiError ? error : apiError('internal');
    if (refusal !== error) parts.failed(error);
    result = { status: refusal.status, json: refusal.body };
    headers = refusal.headers;
  }
  if (fault?.kind === 'delay') await pause(fault.ms);
  const text = result.json === null ? '' : JSON.stringify(result.json);
  response.writeHead(result.status, {
    ...(text === '' ? {} : { 'Content-Type': 'application/json' }),
    ...headers,
  });
  // The exchange is told only when the answer is on its way, so that a test is never ahead of the bot.
  response.end(text, () =>
    exchange?.record({
      method,
      path: path ?? url.pathname,
      json,
      at,
      status: result.status,
      response: result.json,
    }),
  );
}

/** The decoded segments of a path after `/api/v10/`, or null for a path elsewhere. */
function readSegments(pathname: string): string[] | null {
  if (!pathname.startsWith(PREFIX)) return null;
  try {
    return pathname.slice(PREFIX.length).split('/').map(decodeURIComponent);
  } catch {
    return null;
  }
}

function exchangeOf(
  interactions: InteractionHandler,
  segments: readonly string[],
): Exchange | undefined {
  const [root, , token] = segments;
  if (root !== 'interactions' && root !== 'webhooks') return undefined;
  return token === undefined ? undefined : interactions.byToken(token);
}

async function pause(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
}
