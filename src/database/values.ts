/** Values that all processes share, by kind and key; turns to identify with Discord; leases of shards. */
import { randomBytes, randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Shards } from '../config.ts';
import { DragomanError } from '../errors.ts';
import { CLOCK, type LeaseClock } from '../index/index-folder.ts';
import type { Connection, Database } from './database.ts';

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

/** A bot that has not renewed its lease for so long has ended. Longer than a running one takes to notice that the database is back. */
const LEASE_MS = 30_000;
const RENEW_MS = 5_000;

export interface ShardOptions {
  /** Names the application: bots of another one may share the database. */
  readonly application: string;
  readonly shards: Shards;
  /** Called once, with the process that holds the shards, when it has to wait whether that one has ended. */
  readonly onWait: (problem: string) => void;
  /** Another process has taken the shards over, because this one could not renew its lease. */
  readonly onLost: (error: DragomanError) => void;
  readonly clock?: LeaseClock;
}

interface OtherHolder {
  readonly process: string;
  readonly shards: string;
  readonly since: string;
  /** Changes with each renewal. */
  readonly lease: string;
}

export type ShardLease = ReturnType<typeof shardLease>;

/** The shards that only this process keeps: with two, servers would get two replies. */
export function shardLease(
  database: Database,
  { application, shards, onWait, onLost, clock = CLOCK }: ShardOptions,
) {
  const lease = randomUUID();
  const { ids, count } = shards === 'auto' ? { ids: [0], count: 1 } : shards;
  let isOver = false;
  let stopRenewal = (): void => undefined;

  /** The process that has one of the shards; null when this one has them now. */
  const claim = (): Promise<OtherHolder | null> =>
    database.transaction(async (connection) => {
      await connection.query('lock table shard_leases in share row exclusive mode');
      if (isOver) throw new DragomanError('DATABASE', 'The shards were released.');
      await connection.query('delete from shard_leases where expires_at <= clock_timestamp()');
      // A server's shard is a number of its id modulo the number of shards. Two shards of different numbers share servers
      // if their ids are equal modulo the greatest common divisor of the numbers.
      const [other] = await connection.query<OtherHolder>(
        `select process, array_to_string(shards, ', ') || ' of ' || count as shards,
           to_char(since at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as since, id || ' ' || expires_at as lease
         from shard_leases held
         where application = $1 and id <> $2 and exists (
           select from unnest(held.shards) theirs, unnest($3::int[]) ours where (theirs - ours) % gcd(held.count, $4) = 0)
         limit 1`,
        [application, lease, ids, count],
      );
      if (other !== undefined) return other;
      await connection.query(
        `insert into shard_leases (id, application, shards, count, process, expires_at)
         values ($2, $3, $4, $5, $6, clock_timestamp() + $1 * interval '1 ms') on conflict (id) do update set ${RENEWAL}`,
        [LEASE_MS, lease, application, ids, count, `${process.pid} on ${hostname()}`],
      );
      return null;
    });

  /** While the server is away, nobody else can take them. */
  const renew = async (): Promise<void> => {
    const renewed = await database.query(
      `update shard_leases set ${RENEWAL} where id = $2 and expires_at > clock_timestamp() returning id`,
      [LEASE_MS, lease],
    );
    if (renewed.length > 0 || isOver) return;
    const other = await claim();
    if (other === null) return;
    isOver = true;
    stopRenewal();
    onLost(keptBy(other));
  };
  return {
    /**
     * Takes the shards. Waits while another process has them that may have ended, half a minute at most.
     *
     * @throws DragomanError `CONFIG` when a running process has one of them, `DATABASE` when the server is away
     */
    take: async (): Promise<void> => {
      let before: OtherHolder | null = null;
      for (let other = await claim(); other !== null; other = await claim()) {
        if (before === null) onWait(keptBy(other).message);
        else if (before.lease !== other.lease) throw keptBy(other);
        before = other;
        await clock.wait(RENEW_MS);
      }
      stopRenewal = clock.repeat(() => void renew().catch(() => undefined), RENEW_MS);
    },
    /** Lets others have the shards. */
    release: async (): Promise<void> => {
      isOver = true;
      stopRenewal();
      await database.query('delete from shard_leases where id = $1', [lease]);
    },
  };
}

const RENEWAL = `expires_at = clock_timestamp() + $1 * interval '1 ms'`;

function keptBy({ process, shards, since }: OtherHolder): DragomanError {
  return new DragomanError(
    'CONFIG',
    `Process ${process} holds the shards ${shards} since ${since}.`,
    {
      hint: 'Give each bot different SHARDS of the same number, or stop the other one: servers would get two replies.',
    },
  );
}
