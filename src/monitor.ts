/** How a running bot is watched: lines of the log, liveness, readiness, and figures for Prometheus. */
import { rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino, type DestinationStream, type Logger } from 'pino';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Answer, Verdict } from './answer/types.ts';
import type { LogLevel } from './config.ts';
import { DragomanError, describeError, systemCodeOf } from './errors.ts';
import { replaceFile } from './files.ts';

export type { Logger };

interface LogOptions {
  readonly level: LogLevel;
  /** Texts that are replaced in every line: tokens and passwords. */
  readonly secrets: readonly string[];
}

/** One JSON object a line; to standard output by default. */
export function createLog(
  { level, secrets }: LogOptions,
  destination: DestinationStream = pino.destination({ dest: 1, sync: false }),
): Logger {
  const hidden = secrets.filter((secret) => secret !== '');
  const redacted = (line: string): string =>
    hidden.reduce((text, secret) => text.replaceAll(secret, '[redacted]'), line);
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: describeForLog },
      hooks: { streamWrite: redacted },
    },
    destination,
  );
}

/**
 * An error without its request: discord.js adds body and address to its errors, and with them the user's text and the
 * token of the interaction. An expected error has what to do about it in place of its stack.
 */
function describeForLog(error: unknown): unknown {
  if (!(error instanceof Error)) return String(error);
  const { code, status } = error as Error & { code?: unknown; status?: unknown };
  return {
    name: error.name,
    message: withoutTokens(error.message),
    ...(code === undefined ? {} : { code }),
    ...(status === undefined ? {} : { status }),
    ...(error instanceof DragomanError
      ? { hint: error.hint }
      : { stack: withoutTokens(error.stack ?? '') }),
    ...(error.cause === undefined ? {} : { cause: describeForLog(error.cause) }),
  };
}

/** Without the tokens of interactions and webhooks in addresses. */
export function withoutTokens(text: string): string {
  return text.replace(/\/(webhooks|interactions)\/(\d+)\/[\w.~-]+/g, '/$1/$2/[redacted]');
}

/** Seconds. Questions take tens of milliseconds; Discord waits three seconds for an acknowledgement. */
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

export interface ShardState {
  readonly id: number;
  readonly isUp: boolean;
  /** Seconds since the last heartbeat was answered; null before the first. */
  readonly heartbeatAge: number | null;
}

interface MonitorSources {
  /** Questions that wait for the encoder. */
  readonly queued: () => number;
  readonly shards: () => readonly ShardState[];
  /** Whether the database answers; null where there is none. */
  readonly isDatabaseUp: (() => boolean) | null;
}

