import type { Snapshot } from '../engine-types.ts';
import { DragomanError } from '../errors.ts';
import { meetingFinder, sourceFinder, type NameFinder } from '../language/finder.ts';
import { printableLine } from './printable.ts';

/** More than this many ids are no help in a message. */
const MOST_LISTED = 60;
const MOST_NEAR = 5;

/** What a question is restricted to: ids. */
export interface Filter {
  readonly meeting?: string;
  readonly source?: string;
}

/**
 * The meeting and the source that were meant, by id or by the best match of their names.
 *
 * @throws DragomanError QUESTION when there is none or more than one, with ids that help
 */
export function resolveFilter(
  { meeting, source }: Filter,
  { meetings, sources }: Pick<Snapshot, 'meetings' | 'sources'>,
): Filter {
  return {
    ...(meeting !== undefined && { meeting: idOf('meeting', meeting, meetings, meetingFinder) }),
    ...(source !== undefined && {
      source: idOf('source', source, [...sources.values()], sourceFinder),
    }),
  };
}

function idOf<Item extends { readonly id: string }>(
  what: 'meeting' | 'source',
  typed: string,
  items: readonly Item[],
  finderOf: (items: readonly Item[]) => NameFinder<Item>,
): string {
  if (items.some(({ id }) => id === typed)) return typed;
  const finder = finderOf(items);
  const [only, ...others] = finder.best(typed);
  if (only !== undefined && others.length === 0) return only.id;
  const name = printableLine(typed);
  if (only !== undefined) {
    const ids = [only, ...others].map(({ id }) => id);
    throw new DragomanError('QUESTION', `Several ${what}s fit "${name}".`, {
      hint: `Give the id of one: ${ids.slice(0, MOST_LISTED).join(', ')}.`,
    });
  }
  const near = finder.related(typed, MOST_NEAR).map(({ id }) => id);
  throw new DragomanError('QUESTION', `No ${what} fits "${name}".`, {
    hint: near.length > 0 ? `Near it: ${near.join(', ')}.` : knownIds(what, items),
  });
}

function knownIds(what: string, items: readonly { readonly id: string }[]): string {
  const ids = items.map(({ id }) => id);
  if (ids.length === 0) return `The documents describe no ${what}s: leave the option out.`;
  if (ids.length <= MOST_LISTED) return `Known: ${ids.join(', ')}.`;
  return `${ids.length} are known, for example ${ids.slice(0, 5).join(', ')}.`;
}
