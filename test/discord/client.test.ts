import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { createClient, logIn, pauseAfter, watchedRequests } from '../../src/discord/client.ts';
import { createLog } from '../../src/monitor.ts';
import { LocalDiscord } from '../../tools/local-discord/local-discord.ts';

const SILENT = createLog({ level: 'silent', secrets: [] });

it('pauses between attempts to connect, longer each time, a minute at most', () => {
  const pauses = [0, 1, 2, 3, 4, 5, 20, 2000].map(pauseAfter);
  expect(pauses).toEqual([0, 0, 1_000, 2_000, 4_000, 8_000, 60_000, 60_000]);
});

it('logs a request that is not answered while it still waits, without the token in its address', async () => {
  // Nothing is answered before the line is written.
  let isWritten: () => void = () => undefined;
  const written = new Promise<void>((resolve) => (isWritten = resolve));
  const server = createServer((_, response) => void written.then(() => response.end('{}')));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const lines: string[] = [];
  const write = (line: string): void => {
    lines.push(line);
    isWritten();
  };
  const log = createLog({ level: 'warn', secrets: [] }, { write });
  const url = `http://127.0.0.1:${port}/api/v10/webhooks/1/secret-token/messages/@original`;
  const response = await watchedRequests(log, 50)(url, { method: 'PATCH' });
  expect(response.status).toBe(200);
  server.close();
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain('"event":"rest.no-answer","route":"PATCH /api/v10/webhooks/1/');
  expect(lines[0]).not.toContain('secret-token');
});

it.each(['nonsense', 'https://gateway.example', ''])(
  'says that the gateway address "%s" is none',
  async (address) => {
    const discord = await LocalDiscord.start();
    discord.gatewayAddress = address;
    try {
      const client = createClient(
        { apiUrl: discord.apiUrl, messageContent: false, shards: 'auto' },
        SILENT,
        null,
      );
      const never = new Promise<never>(() => undefined);
      await expect(logIn(client, discord.token, never)).rejects.toMatchObject({
        code: 'DISCORD',
        message: expect.stringContaining(`found "${address}"`) as string,
      });
    } finally {
      await discord.stop();
    }
  },
);
