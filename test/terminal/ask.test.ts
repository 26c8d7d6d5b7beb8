import { beforeAll, describe, expect, it } from 'vitest';
import { exampleQuestions } from '../../src/answer/meeting-texts.ts';
import { type Snapshot, MOST_EXCERPTS } from '../../src/engine.ts';
import {
  ASK_ARGS,
  alternativesTo,
  answerJson,
  askArguments,
  failedQuestionJson,
  resolveFilter,
  type AskArguments,
} from '../../src/terminal/ask.ts';
import { parseArguments } from '../../src/terminal/command-line.ts';
import { openRealEngine } from '../support/real-index.ts';
import { answered, excerpt, meeting } from './example.ts';

function parse(args: readonly string[]): AskArguments {
  return askArguments(parseArguments(ASK_ARGS, args));
}

const nothing = { json: false, k: null, meeting: null, source: null };

describe('the arguments of npm run ask', () => {
  it('reads a question', () => {
    expect(parse(['Who is she?'])).toEqual({
      ...nothing,
      ask: { question: 'Who is she?' },
    });
  });

  it('reads every option, before and after the question', () => {
    const args = ['--json', '--k', '5', 'Who?', '--meeting', 'blinken', '--source', 'mofa'];
    expect(parse(args)).toEqual({
      json: true,
      k: 5,
      meeting: 'blinken',
      source: 'mofa',
      ask: { question: 'Who?' },
    });
  });

  it('takes words without quotation marks for one question', () => {
    expect(parse(['who', 'is', 'she']).ask).toEqual({ question: 'who is she' });
  });

  it('reads a question that starts with a dash after --', () => {
    expect(parse(['--', '-5 degrees?']).ask).toEqual({ question: '-5 degrees?' });
  });

  it('reads the name of a file of questions', () => {
    expect(parse(['--questions', '-']).ask).toEqual({ file: '-' });
  });

  it.each([
    [[], /Expected a question, found none/],
    [['--json'], /Expected a question, found none/],
    [['--questions', 'f.txt', 'Who?'], /found both: "Who\?" and "f\.txt"/],
    [['--k', '0', 'Who?'], /from 1 to 25, found "0"/],
    [['--k', `${MOST_EXCERPTS + 1}`, 'Who?'], /from 1 to 25, found "26"/],
    [['--k', '1.5', 'Who?'], /found "1\.5"/],
    [['--k', '', 'Who?'], /value after --k, found none/],
    [['--meeting=', 'Who?'], /value after --meeting, found none/],
    [['--verbose', 'Who?'], /--verbose/],
    [['Who?', '--meeting'], /--meeting/],
  ])('refuses %j and says why', (args, message) => {
    expect(() => parse(args)).toThrow(
      expect.objectContaining({
        code: 'USAGE',
        message: expect.stringMatching(message) as string,
      }),
    );
  });

  it('allows as many excerpts as the engine', () => {
    expect(parse(['--k', `${MOST_EXCERPTS}`, 'Who?']).k).toBe(MOST_EXCERPTS);
  });
});

describe('answerJson', () => {
  it('holds exactly the keys of the contract, in its order', () => {
    expect(
      answerJson({
        ...answered,
        excerpts: [{ ...excerpt, sources: excerpt.sources.slice(0, 1) }],
        listing: {
          kind: 'duration',
          title: '45 minutes',
          value: 45,
          meetings: [
            { id: 'blinken', title: 'Meeting', date: '2024-01-12', place: 'Washington D.C.' },
          ],
          note: 'not part of the contract',
        },
        versions: [
          { value: '45 minutes', excerpts: [1] },
          { value: '40 minutes', excerpts: [2, 3] },
        ],
      }),
    ).toBe(
      '{"question":"How long did they talk?","verdict":"answered","reason":null,"confidence":0.934,' +
        '"excerpts":[{"rank":1,"text":"The two met at noon. Their talk lasted 45 minutes, and nobody looked at the clock. They parted as friends.",' +
        '"highlight":[21,82],' +
        '"document":{"id":"blinken","title":"Meeting with Antony Blinken in Washington","path":"meetings/blinken.md","lines":[34,36]},' +
        '"meeting":{"id":"blinken","title":"Meeting with Antony Blinken in Washington","date":"2024-01-12","place":"Washington D.C., United States"},' +
        '"sources":[{"id":"mofa","title":"Meeting","publisher":"Ministry of Foreign Affairs of Japan","published":"2024-01-12","url":"https://example.org/mofa","kind":"official","host":"example.org","copy":false}],' +
        '"alsoReportedBy":["overview","gone"],"score":1.5,' +
        '"quoted":{"kind":"account","text":"The club\'s account of the meeting, after Ministry of Foreign Affairs of Japan and Kyodo News","url":null}}],' +
        '"listing":{"kind":"duration","title":"45 minutes","value":45,"meetings":[{"id":"blinken","title":"Meeting","date":"2024-01-12","place":"Washington D.C."}]},' +
        '"versions":[{"value":"45 minutes","excerpts":[1]},{"value":"40 minutes","excerpts":[2,3]}],' +
        '"timing":{"embedMs":0.1,"searchMs":3,"totalMs":3.1},"generation":"20240112T000000000Z-000000000000"}',
    );
  });

  it('leaves out what is internal, at every level', () => {
    const internal = { ...excerpt, document: { ...excerpt.document, sha256: 'x' }, ordinal: 7 };
    const parsed = answerJson({ ...answered, doubt: { kind: 'vague' }, excerpts: [internal] });
    expect(parsed).not.toMatch(/doubt|vague|sha256|ordinal/);
  });

  it('says null where there is no meeting and no highlight', () => {
    const bare = { ...excerpt, meeting: null, highlight: null };
    const parsed = JSON.parse(answerJson({ ...answered, excerpts: [bare] })) as unknown;
    expect(parsed).toMatchObject({ excerpts: [{ meeting: null, highlight: null }] });
  });

  it('is one line without control characters, and the same value when read', () => {
    const question = 'a\nb \x1b[2J \x9b1m \u2028 \u202e \x7f “Türkiye” 日本';
    const line = answerJson({ ...answered, question });
    expect(line).not.toMatch(/[\0-\x1f\x7f-\x9f\u2028\u202e]/);
    expect((JSON.parse(line) as { question: string }).question).toBe(question);
  });
});

describe('failedQuestionJson', () => {
  it('stands for an answer with the question and the error', () => {
    const error = { code: 'QUESTION', message: 'Too long.', hint: null };
    expect(failedQuestionJson({ question: 'x', error })).toBe(
      '{"question":"x","error":{"code":"QUESTION","message":"Too long.","hint":null}}',
    );
  });
});

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
    expect(others).toEqual(['What is “Meeting launch” about?']);
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
    [{ meeting: 'nobody' }, /^Known ids: .*duda/],
    [{ meeting: 'test' }, /^Known ids: .*duda/],
    [{ meeting: 'the pope' }, /^Known ids: .*duda/],
    [{ source: 'encyclopaedia' }, /^There are \d+, for example/],
    [{ source: 'nosuch' }, /^There are \d+, for example/],
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
