import { fileURLToPath } from 'node:url';
import { readCorpus } from '../../../src/corpus/read-corpus.ts';
import type { Meeting } from '../../../src/corpus/types.ts';

/** The meetings of the tour itself. */
export async function tourMeetings(): Promise<readonly Meeting[]> {
  const folder = fileURLToPath(new URL('../../../corpus', import.meta.url));
  const { corpus } = await readCorpus(folder);
  return corpus.meetings;
}

/** A meeting of which only the place and the date matter. */
export function meetingAt(
  order: number,
  place: Pick<Meeting, 'city' | 'country' | 'coordinates'>,
  date: string | null,
): Meeting {
  return {
    id: `meeting-${order}`,
    title: `Meeting ${order}`,
    order,
    date,
    localStart: null,
    durationMinutes: null,
    ...place,
    venue: null,
    people: [],
    topics: [],
    sources: [],
  };
}
