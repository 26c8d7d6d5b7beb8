/** What one would pick instead of our own search: each engine on the same passages, vectors and questions. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { PGlite } from '@electric-sql/pglite';
import type { HierarchicalNSW } from 'hnswlib-node';
import type MiniSearch from 'minisearch';
import type { ByteVectors } from '../../src/index/vectors.ts';

export interface PeerQuestion {
  readonly text: string;
  readonly vector: readonly number[];
}

export interface Passages {
  readonly texts: readonly string[];
  readonly vectors: ByteVectors;
}

interface Opened {
  readonly ask: (question: PeerQuestion) => unknown;
  readonly close?: () => unknown;
}

export interface Peer {
  /** Undefined for an engine that keeps nothing on the disk: it is built at each start. */
  readonly build?: (folder: string, passages: Passages) => Promise<void>;
  readonly open: (folder: string, passages: Passages) => Promise<Opened>;
}

/** How many each search gives. */
const BEST = 50;
/** From the packages of this folder's own package.json; the types are what is used of them. */
const requirePeer = createRequire(new URL('package.json', import.meta.url));

interface Sqlite {
  prepare(sql: string): {
    run(...values: unknown[]): unknown;
    all(...values: unknown[]): unknown[];
  };
  exec(sql: string): void;
  close(): void;
}

function openSqlite(folder: string): Sqlite {
  const Database = requirePeer('better-sqlite3') as new (path: string) => Sqlite;
  const sqlite = new Database(join(folder, 'peer.sqlite'));
  (requirePeer('sqlite-vec') as { load(database: Sqlite): void }).load(sqlite);
  return sqlite;
}

interface LanceTable {
  createIndex(column: string, options?: object): Promise<void>;
  query(): { fullTextSearch(text: string): LanceQuery };
  vectorSearch(vector: readonly number[]): LanceQuery;
}

interface LanceQuery {
  select(columns: readonly string[]): LanceQuery;
  limit(count: number): LanceQuery;
  toArray(): Promise<unknown[]>;
}

interface Lance {
  readonly connect: (folder: string) => Promise<{
    createTable(name: string, rows: readonly object[]): Promise<LanceTable>;
    openTable(name: string): Promise<LanceTable>;
  }>;
  readonly Index: { fts(): unknown };
}

interface Orama {
  readonly create: (options: object) => Promise<object>;
  readonly insertMultiple: (database: object, rows: readonly object[]) => Promise<unknown>;
  readonly search: (database: object, query: object) => Promise<unknown>;
}

interface Flex {
  readonly Index: new (options: object) => {
    add(id: number, text: string): unknown;
    search(text: string, options: object): unknown;
  };
}

function rowsOf({ texts, vectors }: Passages): { id: number; text: string; vector: number[] }[] {
  return texts.map((text, id) => ({ id, text, vector: Array.from(vectors.row(id)) }));
}

/** As words in double quotes, any of which may match. */
function anyWord(text: string): string {
  const words: readonly string[] = text.match(/[\p{L}\p{N}]+/gu) ?? ['x'];
  return words.map((word) => `"${word}"`).join(' OR ');
}

async function openPostgres(folder: string): Promise<PGlite> {
  const { PGlite: Server } = await import('@electric-sql/pglite');
  const { vector } = await import('@electric-sql/pglite-pgvector');
  return Server.create(join(folder, 'postgres'), { extensions: { vector } });
}

/** Rows of one insert. */
const ROWS_A_STATEMENT = 500;

