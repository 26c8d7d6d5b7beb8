/** PostgreSQL: connections, their loss and return, the tables, and the values that all processes share. */
import { randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Client, DatabaseError, Pool, type ClientBase, type QueryResultRow } from 'pg';
import { DragomanError, messageOf, systemCodeOf } from '../errors.ts';

/** Discord waits three seconds for an acknowledgement, which no statement may use up. */
const STATEMENT_MS = 1_500;
const CONNECT_MS = 1_500;
/** Nobody on Discord waits for a transaction, and a busy server takes its time. */
const TRANSACTION_CONNECT_MS = 15_000;
/** Of one statement in a transaction: the longest waits for another publisher to finish, which takes seconds to a minute. */
const TRANSACTION_STATEMENT_MS = 120_000;
/** Length of HNSW's candidate list, 40 unless it is set: near copies of one passage fill a short one. */
const EF_SEARCH = 400;
/** Of one process. PostgreSQL's default limit for all is 100. */
const CONNECTIONS = 4;

/** Beside this module, in the sources and where they are compiled. */
const MIGRATIONS = fileURLToPath(new URL('migrations', import.meta.url));
const MIGRATIONS_TABLE = 'migrations';

/** Called once with the reason when the server is lost, and once with null when it is back. */
export type OnChange = (problem: string | null) => void;

export interface Connection {
  readonly query: <Row extends QueryResultRow>(
    text: string,
    values?: readonly unknown[],
  ) => Promise<readonly Row[]>;
}

export type Database = Awaited<ReturnType<typeof openDatabase>>;

/**
 * A pool of connections for short statements. While the server is away statements fail at once instead of waiting, until `probe`
 * reaches it again.
 *
 * @param url `postgres://user:password@host:port/database`, with `?sslmode=…` as libpq has it
 * @throws DragomanError `DATABASE` when the server cannot be reached, or its tables are not those of this program
 */
export async function openDatabase(url: string, onChange: OnChange = () => undefined) {
  const settings = {
    connectionString: url,
    max: CONNECTIONS,
    connectionTimeoutMillis: CONNECT_MS,
    query_timeout: STATEMENT_MS,
    application_name: 'dragoman',
    // The pool waits for it before it lends the connection.
    onConnect: async (client: ClientBase) => {
      await client.query(`set hnsw.ef_search = ${EF_SEARCH}`);
    },
  };
  const pool = new Pool(settings);
  // An idle connection is lost with its server; the next statement reports it.
  pool.on('error', () => undefined);
  let problem: string | null = null;

  const note = (now: string | null): void => {
    const isChange = (now === null) !== (problem === null);
    problem = now;
    if (isChange) onChange(now);
  };
  const run = async <Row extends QueryResultRow>(text: string, values: readonly unknown[]) => {
    try {
      const { rows } = await pool.query<Row>(text, [...values]);
      note(null);
      return rows;
    } catch (error) {
      if (isLoss(error)) note(messageOf(error));
      return explained(error);
    }
  };
  const database = {
    /** Why the last statement failed; null while the server answers. */
    get problem(): string | null {
      return problem;
    },
    /**
     * Runs one statement.
     *
     * @throws DragomanError `DATABASE` when the server is away or does not answer in time
     */
    query: async <Row extends QueryResultRow>(text: string, values: readonly unknown[] = []) => {
      if (problem !== null) throw unreachable(new Error(problem));
      return run<Row>(text, values);
    },
    /** Asks the server whether it answers, also while statements are not tried. */
    probe: (): Promise<boolean> =>
      run('select 1', []).then(
        () => true,
        () => false,
      ),
    /**
     * Runs long work on its own connection, in one transaction: when `work` fails or the process dies, the
     * transaction is rolled back.
     *
     * @throws DragomanError `DATABASE` when the server is away, and what `work` throws
     */
    transaction: async <Result>(work: (connection: Connection) => Promise<Result>) => {
      const client = new Client({
        connectionString: url,
        connectionTimeoutMillis: TRANSACTION_CONNECT_MS,
        // A server that went away without closing the connection never answers.
        query_timeout: TRANSACTION_STATEMENT_MS,
        keepAlive: true,
        // The same the other way round: locks of a client that went away are released.
        idle_in_transaction_session_timeout: TRANSACTION_STATEMENT_MS,
        application_name: 'dragoman',
      });
      // Reported by the statement that is running.
      client.on('error', () => undefined);
      const query = <Row extends QueryResultRow>(text: string, values: readonly unknown[] = []) =>
        client.query<Row>(text, [...values]).then(({ rows }) => rows, explained);
      try {
        await client.connect().catch(explained);
        await query('begin');
        const result = await work({ query });
        await query('commit');
        return result;
      } finally {
        // This also rolls back an open transaction.
        await client.end().catch(() => undefined);
      }
    },
    close: (): Promise<void> => pool.end(),
  };
  await assertMigrated(database).catch(async (error: unknown) => {
    await database.close();
    throw error;
  });
  return database;
}

