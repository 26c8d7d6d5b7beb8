/** Small things that all processes share: values by kind and key, and turns to identify with Discord. */
import { randomBytes } from 'node:crypto';
import type { Connection } from './database.ts';

/** The values of one kind, which are JSON. */
export class SharedValues {
  readonly #connection: Connection;
  readonly #kind: string;
  /** The last change that {@link changed} has returned. */
  #version = 0;

  constructor(connection: Connection, kind: string) {
    this.#connection = connection;
    this.#kind = kind;
  }

  /**
   * What has changed since the last call, by key; at the first call everything.
   *
   * @throws DragomanError `DATABASE`
   */
  async changed(): Promise<Map<string, unknown>> {
    const rows = await this.#connection.query<{ key: string; value: unknown; version: string }>(
      'select key, value, version from shared_values where kind = $1 and version > $2 order by version',
      [this.#kind, this.#version],
    );
    this.#version = Number(rows.at(-1)?.version ?? this.#version);
    return new Map(rows.map(({ key, value }) => [key, value]));
  }

  /**
   * Changes some fields of a value, whatever others change in other fields at the same time.
   *
   * @returns the whole value after it
   * @throws DragomanError `DATABASE`
   */
  async merge(key: string, fields: Readonly<Record<string, unknown>>): Promise<unknown> {
    const [row] = await this.#connection.query<{ value: unknown }>(
      `${NEXT_VERSION} do update set value = shared_values.value || excluded.value, version = excluded.version
       returning value`,
      [this.#kind, key, JSON.stringify(fields)],
    );
    return row?.value;
  }

  /**
   * Replaces a value if it is still the expected one; null: if there is none. Of several processes that try, one does.
   *
   * @throws DragomanError `DATABASE`
   */
  async replace(key: string, expected: unknown, value: unknown): Promise<boolean> {
    const rows = await this.#connection.query(
      `${NEXT_VERSION} do update set value = excluded.value, version = excluded.version
       where shared_values.value = $4 returning key`,
      [this.#kind, key, JSON.stringify(value), expected === null ? null : JSON.stringify(expected)],
    );
    return rows.length > 0;
  }

  /** @throws DragomanError `DATABASE` */
  async get(key: string): Promise<unknown> {
    const [row] = await this.#connection.query<{ value: unknown }>(
      'select value from shared_values where kind = $1 and key = $2',
      [this.#kind, key],
    );
    return row?.value ?? null;
  }
}

const NEXT_VERSION = `with counter as (update change_counter set version = version + 1 returning version)
insert into shared_values (kind, key, value, version) select $1, $2, $3::jsonb, version from counter
on conflict (kind, key)`;

/**
 * A random key of 32 bytes, made by whoever asks first and the same for all.
 *
 * @throws DragomanError `DATABASE`
 */
export async function sharedSecret(connection: Connection, name: string): Promise<Buffer> {
  const secrets = new SharedValues(connection, 'secret');
  await secrets.replace(name, null, randomBytes(32).toString('base64'));
  return Buffer.from(String(await secrets.get(name)), 'base64');
}

/** Discord accepts one identify in five seconds of each of its buckets, with a margin for the way there. */
const IDENTIFY_MS = 5_250;

/**
 * Takes the next turn to identify, among all processes.
 *
 * @param bucket of Discord's rate limit: the shard's id modulo `max_concurrency`
 * @returns milliseconds to wait for the turn
 * @throws DragomanError `DATABASE`
 */
export async function takeIdentifyTurn(connection: Connection, bucket: number): Promise<number> {
  const [row] = await connection.query<{ wait: number }>(
    `insert into identify_slots (bucket, free_at) values ($1, clock_timestamp() + $2 * interval '1 ms')
     on conflict (bucket) do update
       set free_at = greatest(identify_slots.free_at, clock_timestamp()) + $2 * interval '1 ms'
     returning (extract(epoch from free_at - clock_timestamp()) * 1000 - $2)::float8 as wait`,
    [bucket, IDENTIFY_MS],
  );
  return Math.max(0, row?.wait ?? 0);
}
