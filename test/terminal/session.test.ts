import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import stringWidth from 'string-width';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import type { Engine, Snapshot } from '../../src/engine.ts';
import { viewOf } from '../../src/terminal/render-answer.ts';
import { runSession, Session } from '../../src/terminal/session.ts';
import { openRealEngine } from '../support/real-index.ts';

const config = loadConfig({});
let engine: Engine;
let snapshot: Snapshot;
let session: Session;

beforeAll(async () => {
  engine = await openRealEngine();
});

beforeEach(() => {
  snapshot = engine.current();
  const view = viewOf(snapshot, { config, output: {}, folder: process.cwd() });
  session = new Session({ snapshot: () => snapshot, view: () => view });
});

async function reply(line: string): Promise<string> {
  return (await session.respond(line)).text;
}

describe('a session', () => {
  it('answers a question with an excerpt and the place it comes from', async () => {
    const text = await reply('How long did Kamikawa and Blinken talk?');
    expect(text).toMatch(/^(?:Answered \(\d\d % sure\)\.|Not sure: .*)\n\n>/s);
    expect(text).toMatch(/^ {2}corpus\/(?:meetings|background)\/[a-z-]+\.md:\d+(?:-\d+)?$/m);
  });

  it('shows what else answers when told "m"', async () => {
    expect(await reply('m')).toBe('There is nothing more to show.\n');
    const text = await reply('What did they agree on in Helsinki?');
    const [, left] = /^(\d+) more: type m$/m.exec(text) ?? [];
    const more = await reply('m');
    expect(more.match(/^\[\d+\]/gm)).toHaveLength(Number(left));
  });

  it('goes on from the question before, and says how it was understood', async () => {
    await reply('How long did the meeting with Blinken last?');
    expect(await reply('who else was there?')).toMatch(
      /^Understood as: who else was at the meeting with Antony J. Blinken\?\n/,
    );
    await reply('キーウで誰に会いましたか');
    expect(await reply('ワルシャワでは？')).toMatch(
      /^質問の解釈：ワルシャワで誰に会いましたか\n\n回答あり/,
    );
    await reply('/meeting off');
    expect(await reply('who else was there?')).not.toContain('Understood as');
  });

  it('greets without meetings where the documents tell of none', async () => {
    const all = snapshot;
    snapshot = { ...all, meetings: [] };
    const greeting = await reply('hello');
    expect(greeting).toMatch(/^It knows \d+ documents in \d+ passages \(model: /m);
    snapshot = all;
  });

  it('goes on about the chosen meeting, and about one item of a list', async () => {
    await reply('Who did she meet in Hamburg?');
    expect(await reply('how long did she talk to the second one?')).toMatch(
      /^Understood as: how long did she talk to Tomas Heidar\?\n/,
    );
    await reply('/meeting joly');
    await reply('how long was it');
    expect(await reply('and what about Taiwan?')).toMatch(
      /^Understood as: what did they say about Taiwan\?\n/,
    );
  });

  it('does not search for greetings, thanks and questions about itself', async () => {
    expect(await reply('hello!')).toContain('For example:\n  ');
    expect(await reply('こんにちは')).toContain('word-for-word excerpts');
    expect(await reply('thanks a lot')).toMatch(/^Thank you\./);
    expect(await reply('do you like cats?')).toMatch(/^I have no opinions/);
  });

  it('says nothing to an empty line, and goes on', async () => {
    expect(await session.respond('  \t')).toEqual({ text: '', ended: false });
  });

  it.each(['/quit', ' /QUIT ', '/exit', 'quit', 'Exit'])('ends with %j', async (line) => {
    expect(await session.respond(line)).toEqual({ text: '', ended: true });
  });

  it('goes on after a question that is too long, and says so', async () => {
    const { text, ended } = await session.respond('why '.repeat(100));
    expect(text).toMatch(/^The question has \d+ characters/);
    expect(ended).toBe(false);
  });

  it('restricts questions to one meeting until told otherwise', async () => {
    expect(await reply('/meeting nowacka')).toMatch(/\nnowacka {2}/);
    expect(session.prompt()).toBe('ask about nowacka> ');
    const within = await reply('Who is Barbara Nowacka?');
    const paths = [...within.matchAll(/corpus\/(\S+):/g)].map(([, path]) => path);
    expect(paths).toContain('meetings/nowacka.md');
    expect(paths.filter((path) => path?.startsWith('meetings/'))).toEqual(
      paths.filter((path) => path === 'meetings/nowacka.md'),
    );
    expect(await reply('/meeting off')).toBe('Questions are about everything again.\n');
    expect(session.prompt()).toBe('ask> ');
  });

  it('says how to search everywhere when nothing is found on the chosen meeting', async () => {
    await reply('/meeting nowacka');
    const text = await reply('How do I bake sourdough bread?');
    expect(text).toMatch(/^Not found/);
    expect(text).toContain('Only passages on nowacka were searched; type /meeting off');
    expect(text).not.toContain('You can ask');
  });

  it('finds a meeting by a name, and asks back when several fit', async () => {
    await reply('/meeting gina');
    expect(session.prompt()).toBe('ask about raimondo> ');
    const several = await reply('/meeting ankara');
    expect(several).toMatch(/^Several meetings match\. Which one\?\n/);
    expect(several).toMatch(/^erdogan /m);
    expect(session.prompt()).toBe('ask about raimondo> ');
  });

  it('forgives spelling errors in the name of a meeting', async () => {
    await reply('/meeting blinkn');
    expect(session.prompt()).toBe('ask about blinken> ');
  });

  it('names what may have been meant when no meeting fits', async () => {
    expect(await reply('/meeting blinken in Ankara')).toMatch(
      /^No meeting matches “blinken in Ankara”\. Did you mean .*blinken/,
    );
    expect(await reply('/meeting churchill')).toContain('/meeting lists them all.');
  });

  it('lists all meetings in the order of the tour', async () => {
    const text = await reply('/meeting');
    const listed = snapshot.meetings.map(({ id }) => text.search(new RegExp(`^${id} `, 'm')));
    expect(listed).not.toContain(-1);
    expect(listed).toEqual([...listed].sort((a, b) => a - b));
  });

  it('forgets a meeting that a rebuild took away', async () => {
    await reply('/meeting nowacka');
    const rebuilt = snapshot.meetings.filter(({ id }) => id !== 'nowacka');
    snapshot = { ...snapshot, meetings: rebuilt };
    expect(await reply('Who is Barbara Nowacka?')).toMatch(/^(?:Answered|Not)/);
    expect(session.prompt()).toBe('ask> ');
  });

  it('lists the sources of a meeting: of the one named, else of the chosen one', async () => {
    const named = await reply('/sources nowacka');
    expect(named).toContain('    Ministry of Foreign Affairs of Japan (official)');
    expect(named).toMatch(/^ {4}https:\/\//m);
    await reply('/meeting nowacka');
    expect(await reply('/sources')).toBe(named);
  });

  it('counts the sources of each publisher, and of all', async () => {
    const text = await reply('/sources');
    expect(text).toMatch(new RegExp(`^${snapshot.sources.size} sources;`));
    const counts = [...text.matchAll(/^ +(\d+) {2}/gm)].map(([, count]) => Number(count));
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(snapshot.sources.size);
  });

  it('explains its commands, also when it does not know one', async () => {
    const help = await reply('/help');
    for (const command of ['/meeting', '/sources', '/help', '/quit']) {
      expect(help).toContain(command);
    }
    expect(await reply('help')).toBe(help);
    expect(await reply('/mee\x1bting')).toMatch(/^There is no command \/mee␛ting\. There are/);
  });

  it('completes commands and ids', () => {
    expect(session.completions('/me')).toEqual(['/meeting']);
    expect(session.completions('/meeting kule')).toEqual([
      '/meeting kuleba',
      '/meeting kuleba-press',
    ]);
    expect(session.completions('who')).toEqual([]);
  });

  it.each([36, 80])('keeps to %i columns but for addresses and paths', async (columns) => {
    const view = viewOf(snapshot, { config, output: { columns }, folder: process.cwd() });
    session = new Session({ snapshot: () => snapshot, view: () => view });
    const lines = ['/meeting', '/sources', '/sources blinken', '/help', '会った人を全部教えて'];
    const texts = await Promise.all(lines.map(reply));
    for (const line of texts.join('').split('\n')) {
      expect(stringWidth(line) <= columns || /^ *(?:https?:|corpus)\S+$/.test(line)).toBe(true);
    }
  });
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