async function assertMigrated(connection: Connection): Promise<void> {
  const expected = (await readdir(MIGRATIONS)).map((name) => name.replace(/\.sql$/, ''));
  const [table] = await connection.query(`select to_regclass('${MIGRATIONS_TABLE}') as name`);
  const rows =
    table?.['name'] == null
      ? []
      : await connection.query<{ name: string }>(`select name from ${MIGRATIONS_TABLE}`);
  const found = new Set(rows.map(({ name }) => name));
  const missing = expected.filter((name) => !found.has(name));
  if (missing.length > 0) {
    const message = `The database lacks the migrations ${missing.join(', ')}.`;
    throw databaseError(message, 'Run `npm run db:migrate`.');
  }
  if (found.size === expected.length) return;
  const message = 'The database has migrations of a newer version of this program.';
  throw databaseError(message, 'Install that version here too.');
}

/**
 * Creates the tables, or updates them to the form that this version of the program uses.
 *
 * @returns the names of the migrations that were run
 * @throws DragomanError `DATABASE`
 */
export async function migrate(url: string): Promise<string[]> {
  const { runner } = await import('node-pg-migrate');
  try {
    const done = await runner({
      databaseUrl: { connectionString: url, connectionTimeoutMillis: CONNECT_MS },
      dir: MIGRATIONS,
      migrationsTable: MIGRATIONS_TABLE,
      direction: 'up',
      // Several machines may start at once.
      advisoryLockMode: 'wait',
      log: () => undefined,
    });
    return done.map(({ name }) => name);
  } catch (cause) {
    if (isLoss(cause)) throw unreachable(cause);
    const hint =
      'The server must be PostgreSQL 16 or later with pgvector 0.7 or later, and the user must be allowed to create tables and extensions.';
    throw databaseError(`The tables cannot be created: ${messageOf(cause)}`, hint, cause);
  }
}

/** States of a server that is going down, starting, or full (classes 08, 53 and 57P), or refuses this user (28) or database (3D). */
const LOSS = /^(?:08|28|3D|53|57P0)/;

/** Whether an error of the driver says that the server is away, and not that a statement is wrong. */
function isLoss(error: unknown): boolean {
  if (error instanceof DatabaseError) return LOSS.test(error.code ?? '');
  // Of sockets, and of the driver itself, which gives its own no code.
  return systemCodeOf(error) !== null || /connection|timeout/i.test(messageOf(error));
}

/** @throws DragomanError `DATABASE` for an error that says that the server is away, and any other error itself */
function explained(error: unknown): never {
  throw isLoss(error) ? unreachable(error) : error;
}

function unreachable(cause: unknown): DragomanError {
  const message = `The database cannot be reached: ${messageOf(cause)}`;
  return databaseError(message, 'Check DATABASE_URL and whether the server is running.', cause);
}

function databaseError(message: string, hint: string, cause?: unknown): DragomanError {
  return new DragomanError('DATABASE', message, { hint, cause });
}

export type SharedValues = ReturnType<typeof sharedValues>;

/** The values of one kind, which are JSON. All of its functions throw DragomanError `DATABASE`. */
export function sharedValues({ query }: Connection, kind: string) {
  /** The last change that `changed` has returned. */
  let version = 0;
  return {
    /** What has changed since the last call, by key; at the first call everything. */
    changed: async (): Promise<Map<string, unknown>> => {
      const rows = await query<{ key: string; value: unknown; version: string }>(
        'select key, value, version from shared_values where kind = $1 and version > $2 order by version',
        [kind, version],
      );
      version = Number(rows.at(-1)?.version ?? version);
      return new Map(rows.map(({ key, value }) => [key, value]));
    },
    /**
     * Changes some fields of a value, whatever others change in other fields at the same time.
     *
     * @returns the whole value after it
     */
    merge: async (key: string, fields: Readonly<Record<string, unknown>>): Promise<unknown> => {
      const [row] = await query<{ value: unknown }>(
        `${NEXT_VERSION} do update set value = shared_values.value || excluded.value, version = excluded.version
       returning value`,
        [kind, key, JSON.stringify(fields)],
      );
      return row?.value;
    },
    /** Replaces a value if it is still the expected one; null: if there is none. Of several processes that try, one does. */
    replace: async (key: string, expected: unknown, value: unknown): Promise<boolean> => {
      const rows = await query(
        `${NEXT_VERSION} do update set value = excluded.value, version = excluded.version
       where shared_values.value = $4 returning key`,
        [kind, key, JSON.stringify(value), expected === null ? null : JSON.stringify(expected)],
      );
      return rows.length > 0;
    },
    get: async (key: string): Promise<unknown> => {
      const [row] = await query<{ value: unknown }>(
        'select value from shared_values where kind = $1 and key = $2',
        [kind, key],
      );
      return row?.value ?? null;
    },
  };
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
  const secrets = sharedValues(connection, 'secret');
  await secrets.replace(name, null, randomBytes(32).toString('base64'));
  return Buffer.from(String(await secrets.get(name)), 'base64');
}
