import type { Edition } from '../engine-types.ts';
import { DragomanError } from '../errors.ts';
import { findMeetings } from './find-meetings.ts';
import { nearIds } from './near-ids.ts';
import { printableLine } from './printable.ts';

/** More than this many ids are no help in a message. */
const MOST_LISTED = 60;

/** What a question is restricted to. */
export interface Filter {
  readonly meeting?: string;
  readonly source?: string;
}

/** @throws DragomanError QUESTION that names ids near an unknown one */
export function assertKnown({ meeting, source }: Filter, edition: Edition): void {
  const { meetings, sources } = edition;
  if (meeting !== undefined && !meetings.some(({ id }) => id === meeting)) {
    const ids = meetings.map(({ id }) => id);
    const meant = [
      ...nearIds(meeting, ids),
      ...findMeetings(meeting, meetings).map(({ id }) => id),
    ];
    throw unknownId({ what: 'meeting', wanted: meeting, ids, meant });
  }
  if (source !== undefined && !sources.has(source)) {
    const ids = [...sources.keys()];
    throw unknownId({ what: 'source', wanted: source, ids, meant: nearIds(source, ids) });
  }
}

function unknownId(unknown: {
  readonly what: 'meeting' | 'source';
  readonly wanted: string;
  readonly ids: readonly string[];
  readonly meant: readonly string[];
}): DragomanError {
  const { what, wanted, ids, meant } = unknown;
  const near = [...new Set(meant)];
  let hint: string;
  if (near.length > 0) hint = `Near it: ${near.join(', ')}.`;
  else if (ids.length === 0) hint = `The documents describe no ${what}s: leave the option out.`;
  else if (ids.length <= MOST_LISTED) hint = `Known: ${ids.join(', ')}.`;
  else hint = `${ids.length} are known, for example ${ids.slice(0, 5).join(', ')}.`;
  return new DragomanError(
    'QUESTION',
    `There is no ${what} with the id "${printableLine(wanted)}".`,
    { hint },
  );
}
