import { readFile, mkdir, rename, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { vector } from '@electric-sql/pglite-pgvector';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';
import { Client } from 'pg';
import { PROJECT_FOLDER } from '../../src/config.ts';

/** A new database, reached through a proxy that can be closed. */
export interface TestDatabase {
  readonly url: string;
  /** Closes all connections and accepts none: to a client as if the server had stopped. */
  shut(): Promise<void>;
  open(): Promise<void>;
  close(): Promise<void>;
}

/**
 * A new, empty database with pgvector: on the server of `TEST_DATABASE_URL`, whose user may create databases, or else in
 * this process.
 */
export async function openTestDatabase(): Promise<TestDatabase> {
  const server = process.env['TEST_DATABASE_URL'];
  return server === undefined || server === '' ? embedded() : onServer(new URL(server));
}

async function onServer(server: URL): Promise<TestDatabase> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const administer = async (statement: string): Promise<void> => {
    const client = new Client({ connectionString: server.href });
    await client.connect();
    try {
      await client.query(statement);
    } finally {
      await client.end();
    }
  };
  await administer(`create database ${name}`);
  const proxy = await openProxy({ host: server.hostname, port: Number(server.port || 5432) });
  const url = new URL(server);
  url.pathname = name;
  return {
    ...proxy.database(url),
    close: async () => {
      await proxy.close();
      await administer(`drop database ${name} with (force)`);
    },
  };
}

async function embedded(): Promise<TestDatabase> {
  const database = await PGlite.create({
    extensions: { vector },
    loadDataDir: new Blob([new Uint8Array(await emptyCluster())]),
  });
  const server = new PGLiteSocketServer({
    db: database,
    host: '127.0.0.1',
    port: 0,
    maxConnections: 50,
  });
  await server.start();
  const port = Number(/\d+$/.exec(server.getServerConn())?.[0]);
  const proxy = await openProxy({ host: '127.0.0.1', port });
  return {
    ...proxy.database(new URL('postgres://postgres@127.0.0.1/postgres')),
    close: async () => {
      await proxy.close();
      await server.stop();
      await database.close();
    },
  };
}

/** The files of a new cluster: creating them takes several times as long as reading them. */
async function emptyCluster(): Promise<Buffer> {
  const { version } = createRequire(import.meta.url)(
    join(PROJECT_FOLDER, 'node_modules/@electric-sql/pglite/package.json'),
  ) as { version: string };
  const path = join(PROJECT_FOLDER, `.cache/pglite-${version}.tar`);
  const kept = await readFile(path).catch(() => null);
  if (kept !== null) return kept;
  const database = await PGlite.create();
  const made = Buffer.from(await (await database.dumpDataDir('none')).arrayBuffer());
  await database.close();
  await mkdir(join(PROJECT_FOLDER, '.cache'), { recursive: true });
  await writeFile(`${path}.${process.pid}`, made);
  await rename(`${path}.${process.pid}`, path);
  return made;
}

interface TcpProxy {
  database(url: URL): Omit<TestDatabase, 'close'>;
  close(): Promise<void>;
}

async function openProxy(to: { readonly host: string; readonly port: number }): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(to);
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
      socket.pipe(other);
    }
  });
  const listen = (port: number): Promise<void> =>
    new Promise((resolve, reject) => {
      server.once('error', reject).listen(port, '127.0.0.1', resolve);
    });
  const shut = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
  await listen(0);
  const { port } = server.address() as AddressInfo;
  return {
    database: (url) => {
      url.hostname = '127.0.0.1';
      url.port = String(port);
      return { url: url.href, shut, open: () => listen(port) };
    },
    close: () => (server.listening ? shut() : Promise.resolve()),
  };
}
