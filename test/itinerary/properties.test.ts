import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Meeting } from '../../src/corpus/types.ts';
import { readCorpus } from '../../src/corpus/read-corpus.ts';
import { Itinerary } from '../../src/itinerary/itinerary.ts';
import { Facts } from './facts.ts';
import { OTHER_TOUR } from './other-tour.ts';

const { corpus } = await readCorpus('corpus/meetings');
const itinerary = new Itinerary(corpus.meetings);
const facts = new Facts(corpus.meetings, 'Kamikawa Yoko', [
  'spilno',
  'io-dinner',
  'warsaw-ukrainian-women',
  'sweden-dinner',
]);
const { meetings } = corpus;
const cities = [...new Set(meetings.map(({ city }) => city))];
const people = facts.people(meetings.map(({ id }) => id));

const idsOf = (question: string, of = itinerary): string[] | null =>
  of.read(question).listing?.meetings.map(({ id }) => id) ?? null;
const answerTo = (question: string): unknown => {
  const { listing } = itinerary.read(question);
  return listing === null ? null : [listing.value, listing.meetings.map(({ id }) => id)];
};

const QUESTIONS = [
  'which countries did she visit',
  'who did she meet in Stockholm',
  'where was she on January 14',
  'how many foreign ministers did she meet',
  'what was the longest meeting in Kyiv',
  'who did she meet right before Blinken',
  'which city did she visit after Hamburg',
  'what happened in Helsinki',
];
const FRAMES: readonly ((question: string) => string)[] = [
  (question) => `${question}?`,
  (question) => `Hi! ${question}? Thanks :)`,
  (question) => `please tell me ${question}`,
  (question) => `hello bot, ${question}, please 🙏`,
  (question) => `could you tell me ${question}`,
  (question) => `ok so ${question}`,
  (question) => `hey folks,${question}`,
  (question) => `Quick question: ${question}?!`,
  (question) => `“${question}”`,
  (question) => `do you know ${question}`,
  (question) => `  ${question.replaceAll(' ', '  ')}  `,
  (question) => question.toUpperCase(),
  (question) => question.toLowerCase(),
  (question) => `${question} on this trip`,
  (question) => `and ${question}`,
];

describe('reading a question', () => {
  it.each(QUESTIONS)('takes nothing from what people write around “%s”', (question) => {
    const expected = answerTo(question);
    expect(expected).not.toBeNull();
    for (const frame of FRAMES)
      expect([frame(question), answerTo(frame(question))]).toEqual([frame(question), expected]);
  });

  it('never answers another question for a slip of the pen', () => {
    let same = 0;
    let runs = 0;
    fc.assert(
      fc.property(
        fc.constantFrom(...QUESTIONS),
        fc.nat(),
        fc.nat(),
        fc.constantFrom('swap', 'drop', 'double'),
        (question, which, where, slip) => {
          const long = question.match(/[A-Za-z]{5,}/g) ?? [];
          const word = long[which % long.length] ?? '';
          const at = 1 + (where % (word.length - 2));
          const spoilt =
            slip === 'swap'
              ? word.slice(0, at) + word.charAt(at + 1) + word.charAt(at) + word.slice(at + 2)
              : word.slice(0, at) +
                (slip === 'drop' ? '' : word.charAt(at)) +
                word.slice(slip === 'drop' ? at + 1 : at);
          const answer = answerTo(question.replace(word, spoilt));
          runs += 1;
          if (answer !== null) {
            same += 1;
            expect(answer).toEqual(answerTo(question));
          }
        },
      ),
      { numRuns: 150, seed: 7 },
    );
    expect(same / runs).toBeGreaterThan(0.9);
  });

  it('bears any text, and names meetings that exist', () => {
    const known = new Set(meetings.map(({ id }) => id));
    const word = fc.oneof(
      fc.constantFrom(
        ...'who did she meet in the first last before after and or how many countries Kyiv Blinken 誰 どこ 最後 1月9日 9th'.split(
          ' ',
        ),
      ),
      fc.string({ unit: 'binary', maxLength: 6 }),
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 12 }), (words) => {
        const { listing, settled, focus } = itinerary.read(words.join(' '));
        const named = [...(listing?.meetings ?? []), ...(settled?.nearest ?? [])].map(
          ({ id }) => id,
        );
        for (const id of [...named, ...focus.meetings]) expect(known.has(id)).toBe(true);
      }),
      { numRuns: 200, seed: 3 },
    );
  });
});

