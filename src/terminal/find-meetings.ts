import type { Meeting } from '../corpus/types.ts';
import { isStopWord, wordsOf } from '../language/words.ts';

/** What a meeting is looked up by. */
type Described = Pick<Meeting, 'id' | 'title' | 'city' | 'country' | 'people' | 'topics'>;

/**
 * Meetings that a person may mean: the one with this id, else all in which every word begins a word of
 * the id, the title, the place or a name. None for an empty text.
 */
export function findMeetings<M extends Described>(text: string, meetings: readonly M[]): M[] {
  const wanted = wordsOf(text).map(({ folded }) => folded);
  const exact = meetings.filter(({ id }) => id === text.trim().toLowerCase());
  if (exact.length > 0 || wanted.length === 0) return exact;
  return meetings.filter((meeting) => {
    const words = [...namingWords(meeting)];
    return wanted.every((start) => words.some((word) => word.startsWith(start)));
  });
}

/**
 * Meetings that share words with a question, best first. A word counts for more the fewer meetings
 * have it, and not at all where a third have it: "minister" leads nowhere.
 */
export function meetingsNear<M extends Described>(
  question: string,
  meetings: readonly M[],
  most: number,
): M[] {
  const asked = new Set(
    wordsOf(question)
      .map(({ folded }) => folded)
      .filter((word) => word.length > 2 && !isStopWord(word)),
  );
  const words = meetings.map((meeting) => {
    const all = namingWords(meeting);
    for (const { folded } of wordsOf(meeting.topics.join(' '))) all.add(folded);
    return all;
  });
  const weights = new Map(
    [...asked].map((word) => {
      const holders = words.filter((held) => held.has(word)).length;
      return [word, holders * 3 > meetings.length || holders === 0 ? 0 : 1 / holders];
    }),
  );
  return meetings
    .map((meeting, at) => ({
      meeting,
      score: [...asked].reduce(
        (sum, word) => sum + (words[at]?.has(word) === true ? (weights.get(word) ?? 0) : 0),
        0,
      ),
    }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .slice(0, most)
    .map(({ meeting }) => meeting);
}

function namingWords({ id, title, city, country, people }: Described): Set<string> {
  const names = people.flatMap((person) => [
    person.name,
    person.title ?? '',
    person.organisation ?? '',
    ...person.otherSpellings,
  ]);
  return new Set(
    wordsOf([id.replaceAll('-', ' '), title, city, country, ...names].join(' ')).map(
      ({ folded }) => folded,
    ),
  );
}
