import { describe, expect, it } from 'vitest';
import learned from '../../src/itinerary/forms.json' with { type: 'json' };
import { formsOf, inPlainWords, NO_FORM } from '../../src/itinerary/forms.ts';
import { Itinerary } from '../../src/itinerary/itinerary.ts';
import { readQuery } from '../../src/itinerary/query.ts';
import { Vocabulary } from '../../src/itinerary/vocabulary.ts';
import { sharedEmbedder } from '../support/real-index.ts';
import { OTHER_TOUR } from './other-tour.ts';

const NAMES = { Madrid: ['マドリード'] };
const vocabulary = new Vocabulary(OTHER_TOUR, NAMES);
const itinerary = new Itinerary(OTHER_TOUR, { names: NAMES });
const plain = (form: string, question: string): string | null =>
  inPlainWords(form, readQuery(question, vocabulary), vocabulary.timeline.travellers);

describe('a form in plain words', () => {
  it.each([
    ['people_list', 'faces he saw in Madrid?', 'Which people did he meet in Madrid?'],
    [
      'people_list',
      'foreign ministers he ran across in Morocco',
      'Which foreign ministers did he meet in Morocco?',
    ],
    ['people_list', 'faces on Spanish soil', 'Which people did they meet in Spain?'],
    ['first_event', 'his curtain raiser in Spain', 'What was the first meeting in Spain?'],
    ['longest_meeting', 'the lunches that dragged on most', 'Which was the longest lunch?'],
    [
      'city_after',
      'once Madrid lay behind him, where to',
      'Which city did he visit right after Madrid?',
    ],
    [
      'which_longer',
      'Ibarra or Quispe, whose clock ran further?',
      'Which was longer, the meeting with Ibarra or the meeting with Quispe?',
    ],
    [
      'people_before',
      'heads of state he had greeted by the time Benjelloun turned up',
      'Which heads of state did he meet before Benjelloun?',
    ],
    [
      'meetings_longer',
      'chats in Madrid that dragged on for more than half an hour, for him',
      'List all meetings in Madrid of more than 30 minutes',
    ],
    [
      'meetings_shorter',
      'lunches that he wolfed down in 90 minutes or less',
      'List all lunches of less than 91 minutes',
    ],
    [
      'people_except',
      'his faces in Madrid once the heads of state are struck off',
      'Which people did he meet in Madrid except heads of state?',
    ],
    [
      'weekday_of',
      "Ibarra's chinwag with him: a Monday, or some other?",
      'On what weekday was the meeting with Ibarra?',
    ],
    ['day_overview', 'all on the minister’s plate on June 3', 'What did they do on June 3?'],
    ['per_country', 'his lunches, split by flag', 'How many lunches did he have in each country?'],
    ['where_on', 'June 3, whereabouts of his team?', 'Where was he on June 3?'],
    ['tour_length', 'his whole odyssey in days', 'How many days was the tour?'],
    ['days_count', 'マドリード訪問の日数', 'マドリードで何日滞在しましたか'],
    ['days_count', '大臣はマドリードに幾日', 'マドリードで何日滞在しましたか'],
  ])('%s: “%s” is “%s”', (form, question, expected) => {
    expect(plain(form, question)).toBe(expected);
  });

  it('has no place for what its question does not name, or names besides', () => {
    expect(plain('which_longer', 'which dragged on, Ibarra?')).toBeNull();
    expect(plain('tour_length', 'days in Madrid')).toBeNull();
    expect(plain('meetings_longer', 'marathons in Madrid')).toBeNull();
    expect(plain('meetings_longer', 'chats of exactly half an hour')).toBeNull();
    expect(plain('meetings_shorter', 'chats of more than half an hour')).toBeNull();
    expect(plain('people_except', 'faces elsewhere than in Madrid')).toBeNull();
    expect(plain('no such form', 'days in Madrid')).toBeNull();
  });

  it.each([
    [
      'people_count',
      'tally up the presidents he greeted except in Lima',
      'How many presidents did he meet except Lima?',
    ],
    [
      'person_before',
      'presidents he greeted before Ibarra except in Lima',
      'Which presidents did he meet right before Ibarra except Lima?',
    ],
    [
      'longest_meeting',
      'marathon chinwag outside Spain',
      'Which was the longest meeting except Spain?',
    ],
    ['people_list', 'faces he spotted after Madrid', 'Which people did he meet after Madrid?'],
    ['people_count', 'マドリードの前に会った外相の頭数', 'マドリードの前に会った外相は何人ですか'],
    ['cities_list', 'スペイン以外の町の名', 'スペイン以外で訪れた都市はどこですか'],
    ['longest_meeting', 'lengthiest yak before Lima', 'Which was the longest meeting before Lima?'],
  ])('%s: “%s” leaves out or puts before and after what “%s” does', (form, question, expected) => {
    expect(plain(form, question)).toBe(expected);
  });

  it('asks of a man, a woman or several as the question does', () => {
    expect(plain('where_on', 'her whereabouts on June 3')).toBe('Where was she on June 3?');
    expect(plain('where_on', 'their whereabouts on June 3')).toBe('Where were they on June 3?');
  });
});

