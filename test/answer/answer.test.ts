import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Answer } from '../../src/answer/types.ts';
import { LONGEST_QUESTION, openSnapshot } from '../../src/engine.ts';
import { readQuestions, type EvaluationQuestion } from '../../tools/evaluation/questions.ts';
import { expectInFile, expectSound } from './invariants.ts';
import { openSnapshotOf, openRealSnapshot, type RealSnapshot } from '../support/real-index.ts';

/** All but the time it took. */
function lasting({ timing, ...answer }: Answer): Omit<Answer, 'timing'> {
  expect(timing.totalMs).toBeGreaterThanOrEqual(timing.embedMs);
  return answer;
}

const isAskable = (text: string): boolean => {
  const length = Array.from(text.trim()).length;
  return length > 0 && length <= LONGEST_QUESTION;
};

/** Everything that can be typed or pasted, and words that the documents hold in any order. */
function anyQuestion(words: readonly string[]): fc.Arbitrary<string> {
  const longest = { minLength: 1, maxLength: LONGEST_QUESTION };
  return fc
    .oneof(
      fc.string({ unit: 'grapheme', ...longest }),
      fc.string({ unit: 'binary', ...longest }),
      // Halves of characters outside the basic plane, and control characters.
      fc.string({
        unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)),
        ...longest,
      }),
      fc
        .array(fc.oneof(fc.constantFrom(...words), fc.string({ unit: 'grapheme', maxLength: 6 })), {
          minLength: 1,
          maxLength: 40,
        })
        .map((parts) => parts.join(' ').slice(0, LONGEST_QUESTION)),
    )
    .filter(isAskable);
}

let questions: EvaluationQuestion[];
beforeAll(async () => {
  const all = await readQuestions('test/eval/development.jsonl');
  questions = all.filter((_, at) => at % 16 === 0);
});

describe.each([
  { corpus: 'the tour', folder: 'corpus', open: openRealSnapshot },
  {
    corpus: 'bare pages saved from the web',
    folder: 'test/fixtures/raw-pages',
    open: openSnapshotOf,
  },
])('answers from $corpus', ({ folder, open }) => {
  let real: RealSnapshot;
  beforeAll(async () => {
    real = await open(folder);
  });

  it('are sound for every sixteenth question of the development set, and the same when asked again in another order', async () => {
    const first = new Map<string, Omit<Answer, 'timing'>>();
    for (const { id, question } of questions) {
      const k = 1 + (first.size % 12);
      const answer = await real.snapshot.ask(question, { k });
      expectSound(answer, real, { k });
      for (const excerpt of answer.excerpts) expectInFile(excerpt, folder);
      first.set(id, lasting(answer));
    }
    for (const [at, { id, question }] of [...questions.entries()].reverse()) {
      if (at % 2 > 0) continue;
      const again = await real.snapshot.ask(question, { k: 1 + (at % 12) });
      expect(lasting(again)).toEqual(first.get(id));
    }
  });

  it('show fewer excerpts, not others, when fewer are asked for', async () => {
    for (const { question } of questions.slice(0, 30)) {
      const [one] = (await real.snapshot.ask(question, { k: 1 })).excerpts;
      const [first] = (await real.snapshot.ask(question, { k: 5 })).excerpts;
      expect(one?.document.id).toBe(first?.document.id);
      expect(one?.highlight === null).toBe(first?.highlight === null);
    }
  });

  it('are sound for anything that can be typed', async () => {
    const words = [...new Set(questions.flatMap(({ question }) => question.split(' ')))];
    await fc.assert(
      fc.asyncProperty(anyQuestion(words), fc.integer({ min: 1, max: 25 }), async (question, k) => {
        const answer = await real.snapshot.ask(question, { k });
        expect(answer.question).toBe(question);
        expectSound(answer, real, { k });
      }),
      { numRuns: 25 },
    );
  });

  it('have a context that holds the excerpt', async () => {
    for (const { question } of questions.slice(0, 30)) {
      for (const { text, document } of (await real.snapshot.ask(question)).excerpts) {
        const context = real.snapshot.context(document.id, document.lines);
        const asked = (context?.paragraphs ?? []).filter((paragraph) => paragraph.asked);
        const start = text.slice(0, 40).split('\n')[0] ?? '';
        expect(asked.some((paragraph) => paragraph.text.includes(start))).toBe(true);
        for (const paragraph of context?.paragraphs ?? []) {
          expect(real.snapshot.documents.get(document.id)?.text).toContain(paragraph.text);
        }
      }
    }
  });
});

