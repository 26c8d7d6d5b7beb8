/** What several bots share in one database, and how a bot keeps up with it. */
import { describeError } from '../errors.ts';
import { Database, type DatabaseOptions } from './database.ts';
import { SharedGenerations } from './generations.ts';
import { DatabaseJournal } from './journal.ts';
import { ShardLease, SharedValues, type ShardOptions } from './values.ts';

/** As often as the pointer of an index folder is read. */
const INTERVAL_MS = 2_000;
/** The longest pause after failures: so long a bot may take to notice that the server is back. */
const LONGEST_PAUSE_MS = 15_000;

export interface SharedStoreOptions extends DatabaseOptions {
  readonly indexFolder: string;
  /** Bytes of files up to which a generation is loaded into memory with its vectors. */
  readonly memoryBytes: number;
  /** How long entries of the journal are kept. */
  readonly journalDays: number;
}

export class SharedStore {
  readonly database: Database;
  readonly generations: SharedGenerations;
  readonly journal: DatabaseJournal;
  /** Settings of servers, by the server's id. */
  readonly serverSettings: SharedValues;
  /** What is done once by one of all bots, such as the weekly digest. */
  readonly notes: SharedValues;
  #shards: ShardLease | null = null;
  #timer: NodeJS.Timeout | null = null;
  #isClosed = false;
  /** Failures of {@link keepUp} in a row. */
  #failures = 0;

  private constructor(database: Database, options: SharedStoreOptions) {
    this.database = database;
    this.generations = new SharedGenerations(database, options);
    this.journal = new DatabaseJournal(database, options.journalDays);
    this.serverSettings = new SharedValues(database, 'server-settings');
    this.notes = new SharedValues(database, 'note');
  }

  /** @throws DragomanError `DATABASE` when the server is away, or its tables are not those of this program */
  static async open(options: SharedStoreOptions): Promise<SharedStore> {
    return new SharedStore(await Database.open(options), options);
  }

  /**
   * Brings this process up to date once: writes waiting entries of the journal, runs `also`, and copies the published
   * generation into the index folder.
   *
   * @throws DragomanError what these throw
   */
  async keepUp(also: () => Promise<void> = () => Promise.resolve()): Promise<void> {
    await this.database.probe();
    if (this.journal.waiting > 0) await this.journal.flush();
    await also();
    await this.generations.fetch();
  }

  /** Keeps up every two seconds, less often while it fails. `onProblem` is called once for each new problem. */
  follow(also: () => Promise<void>, onProblem: (problem: string) => void): void {
    let problem: string | null = null;
    const turn = async (): Promise<void> => {
      try {
        await this.keepUp(also);
        problem = null;
        this.#failures = 0;
      } catch (error) {
        const now = describeError(error);
        if (now !== problem) onProblem(now);
        problem = now;
        this.#failures += 1;
      }
      schedule();
    };
    const schedule = (): void => {
      if (this.#isClosed) return;
      const pause = Math.min(LONGEST_PAUSE_MS, INTERVAL_MS * 2 ** this.#failures);
      this.#timer = setTimeout(() => void turn(), pause).unref();
    };
    schedule();
  }

  /**
   * Keeps shards for this process alone until {@link close}.
   *
   * @throws DragomanError what {@link ShardLease.take} throws
   */
  async keepShards(options: ShardOptions): Promise<void> {
    this.#shards = new ShardLease(this.database, options);
    await this.#shards.take();
  }

  /** Safe to call twice. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    // If the server is away, the lease expires by itself.
    await this.#shards?.release().catch(() => undefined);
    await this.database.close();
  }
}

/** What of the settings a store needs. */
export interface StoreSettings {
  readonly databaseUrl: string | null;
  readonly indexFolder: string;
  readonly indexMemoryBytes: number;
  readonly journal: { readonly days: number };
}

/**
 * The store of the settings; null where they name no database.
 *
 * @throws DragomanError `DATABASE`
 */
export async function openSharedStore(
  { databaseUrl, indexFolder, indexMemoryBytes, journal }: StoreSettings,
  onChange?: DatabaseOptions['onChange'],
): Promise<SharedStore | null> {
  if (databaseUrl === null) return null;
  return SharedStore.open({
    url: databaseUrl,
    indexFolder,
    memoryBytes: indexMemoryBytes,
    journalDays: journal.days,
    ...(onChange === undefined ? {} : { onChange }),
  });
}

/**
 * For programs that read the index folder and exit: copies the published generation into it, if there is a database.
 *
 * @throws DragomanError `DATABASE`, and what `fetch` throws
 */
export async function fetchPublished(settings: StoreSettings): Promise<void> {
  // They load all of it, of any size.
  const store = await openSharedStore({ ...settings, indexMemoryBytes: Infinity });
  try {
    await store?.generations.fetch();
  } finally {
    await store?.close();
  }
}
