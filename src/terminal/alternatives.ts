import { exampleQuestions } from '../answer/meeting-texts.ts';
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

/** What to offer when nothing was found. */
export function alternativesTo(
  question: string,
  edition: Pick<Snapshot, 'meetings' | 'documents'>,
): Alternatives {
  const meetings = meetingFinder(edition.meetings).related(question, MOST_MEETINGS);
  return { meetings, questions: meetings.length > 0 ? [] : exampleQuestions(edition, 'en') };
}

/** What to offer when nothing was found where the reader chose to look: everywhere else. */
export function beyond(searched: string, howToLift: string): Alternatives {
  return {
    meetings: [],
    questions: [],
    restriction: `Only passages ${searched} were searched; ${howToLift} to search all.`,
  };
}