describe('the first passages', () => {
  /** An answer, and how many passages were read for it. */
  async function readFor(question: string): Promise<{ answer: Answer; passages: number }> {
    const { generation, embedder } = await openRealSnapshot();
    let passages = 0;
    const snapshot = await openSnapshot(generation, {
      ...embedder,
      embedPassages: (texts) => {
        passages += texts.length;
        return embedder.embedPassages(texts);
      },
    });
    return { answer: await snapshot.ask(question), passages };
  }

  it.each([
    ['when the answer is plain', 'How many transformers did Japan hand over in Kyiv?'],
    ['when the itinerary lists it', 'How many meetings were there in The Hague?'],
    ['when nothing comes near', 'What is the best recipe for pancakes?'],
    ['for a greeting', 'hello'],
    ['without a word', '???'],
  ])('are not read %s', async (_, question) => {
    expect((await readFor(question)).passages).toBe(0);
  });

  it('are read where it is not certain that one answers', async () => {
    const { answer, passages } = await readFor('did she ride a helicopter');
    expect(passages).toBe(3);
    expect(answer.verdict).toBe('weak');
  });
});

describe('answers about the tour', () => {
  let real: RealSnapshot;
  beforeAll(async () => {
    real = await openRealSnapshot();
  });
  const ask = (question: string): Promise<Answer> => real.snapshot.ask(question);

  it('with a meeting chosen come from passages of that meeting', async () => {
    for (const { id } of real.snapshot.meetings) {
      for (const question of ['how long did it last and who was there?', 'what about Ukraine']) {
        const answer = await real.snapshot.ask(question, { k: 5, meeting: id });
        expectSound(answer, real, { k: 5, meeting: id });
      }
    }
    const { excerpts } = await real.snapshot.ask('How long did the meeting with Blinken last?', {
      meeting: 'blinken',
    });
    expect(excerpts.map(({ meeting }) => meeting?.id)).toContain('blinken');
  });

  it.each(['When was it?', 'いつでしたか'])(
    'are about the meeting that is chosen, though “%s” does not name it',
    async (question) => {
      const answer = await real.snapshot.ask(question, { meeting: 'duda' });
      expect(answer).toMatchObject({ question, verdict: 'answered' });
      expect(answer.listing?.value).toBe('January 8, 2024');
    },
  );

  it.each([
    ['Taking the courtesy calls whose length we know, what do they average?', 50],
    ['ウクライナ国内ではいくつの街に足を運んだ？', 3],
  ])('are read by their form where no rule has their words: “%s”', async (question, value) => {
    const { question: asked, listing } = await ask(question);
    expect(asked).toBe(question);
    expect(listing?.value).toBe(value);
    expect(listing?.note).toMatch(/Understood as “|と読みました/);
  });

  it('that count people quote whom she met, not the same number of others', async () => {
    const { listing, excerpts } = await ask('how many people did she meet in ukraine');
    const [first] = excerpts;
    expect(listing?.value).toBe(4);
    expect(listing?.meetings.map(({ id }) => id)).toContain(first?.document.id);
    expect(first?.text.slice(...(first.highlight ?? [0, 0]))).toMatch(
      /Kuleba|Shmyhal|Zelensky|Galushchenko/,
    );
  });

  it.each([
    ['why did they meet in Montréal and not in Ottawa?', /home town/],
    ['why is that bridge in irpin famous', /Road of Life/],
    ['why did she talk to the japanese staff at the icc', /number of Japanese people/],
  ])('why is not told by who, where and when: “%s”', async (question, expected) => {
    const [first] = (await ask(question)).excerpts;
    expect(first?.text.slice(...(first.highlight ?? [0, 0]))).toMatch(expected);
  });

  it.each(['which nail polish lasts the longest without chipping', 'how many days in Kyoto'])(
    'have no form where they are about something else: “%s”',
    async (question) => {
      expect((await ask(question)).listing).toBeNull();
    },
  );

  it('with a source chosen rest on that source', async () => {
    const cited = new Set(real.generation.passages.flatMap(({ sources }) => sources));
    let shown = 0;
    // As much as all would show.
    for (const source of [...cited].filter((_, at) => at % 4 === 0)) {
      const answer = await real.snapshot.ask('what did she say about Ukraine?', { source });
      expectSound(answer, real, { k: 3 });
      for (const { sources } of answer.excerpts) {
        expect(sources.map(({ id }) => id)).toContain(source);
        shown += 1;
      }
    }
    expect(shown).toBeGreaterThan(10);
  });

  it.each([
    ['What did she say to Lavrov in Moscow?', 'Lavrov'],
    ['what did she say to lavrov in moscow', 'lavrov'],
    ['What did Macron tell her?', 'Macron'],
  ])('%j is not answered, because no document mentions %s', async (question, name) => {
    const { verdict, reason } = await ask(question);
    expect(verdict).not.toBe('answered');
    expect(reason).toContain(name);
  });

  it.each([
    ['how long was the meeting with Blinkin', 'blinken'],
    ['where did Kamikava meet Kuleba', 'kuleba'],
    ['what did she and Sikorsky talk about', 'sikorski'],
    ['meeting with Zelensky', 'zelenskyy'],
    ['ZELENSKY', 'zelenskyy'],
    ['meeting with sikorsky', 'sikorski'],
    ['blinkin?', 'blinken'],
  ])('%j finds the document of %s, though misspelt', async (question, document) => {
    const { verdict, excerpts } = await ask(question);
    expect(verdict).not.toBe('not_found');
    expect(excerpts.map((excerpt) => excerpt.document.id)).toContain(document);
  });

  it('tells how long each meeting of one person lasted, in either wording and without a question mark', async () => {
    const { snapshot } = await openRealSnapshot();
    const timed = snapshot.meetings.flatMap(({ id, people, durationMinutes, ...more }) => {
      const met = people.filter(({ name }) =>
        snapshot.meetings.every(
          (one) => one.id === id || !one.people.some((other) => other.name === name),
        ),
      );
      const isPlain = durationMinutes !== null && more.durationAlternativeMinutes === undefined;
      return isPlain ? met.map(({ name }) => ({ id, name })) : [];
    });
    expect(timed.length).toBeGreaterThan(15);
    for (const { id, name } of timed) {
      for (const question of [
        `how long did the meeting with ${name} last`,
        `how long was the meeting with ${name}`,
      ]) {
        const { verdict, excerpts } = await ask(question);
        expect({ question, verdict }).toEqual({ question, verdict: 'answered' });
        expect(excerpts.map(({ meeting }) => meeting?.id)).toContain(id);
      }
    }
  });

  it.each(['how many students danced for her in Ankara', 'how many Japanese live in Sweden?'])(
    '%j is in doubt, as no sentence has a number of them',
    async (question) => {
      expect(await ask(question)).toMatchObject({
        verdict: 'weak',
        doubt: { kind: 'kind', asked: 'amount' },
      });
    },
  );

  it.each(['good morning!', 'asdkjh qweoiu', 'how do I bake bread', '🙂', '???', 'a'])(
    '%j is not found',
    async (question) => {
      const answer = await ask(question);
      expect(answer).toMatchObject({
        verdict: 'not_found',
        reason: expect.any(String) as unknown,
      });
    },
  );
});

it.each([
  ['x', 'There is nothing to search for in this question. Ask in words.'],
  ['b 2', 'There is nothing to search for in this question. Ask in words.'],
])('“%s” has no words, and is told so', async (text, reason) => {
  const { snapshot } = await openRealSnapshot();
  expect(await snapshot.ask(text)).toMatchObject({ verdict: 'not_found', reason });
});

it.each(['hello', 'thanks!', 'good bot', 'こんにちは', 'ありがとう'])(
  'nothing in the documents answers “%s”',
  async (text) => {
    const { snapshot } = await openRealSnapshot();
    expect(await snapshot.ask(text)).toMatchObject({ verdict: 'not_found', excerpts: [] });
  },
);
