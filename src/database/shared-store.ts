/** What several bots share in one database: their journal, turns to identify with Discord, shards; and how a bot keeps up with the rest. */
import { createHmac, randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Config, Shards } from '../config.ts';
import { DragomanError, describeError } from '../errors.ts';
import { entrySchema, withoutNames, type Journal } from '../journal/journal.ts';
import { CLOCK, type LeaseClock } from '../index/lock.ts';
import {
  type Connection,
  type Database,
  openDatabase,
  type OnChange,
  sharedSecret,
  sharedValues,
} from './database.ts';
import { sharedGenerations } from './generations.ts';

/** Entries kept in memory while the server is away; the oldest are lost first. Some megabytes. */
const MOST_WAITING = 10_000;
/** Rows written or read by one statement. */
const ROWS = 500;
/** Limits the size of the journal to about half a gigabyte. */
const MOST_ENTRIES = 1_000_000;

/** @param days how long entries are kept */
function databaseJournal(connection: Connection, days: number) {
  const waiting: Readonly<Record<'id' | 'at' | 'json', string>>[] = [];
  let writing: Promise<void> = Promise.resolve();
  let secret: Promise<Buffer> | null = null;

  const query = <Row extends Record<string, unknown>>(
    text: string,
    values: readonly unknown[],
  ): Promise<readonly Row[]> => connection.query<Row>(text, values).catch(failed);
  const write = async (): Promise<void> => {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, ROWS);
      await query(
        `insert into journal (entry_id, at, entry)
         select * from unnest($1::uuid[], $2::timestamptz[], $3::json[]) on conflict do nothing`,
        [batch.map(({ id }) => id), batch.map(({ at }) => at), batch.map(({ json }) => json)],
      );
      const written = new Set(batch);
      // The oldest may have been dropped meanwhile.
      while (waiting[0] !== undefined && written.has(waiting[0])) waiting.shift();
    }
  };
  /**
   * Writes what waits, in the order in which it came.
   *
   * @throws DragomanError `JOURNAL` when the server is away
   */
  const flush = (): Promise<void> => (writing = writing.catch(() => undefined).then(write));

  return {
    enabled: true,
    /** How many entries are not in the database yet. */
    get waiting() {
      return waiting.length;
    },
    flush,
    // Never rejects: an entry that cannot be written now is kept in memory for the next flush.
    record: async (entry) => {
      const json = JSON.stringify(withoutNames(entry));
      waiting.push({ id: randomUUID(), at: entry.at, json });
      if (waiting.length > MOST_WAITING) waiting.shift();
      await flush().catch(() => undefined);
    },
    entries: async function* () {
      await flush();
      for (let after = '0'; ;) {
        const rows = await query<{ id: string; entry: unknown }>(
          'select id, entry from journal where id > $1 order by id limit $2',
          [after, ROWS],
        );
        for (const { id, entry } of rows) {
          after = id;
          const parsed = entrySchema.safeParse(entry);
          if (parsed.success) yield parsed.data;
        }
        if (rows.length < ROWS) return;
      }
    },
    voterOf: async (userId, messageId) => {
      secret ??= sharedSecret(connection, 'journal');
      const key = await secret.catch((error: unknown) => {
        secret = null;
        return failed(error);
      });
      const hash = createHmac('sha256', key).update(`${userId} ${messageId}`);
      return hash.digest('base64url').slice(0, 16);
    },
    tidy: async () => {
      await query(
        `delete from journal where at < now() - $1 * interval '1 day'
           or id <= (select max(id) from journal) - $2`,
        [days, MOST_ENTRIES],
      );
    },
  } satisfies Journal & Record<string, unknown>;
}

