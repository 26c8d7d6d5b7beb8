import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { WebSocket } from 'ws';
import { DragomanError } from '../../src/errors.ts';
import { asNumber, asObject, asString, parseJson } from '../../test/support/discord/json.ts';

const WIDTH = 420;
/** Pixels of the picture to one of the page. */
const SCALE = 2;

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--hide-scrollbars',
  '--force-color-profile=srgb',
  '--remote-debugging-port=0',
];

/** A browser without a window that photographs pages, driven by the Chrome DevTools Protocol. */
export class Chromium {
  readonly #process: ChildProcess;
  readonly #profile: string;
  readonly #socket: WebSocket;
  readonly #session: string;
  #lastId: number;

  private constructor(parts: {
    process: ChildProcess;
    profile: string;
    socket: WebSocket;
    session: string;
  }) {
    this.#process = parts.process;
    this.#profile = parts.profile;
    this.#socket = parts.socket;
    this.#session = parts.session;
    this.#lastId = 100;
  }

  /** @throws DragomanError USAGE when the program cannot be started */
  static async start(program: string): Promise<Chromium> {
    const profile = await mkdtemp(join(tmpdir(), 'dragoman-chromium-'));
    const child = spawn(program, [...FLAGS, `--user-data-dir=${profile}`, 'about:blank'], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    // A process that is cut off would leave the browser running.
    process.once('exit', () => child.kill());
    const address = await debuggerAddress(child, program);
    const socket = new WebSocket(address);
    await once(socket, 'open');
    const { targetId } = await call(socket, {
      id: 1,
      method: 'Target.createTarget',
      params: { url: 'about:blank' },
    });
    const { sessionId } = await call(socket, {
      id: 2,
      method: 'Target.attachToTarget',
      params: { targetId, flatten: true },
    });
    return new Chromium({ process: child, profile, socket, session: asString(sessionId) });
  }

  /** A PNG of the element `#shot` of a page, its height in pixels, and how many rows of buttons take more than one line. */
  async photograph(html: string): Promise<{ png: Buffer; height: number; wrapped: number }> {
    await this.#send('Emulation.setDeviceMetricsOverride', {
      width: WIDTH,
      height: 800,
      deviceScaleFactor: SCALE,
      mobile: false,
    });
    const expression = `(async () => {
      document.open(); document.write(${JSON.stringify(html)}); document.close();
      await document.fonts.ready;
      await Promise.all([...document.images].map((image) => image.decode()));
      const topOf = (element) => element.getBoundingClientRect().top;
      const rows = [...document.querySelectorAll('.row')].filter(({ children }) => children.length > 1);
      const wrapped = rows.filter(({ children }) => topOf(children[0]) !== topOf(children[children.length - 1]));
      const { height } = document.getElementById('shot').getBoundingClientRect();
      return { height: Math.ceil(height), wrapped: wrapped.length };
    })()`;
    const measured = await this.#send('Runtime.evaluate', {
      expression,
      awaitPromise: true,
      returnByValue: true,
    });
    const { height, wrapped } = sizesIn(measured);
    if (height === 0) throw new Error(`the page was not drawn: ${JSON.stringify(measured)}`);
    const shot = await this.#send('Page.captureScreenshot', {
      format: 'png',
      captureBeyondViewport: true,
      clip: { x: 0, y: 0, width: WIDTH, height, scale: 1 },
    });
    return { png: Buffer.from(asString(shot['data']), 'base64'), height, wrapped };
  }

  async stop(): Promise<void> {
    const ended = once(this.#process, 'exit');
    await call(this.#socket, { id: ++this.#lastId, method: 'Browser.close', params: {} });
    await ended;
    this.#socket.close();
    await rm(this.#profile, { recursive: true, force: true, maxRetries: 5 });
  }

  #send(method: string, params: object): Promise<Record<string, unknown>> {
    return call(this.#socket, { id: ++this.#lastId, method, params, sessionId: this.#session });
  }
}

function sizesIn(measured: Record<string, unknown>): { height: number; wrapped: number } {
  const value = asObject(asObject(measured['result'])['value']);
  return { height: asNumber(value['height']), wrapped: asNumber(value['wrapped']) };
}

async function debuggerAddress(child: ChildProcess, program: string): Promise<string> {
  if (child.stderr === null) throw new Error('expected the error stream of the browser');
  const lines = createInterface({ input: child.stderr });
  return new Promise((resolve, reject) => {
    const failed = (cause?: Error): void =>
      reject(
        new DragomanError('USAGE', `Expected a Chromium that starts, but ${program} did not.`, {
          hint: 'Install one (Debian: chromium), or name another with --chromium PROGRAM.',
          cause,
        }),
      );
    child.once('error', failed).once('exit', () => failed());
    lines.on('line', (line) => {
      const address = /listening on (ws:\S+)/.exec(line)?.[1];
      if (address !== undefined) resolve(address);
    });
  });
}

async function call(
  socket: WebSocket,
  request: { id: number; method: string; params: object; sessionId?: string },
): Promise<Record<string, unknown>> {
  return new Promise((resolve, reject) => {
    const onMessage = (data: Buffer): void => {
      const message = asObject(parseJson(data.toString('utf8')));
      if (message['id'] !== request.id) return;
      socket.off('message', onMessage);
      if (message['error'] === undefined) resolve(asObject(message['result']));
      else reject(new Error(`${request.method}: ${JSON.stringify(message['error'])}`));
    };
    socket.on('message', onMessage);
    socket.send(JSON.stringify(request));
  });
}
