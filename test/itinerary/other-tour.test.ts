import { describe, expect, it } from 'vitest';
import { Itinerary } from '../../src/itinerary/itinerary.ts';
import { OTHER_TOUR } from './other-tour.ts';

const itinerary = new Itinerary(OTHER_TOUR);

/** Question, value of the list, ids of its meetings; undefined leaves one open. */
type Row = readonly [question: string, value?: string | number | null | undefined, ids?: string];
const ROWS: readonly Row[] = [
  ['how many countries did he visit', 4, 'barros queen benjelloun quispe'],
  ['which cities did he visit', 'Lisbon, Sesimbra, Coimbra, Madrid, Rabat, Casablanca, Lima'],
  ['which countries did he visit in Europe', 'Portugal, Spain', 'barros queen'],
  ['where was he on June 3', 'Rabat, Casablanca', 'benjelloun benjelloun-dinner'],
  ['where was he on the 31st', 'Coimbra', 'ocean-lecture ocean-press'],
  ['where was he on 2 June', null, 'ibarra benjelloun'],
  ['where was he on the weekend', 'Coimbra, Madrid, Lima'],
  ['who did he meet in Madrid', 'Estefanía, Leire Ibarra', 'queen ibarra'],
  [
    'who did he meet in Morocco',
    'Salma Benjelloun, women',
    'benjelloun cooperative benjelloun-dinner',
  ],
  ['which foreign ministers did he meet', 'Leire Ibarra, Salma Benjelloun', 'ibarra benjelloun'],
  ['how many foreign ministers did he meet?', 2, 'ibarra benjelloun'],
  ['who did he meet more than once', 'Salma Benjelloun', 'benjelloun benjelloun-dinner'],
  ['how often did he meet Benjelloun', 2, 'benjelloun benjelloun-dinner'],
  ['which heads of state did he meet', 'Estefanía, Ramiro Quispe', 'queen quispe'],
  ['what was the longest meeting', 130, 'benjelloun-dinner'],
  ['shortest meeting?', 25, 'queen'],
  ['how many press conferences did he give', 2, 'ocean-press farewell-press'],
  ['how many lunches', 1, 'ibarra'],
  ['lectures on the trip', 1, 'ocean-lecture'],
  ['what happened in Coimbra', 2, 'ocean-lecture ocean-press'],
  ['what was his first meeting', undefined, 'barros'],
  ['who was the last person he met', 'Ramiro Quispe', 'quispe'],
  ['last stop', 'Lima', 'quispe'],
  ['where did the trip start?', 'Suva', 'take-off'],
  ['which city did the tour end in', 'Suva', 'landing'],
  ['where did the tour begin and end', 'Suva → Suva', 'take-off landing'],
  ['which countries in Oceania did he visit', 0],
  ['was the meeting with Quispe longer than the one with Ibarra', 'no', 'ibarra quispe'],
  ['was the lunch with Ibarra longer than the talks with Quispe', 'yes', 'ibarra quispe'],
  ['third country', 'Morocco', 'benjelloun'],
  ['which country came after Spain', 'Morocco', 'benjelloun'],
  ['where did he go before Peru', 'Casablanca', 'benjelloun-dinner'],
  ['who did he meet right before the foreign minister of Spain', 'Estefanía', 'queen'],
  ['did he go to Madrid before Lisbon', 'no', 'barros queen'],
  ['how long was he in Portugal', 2, 'barros fishers ocean-lecture ocean-press'],
  ['how many nights in Lima', 1],
  ['how many days did the tour last', 13, 'take-off landing'],
  ['how many days between Madrid and Lima', 5, 'queen quispe'],
  ['which cities did he visit between Madrid and Lima', 'Rabat, Casablanca'],
  ['which cities did he visit between Lima and Madrid', 'Rabat, Casablanca'],
  ['how many talks were held between Fiji and Spain', 2, 'queen ibarra'],
  ['who was the first foreign official he met', 'Inês Barros', 'barros'],
  ['how many minutes between the Queen and Ibarra', 65, 'queen ibarra'],
  ['how many minutes between Ibarra and the Queen', 65, 'queen ibarra'],
  [
    'where did he stay shortest',
    'Lisbon, Sesimbra, Coimbra, Madrid, Rabat, Casablanca',
    'barros fishers ocean-lecture ocean-press queen ibarra benjelloun cooperative benjelloun-dinner',
  ],
  ['in which country did he stay longest', 'Portugal, Peru'],
  ['what came first, the lecture or the press conference in Coimbra', null],
  ['what did he do after the dinner in Casablanca', undefined, 'quispe'],
  ['list all meetings in Europe', 5, 'barros fishers ocean-lecture queen ibarra'],
  [
    'itinerary pls',
    'Suva → Lisbon → Sesimbra → Coimbra → Madrid → Rabat → Casablanca → Lima → Suva',
  ],
  [
    'list the meetings but leave out Morocco',
    6,
    'barros fishers ocean-lecture queen ibarra quispe',
  ],
  ['longest meeting if you dont count dinners', 95, 'ibarra'],
  ['who did he meet after landing in Peru', 'Ramiro Quispe', 'quispe'],
  ['who was the first person he met after arriving in Europe', 'Inês Barros', 'barros'],
  ['which meetings lasted less than 45 minutes', 2, 'queen quispe'],
  ['what did he do on the first of June', 2, 'queen ibarra'],
  ['who did the prime minister meet on 6.6.', 'Ramiro Quispe', 'quispe'],
  ['when did he leave Fiji', 'May 28, 2031', 'take-off'],
  ['when did he arrive in Madrid', 'June 1, 2031', 'queen'],
  ['when did he leave Spain', 'June 1, 2031', 'ibarra'],
  ['who was his counterpart in Portugal', 'Inês Barros', 'barros'],
  ['which foreign minister did he meet before the Moroccan one', 'Leire Ibarra', 'ibarra'],
  ['which country was number one?', 'Portugal', 'barros'],
  ['who was at the head of the list of people met?', 'Inês Barros', 'barros'],
  ['which event began at the earliest hour?', '09:15', 'benjelloun'],
  ['how many meetings every day in Spain?', 'June 1, 2031: 2', 'queen ibarra'],
  [
    'whom did he meet on more than one occasion?',
    'Salma Benjelloun',
    'benjelloun benjelloun-dinner',
  ],
  ['in how many states did he meet a minister?', 3],
  ['days from Madrid to Lima?', 5, 'queen quispe'],
  ['how many days from Ibarra to Quispe?', 5, 'ibarra quispe'],
  ['stops from Spain to Peru', 'Rabat, Casablanca'],
  ['days between the lunch and the dinner', 2, 'ibarra benjelloun-dinner'],
  ['how many days separate Ibarra from Quispe?', 5, 'ibarra quispe'],
  ['how many nights did the tour last?', 12],
  ['what was the number of foreign ministers he saw?', 2, 'ibarra benjelloun'],
  [
    'which people did he meet who did not belong to the ministers?',
    'fishing families, Duarte Lemos, Estefanía, women, Ramiro Quispe',
  ],
  ['which country did he go to last?', 'Peru', 'quispe'],
  ['how many nights was he away from Fiji?', 12],
  ['how many nights was he abroad?', 12],
  ['besides his lunches, what meetings did he have in Madrid?', 1, 'queen'],
  ['meetings over inside 30 minutes', 1, 'queen'],
  ['1時間を上回る会談は', 2, 'ibarra benjelloun-dinner'],
  ['which meetings did the prime minister have on his tour?', 9],
  ['I wonder which countries the prime minister was in', 'Portugal, Spain, Morocco, Peru'],
  ['for quiz night: how many days was the tour?', 13],
  ['quietest day?', 'June 6, 2031, June 7, 2031', 'quispe farewell-press'],
  ['first stop on the itinerary', 'Lisbon', 'barros'],
];