function failed(cause: unknown): never {
  throw new DragomanError('JOURNAL', 'The journal in the database cannot be reached.', {
    hint: 'Entries are kept in memory until the server is back.',
    cause,
  });
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
async function takeIdentifyTurn(connection: Connection, bucket: number): Promise<number> {
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

interface ShardOptions {
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

/** The shards that only this process keeps: with two, servers would get two replies. */
function shardLease(
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

/** As often as the pointer of an index folder is read. */
const INTERVAL_MS = 2_000;
/** The longest pause after failures: so long a bot may take to notice that the server is back. */
const LONGEST_PAUSE_MS = 15_000;

export interface StoreSettings extends Pick<Config, 'indexFolder' | 'indexMemoryBytes'> {
  readonly journal: { readonly days: number };
}

export type SharedStore = Awaited<ReturnType<typeof storeAt>>;

/** @throws DragomanError `DATABASE` when the server is away, or its tables are not those of this program */
export async function storeAt(
  url: string,
  { indexFolder, indexMemoryBytes, journal: { days } }: StoreSettings,
  onChange?: OnChange,
) {
  const database = await openDatabase(url, onChange);
  const generations = sharedGenerations(database, indexFolder, indexMemoryBytes);
  const journal = databaseJournal(database, days);
  let shards: ReturnType<typeof shardLease> | null = null;
  let timer: NodeJS.Timeout | null = null;
  let isClosed = false;

  /**
   * Brings this process up to date once: writes waiting entries of the journal, runs `also`, and copies the published
   * generation into the index folder.
   *
   * @throws DragomanError what these throw
   */
  const keepUp = async (also: () => Promise<void> = () => Promise.resolve()): Promise<void> => {
    await database.probe();
    if (journal.waiting > 0) await journal.flush();
    await also();
    await generations.fetch();
  };
  return {
    database,
    generations,
    journal,
    /** Settings of servers, by the server's id. */
    serverSettings: sharedValues(database, 'server-settings'),
    /** What is done once by one of all bots, such as the weekly digest. */
    notes: sharedValues(database, 'note'),
    keepUp,
    /** Milliseconds to wait until this process may identify: see {@link takeIdentifyTurn}. */
    identifyTurn: (bucket: number) => takeIdentifyTurn(database, bucket),
    /** Keeps up every two seconds, less often while it fails. `onProblem` is called once for each new problem. */
    follow: (also: () => Promise<void>, onProblem: (problem: string) => void): void => {
      let problem: string | null = null;
      /** In a row. */
      let failures = 0;
      const turn = async (): Promise<void> => {
        try {
          await keepUp(also);
          problem = null;
          failures = 0;
        } catch (error) {
          const now = describeError(error);
          if (now !== problem) onProblem(now);
          problem = now;
          failures += 1;
        }
        schedule();
      };
      const schedule = (): void => {
        if (isClosed) return;
        const pause = Math.min(LONGEST_PAUSE_MS, INTERVAL_MS * 2 ** failures);
        timer = setTimeout(() => void turn(), pause).unref();
      };
      schedule();
    },
    /**
     * Keeps shards for this process alone until `close`.
     *
     * @throws DragomanError what `take` of {@link shardLease} throws
     */
    keepShards: async (wanted: ShardOptions): Promise<void> => {
      shards = shardLease(database, wanted);
      await shards.take();
    },
    /** Safe to call twice. */
    close: async (): Promise<void> => {
      if (isClosed) return;
      isClosed = true;
      if (timer !== null) clearTimeout(timer);
      // If the server is away, the lease expires by itself.
      await shards?.release().catch(() => undefined);
      await database.close();
    },
  };
}

/**
 * The store of the settings; null where they name no database.
 *
 * @throws DragomanError `DATABASE`
 */
export async function openSharedStore(
  settings: StoreSettings & Pick<Config, 'databaseUrl'>,
  onChange?: OnChange,
): Promise<SharedStore | null> {
  const { databaseUrl } = settings;
  return databaseUrl === null ? null : storeAt(databaseUrl, settings, onChange);
}

/**
 * For programs that read the index folder and exit: copies the published generation into it, if there is a database.
 *
 * @throws DragomanError `DATABASE`, and what `fetch` throws
 */
export async function fetchPublished(settings: StoreSettings & Pick<Config, 'databaseUrl'>) {
  // They load all of it, of any size.
  const store = await openSharedStore({ ...settings, indexMemoryBytes: Infinity });
  try {
    await store?.generations.fetch();
  } finally {
    await store?.close();
  }
}
