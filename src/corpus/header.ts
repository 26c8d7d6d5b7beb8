import { dateInWords } from './dates.ts';
import type { Document, Meeting, Person } from './types.ts';

/**
 * What a passage leaves unsaid and a question may name: title, headings, date, place and people. It is
 * searched with the passage and never shown.
 *
 * @param tied the meeting that gives place and people; none where the passage is tied to more than
 *   one, of which they would say something untrue.
 */
export function headerOf(
  document: Document,
  headings: readonly string[],
  tied: Meeting | undefined,
): string {
  const parts = [document.title, ...headings.filter((heading) => heading !== document.title)];
  const date = document.date ?? tied?.date ?? null;
  if (date !== null) parts.push(`${dateInWords(date)} (${date})`);
  if (tied !== undefined) {
    parts.push([tied.venue, tied.city, tied.country].filter((place) => place !== null).join(', '));
  }
  const people = tied?.people ?? document.people;
  if (people.length > 0) parts.push(people.map(describePerson).join('; '));
  return parts.join('\n');
}

function describePerson({ name, title, organisation }: Person): string {
  return [name, title, organisation].filter((part) => part !== null).join(', ');
}

/**
 * What stands before a passage when the encoder reads it: title and headings. Date, place and people are for the word
 * index; in the encoder's input they cost more than they bring (docs/EXPERIMENTS.md).
 */
export function embeddedHeader(title: string, headings: readonly string[]): string {
  return [title, ...headings.filter((heading) => heading !== title)].join('. ');
}