/** Those that take longest come last, where the time may be over. */
export const PEERS = {
  'MiniSearch + hnswlib-node': {
    build: async (folder, { texts, vectors }) => {
      const { writeFile } = await import('node:fs/promises');
      const { default: hnswlib } = await import('hnswlib-node');
      const { default: Words } = await import('minisearch');
      const words: MiniSearch = new Words({ fields: ['text'] });
      words.addAll(texts.map((text, id) => ({ id, text })));
      await writeFile(join(folder, 'words.json'), JSON.stringify(words));
      const graph = new hnswlib.HierarchicalNSW('ip', vectors.dimensions);
      graph.initIndex(texts.length);
      texts.forEach((_, id) => graph.addPoint(Array.from(vectors.row(id)), id));
      graph.writeIndexSync(join(folder, 'graph.bin'));
    },
    open: async (folder, { vectors }) => {
      const { default: hnswlib } = await import('hnswlib-node');
      const { default: Words } = await import('minisearch');
      const json = await readFile(join(folder, 'words.json'), 'utf8');
      const words: MiniSearch = Words.loadJSON(json, { fields: ['text'] });
      const graph: HierarchicalNSW = new hnswlib.HierarchicalNSW('ip', vectors.dimensions);
      await graph.readIndex(join(folder, 'graph.bin'));
      return {
        ask: ({ text, vector }) => [
          words.search(text).slice(0, BEST),
          graph.searchKnn([...vector], BEST),
        ],
      };
    },
  },
  'FlexSearch (words only)': {
    open: (_, { texts }) => {
      const { Index } = requirePeer('flexsearch') as Flex;
      const words = new Index({ tokenize: 'strict' });
      texts.forEach((text, id) => words.add(id, text));
      return Promise.resolve({
        ask: ({ text }) => words.search(text, { limit: BEST, suggest: true }),
      });
    },
  },
  'SQLite FTS5 + sqlite-vec': {
    build: (folder, { texts, vectors }) => {
      const sqlite = openSqlite(folder);
      sqlite.exec(`create virtual table words using fts5(text, tokenize = 'porter unicode61');
        create virtual table near using vec0(vector float[${vectors.dimensions}]); begin`);
      const words = sqlite.prepare('insert into words(rowid, text) values (?, ?)');
      const near = sqlite.prepare('insert into near(rowid, vector) values (?, ?)');
      texts.forEach((text, id) => {
        words.run(BigInt(id), text);
        near.run(BigInt(id), Buffer.from(vectors.row(id).buffer));
      });
      sqlite.exec('commit');
      sqlite.close();
      return Promise.resolve();
    },
    open: (folder) => {
      const sqlite = openSqlite(folder);
      const words = sqlite.prepare(
        `select rowid from words where words match ? order by rank limit ${BEST}`,
      );
      const near = sqlite.prepare(`select rowid from near where vector match ? and k = ${BEST}`);
      return Promise.resolve({
        ask: ({ text, vector }) => [
          words.all(anyWord(text)),
          near.all(Buffer.from(Float32Array.from(vector).buffer)),
        ],
        close: () => sqlite.close(),
      });
    },
  },
  LanceDB: {
    build: async (folder, passages) => {
      const { connect, Index } = requirePeer('@lancedb/lancedb') as Lance;
      const table = await (await connect(folder)).createTable('passages', rowsOf(passages));
      await table.createIndex('text', { config: Index.fts() });
      await table.createIndex('vector');
    },
    open: async (folder) => {
      const { connect } = requirePeer('@lancedb/lancedb') as Lance;
      const table = await (await connect(folder)).openTable('passages');
      const best = (query: LanceQuery): Promise<unknown[]> =>
        query.select(['id']).limit(BEST).toArray();
      return {
        ask: async ({ text, vector }) => [
          await best(table.query().fullTextSearch(text)),
          await best(table.vectorSearch(vector)),
        ],
      };
    },
  },
  Orama: {
    open: async (_, passages) => {
      const { create, insertMultiple, search } = requirePeer('@orama/orama') as Orama;
      const database = await create({
        schema: { text: 'string', vector: `vector[${passages.vectors.dimensions}]` },
      });
      await insertMultiple(
        database,
        rowsOf(passages).map(({ id, ...row }) => ({ ...row, id: String(id) })),
      );
      return {
        ask: ({ text, vector }) =>
          search(database, {
            mode: 'hybrid',
            term: text,
            vector: { value: vector, property: 'vector' },
            limit: BEST,
          }),
      };
    },
  },
  'PGlite + pgvector': {
    build: async (folder, passages) => {
      const server = await openPostgres(folder);
      const { dimensions } = passages.vectors;
      await server.exec(`create extension vector;
        create table passages (id int primary key, words tsvector, vector vector(${dimensions}))`);
      const rows = rowsOf(passages);
      for (let start = 0; start < rows.length; start += ROWS_A_STATEMENT) {
        const part = rows.slice(start, start + ROWS_A_STATEMENT);
        await server.query(
          `insert into passages select id, to_tsvector('english', text), vector::vector
           from unnest($1::int[], $2::text[], $3::text[]) as part(id, text, vector)`,
          [
            part.map(({ id }) => id),
            part.map(({ text }) => text),
            part.map(({ vector }) => JSON.stringify(vector)),
          ],
        );
      }
      await server.exec(`create index on passages using gin (words);
        create index on passages using hnsw (vector vector_ip_ops)`);
      await server.close();
    },
    open: async (folder) => {
      const server = await openPostgres(folder);
      return {
        ask: async ({ text, vector }) => {
          const words = text.match(/[\p{L}\p{N}]+/gu) ?? [];
          await server.query(
            `select id from passages, to_tsquery('english', $1) as query where words @@ query
             order by ts_rank_cd(words, query) desc limit ${BEST}`,
            [words.join(' | ')],
          );
          await server.query(`select id from passages order by vector <#> $1 limit ${BEST}`, [
            JSON.stringify(vector),
          ]);
        },
        close: () => server.close(),
      };
    },
  },
} as const satisfies Readonly<Record<string, Peer>>;

export type PeerName = keyof typeof PEERS;

export const PEER_NAMES = Object.keys(PEERS) as PeerName[];
