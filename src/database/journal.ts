/** The journal of all processes together, in the database. */
import { createHmac, randomUUID } from 'node:crypto';
import { DragomanError } from '../errors.ts';
import { entrySchema, withoutNames, type JournalEntry } from '../journal/journal.ts';
import type { Journal } from '../journal/journal.ts';
import type { Connection } from './database.ts';
import { sharedSecret } from './values.ts';

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

export class DatabaseJournal implements Journal {
  readonly enabled = true;
  readonly #connection: Connection;
  readonly #days: number;
  readonly #waiting: WaitingEntry[] = [];
  #writing: Promise<void> = Promise.resolve();
  #key: Promise<Buffer> | null = null;

  /** @param days how long entries are kept */
  constructor(connection: Connection, days: number) {
    this.#connection = connection;
    this.#days = days;
  }

  /** How many entries are not in the database yet. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Never rejects: an entry that cannot be written now is kept in memory for the next {@link flush}. */
  async record(entry: JournalEntry): Promise<void> {
    this.#waiting.push({
      id: randomUUID(),
      at: entry.at,
      json: JSON.stringify(withoutNames(entry)),
    });
    if (this.#waiting.length > MOST_WAITING) this.#waiting.shift();
    await this.flush().catch(() => undefined);
  }

  /**
   * Writes what waits, in the order in which it came.
   *
   * @throws DragomanError `JOURNAL` when the server is away
   */
  flush(): Promise<void> {
    this.#writing = this.#writing.catch(() => undefined).then(() => this.#write());
    return this.#writing;
  }

  async #write(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.slice(0, ROWS);
      await this.#query(
        `insert into journal (entry_id, at, entry)
         select * from unnest($1::uuid[], $2::timestamptz[], $3::json[]) on conflict do nothing`,
        [batch.map(({ id }) => id), batch.map(({ at }) => at), batch.map(({ json }) => json)],
      );
      const written = new Set(batch);
      // The oldest may have been dropped meanwhile.
      while (this.#waiting[0] !== undefined && written.has(this.#waiting[0])) this.#waiting.shift();
    }
  }

  async *entries(): AsyncIterable<JournalEntry> {
    await this.flush();
    for (let after = '0'; ;) {
      const rows = await this.#query<{ id: string; entry: unknown }>(
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
  }

  async voterOf(userId: string, messageId: string): Promise<string> {
    this.#key ??= sharedSecret(this.#connection, 'journal');
    const key = await this.#key.catch((error: unknown) => {
      this.#key = null;
      throw journalError(error);
    });
    return createHmac('sha256', key)
      .update(`${userId} ${messageId}`)
      .digest('base64url')
      .slice(0, 16);
  }

  async tidy(): Promise<void> {
    await this.#query(
      `delete from journal where at < now() - $1 * interval '1 day'
         or id <= (select max(id) from journal) - $2`,
      [this.#days, MOST_ENTRIES],
    );
  }

  async #query<Row extends Record<string, unknown>>(
    text: string,
    values: readonly unknown[],
  ): Promise<readonly Row[]> {
    try {
      return await this.#connection.query<Row>(text, values);
    } catch (error) {
      throw journalError(error);
    }
  }
}

function journalError(cause: unknown): DragomanError {
  return new DragomanError('JOURNAL', 'The journal in the database cannot be reached.', {
    hint: 'Entries are kept in memory until the server is back.',
    cause,
  });
}
