import type { Document, Meeting } from '../corpus/types.ts';
import { MeetingNames } from './meeting-names.ts';

/** Questions that any tour's meetings answer, in both languages. */
const QUESTIONS = {
  en: {
    howLong: (who: string) => `How long did the meeting with ${who} last?`,
    agreed: (who: string) => `What did they agree on with ${who}?`,
    present: (who: string) => `Who was at the meeting with ${who}?`,
    about: (who: string, topic: string) => `What was said to ${who} about ${topic}?`,
    countries: 'Which countries were visited?',
    metIn: (city: string) => `Who was met in ${city}?`,
    text: (title: string) => `What does the text on “${title}” say?`,
  },
  ja: {
    howLong: (who: string) => `${who}との会談は何分でしたか`,
    agreed: (who: string) => `${who}との会談で何に合意しましたか`,
    present: (who: string) => `${who}との会談には誰がいましたか`,
    about: (who: string, topic: string) => `${who}との会談で${topic}について何と言いましたか`,
    countries: 'どの国を訪問しましたか',
    metIn: (city: string) => `${city}で誰に会いましたか`,
    text: (title: string) => `「${title}」には何が書かれていますか`,
  },
} as const;

type Language = keyof typeof QUESTIONS;

interface Edition {
  readonly meetings: readonly Meeting[];
  readonly documents: ReadonlyMap<string, Document>;
}

const EXAMPLES = 3;

/**
 * Three questions that these documents answer: how long the best sourced meeting lasted, which countries were visited, who was
 * met in the place of most meetings; about whatever documents there are where they tell of no tour.
 */
export function exampleQuestions(edition: Edition, language: Language): string[] {
  const { meetings, documents } = edition;
  const texts = QUESTIONS[language];
  const names = new MeetingNames(edition);
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
  { edition, language }: { edition: Edition; language: Language },
): string[] {
  const texts = QUESTIONS[language];
  const names = new MeetingNames(edition);
  const [first] = names.met(meeting);
  if (first === undefined) return [texts.text(names.title(meeting, language))];
  const who = names.person(first, language);
  return [
    ...(meeting.durationMinutes === null ? [] : [texts.howLong(who)]),
    texts.agreed(who),
    ...meeting.topics.slice(0, MOST_TOPICS).map((topic) => texts.about(who, topic)),
    texts.present(who),
  ];
}
