import { sentencesOf } from '../corpus/sentences.ts';
import type { About, Document, Meeting, Person } from '../corpus/types.ts';
import { sourcesWithin } from './citations.ts';
import { type NameFinder, meetingFinder } from '../language/finder.ts';
import { isStopWord, stem, wordsOf } from '../language/words.ts';
import type { Answer } from './types.ts';

/** The languages that names are known in. */
type Language = 'en' | 'ja';

/** Somebody at more of the meetings than this share is on the tour, not met on it. */
const TRAVELLER_SHARE = 0.6;

/** Names of those who travel. */
export function travellersOf(meetings: readonly Meeting[]): ReadonlySet<string> {
  const counts = new Map<string, number>();
  for (const { name } of meetings.flatMap(({ people }) => people)) {
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const most = Math.max(1, TRAVELLER_SHARE * meetings.length);
  return new Set([...counts].filter(([, count]) => count > most).map(([name]) => name));
}

/** What names are taken from. */
export interface NamedSnapshot {
  readonly meetings: readonly Meeting[];
  readonly documents: ReadonlyMap<string, Document>;
  readonly about?: About;
}

/** Names of a tour's meetings, short enough for a button, in the reader's language where the front matter has it. */
export class MeetingNames {
  readonly #travellers: ReadonlySet<string>;
  readonly #documents: ReadonlyMap<string, Document>;
  readonly #japanese: ReadonlyMap<string, string>;
  /** How many meetings of a day and a place are with the same people. */
  readonly #alike = new Map<string, number>();

  constructor({ meetings, documents, about }: NamedSnapshot) {
    this.#travellers = travellersOf(meetings);
    this.#documents = documents;
    this.#japanese = new Map(Object.entries(about?.ja.names ?? {}));
    for (const key of meetings.map((meeting) => this.#keyOf(meeting)))
      this.#alike.set(key, (this.#alike.get(key) ?? 0) + 1);
  }

  #keyOf(meeting: Meeting): string {
    return JSON.stringify([meeting.date, meeting.city, this.met(meeting).map(({ name }) => name)]);
  }

  /**
   * A topic, an organisation or a publisher. Where a publisher's Japanese name is known, what is in brackets behind the name
   * ("via …") is left out.
   */
  named(name: string, language: Language): string {
    if (language === 'en') return name;
    return this.#japanese.get(name) ?? this.#japanese.get(name.replace(/ \(.*$/s, '')) ?? name;
  }

  /** Those who were met. */
  met({ people }: Meeting): Person[] {
    return people.filter(({ name }) => !this.#travellers.has(name));
  }

  /** Of a meeting or any other document. */
  title({ id, title }: Pick<Document, 'id' | 'title'>, language: Language): string {
    return (language === 'ja' ? this.#documents.get(id)?.ja?.title : undefined) ?? title;
  }

  city({ id, city }: Meeting, language: Language): string {
    return (language === 'ja' ? this.#documents.get(id)?.ja?.city : undefined) ?? city;
  }

  country({ id, country }: Meeting, language: Language): string {
    return (language === 'ja' ? this.#documents.get(id)?.ja?.country : undefined) ?? country;
  }

  person({ name, ja }: Person, language: Language): string {
    return (language === 'ja' ? ja : undefined) ?? name;
  }

  /** Whether only the title tells the meeting from others: nobody is named, or the same were met there that day. */
  #isTitled(meeting: Meeting): boolean {
    return this.met(meeting).length === 0 || (this.#alike.get(this.#keyOf(meeting)) ?? 0) > 1;
  }

  /** Who was met, two at most by name; the title where only that tells. */
  who(meeting: Meeting, language: Language): string {
    const [first, second, ...others] = this.met(meeting);
    if (first === undefined || this.#isTitled(meeting)) return this.title(meeting, language);
    const names = [first, ...(second === undefined ? [] : [second])];
    const named = names.map((person) => this.person(person, language));
    const joined = named.join(language === 'ja' ? '、' : ', ');
    return others.length === 0 ? joined : `${joined} +${others.length}`;
  }

  /** "Ana Silva · Lima"; the title alone where that names the city. */
  headline(meeting: Meeting, language: Language): string {
    const who = this.who(meeting, language);
    const city = this.city(meeting, language);
    return this.#isTitled(meeting) && mentions(who, city) ? who : `${who} · ${city}`;
  }

  /** For one line of a list: "Ana Silva", "Ana Silva · lunch" where the same was met twice, "Wreath · Lima". */
  line(meeting: Meeting, language: Language): string {
    const [first] = this.met(meeting);
    const event = this.event(meeting, language);
    if (first === undefined) return `${event} · ${this.city(meeting, language)}`;
    if (!this.#isTitled(meeting)) return this.who(meeting, language);
    const kind = language === 'ja' ? event : (event.split(' ').at(-1) ?? event);
    return `${this.person(first, language)} · ${kind}`;
  }

  /** A word for a button: the surname of the first who was met, else what kind of event it was. */
  short(meeting: Meeting, language: Language): string {
    const [first] = this.met(meeting);
    if (first === undefined) return this.event(meeting, language);
    const title = this.title(meeting, language);
    const text = language === 'ja' ? title : (this.#documents.get(meeting.id)?.text ?? title);
    return surnameOf(this.person(first, language), { text, ja: first.ja });
  }

  /** What kind of event it was, in the words of its title: "Press conference", 共同記者発表. */
  event(meeting: Meeting, language: Language): string {
    const title = this.title(meeting, language);
    if (language === 'ja') {
      const whole = title.replace(/[(（].*$/s, '').replace(/(?:及び|および).*$/s, '');
      const kind = (/[^のとへをでや、」・]+(?:・[ァ-ヶー]+)?$/u.exec(whole)?.[0] ?? whole)
        .replace(/^.*(?:による|に向けて)/s, '')
        .replace(/^\p{Script=Han}+(?:大臣|外相|首相|大統領)(?=\p{Script=Han}{2})/u, '');
      return kind === '' ? title : kind;
    }
    const [kind = title] = title
      .replace(/^\S+['’]s? (?=\p{Ll})/u, '')
      .split(/,| (?:in|at|of|for|on|to|from|with|before|after|and|by) /, 1);
    return kind.slice(0, 1).toUpperCase() + kind.slice(1);
  }
}

/** Letters after a name: "KC", "Jr.". */
const AFTER_NAME = /(?:,? (?:\p{Lu}{2,4}|[JS]r\.?|PhD))+$/u;

/** The family name; `text` has it as others write it, where it is of two words. */
function surnameOf(
  name: string,
  { text, ja = '' }: { text: string; ja?: string | undefined },
): string {
  const words = name.replace(AFTER_NAME, '').split(/(?<=[・＝=\s])/u);
  const last = words.at(-1) ?? name;
  // Names that Japanese writes in characters alone have the family name first.
  if (/^\p{Script=Han}+$/u.test(ja)) return (words[0] ?? name).trim();
  const two = words.slice(-2).join('');
  const given = words.at(-3);
  if (given === undefined) return last;
  // Two family names, where the text never has the second one alone.
  const isWhole =
    text.replaceAll(given + two, '').includes(two) && !text.replaceAll(two, '').includes(last);
  return isWhole ? two : last;
}

/** Whether a text names a city: "… in San José" names "San José, C.R.". */
function mentions(text: string, city: string): boolean {
  const [longest = ''] = city.split(/\s+/).sort((a, b) => b.length - a.length);
  return longest !== '' && text.includes(longest);
}

/** When it was is shown on a card already. */
const TIMES = /\b(?:began|begun|started|lasted|took place)\b/i;
/** Shorter ones are lists of a few words; longer ones say too much for a glance. In characters. */
const SHORTEST = 40;
const LONGEST = 300;

export type KeySentence = NonNullable<ReturnType<typeof keySentenceOf>>;

/**
 * The first sentence of a readable length that tells more than the time: accounts begin with what came of a meeting. An exact
 * span of the document's text, with the ids of the sources that its footnotes name. Null for a document without text.
 */
export function keySentenceOf(document: Document) {
  const sentences = document.sections.flatMap(({ blocks }) =>
    blocks.flatMap((block) =>
      sentencesOf(document.text.slice(block.start, block.end)).map((span) => {
        const [start, end] = [block.start + span.start, block.start + span.end];
        return { text: document.text.slice(start, end), start, end };
      }),
    ),
  );
  const tells = ({ text }: { readonly text: string }): boolean =>
    text.length >= SHORTEST && text.length <= LONGEST && !TIMES.test(text);
  const best = sentences.find(tells) ?? sentences[0];
  if (best === undefined) return null;
  return { text: best.text, sources: sourcesWithin(document, best.start, best.end) };
}

/** Questions that any tour's meetings answer, in both languages. */
const QUESTIONS = {
  en: {
    howLong: (who: string) => `How long did the meeting with ${who} last?`,
    agreed: (who: string) => `What did they agree on with ${who}?`,
    present: (who: string) => `Who was at the meeting with ${who}?`,
    about: (who: string, topic: string) => `What was said to ${who} about ${topic}?`,
    topic: (topic: string) => `What was said about ${topic}?`,
    countries: 'Which countries were visited?',
    metIn: (city: string) => `Who was met in ${city}?`,
    text: (title: string) => `What is “${title}” about?`,
  },
  ja: {
    howLong: (who: string) => `${who}との会談は何分でしたか`,
    agreed: (who: string) => `${who}との会談で何に合意しましたか`,
    present: (who: string) => `${who}との会談には誰がいましたか`,
    about: (who: string, topic: string) => `${who}との会談で${topic}について何と言いましたか`,
    topic: (topic: string) => `${topic}について何と言いましたか`,
    countries: 'どの国を訪問しましたか',
    metIn: (city: string) => `${city}で誰に会いましたか`,
    text: (title: string) => `「${title}」とは何ですか`,
  },
} as const;

const EXAMPLES = 3;

/**
 * Three questions that these documents answer: how long the best sourced meeting lasted, which countries were visited, who was
 * met in the place of most meetings; about whatever documents there are where they tell of no tour.
 */
export function exampleQuestions(snapshot: NamedSnapshot, language: Language): string[] {
  const { meetings, documents } = snapshot;
  const texts = QUESTIONS[language];
  const names = new MeetingNames(snapshot);
  // Where sources differ on the length, two versions would be the first that somebody sees.
  const timed = meetings
    .filter((meeting) => meeting.durationMinutes !== null && names.met(meeting).length === 1)
    .filter(({ durationAlternativeMinutes }) => durationAlternativeMinutes === undefined)
    .sort((a, b) => b.sources.length - a.sources.length);
  const countries = new Set(meetings.map(({ country }) => country));
  const counts = new Map<string, Meeting[]>();
  for (const meeting of meetings) {
    if (names.met(meeting).length === 0) continue;
    counts.set(meeting.city, [...(counts.get(meeting.city) ?? []), meeting]);
  }
  const [busiest] = [...counts.values()].sort((a, b) => b.length - a.length)[0] ?? [];
  return [
    ...timed.slice(0, 1).map((meeting) => texts.howLong(names.short(meeting, language))),
    ...(countries.size > 2 ? [texts.countries] : []),
    ...(busiest === undefined ? [] : [texts.metIn(names.city(busiest, language))]),
    ...(meetings.length > 0 ? meetings : [...documents.values()]).map(({ title }) =>
      texts.text(title),
    ),
  ].slice(0, EXAMPLES);
}

/** Topics that a menu offers. */
const MOST_TOPICS = 3;

/** What can be asked about a meeting, so that each question can stand alone. */
export function meetingQuestions(
  meeting: Meeting,
  { snapshot, language }: { snapshot: NamedSnapshot; language: Language },
): string[] {
  const texts = QUESTIONS[language];
  const names = new MeetingNames(snapshot);
  const [first] = names.met(meeting);
  const topics = meeting.topics.slice(0, MOST_TOPICS).map((topic) => names.named(topic, language));
  if (first === undefined) {
    return [texts.text(names.title(meeting, language)), ...topics.map(texts.topic)];
  }
  const who = names.person(first, language);
  return [
    ...(meeting.durationMinutes === null ? [] : [texts.howLong(who)]),
    texts.agreed(who),
    ...topics.map((topic) => texts.about(who, topic)),
    texts.present(who),
  ];
}

/** A finder of meetings that knows their Japanese names too. */
export function findMeetings(
  meetings: readonly Meeting[],
  names: MeetingNames,
): NameFinder<Meeting> {
  return meetingFinder(meetings, (meeting) => [
    ...[names.title(meeting, 'ja'), names.city(meeting, 'ja'), names.country(meeting, 'ja')],
    ...meeting.people.flatMap(({ ja }) => ja ?? []),
  ]);
}

/** Closest passages whose topics are near. */
const CLOSEST = 3;

/** Topics of the closest passages' documents that share words with the question or with those passages, nearest first. */
export function nearTopics(
  { question, excerpts }: Answer,
  documents: ReadonlyMap<string, Document>,
): string[] {
  const asked = wordsIn(question);
  const closest = excerpts.slice(0, CLOSEST);
  const sentences = closest.map(({ text, highlight }) => text.slice(...(highlight ?? [0, 0])));
  const said = wordsIn(sentences.join(' '));
  const topics = closest.flatMap(({ document }) => documents.get(document.id)?.topics ?? []);
  const shared = (topic: string, words: ReadonlySet<string>): number =>
    [...wordsIn(topic)].filter((word) => words.has(word)).length;
  return [...new Set(topics)]
    .map((topic) => ({ topic, score: 2 * shared(topic, asked) + shared(topic, said) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .map(({ topic }) => topic);
}

function wordsIn(text: string): Set<string> {
  const words = wordsOf(text).map(({ folded }) => folded);
  return new Set(words.filter((word) => !isStopWord(word)).map(stem));
}
