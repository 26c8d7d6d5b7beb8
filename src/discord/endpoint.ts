/** Interactions over HTTP: Discord posts each to an address of ours, and no gateway is needed. */
import { createPublicKey, verify, type KeyObject } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import {
  ClientApplication,
  GatewayDispatchEvents,
  InteractionResponseType,
  InteractionType,
  Routes,
  type Client,
} from 'discord.js';
import { LRUCache } from 'lru-cache';
import * as z from 'zod';
import { listenOn, type Address, type Listening, type Logger } from '../monitor.ts';
import { UNREACHABLE, discordError, type Door } from './client.ts';

/** A context-menu command brings its message along; Discord's messages stay far below this. */
const MAX_BODY_BYTES = 1024 * 1024;
/** Clocks differ and networks are slow, but a request of five minutes ago is a recording. */
const MAX_AGE_SECONDS = 300;
/** Signatures seen within that time; each is 128 characters. */
const REMEMBERED_REQUESTS = 100_000;
/** Discord waits three seconds for the response. */
const RESPOND_WITHIN_MS = 2_800;
/** For clients that send their request byte by byte. Node looks for them every 30 seconds unless it is told to. */
const SERVER_LIMITS = {
  requestTimeout: 10_000,
  headersTimeout: 10_000,
  connectionsCheckingInterval: 1000,
};

const PING: number = InteractionType.Ping;

/** `POST /interactions/:id/:token/callback`, where the library sends the first response. */
const CALLBACK = /^\/interactions\/(\d+)\/[^/]+\/callback$/;

interface EndpointOptions extends Address {
  readonly client: Client;
  /** 64 hexadecimal digits, from the application's page in the Developer Portal. */
  readonly publicKey: string;
  readonly log: Logger;
}

/**
 * Answers interactions that Discord posts.
 *
 * @throws DragomanError DISCORD when the token is refused or the API cannot be reached, CONFIG when the port cannot be
 *   listened on
 */
export async function overHttp(
  client: Client,
  { token, ...options }: Omit<EndpointOptions, 'client'> & { readonly token: string },
): Promise<Door> {
  const { log } = options;
  client.token = token;
  client.rest.setToken(token);
  const raw = await client.rest.get(Routes.currentApplication()).catch((cause: unknown) => {
    throw discordError(cause, UNREACHABLE);
  });
  // What the gateway would bring; the library has no public way to make one.
  client.application = Reflect.construct(ClientApplication, [client, raw]) as ClientApplication;
  const endpoint = await openEndpoint({ ...options, client });
  log.info({ event: 'endpoint.open', port: endpoint.port });
  // Discord speaks up only when somebody asks; that its API answers has to be tried.
  let isReached = true;
  const check = async (): Promise<void> => {
    const application = await client.rest.get(Routes.currentApplication()).catch(() => null);
    const reached = application !== null;
    if (reached !== isReached) log.warn({ event: 'endpoint.api', reached });
    isReached = reached;
  };
  return { application: client.application.id, isWell: () => isReached, check, endpoint };
}

/**
 * Serves Discord's interactions endpoint. What is received is emitted by the client as if it had come over the gateway;
 * the first response goes into the HTTP response, unless it has files: those go to Discord's callback address, and the
 * HTTP response is an empty 202.
 *
 * https://docs.discord.com/developers/interactions/overview#preparing-for-interactions
 *
 * @throws DragomanError CONFIG when the port cannot be listened on
 */
export async function openEndpoint(options: EndpointOptions): Promise<Listening> {
  const { client, log } = options;
  const key = keyOf(options.publicKey);
  const open = new OpenRequests(client);
  const seen = new LRUCache<string, true>({
    max: REMEMBERED_REQUESTS,
    ttl: MAX_AGE_SECONDS * 1000,
  });
  const server = createServer(SERVER_LIMITS, (request, response) => {
    receive(request, { key, seen })
      .then(async (received) => {
        if ('status' in received) {
          refuse(response, received);
        } else if (received.interaction.type === PING) {
          await sendJson(response, { type: InteractionResponseType.Pong });
        } else {
          open.add(received.interaction.id, response);
          emit(client, received.interaction);
        }
      })
      .catch((err: unknown) => {
        log.warn({ event: 'endpoint.failed', err });
        if (!response.headersSent) refuse(response, { status: 500, why: 'internal error' });
      });
  });
  return listenOn(server, options, {
    setting: 'PORT',
    onError: (err) => log.warn({ event: 'endpoint.failed', err }),
  });
}