/** In none of the wordings that the forms are learned from. */
const UNSEEN: readonly (readonly [question: string, form: string])[] = [
  ['who was the opening act in Lisbon?', 'first_person'],
  ['tally up the presidents he shook hands with', 'people_count'],
  ['after waving goodbye to Madrid, which town did he set foot in?', 'city_after'],
  ['Ibarra vs Quispe: who hogged more of his time', 'which_longer'],
  ['pls rattle off each nation on his route', 'countries_list'],
  ['did he ever get to put his feet up for a whole day?', 'free_days'],
  ['the session that went on and on the most?', 'longest_meeting'],
  ['what weekday did he sit down with Barros', 'weekday_of'],
  ['at which o’clock did the talks with Quispe get rolling?', 'start_of'],
  ['was there anybody he ran into a second time', 'people_repeated'],
  ['リマの前に立ち寄ったのはどの街？', 'city_before'],
  ['キシュペ大統領とバロス首相、長話だったのはどっち', 'which_longer'],
  ['why did he promise money to the fishers', NO_FORM],
  ['how many boats did the port of Sesimbra lose', NO_FORM],
  ['what did Quispe answer when he was asked about the treaty?', NO_FORM],
  ['誰がその条約に反対しましたか', NO_FORM],
];

describe('the form of a question', () => {
  it('is told for most wordings, and a question for the documents has none', async () => {
    const embedder = await sharedEmbedder();
    const vectors = await Promise.all(UNSEEN.map(([question]) => embedder.embedQuestion(question)));
    const read = vectors.map(({ question, layers }) =>
      formsOf([question, ...layers], embedder.digest),
    );
    const right = UNSEEN.filter(([, form], at) => read[at]?.[0]?.form === form);
    const others = UNSEEN.filter(([, form]) => form === NO_FORM);
    expect(right.length).toBeGreaterThan(UNSEEN.length / 2);
    expect(right).toEqual(expect.arrayContaining([...others]));
    for (const forms of read)
      expect(forms.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1);
  });

  it('is not known from the vectors of another model', () => {
    expect(formsOf([new Float32Array(384)], 'another')).toEqual([]);
  });

  it('is learned by two layers of which one reads the other', () => {
    const { forms, hidden, output } = learned;
    expect(output.biases.length).toBe(forms.length);
    expect(Buffer.from(output.weights, 'base64').length).toBe(forms.length * hidden.biases.length);
    for (const { biases, scales } of [hidden, output]) expect(scales.length).toBe(biases.length);
  });
});

describe('a question in words that no rule has', () => {
  const likely = (form: string, probability = 0.9) => [{ form, probability }];

  it('is asked in plain words that a list answers', () => {
    expect(
      itinerary.inPlainWords('the lunches that dragged on most', likely('longest_meeting')),
    ).toEqual({
      question: 'Which was the longest lunch?',
      probability: 0.9,
    });
  });

  it('may be one that the itinerary does not settle, of a form that is nearly sure', () => {
    const question = 'by how much did Ibarra outlast the lecture';
    const read = (probability: number): string | undefined =>
      itinerary.inPlainWords(question, likely('length_difference', probability))?.question;
    expect(itinerary.read(read(0.9) ?? '').listing).toMatchObject({
      kind: 'order',
      value: null,
    });
    expect(read(0.7)).toBeUndefined();
  });

  it('names whose day it was that others are asked of', () => {
    const question = 'what else was on the day he met Ibarra';
    expect(itinerary.inPlainWords(question, likely('same_day'))?.question).toBe(
      'Who else did he meet the day he met Ibarra?',
    );
  });

  it('may have more words without a place the surer its form is', () => {
    const question = 'which of his confabs dragged on most for the poor fellow';
    expect(itinerary.inPlainWords(question, likely('longest_meeting', 0.7))).toBeNull();
    expect(itinerary.inPlainWords(question, likely('longest_meeting', 0.95))?.question).toBe(
      'Which was the longest meeting?',
    );
  });

  it.each([
    [
      'of a form that is not likely',
      'the lunches that dragged on most',
      likely('longest_meeting', 0.4),
    ],
    ['that is for the documents', 'the lunches that dragged on most', likely(NO_FORM)],
    ['that a list answers already', 'what was the longest meeting', likely('shortest_meeting')],
    ['whose plain words no list answers', 'lunches he gobbled in Lima', likely('longest_meeting')],
    [
      'that names nothing and has content besides',
      'which varnish dragged on most',
      likely('longest_meeting', 0.7),
    ],
    ['that asks for everybody', 'names he scribbled', likely('people_list')],
    ['that says the day itself', 'and that lunch of his on June 1', likely('date_of')],
    ['of a day outside the tour', 'his whereabouts on June 23', likely('where_on')],
    [
      'whose court its plain words would lose',
      'how many cities flaunt an international court',
      likely('cities_count'),
    ],
  ])('is left as it is: one %s', (_, question, forms) => {
    expect(itinerary.inPlainWords(question, forms)).toBeNull();
  });
});
