import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import type { Engine } from '../../src/engine-types.ts';
import { runSession } from '../../src/terminal/run-session.ts';
import { openRealEngine } from '../support/real-index.ts';

const config = loadConfig({});
let engine: Engine;

beforeAll(async () => {
  engine = await openRealEngine();
});

const CTRL_C = '\x03';
const CTRL_D = '\x04';
const UP = '\x1b[A';

/** A person at a terminal: readline is real, only the device is not. */
class Person {
  readonly input = Object.assign(new PassThrough(), { isTTY: true });
  readonly output = Object.assign(new PassThrough(), { isTTY: true, columns: 80 });
  readonly errors = new PassThrough();
  seen = '';

  constructor() {
    this.output.on('data', (chunk: Buffer) => {
      this.seen += chunk.toString();
    });
  }

  #read = 0;

  /** Types, waits until the text appears, and gives all that appeared since the last call. */
  async type(keys: string, until: string): Promise<string> {
    if (keys !== '') this.input.write(keys);
    for (;;) {
      const news = stripVTControlCharacters(this.seen.slice(this.#read));
      if (news.includes(until)) {
        this.#read = this.seen.length;
        return news;
      }
      await once(this.output, 'data');
    }
  }
}

describe('a session on a terminal', () => {
  it('greets, answers, brings earlier questions back and leaves by Ctrl-D', async () => {
    const person = new Person();
    const ended = runSession(engine, config, person);
    const greeting = await person.type('', 'ask> ');
    const { documents, passages } = engine.current().counts;
    expect(greeting).toContain(`${documents} documents in ${passages} passages`);
    expect(greeting.match(/^ {2}- /gm)).toHaveLength(3);

    const first = await person.type('Who is Barbara Nowacka?\r', '\nask> ');
    expect(first).toContain('Answered');
    const again = await person.type(`${UP}\r`, '\nask> ');
    expect(again).toContain('Who is Barbara Nowacka?');
    expect(again.slice(again.indexOf('Answered'))).toBe(first.slice(first.indexOf('Answered')));
    expect(person.seen).toContain('\x1b[1m');

    person.input.write(CTRL_D);
    await ended;
  });

  it('leaves by Ctrl-C in the middle of a line', async () => {
    const person = new Person();
    const ended = runSession(engine, config, person);
    await person.type('', 'ask> ');
    await person.type('half a ques', 'ques');
    person.input.write(CTRL_C);
    await ended;
    expect(person.seen).not.toContain('Answered');
  });

  it('shows what is asked about, completes ids by Tab, and leaves by /quit', async () => {
    const person = new Person();
    const ended = runSession(engine, config, person);
    await person.type('', 'ask> ');
    await person.type('/meeting nowa', 'nowa');
    await person.type('\t', 'cka');
    await person.type('\r', 'ask about nowacka> ');
    person.input.write('/quit\r');
    await ended;
  });

  it('uses no bold when NO_COLOR is set', async () => {
    const person = new Person();
    const ended = runSession(engine, { ...config, noColor: true }, person);
    await person.type('', 'ask> ');
    await person.type('Who is Barbara Nowacka?\r', '\nask> ');
    expect(person.seen).not.toMatch(/\x1b\[\d+m/);
    person.input.end();
    await ended;
  });
});