describe('a long itinerary', () => {
  /** How often reading a question looks at an event of so many. */
  const looksAt = (count: number, question: string): number => {
    let looks = 0;
    const many = Array.from({ length: count }, (_, at) => {
      const meeting = { ...(OTHER_TOUR[at % OTHER_TOUR.length] as Meeting), id: `event-${at}` };
      return new Proxy(
        { ...meeting, order: at + 1 },
        {
          get: (event, key) => {
            looks += 1;
            return Reflect.get(event, key) as unknown;
          },
        },
      );
    });
    const long = new Itinerary(many);
    looks = 0;
    long.read(question);
    return looks;
  };

  it.each([
    'Who did he meet after Lisbon?',
    'Which capitals did he visit between Lisbon and Coimbra?',
  ])('takes work in proportion to its events for “%s”', (question) => {
    expect(looksAt(200, question)).toBeLessThan(3 * looksAt(100, question));
  });
});

describe('the answers', () => {
  /** Where nobody is named, what took place is told, and no number of people. */
  const expectMet = (question: string, ids: readonly string[]): void => {
    const met = facts.met(ids);
    const { listing } = itinerary.read(question);
    expect(listing?.meetings.map(({ id }) => id)).toEqual(met.length > 0 ? met : ids);
    if (met.length === 0) expect(listing?.value).toBeNull();
  };

  it.each(cities)('have everybody and everything of %s', (city) => {
    const here = facts.at(city);
    expect(idsOf(`what happened in ${city}`)).toEqual(here);
    expectMet(`who did she meet in ${city}`, here);
  });

  it.each([...new Set(meetings.flatMap(({ date }) => date ?? []))])(
    'have everything of %s',
    (day) => {
      expect(idsOf(`what did she do on ${day}`)).toEqual(facts.on(day));
      expect(idsOf(`where was she on ${day}`)).toEqual(facts.on(day));
      expectMet(`who did she meet on ${day}`, facts.on(day));
    },
  );

  it.each(people)('know where %s was met, and where not', (name) => {
    const places = new Set(
      meetings.filter(({ id }) => facts.others(id).includes(name)).map(({ city }) => city),
    );
    for (const city of cities.filter((one) => one !== 'Tokyo')) {
      const { settled } = itinerary.read(`did she meet ${name} in ${city}?`);
      expect([city, settled?.kind]).toEqual([city, places.has(city) ? 'yes' : 'other_place']);
    }
  });

  it('put two people in one order, whichever is named first', () => {
    for (const [i, a] of people.entries()) {
      for (const b of people.slice(i + 1)) {
        const one = itinerary.read(`was ${a} before or after ${b}?`).listing?.value ?? null;
        const other = itinerary.read(`was ${b} before or after ${a}?`).listing?.value ?? null;
        const opposite = one === 'before' ? 'after' : one === 'after' ? 'before' : null;
        expect([a, b, other]).toEqual([a, b, opposite]);
      }
    }
  });

  it('part the tour into before, on and after a day', () => {
    const dated = facts.ids(({ date }) => date !== null);
    for (let day = 6; day < 18; day += 1) {
      const parts = ['before', 'on', 'after'].map(
        (word) => idsOf(`all events ${word} January ${day}`) ?? [],
      );
      expect(parts.flat()).toEqual(dated);
    }
  });

  it('do not depend on the order in which the meetings are handed over', () => {
    fc.assert(
      fc.property(
        fc.shuffledSubarray([...OTHER_TOUR], { minLength: OTHER_TOUR.length }),
        fc.constantFrom(
          'which countries did he visit',
          'who did he meet last',
          'itinerary',
          'longest meeting',
        ),
        (shuffled, question) => {
          expect(idsOf(question, new Itinerary(shuffled))).toEqual(
            idsOf(question, new Itinerary(OTHER_TOUR)),
          );
        },
      ),
      { numRuns: 8, seed: 5 },
    );
  });
});
