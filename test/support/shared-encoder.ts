import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { deserialize, serialize } from 'node:v8';
import type { Embedder, PassageText, PassageVectors } from '../../src/embedding/model.ts';

/** A model that a server of this machine runs for everybody who connects. */
export interface SharedEncoder {
  readonly url: string;
  readonly id: string;
  readonly digest: string;
  readonly dimensions: number;
}

type Request =
  | { readonly kind: 'questions'; readonly texts: readonly string[] }
  | { readonly kind: 'passages'; readonly texts: readonly PassageText[] };

export interface EncoderServer {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves one embedder to any number of processes, on a free port of 127.0.0.1. Each text is embedded once.
 *
 * @param open - called with the first text
 */
export async function serveEncoder(open: () => Promise<Embedder>): Promise<EncoderServer> {
  let opened: Promise<Embedder> | null = null;
  const embedder = (): Promise<Embedder> => (opened ??= open());
  const question = once(async (text: string) =>
    only(await (await embedder()).embedQuestions([text])),
  );
  const passage = once(async (text: PassageText) =>
    only(await (await embedder()).embedPassages([text])),
  );

  const answer = async (body: Buffer): Promise<Buffer> => {
    const request = deserialize(body) as Request;
    const vectors =
      request.kind === 'questions' ? request.texts.map(question) : request.texts.map(passage);
    return serialize(await Promise.all<unknown>(vectors));
  };
  const server = createServer((request, response) => {
    void buffer(request)
      .then(answer)
      .then(
        (body) => response.end(body),
        (error: unknown) => response.writeHead(500).end(String(error)),
      );
  });
  // A connection that idles stays open: closing it could meet the client's next request half way.
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await (await opened)?.close();
    },
  };
}

/** The embedder behind a server. Closing it does nothing: others use the same one. */
export function connectEncoder({ url, id, digest, dimensions }: SharedEncoder): Embedder {
  const ask = async (request: Request): Promise<unknown> => {
    const response = await fetch(url, { method: 'POST', body: serialize(request) });
    if (!response.ok) throw new Error(await response.text());
    return deserialize(Buffer.from(await response.arrayBuffer()));
  };
  return {
    id,
    digest,
    dimensions,
    embedQuestions: async (texts) => (await ask({ kind: 'questions', texts })) as Float32Array[],
    embedPassages: async (texts) => (await ask({ kind: 'passages', texts })) as PassageVectors[],
    close: () => Promise.resolve(),
  };
}

/** A function that is called once for each argument. */
function once<Text, Result>(
  work: (text: Text) => Promise<Result>,
): (text: Text) => Promise<Result> {
  const known = new Map<string, Promise<Result>>();
  return (text) => {
    const key = JSON.stringify(text);
    const result = known.get(key) ?? work(text);
    known.set(key, result);
    return result;
  };
}

function only<T>(items: readonly T[]): T {
  const [item] = items;
  if (item === undefined || items.length > 1)
    throw new Error(`Expected one, found ${items.length}.`);
  return item;
}
