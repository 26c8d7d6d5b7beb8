import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { deserialize, serialize } from 'node:v8';
import type {
  Embedder,
  PassageText,
  PassageVectors,
  QuestionVectors,
} from '../../src/embedding/model.ts';

type Model = Pick<Embedder, 'id' | 'digest' | 'dimensions' | 'head'>;

type Request =
  | { readonly kind: 'model' }
  | { readonly kind: 'index' }
  | { readonly kind: 'question'; readonly text: string }
  | { readonly kind: 'passages'; readonly texts: readonly PassageText[] };

export interface EncoderServer {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves one embedder, and the folder of an index made with it, to any number of processes, on a free port of 127.0.0.1.
 * Each text is embedded once, and nothing is opened or built before somebody asks for it.
 *
 * @param open - opens the embedder; called once
 * @param build - builds the index and returns its folder; called once
 */
export async function serveEncoder(
  open: () => Promise<Embedder>,
  build: (embedder: Embedder) => Promise<string>,
): Promise<EncoderServer> {
  let opened: Promise<Embedder> | null = null;
  let built: Promise<string> | null = null;
  const embedder = (): Promise<Embedder> => (opened ??= open());
  const question = once(async (text: string) => (await embedder()).embedQuestion(text));
  const passage = once(async (text: PassageText) =>
    only(await (await embedder()).embedPassages([text])),
  );

  const answer = async (request: Request): Promise<unknown> => {
    switch (request.kind) {
      case 'model': {
        const { id, digest, dimensions, head } = await embedder();
        return { id, digest, dimensions, head } satisfies Model;
      }
      case 'index':
        return (built ??= embedder().then(build));
      case 'question':
        return question(request.text);
      case 'passages':
        return Promise.all(request.texts.map(passage));
    }
  };
  const server = createServer((request, response) => {
    void buffer(request)
      .then((body) => answer(deserialize(body) as Request))
      .then(
        (result) => response.end(serialize(result)),
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
export async function connectEncoder(url: string): Promise<Embedder> {
  const embedQuestion = async (text: string): Promise<QuestionVectors> =>
    (await ask(url, { kind: 'question', text })) as QuestionVectors;
  return {
    ...((await ask(url, { kind: 'model' })) as Model),
    embedQuestion,
    embedQuestions: async (texts) =>
      (await Promise.all(texts.map(embedQuestion))).map(({ question }) => question),
    embedPassages: async (texts) =>
      (await ask(url, { kind: 'passages', texts })) as PassageVectors[],
    close: () => Promise.resolve(),
  };
}

/** The folder of the index that the server builds. */
export async function folderOfIndex(url: string): Promise<string> {
  return (await ask(url, { kind: 'index' })) as string;
}

/** By node:http and not `fetch`, which gives up after five minutes without an answer. */
function ask(url: string, body: Request): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, { method: 'POST' }, (response) => {
      void buffer(response).then((answer) => {
        if (response.statusCode === 200) resolve(deserialize(answer));
        else reject(new Error(answer.toString()));
      }, reject);
    });
    request.on('error', reject).end(serialize(body));
  });
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
