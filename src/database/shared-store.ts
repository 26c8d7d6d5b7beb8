/** What several bots share in one database: their journal, and how a bot keeps up with the rest. */
import { createHmac, randomUUID } from 'node:crypto';
import type { Config } from '../config.ts';
import { DragomanError, describeError } from '../errors.ts';
import { entrySchema, withoutNames, type Journal } from '../journal/journal.ts';
import { type Connection, openDatabase, type OnChange } from './database.ts';
import {
  type ShardLease,
  shardLease,
  type ShardOptions,
  sharedSecret,
  SharedValues,
} from './values.ts';
import { sharedGenerations } from './generations.ts';

/** Entries kept in memory while the server is away; the oldest are lost first. Some megabytes. */
const MOST_WAITING = 10_000;
/** Rows written or read by one statement. */
const ROWS = 500;
/** Limits the size of the journal to about half a gigabyte. */
const MOST_ENTRIES = 1_000_000;

interface WaitingEntry {
  readonly id: string;
  readonly at: string;
  readonly json: string;
}

/** @param days how long entries are kept */
function databaseJournal(connection: Connection, days: number) {
  const waiting: WaitingEntry[] = [];
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

/** As often as the pointer of an index folder is read. */
const INTERVAL_MS = 2_000;
/** The longest pause after failures: so long a bot may take to notice that the server is back. */
const LONGEST_PAUSE_MS = 15_000;

/** What of the settings a store needs. */
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
  let shards: ShardLease | null = null;
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
    serverSettings: new SharedValues(database, 'server-settings'),
    /** What is done once by one of all bots, such as the weekly digest. */
    notes: new SharedValues(database, 'note'),
    keepUp,
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
     * @throws DragomanError what {@link ShardLease} throws
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
export async function fetchPublished(
  settings: StoreSettings & Pick<Config, 'databaseUrl'>,
): Promise<void> {
  // They load all of it, of any size.
  const store = await openSharedStore({ ...settings, indexMemoryBytes: Infinity });
  try {
    await store?.generations.fetch();
  } finally {
    await store?.close();
  }
}