describe('questions about the tour of another delegation', () => {
  it.each(ROWS.map((row) => ({ row, question: row[0] })))('answers “$question”', ({ row }) => {
    const [question, value, ids] = row;
    const { listing } = itinerary.read(question);
    expect(listing).not.toBeNull();
    if (value !== undefined) expect(listing?.value).toBe(value);
    if (ids !== undefined) expect(listing?.meetings.map(({ id }) => id)).toEqual(ids.split(' '));
  });

  it.each([
    ['lunches and dinners on the trip', 'Lunches and dinners: 2'],
    ['which meetings lasted more than an hour', 'Meetings of more than 60 minutes: 2'],
    ['which meetings lasted less than 45 minutes', 'Meetings of less than 45 minutes: 2'],
    ['did he have a day off', 'Days, without a meeting: May 29'],
  ])('says in the title of “%s” what is listed', (question, title) => {
    expect(itinerary.read(question).listing?.title).toMatch(new RegExp(`^${title}`));
  });

  it.each([
    'それはどこでしたか',
    'who won the treaty and what did he say about it',
    'which meetings were about the incident?',
    'with whom was the matter or the affair discussed?',
    'which meetings touched on the problem or fishing?',
    'did a reporter ask which cities he visited?',
    'when did a journalist ask who he met in Madrid?',
    'I read about a harbour with painted boats. Where was that?',
    'where was he on June 20',
    'who did he meet on the 24th?',
    '6月20日はどこにいましたか',
  ])('has no list for “%s”, which names nothing that it could be of', (question) => {
    expect(itinerary.read(question).listing).toBeNull();
  });

  it.each([
    'which country did they kick off in?',
    'where did it all begin?',
    'to which towns did he return?',
    'where did he come back to?',
    'from what city did he come to Morocco?',
    'where did he fly in from?',
    'where did he go in the end?',
    'which country tops the ranking?',
    'swan song of the trip: which meeting?',
    'the beehive of the trip: which city?',
    'most crowded meeting',
    'what meeting had the longest guest list?',
    'from when to when was he travelling?',
    'between which dates was he abroad?',
    'from Madrid he flew where?',
    'countries with their number of meetings',
    'how many meetings, day by day?',
    'one and done cities?',
    'the meetings of 40 minutes, longest first',
    '会談の数が最少の日',
    'how many nights was he away from Spain?',
    'when did he leave home and when did he come back?',
    'what was the follow-up city to Lisbon?',
    'which events could not be squeezed into an hour?',
  ])('has no whole list for “%s”, which asks for a part that its words do not tell', (question) => {
    expect(itinerary.read(question).listing).toBeNull();
  });

  it.each([
    ['did he visit Kyiv', 'no_such_place'],
    ['did he meet Quispe in Cusco', 'other_place'],
    ['did he meet Quispe on the 3rd', 'other_day'],
    ['did he meet the Spanish foreign minister', 'yes'],
    ['did he meet the Spanish prime minister', 'no_such_person'],
    ['did he meet Duterte', 'no_such_person'],
    ['did he meet Barros on the 30th', 'yes'],
    ['was he in Coimbra', 'yes'],
    ['did he visit the University of Coimbra', 'yes'],
    // Its minister was met, in an unnamed building.
    // What somebody is, no event tells.
    ['is he a member of the University of Coimbra', null],
    // A meeting in Rabat has no known date.
    ['was he in Rabat on June 4', null],
    ['did he meet Ibara', 'yes'],
    ['what did he say about fishing', null],
  ] as const)('settles “%s” as %s', (question, kind) => {
    expect(itinerary.read(question).settled?.kind ?? null).toBe(kind);
  });

  it.each([
    // A prime minister's counterparts are prime ministers.
    ['what did his Portuguese counterpart say', 'what did his Portuguese Inês Barros say'],
    [
      'the Spanish foreign minister on fishing',
      'the Spanish foreign minister Leire Ibarra on fishing',
    ],
    // A place that they speak of is not where they met.
    [
      'what did the Spanish foreign minister say about Morocco',
      'what did the Spanish foreign minister Leire Ibarra say about Morocco',
    ],
    // Named already, several of them, or none.
    ['what did Ibarra, the foreign minister, say', null],
    ['what did the foreign ministers say', null],
    ['what did the French foreign minister say', null],
  ])('names who holds the office in “%s”', (question, named) => {
    expect(itinerary.read(question).named).toBe(named ?? question);
  });

  it.each([
    ['how old is he', 'how old is Tomasi Raikuna'],
    ['what did his parents do', 'what did Tomasi Raikuna’s parents do'],
    ['who had his job before', 'who had Tomasi Raikuna’s job before'],
    // Enough is said, somebody else is named, or somebody unknown is meant.
    ['what did he tell the fishers about their boats', null],
    ['how long has Ibarra known him', null],
    ['what did he do in Lima', null],
    ['what did Baerbock say to him', null],
  ])('calls the traveller by name where “%s” says little else', (question, named) => {
    expect(itinerary.read(question).named).toBe(named ?? question);
  });

  it.each([
    ['彼はなぜリマに行ったの', 'なぜリマに行ったの'],
    // Nothing else is named, or it is said of somebody of theirs.
    ['彼は何歳ですか', null],
    ['彼の奥さんはリマに来た？', null],
  ])('leaves the traveller out of “%s” where it names something else', (question, named) => {
    const read = new Itinerary(OTHER_TOUR, { names: { Lima: ['リマ'], Peru: ['ペルー'] } });
    expect(read.read(question).named).toBe(named ?? question);
  });

  it.each([
    ['how long were the talks with Ibarra', 'duration'],
    ['what time did the talks with Quispe begin?', 'clock'],
    ['how long did Ibarra say that the ban would last', null],
    ['length of his talks with Quispe', 'duration'],
    ['how long was he in Portugal', 'duration'],
    ['what did they discuss at the talks with Quispe', 'topic'],
    ['topics of the lunch with Ibarra', 'topic'],
    ['what did they discuss about fishing at the lunch', null],
    ['tell me about the meeting with Barros', 'overview'],
    ['the meeting with Barros and the fishing ban', null],
    ['did he meet Barros', null],
    ['how long ago was the tour', null],
    ['how many meetings lasted an hour', null],
  ])('tells what “%s” asks of one meeting', (question, aspect) => {
    expect(itinerary.read(question).aspect).toBe(aspect);
  });

  it('calls a place by its Japanese name, Latin letters in it or not', () => {
    const named = new Itinerary(OTHER_TOUR, { names: { Lima: ['リマD.C.'], Peru: ['ペルー'] } });
    expect(named.read('リマでは誰に会いましたか').listing?.title).toMatch(/^リマD\.C\.の面会者/);
  });

  it('has no answers without meetings', () => {
    const empty = new Itinerary([]);
    expect(empty.read('which countries did she visit').listing).toBeNull();
    expect(empty.read('what is the itinerary').listing).toBeNull();
  });
});
