import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DragomanError, describeError } from './errors.ts';

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
 * @param setting name of the setting that chose the port
 * @throws DragomanError CONFIG when the port cannot be listened on
 */
export async function listenOn(
  server: Server,
  { host, port }: Address,
  setting: string,
): Promise<Listening> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  }).catch((cause: unknown) => {
    throw new DragomanError('CONFIG', `Cannot listen on port ${port}: ${describeError(cause)}`, {
      hint: `Set ${setting} to one that is free.`,
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
