import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { PROJECT_FOLDER } from '../src/config.ts';
import { createLog, Metrics, listenOn, openMonitor, type Listening } from '../src/monitor.ts';

const SILENT = createLog({ level: 'silent', secrets: [] });

let monitor: Listening | null = null;

afterEach(async () => {
  await monitor?.close();
  monitor = null;
});

async function open(isReady: () => boolean = () => true): Promise<Metrics> {
  const metrics = new Metrics({
    queued: () => 7,
    shards: () => [
      { id: 0, isUp: true, heartbeatAge: 1.5 },
      { id: 1, isUp: false, heartbeatAge: null },
    ],
    isDatabaseUp: () => true,
  });
  monitor = await openMonitor({ host: '127.0.0.1', port: 0, metrics, isReady, log: SILENT });
  return metrics;
}

const get = (path: string, init?: RequestInit): Promise<Response> =>
  fetch(`http://127.0.0.1:${monitor?.port}${path}`, init);

describe('openMonitor', () => {
  it('is alive while it answers, and ready when it says so', async () => {
    let isReady = false;
    await open(() => isReady);
    expect((await get('/healthz')).status).toBe(200);
    expect((await get('/readyz')).status).toBe(503);
    isReady = true;
    expect((await get('/readyz')).status).toBe(200);
  });

  it('knows no other path and no other method', async () => {
    await open();
    expect((await get('/')).status).toBe(404);
    expect((await get('/metrics', { method: 'POST' })).status).toBe(405);
  });

  it('counts questions by verdict, with the time of each stage', async () => {
    const metrics = await open();
    const timing = { embedMs: 8, searchMs: 2, totalMs: 10 };
    metrics.answered({ verdict: 'answered', timing });
    metrics.answered({ verdict: 'answered', timing });
    metrics.answered({ verdict: 'weak', timing });
    const text = await (await get('/metrics')).text();
    expect(text).toContain('dragoman_questions_total{verdict="answered"} 2');
    expect(text).toContain('dragoman_questions_total{verdict="weak"} 1');
    expect(text).toContain('dragoman_question_seconds_count{stage="encode"} 3');
    expect(text).toMatch(/dragoman_question_seconds_sum\{stage="search"\} 0\.006/);
  });

  it('tells interactions, failures, reloads, the queue and each shard', async () => {
    const metrics = await open();
    metrics.handled(30);
    metrics.failed();
    metrics.reloaded(true);
    metrics.reloaded(false);
    const text = await (await get('/metrics')).text();
    expect(text).toContain('dragoman_interaction_seconds_count 1');
    expect(text).toContain('dragoman_interactions_failed_total 1');
    expect(text).toContain('dragoman_reloads_total{result="loaded"} 1');
    expect(text).toContain('dragoman_reloads_total{result="refused"} 1');
    expect(text).toContain('dragoman_queue_length 7');
    expect(text).toContain('dragoman_database_up 1');
    expect(text).toContain('dragoman_shard_up{shard="1"} 0');
    expect(text).toContain('dragoman_shard_heartbeat_age_seconds{shard="0"} 1.5');
    expect(text).not.toContain('dragoman_shard_heartbeat_age_seconds{shard="1"}');
    expect(text).toContain('nodejs_eventloop_lag_seconds');
  });

  it('has every figure that the dashboard shows', async () => {
    const metrics = await open();
    metrics.answered({ verdict: 'weak', timing: { embedMs: 8, searchMs: 2, totalMs: 10 } });
    metrics.handled(30);
    metrics.reloaded(true);
    const text = await metrics.text();
    const dashboard = await readFile(join(PROJECT_FOLDER, 'docs/grafana.json'), 'utf8');
    const shown = dashboard.match(/\b(?:dragoman|nodejs|process)_\w+/g) ?? [];
    expect(shown.length).toBeGreaterThan(10);
    for (const name of new Set(shown)) expect(text).toContain(`\n${name}`);
  });

  it('says which setting is wrong when the port is taken', async () => {
    const metrics = await open();
    const second = openMonitor({
      host: '127.0.0.1',
      port: monitor?.port ?? 0,
      metrics,
      isReady: () => true,
      log: SILENT,
    });
    await expect(second).rejects.toMatchObject({
      code: 'CONFIG',
      hint: expect.stringContaining('METRICS_PORT') as string,
    });
  });
});

describe('listenOn', () => {
  it('says which setting is wrong when the address is of another machine', async () => {
    const listening = listenOn(
      createServer(),
      // Kept for documentation (RFC 5737).
      { host: '192.0.2.1', port: 0 },
      { setting: 'PORT', onError: () => undefined },
    );
    await expect(listening).rejects.toMatchObject({
      code: 'CONFIG',
      message: expect.stringContaining('at 192.0.2.1') as string,
      hint: expect.stringContaining('HOST') as string,
    });
  });

  it('goes on after errors of the server, and tells them', async () => {
    const server = createServer((_, response) => void response.end('ok'));
    const errors: string[] = [];
    monitor = await listenOn(
      server,
      { host: '127.0.0.1', port: 0 },
      { setting: 'PORT', onError: ({ message }) => errors.push(message) },
    );
    for (const message of ['first', 'second']) server.emit('error', new Error(message));
    expect(errors).toEqual(['first', 'second']);
    expect(await (await get('/')).text()).toBe('ok');
  });
});