export class Metrics {
  readonly #registry = new Registry();
  readonly #registers = [this.#registry];
  readonly #questions = new Counter({
    name: 'dragoman_questions_total',
    help: 'Questions answered, by verdict',
    labelNames: ['verdict'] as const,
    registers: this.#registers,
  });
  readonly #stages = new Histogram({
    name: 'dragoman_question_seconds',
    help: 'Time of a question by stage: encode (vector of the question), search (all else)',
    labelNames: ['stage'] as const,
    buckets: BUCKETS,
    registers: this.#registers,
  });
  readonly #acknowledgements = new Histogram({
    name: 'dragoman_interaction_seconds',
    help: 'Time from an interaction or a message to the end of its handling',
    buckets: BUCKETS,
    registers: this.#registers,
  });
  readonly #failures = new Counter({
    name: 'dragoman_interactions_failed_total',
    help: 'Interactions and messages that ended with an error',
    registers: this.#registers,
  });
  readonly #reloads = new Counter({
    name: 'dragoman_reloads_total',
    help: 'Loads of a newer index, by result',
    labelNames: ['result'] as const,
    registers: this.#registers,
  });

  constructor({ queued, shards, isDatabaseUp }: MonitorSources) {
    collectDefaultMetrics({ register: this.#registry });
    const gauge = <Label extends string>(
      name: string,
      help: string,
      labelNames: Label[],
      fill: (gauge: Gauge<Label>) => void,
    ): void => {
      new Gauge({
        ...{ name, help, labelNames, registers: this.#registers },
        collect() {
          this.reset();
          fill(this);
        },
      });
    };
    gauge('dragoman_queue_length', 'Questions that wait for the encoder', [], (one) =>
      one.set(queued()),
    );
    if (isDatabaseUp !== null) {
      gauge('dragoman_database_up', '1 while the database answers', [], (one) =>
        one.set(Number(isDatabaseUp())),
      );
    }
    gauge('dragoman_shard_up', '1 for a shard whose connection is open', ['shard'], (one) => {
      for (const { id, isUp } of shards()) one.set({ shard: id }, Number(isUp));
    });
    const age = 'Time since the last heartbeat of a shard was answered';
    gauge('dragoman_shard_heartbeat_age_seconds', age, ['shard'], (one) => {
      for (const { id, heartbeatAge } of shards()) {
        if (heartbeatAge !== null) one.set({ shard: id }, heartbeatAge);
      }
    });
  }

  answered({ verdict, timing }: { verdict: Verdict; timing: Answer['timing'] }): void {
    this.#questions.inc({ verdict });
    this.#stages.observe({ stage: 'encode' }, timing.embedMs / 1000);
    this.#stages.observe({ stage: 'search' }, timing.searchMs / 1000);
  }

  handled(ms: number): void {
    this.#acknowledgements.observe(ms / 1000);
  }

  failed(): void {
    this.#failures.inc();
  }

  reloaded(isLoaded: boolean): void {
    this.#reloads.inc({ result: isLoaded ? 'loaded' : 'refused' });
  }

  text(): Promise<string> {
    return this.#registry.metrics();
  }

  get contentType(): string {
    return this.#registry.contentType;
  }
}

interface MonitorOptions extends Address {
  readonly metrics: Metrics;
  /** Whether questions can be answered now. */
  readonly isReady: () => boolean;
  readonly log: Logger;
}

interface Response {
  readonly status: number;
  readonly text: string;
  readonly contentType?: string;
}

/**
 * `GET /healthz`: 200 while the process answers at all. `GET /readyz`: 200, or 503 while it cannot answer.
 * `GET /metrics`: Prometheus.
 *
 * @throws DragomanError CONFIG when the port cannot be listened on
 */
export async function openMonitor(options: MonitorOptions): Promise<Listening> {
  const { metrics, isReady, log } = options;
  const respond = async ({ method, url = '' }: IncomingMessage): Promise<Response> => {
    if (method !== 'GET') return { status: 405, text: 'expected GET\n' };
    switch (url.split('?')[0]) {
      case '/healthz':
        return { status: 200, text: 'ok\n' };
      case '/readyz':
        return isReady() ? { status: 200, text: 'ready\n' } : { status: 503, text: 'not ready\n' };
      case '/metrics':
        return { status: 200, text: await metrics.text(), contentType: metrics.contentType };
      default:
        return { status: 404, text: 'expected /healthz, /readyz or /metrics\n' };
    }
  };
  const server = createServer((request, response) => {
    respond(request)
      .catch((error: unknown) => ({ status: 500, text: `${describeError(error)}\n` }))
      .then(({ status, text, contentType = 'text/plain' }: Response) => {
        response.writeHead(status, { 'content-type': contentType }).end(text);
      })
      .catch(() => response.destroy());
  });
  const listening = await listenOn(server, options, {
    setting: 'METRICS_PORT',
    onError: (err) => log.warn({ event: 'monitor.failed', err }),
  });
  log.info({ event: 'monitor.open', port: listening.port });
  return listening;
}

export interface Address {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
}

export interface Listening {
  readonly port: number;
  /** Accepts no more requests; those in flight are answered. */
  close(): Promise<void>;
}

/**
 * Lets a server listen.
 *
 * @param options.setting name of the setting that chose the port
 * @param options.onError told of what fails later, such as a connection for which no file descriptor is left; the server goes on
 * @throws DragomanError CONFIG when the port cannot be listened on
 */
export async function listenOn(
  server: Server,
  { host, port }: Address,
  { setting, onError }: { readonly setting: string; readonly onError: (error: Error) => void },
): Promise<Listening> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject).on('error', onError);
      resolve();
    });
  }).catch((cause: unknown) => {
    const isOfHost = ['ENOTFOUND', 'EADDRNOTAVAIL', 'EAI_AGAIN'].includes(
      systemCodeOf(cause) ?? '',
    );
    const where = isOfHost ? `at ${host}` : `on port ${port}`;
    throw new DragomanError('CONFIG', `Cannot listen ${where}: ${describeError(cause)}`, {
      hint: isOfHost
        ? 'Set HOST to an address of this machine.'
        : `Set ${setting} to one that is free.`,
      cause,
    });
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
      }),
  };
}

const HEALTH_MS = 15_000;

interface HealthOptions {
  readonly check: () => Promise<void>;
  /** Null: no file is kept. */
  readonly file: string | null;
  /** Written with the time; null while the bot is not healthy: then the file is left to become old. */
  readonly state: () => Readonly<Record<string, unknown>> | null;
  readonly log: Logger;
}

/** Looks every 15 seconds whether the bot is healthy, and keeps a file for a supervisor that watches its age. */
export function watchHealth({ check, file, state, log }: HealthOptions): {
  readonly look: () => Promise<void>;
  /** Also removes the file. */
  readonly stop: () => Promise<void>;
} {
  const write = async (): Promise<void> => {
    await check();
    const current = state();
    if (current === null || file === null) return;
    const content = JSON.stringify({ at: new Date().toISOString(), ...current });
    await replaceFile(file, [`${content}\n`]);
  };
  const warn = (err: unknown): void => log.warn({ event: 'health.not-written', err });
  let looking = Promise.resolve();
  const look = (): Promise<void> => (looking = looking.then(write).catch(warn));
  const timer = setInterval(() => void look(), HEALTH_MS).unref();
  return {
    look,
    stop: async () => {
      clearInterval(timer);
      await looking;
      if (file !== null) await rm(file, { force: true });
    },
  };
}
