import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import type { Snapshot, Engine } from '../../src/engine-types.ts';
import { exampleQuestions } from '../../src/answer/meeting-texts.ts';
import { alternativesTo } from '../../src/terminal/alternatives.ts';
import { resolveFilter } from '../../src/terminal/ask.ts';
import { viewOf } from '../../src/terminal/render-answer.ts';
import { Session } from '../../src/terminal/session.ts';
import { meeting } from './example.ts';
import { openRealEngine } from '../support/real-index.ts';

let engine: Engine;
let edition: Snapshot;
let session: Session;

beforeAll(async () => {
  engine = await openRealEngine();
});

beforeEach(() => {
  edition = engine.current();
  const view = viewOf(edition, { config: loadConfig({}), output: {}, folder: process.cwd() });
  session = new Session({ edition: () => edition, view: () => view });
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
    expect(await reply('ワルシャワでは？')).toContain('ワルシャワで誰に会いましたか');
    await reply('/meeting off');
    expect(await reply('who else was there?')).not.toContain('Understood as');
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
    expect(text).toContain('about nowacka were searched; type /meeting off');
    expect(text).not.toContain('You can ask');
  });

  it('finds a meeting by a name, and asks back when several fit', async () => {
    await reply('/meeting gina');
    expect(session.prompt()).toBe('ask about raimondo> ');
    const several = await reply('/meeting ankara');
    expect(several).toMatch(/^Several meetings fit; which one\?\n/);
    expect(several).toMatch(/^erdogan /m);
    expect(session.prompt()).toBe('ask about raimondo> ');
  });

  it('forgives spelling errors in the name of a meeting', async () => {
    await reply('/meeting blinkn');
    expect(session.prompt()).toBe('ask about blinken> ');
  });

  it('names what may have been meant when no meeting fits', async () => {
    expect(await reply('/meeting blinken in Ankara')).toMatch(
      /^No meeting fits “blinken in Ankara”\. Did you mean .*blinken/,
    );
    expect(await reply('/meeting churchill')).toContain('/meeting lists all there are.');
  });

  it('lists all meetings in the order of the tour', async () => {
    const text = await reply('/meeting');
    const listed = edition.meetings.map(({ id }) => text.search(new RegExp(`^${id} `, 'm')));
    expect(listed).not.toContain(-1);
    expect(listed).toEqual([...listed].sort((a, b) => a - b));
  });

  it('forgets a meeting that a rebuild took away', async () => {
    await reply('/meeting nowacka');
    const rebuilt = edition.meetings.filter(({ id }) => id !== 'nowacka');
    edition = { ...edition, meetings: rebuilt };
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
    expect(text).toMatch(new RegExp(`^${edition.sources.size} sources;`));
    const counts = [...text.matchAll(/^ +(\d+) {2}/gm)].map(([, count]) => Number(count));
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(edition.sources.size);
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

  it('keeps to 80 columns but for addresses', async () => {
    const texts = await Promise.all(
      ['/meeting', '/sources', '/sources blinken', '/help', 'Kyiv?'].map(reply),
    );
    for (const line of texts.join('').split('\n')) {
      expect(line.length <= 80 || /^ *https?:\S+$/.test(line)).toBe(true);
    }
  });
});

describe('exampleQuestions', () => {
  it('are three that these documents answer', async () => {
    const examples = exampleQuestions(edition, 'en');
    expect(examples).toHaveLength(3);
    for (const question of examples) {
      expect((await edition.ask(question)).verdict).toBe('answered');
    }
  });

  it('ask about what there is in other documents', () => {
    const documents = new Map([...edition.documents].slice(0, 2));
    const [first] = exampleQuestions({ meetings: [], documents }, 'en');
    expect(first).toContain([...documents.values()][0]?.title);
    const others = exampleQuestions({ meetings: [meeting('launch')], documents }, 'en');
    expect(others).toEqual(['What does the text on “Meeting launch” say?']);
  });
});

describe('alternativesTo', () => {
  it('are meetings that share a word with the question, else examples', () => {
    const near = alternativesTo('the price of tea in Ankara', edition);
    expect(near.meetings.length).toBeGreaterThan(0);
    expect(near.questions).toEqual([]);
    expect(alternativesTo('how do I boil an egg', edition)).toEqual({
      meetings: [],
      questions: exampleQuestions(edition, 'en'),
    });
  });
});

describe('resolveFilter', () => {
  it('keeps ids, and finds those of names with spelling errors', () => {
    expect(resolveFilter({}, edition)).toEqual({});
    const ids = { meeting: 'blinken', source: 'mofa-us-fm' };
    expect(resolveFilter(ids, edition)).toEqual(ids);
    expect(resolveFilter({ meeting: 'blinkn', source: 'mofa-us-fn' }, edition)).toEqual(ids);
  });

  it.each([
    [{ meeting: 'ankara' }, /^Give the id of one: .*erdogan/],
    [{ meeting: 'blinken in Ankara' }, /^Near it: .*blinken/],
    [{ meeting: 'churchill' }, /^Known: .*duda/],
    [{ source: 'encyclopaedia' }, /^\d+ are known, for example/],
  ])('refuses %j with ids that help', (filter, hint) => {
    expect(() => resolveFilter(filter, edition)).toThrow(
      expect.objectContaining({
        code: 'QUESTION',
        hint: expect.stringMatching(hint) as string,
      }),
    );
  });

  it('says so when there are none at all', () => {
    const bare = { ...edition, meetings: [] };
    expect(() => resolveFilter({ meeting: 'x' }, bare)).toThrow(
      expect.objectContaining({
        hint: 'The documents describe no meetings: leave the option out.',
      }),
    );
  });
});
