import { beforeAll, describe, expect, it } from 'vitest';
import { exampleQuestions } from '../../src/answer/meeting-texts.ts';
import type { Snapshot } from '../../src/engine-types.ts';
import { alternativesTo, resolveFilter } from '../../src/terminal/ask.ts';
import { openRealEngine } from '../support/real-index.ts';
import { meeting } from './example.ts';

let snapshot: Snapshot;

beforeAll(async () => {
  snapshot = (await openRealEngine()).current();
});

describe('exampleQuestions', () => {
  it('are three that these documents answer', async () => {
    const examples = exampleQuestions(snapshot, 'en');
    expect(examples).toHaveLength(3);
    for (const question of examples) {
      expect((await snapshot.ask(question)).verdict).toBe('answered');
    }
  });

  it('ask about what there is in other documents', () => {
    const documents = new Map([...snapshot.documents].slice(0, 2));
    const [first] = exampleQuestions({ meetings: [], documents }, 'en');
    expect(first).toContain([...documents.values()][0]?.title);
    const others = exampleQuestions({ meetings: [meeting('launch')], documents }, 'en');
    expect(others).toEqual(['What does the text on “Meeting launch” say?']);
  });
});

describe('alternativesTo', () => {
  it('are meetings that share a word with the question, else examples', () => {
    const near = alternativesTo('the price of tea in Ankara', snapshot);
    expect(near.meetings.length).toBeGreaterThan(0);
    expect(near.questions).toEqual([]);
    expect(alternativesTo('how do I boil an egg', snapshot)).toEqual({
      meetings: [],
      questions: exampleQuestions(snapshot, 'en'),
    });
  });
});

describe('resolveFilter', () => {
  it('keeps ids, and finds those of names with spelling errors', () => {
    expect(resolveFilter({}, snapshot)).toEqual({});
    const ids = { meeting: 'blinken', source: 'mofa-us-fm' };
    expect(resolveFilter(ids, snapshot)).toEqual(ids);
    expect(resolveFilter({ meeting: 'blinkn', source: 'mofa-us-fn' }, snapshot)).toEqual(ids);
  });

  it.each([
    [{ meeting: 'ankara' }, /^Give the id of one: .*erdogan/],
    [{ meeting: 'blinken in Ankara' }, /^Similar: .*blinken/],
    [{ meeting: 'churchill' }, /^Known ids: .*duda/],
    [{ source: 'encyclopaedia' }, /^There are \d+, for example/],
  ])('refuses %j with ids that help', (filter, hint) => {
    expect(() => resolveFilter(filter, snapshot)).toThrow(
      expect.objectContaining({
        code: 'QUESTION',
        hint: expect.stringMatching(hint) as string,
      }),
    );
  });

  it('says so when there are none at all', () => {
    const bare = { ...snapshot, meetings: [] };
    expect(() => resolveFilter({ meeting: 'x' }, bare)).toThrow(
      expect.objectContaining({
        hint: 'The documents describe no meetings: leave the option out.',
      }),
    );
  });
});