/** Requests that wait for the first response to their interaction. */
class OpenRequests {
  readonly #responses = new Map<string, ServerResponse>();

  constructor(client: Client) {
    const post = client.rest.post.bind(client.rest);
    client.rest.post = async (route, options = {}) => {
      const id = CALLBACK.exec(route)?.[1];
      const response = id === undefined ? undefined : this.#take(id);
      if (response === undefined) return post(route, options);
      if (!options.files?.length) return sendJson(response, options.body);
      const result = await post(route, options);
      response.writeHead(202).end();
      return result;
    };
  }

  add(id: string, response: ServerResponse): void {
    this.#responses.set(id, response);
    const timer = setTimeout(() => this.#take(id)?.writeHead(202).end(), RESPOND_WITHIN_MS);
    response.once('close', () => {
      clearTimeout(timer);
      this.#responses.delete(id);
    });
  }

  /** The response is used once: a second try goes to Discord's callback address. */
  #take(id: string): ServerResponse | undefined {
    const response = this.#responses.get(id);
    this.#responses.delete(id);
    return response;
  }
}

interface Refused {
  readonly status: 400 | 401 | 404 | 405 | 413 | 500;
  readonly why: string;
}

const interactionSchema = z.looseObject({ id: z.string(), type: z.number() });
type RawInteraction = z.infer<typeof interactionSchema>;

/** Nothing of a request is looked at before its signature is verified. */
async function receive(
  request: IncomingMessage,
  { key, seen }: { readonly key: KeyObject; readonly seen: LRUCache<string, true> },
): Promise<Refused | { readonly interaction: RawInteraction }> {
  if (request.method !== 'POST') return { status: 405, why: 'expected POST' };
  const body = await bodyOf(request);
  if (body === null) return { status: 413, why: `more than ${MAX_BODY_BYTES} bytes` };
  const signature = request.headers['x-signature-ed25519'];
  const timestamp = request.headers['x-signature-timestamp'];
  const isSigned =
    typeof signature === 'string' &&
    /^[\da-f]{128}$/i.test(signature) &&
    typeof timestamp === 'string' &&
    verify(null, Buffer.concat([Buffer.from(timestamp), body]), key, Buffer.from(signature, 'hex'));
  if (!isSigned) return { status: 401, why: 'invalid request signature' };
  const age = Math.abs(Date.now() / 1000 - Number(timestamp));
  if (!(age <= MAX_AGE_SECONDS)) return { status: 401, why: 'the request is too old' };
  const once = signature.toLowerCase();
  if (seen.has(once)) return { status: 401, why: 'the request was received before' };
  seen.set(once, true);
  const interaction = parse(body);
  return interaction === null ? { status: 400, why: 'not an interaction' } : { interaction };
}

async function bodyOf(request: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function parse(body: Buffer): RawInteraction | null {
  try {
    return interactionSchema.parse(JSON.parse(body.toString('utf8')));
  } catch {
    return null;
  }
}

/** Ed25519 keys are 32 bytes, which Node takes as a JSON Web Key (RFC 8037). */
function keyOf(publicKey: string): KeyObject {
  const x = Buffer.from(publicKey, 'hex').toString('base64url');
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
}

/** The library offers no public way in for interactions that did not come over its gateway. */
function emit(client: Client, interaction: RawInteraction): void {
  const { actions } = client as unknown as {
    readonly actions: {
      readonly InteractionCreate: { readonly handle: (data: RawInteraction) => void };
    };
  };
  client.ws.emit(GatewayDispatchEvents.InteractionCreate, interaction);
  actions.InteractionCreate.handle(interaction);
}

/** Resolves when the response is sent; rejects when the connection was lost before. */
function sendJson(response: ServerResponse, value: unknown): Promise<void> {
  return new Promise((resolve, reject) => {
    response.once('finish', resolve);
    response.once('close', () =>
      reject(Object.assign(new Error('The connection was closed.'), { code: 'ECONNRESET' })),
    );
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
  });
}

function refuse(response: ServerResponse, { status, why }: Refused): void {
  response
    .writeHead(status, { 'content-type': 'application/json', connection: 'close' })
    .end(JSON.stringify({ error: why }));
}
