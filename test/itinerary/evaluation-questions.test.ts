import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readCorpus } from '../../src/corpus/read-corpus.ts';
import { Itinerary, type ItineraryReading } from '../../src/itinerary/itinerary.ts';
import { JAPANESE_NAMES } from './japanese-names.ts';

interface Question {
  readonly id: string;
  readonly question: string;
  readonly class: 'answerable' | 'near_topic' | 'off_topic' | 'false_premise';
  readonly kind?: string;
  readonly meetings?: readonly string[];
  readonly value?: unknown;
}

const { corpus } = await readCorpus('corpus/meetings');
const itinerary = new Itinerary(corpus.meetings, { names: JAPANESE_NAMES });
const questionsOf = (file: string): Question[] =>
  readFileSync(`test/eval/${file}`, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Question);
const strangers = questionsOf('strangers.jsonl');
const questions = [...strangers, ...questionsOf('development.jsonl')];
const read = ({ question }: Question): ItineraryReading => itinerary.read(question);
const isListKind = ({ kind }: Question): boolean => ['list', 'order', 'place'].includes(kind ?? '');

/** Questions for one fact that the itinerary answers rightly: "which head of state did she visit in Poland?", "when …" */
const FACTS_OF_THE_ITINERARY =
  's037 s071 s125 s143 s155 j011 j039 d052 d061 d073 d140 d145 d153 d171 d175 d180 d197 d310 d326 d349 d350 d385 d388 d449 d500 d510 d512 d528 d552 d857 d872 d878 d883 d884 d885 d886 d887 d888 d890 d896 d988 d578 d580'.split(
    ' ',
  );

/** What a list has to have: the meetings, the names and the value that are told. */
interface ListQuestion {
  readonly id: string;
  readonly question: string;
  readonly meetings?: readonly string[];
  readonly items?: readonly string[];
  readonly value?: string | number | null;
}
const listQuestions = readFileSync('test/eval/lists.jsonl', 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as ListQuestion);

function isRight({ question, meetings, items, value }: ListQuestion): boolean {
  const { listing, settled } = itinerary.read(question);
  const isYes = listing === null && settled?.kind === 'yes';
  if (listing === null) return isYes && value === 'yes';
  const same = (a: readonly string[], b: readonly string[]): boolean =>
    JSON.stringify(a.toSorted()) === JSON.stringify(b.toSorted());
  const ids = listing.meetings.map(({ id }) => id);
  return (
    (meetings === undefined || same(meetings, ids)) &&
    (items === undefined || same(items, listing.items)) &&
    (value === undefined || value === listing.value)
  );
}

describe('lists, counts, orders and overviews', () => {
  it('are right for nearly all questions of both languages', () => {
    const wrong = listQuestions.filter((one) => !isRight(one));
    expect(wrong.length / listQuestions.length, JSON.stringify(wrong)).toBeLessThan(0.05);
  });
});

describe('the questions of the evaluation', () => {
  it('get the meetings that are asked for, in all but one of the lists and orders', () => {
    const expected = strangers.filter(({ meetings }) => meetings !== undefined);
    const wrong = expected.filter((one) => {
      const found = read(one).listing?.meetings.map(({ id }) => id) ?? [];
      return JSON.stringify(found.toSorted()) !== JSON.stringify(one.meetings?.toSorted());
    });
    // Which of the meetings were counted as those of an agenda, the front matter does not say.
    expect(wrong.map(({ id }) => id)).toEqual(['s221']);
  });

  it('get an overview for every place', () => {
    const places = strangers.filter(({ kind }) => kind === 'place');
    expect(places.length).toBeGreaterThan(5);
    for (const one of places) expect(read(one).listing?.kind).toBe('events');
  });

  it('get no list where they ask for something else', () => {
    const others = questions.filter((one) => !isListKind(one) && read(one).listing !== null);
    expect(others.map(({ id }) => id)).toEqual(FACTS_OF_THE_ITINERARY);
  });

  it('are never told that something did not take place where the documents answer', () => {
    const denied = questions.filter((one) => {
      const { settled } = read(one);
      return one.class === 'answerable' && settled !== null && settled.kind !== 'yes';
    });
    expect(denied.map(({ question }) => question)).toEqual([]);
  });

  it('are told so for most premises that are false', () => {
    const premises = questions.filter((one) => one.class === 'false_premise');
    const denied = premises.filter((one) => ![undefined, 'yes'].includes(read(one).settled?.kind));
    expect(denied.length / premises.length).toBeGreaterThan(0.85);
  });
});
