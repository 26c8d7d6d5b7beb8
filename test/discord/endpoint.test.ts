import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Events, MessageFlags, type Client, type Interaction } from 'discord.js';
import { createClient } from '../../src/discord/client.ts';
import { openEndpoint } from '../../src/discord/endpoint.ts';
import { type Listening, createLog } from '../../src/monitor.ts';
import { InteractionPoster } from '../../tools/local-discord/interaction-poster.ts';

const poster = new InteractionPoster();
const log = createLog({ level: 'silent', secrets: [] }, { write: () => undefined });

let client: Client;
let endpoint: Listening;
let url: string;
let received: Interaction[];

beforeEach(async () => {
  client = createClient(
    { apiUrl: 'http://127.0.0.1:9', messageContent: false, shards: 'auto' },
    log,
    null,
  );
  received = [];
  client.on(Events.InteractionCreate, (interaction) => received.push(interaction));
  endpoint = await openEndpoint({
    client,
    publicKey: poster.publicKey,
    host: '127.0.0.1',
    port: 0,
    log,
  });
  url = `http://127.0.0.1:${endpoint.port}/`;
});

afterEach(async () => {
  await endpoint.close();
  await client.destroy();
});

const PING = { id: '1', type: 1, application_id: '1', token: 't', version: 1 };

function command(id: string) {
  return {
    ...PING,
    id,
    type: 2,
    data: { id: '5', name: 'ask', type: 1, options: [] },
    user: { id: '7', username: 'reader', discriminator: '0', avatar: null },
    locale: 'en-US',
    entitlements: [],
    authorizing_integration_owners: {},
    context: 1,
    app_permissions: '0',
    channel_id: '9',
  };
}

const send = (body: string, headers: Record<string, string>): Promise<Response> =>
  fetch(url, { method: 'POST', body, headers });

describe('openEndpoint', () => {
  it('answers a ping, which Discord sends when the address is entered', async () => {
    expect(await poster.post(url, PING)).toEqual({ status: 200, json: { type: 1 } });
  });

  it('refuses what is not signed by Discord, whatever it is', async () => {
    const body = JSON.stringify(PING);
    const signed = poster.headers(body);
    const stranger = new InteractionPoster().headers(body);
    expect((await send(body, {})).status).toBe(401);
    expect((await send(body, stranger)).status).toBe(401);
    expect((await send(`${body} `, signed)).status).toBe(401);
    expect((await send(body, { ...signed, 'x-signature-ed25519': 'zz' })).status).toBe(401);
    expect((await send(body, { ...signed, 'x-signature-timestamp': '1' })).status).toBe(401);
    expect(received).toEqual([]);
  });

  it('refuses a recording: a request of ten minutes ago, or the same one twice', async () => {
    const body = JSON.stringify(command('21'));
    const old = poster.headers(body, new Date(Date.now() - 600_000));
    expect((await send(body, old)).status).toBe(401);
    const ping = JSON.stringify(PING);
    const headers = poster.headers(ping);
    expect((await send(ping, headers)).status).toBe(200);
    expect((await send(ping, headers)).status).toBe(401);
  });

  it('refuses other methods, endless bodies and what is no interaction', async () => {
    expect((await fetch(url)).status).toBe(405);
    const large = 'x'.repeat(1024 * 1024 + 1);
    const status = await send(large, poster.headers(large)).then(
      (response) => response.status,
      // The connection may be closed while the rest is still being sent.
      () => 413,
    );
    expect(status).toBe(413);
    for (const body of ['{', '[]', 'null', '{"type":2}']) {
      expect((await send(body, poster.headers(body))).status).toBe(400);
    }
  });

  it('sends the first response to an interaction in the response to its request', async () => {
    client.on(Events.InteractionCreate, (interaction) => {
      if (!interaction.isChatInputCommand()) return;
      void interaction.reply({ content: 'Hello.', flags: MessageFlags.Ephemeral });
    });
    const answer = await poster.post(url, command('31'));
    expect(answer).toMatchObject({ status: 200, json: { type: 4, data: { content: 'Hello.' } } });
    expect(received).toHaveLength(1);
  });

  it('says which setting is wrong when the port is taken', async () => {
    const second = openEndpoint({
      client,
      publicKey: poster.publicKey,
      host: '127.0.0.1',
      port: endpoint.port,
      log,
    });
    await expect(second).rejects.toMatchObject({
      code: 'CONFIG',
      hint: expect.stringContaining('PORT') as string,
    });
  });
});
