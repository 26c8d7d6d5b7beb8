import type { Snapshot } from '../engine-types.ts';
import { meetingFinder } from '../language/finder.ts';

/** What can be asked instead of a question that found nothing. */
export interface Alternatives {
  readonly meetings: readonly { readonly id: string; readonly title: string }[];
  readonly questions: readonly string[];
  /** What the search was restricted to, and how to lift that. */
  readonly restriction?: string;
}

const MOST_MEETINGS = 3;
const EXAMPLES = 3;

/** Questions about the tour, each with the meeting without which it would make no sense. */
const TOUR_QUESTIONS: readonly (readonly [meeting: string, question: string])[] = [
  ['blinken', 'How long did Kamikawa and Blinken talk?'],
  ['kuleba-press', 'Why did Kamikawa and Kuleba speak to the press in a shelter?'],
  ['erdogan', 'What did Erdoğan and Kamikawa discuss in Ankara?'],
];

/**
 * Example questions that these documents can answer: about the tour where they describe it, else about
 * whatever meetings or documents there are.
 */
export function exampleQuestions({
  meetings,
  documents,
}: Pick<Snapshot, 'meetings' | 'documents'>): string[] {
  const ids = new Set(meetings.map(({ id }) => id));
  return [
    ...TOUR_QUESTIONS.filter(([meeting]) => ids.has(meeting)).map(([, question]) => question),
    ...(meetings.length > 0 ? meetings : [...documents.values()]).map(
      ({ title }) => `What does the text on “${title}” say?`,
    ),
  ].slice(0, EXAMPLES);
}

/** What to offer when nothing was found. */
export function alternativesTo(
  question: string,
  edition: Pick<Snapshot, 'meetings' | 'documents'>,
): Alternatives {
  const meetings = meetingFinder(edition.meetings).related(question, MOST_MEETINGS);
  return { meetings, questions: meetings.length > 0 ? [] : exampleQuestions(edition) };
}

/** What to offer when nothing was found where the reader chose to look: everywhere else. */
export function beyond(searched: string, howToLift: string): Alternatives {
  return {
    meetings: [],
    questions: [],
    restriction: `Only passages ${searched} were searched; ${howToLift} to search all.`,
  };
}
