import { Asked, type Found } from './asked.ts';
import { chosen, overview } from './lists.ts';
import { fits } from './matching.ts';
import { comparison, distance, neighbour } from './orders.ts';
import { duration, route } from './stays.ts';
import type { TourEvent } from './timeline.ts';
import type { Vocabulary } from './vocabulary.ts';
import { NOTES, titleOf } from './wording.ts';
import { NO_FILTERS, type Filters } from './items.ts';
import type { Query } from './query.ts';

/** An answer computed from the itinerary. */
export interface Listing {
  /** What is listed: `people`, `countries`, `days`, `meetings`, `duration`, `order` … */
  readonly kind: string;
  /** One line for the asker, in the asker's language. */
  readonly title: string;
  /**
   * A count (days and minutes too), a place, a date ("January 12, 2024"), people, "yes", "before" …, with names as the
   * meetings have them; null when the itinerary does not settle it.
   */
  readonly value: string | number | null;
  readonly meetings: readonly ListedMeeting[];
  /** People, places or days that the value stands for, one by one. */
  readonly items: readonly string[];
  /** What the itinerary does not settle, or what is not counted, in the asker's language. */
  readonly note: string | null;
}

export interface ListedMeeting {
  readonly id: string;
  readonly title: string;
  /** ISO date. */
  readonly date: string | null;
  readonly place: string;
}

export function listedMeeting({ meeting }: TourEvent): ListedMeeting {
  const { id, title, date, city, country } = meeting;
  return { id, title, date, place: `${city}, ${country}` };
}

/** The listing that answers a question, or null when it asks for something else. */
export function listingOf(query: Query, vocabulary: Vocabulary): Listing | null {
  const isContent = query.has('say', 'about', 'other', 'elsewhere', 'counterpart');
  const isDeed =
    query.has('act') &&
    !(query.filters.kinds.length > 0 && query.has('count', 'often', 'all', 'which', 'where'));
  if (query.unknown.length > 0 || query.isDayOfStay || isContent || isDeed) return null;
  return answered(new Asked(query, vocabulary));
}

function answered(asked: Asked): Listing | null {
  const { query, vocabulary } = asked;
  const isOpen = query.anchor === null && query.language === 'en' && !asked.has('or');
  const isRanked = asked.has('first', 'last', 'next');
  if (asked.filters.days?.length === 0) return null;
  if (isOpen && asked.filters.days === null && asked.has('before', 'after', 'since', 'between'))
    return null;
  if (
    asked.has('move', 'start', 'end') &&
    query.anchor === null &&
    !isRanked &&
    !(asked.has('tour') && asked.has('when', 'day'))
  )
    return null;
  const found = comparison(asked) ?? distance(asked) ?? measuredOrListed(asked);
  if (found === null) return null;
  const { kind, value, events, items = [], note } = found;
  // A place that is listed anyway is not in doubt.
  const doubtful = asked.unsettled.filter(
    (event) => !asked.namesOf(asked.target, event).some((name) => items.includes(name)),
  );
  const open = doubtful.length === 0 ? null : NOTES.undated(doubtful);
  return {
    ...{ kind, title: titleOf(found, query, vocabulary), value },
    ...{ meetings: events.map(listedMeeting), items },
    note: (note === undefined ? open : note)?.[query.language] ?? null,
  };
}

function measuredOrListed(asked: Asked): Found | null {
  if (isContradiction(asked)) return null;
  const measured = neighbour(asked) ?? duration(asked);
  const isLength = asked.has('long', 'minutes') && !asked.has('longest', 'shortest');
  if (measured !== null || isLength) return measured;
  return route(asked) ?? chosen(asked) ?? overview(asked);
}

/** Places never visited, or names that do not go together: whether it is so is no matter for a list. */
function isContradiction(asked: Asked): boolean {
  const { timeline } = asked.vocabulary;
  const { people, organisations, places, meetings } = asked.filters;
  const exists = (filters: Partial<Filters>): boolean =>
    timeline.events.some((event) => fits(event, { ...NO_FILTERS, ...filters }, asked.vocabulary));
  const isHome = places.some(({ countries }) => countries.has(timeline.home ?? ''));
  return (
    !places.every((place) => exists({ places: [place] })) ||
    !exists({ people, organisations, places, meetings }) ||
    (isHome && asked.events.length === 0)
  );
}
