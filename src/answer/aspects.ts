/** What is asked of one meeting alone: its length, its hour, its topics or all of it. */
import type { Library } from './citations.ts';
import type { Aspect, ItineraryReading } from '../itinerary/itinerary.ts';
import { holdsKind } from '../language/answer-kinds.ts';
import { valuesIn } from '../language/values.ts';

/** A length or an hour as the itinerary has it, or what was spoken about. */
export interface AskedAspect {
  readonly kind: Aspect;
  /** A length or an hour as {@link valuesIn} gives it, else empty. */
  readonly key: string;
  /** Id of the meeting that it is of. */
  readonly meeting: string;
}

/** Whether a sentence states it. The account of a meeting begins with what is to be told of it. */
export function statesAspect(sentence: string, { kind, key }: AskedAspect): boolean {
  if (kind === 'overview') return true;
  if (kind === 'topic') return holdsKind(sentence, kind);
  return valuesIn(sentence, kind).some((value) => value.key === key);
}

/** What is asked of one event alone; null where sources differ on it or it is not known. */
export function aspectAsked({
  reading,
  library,
  meeting,
}: {
  readonly reading: ItineraryReading;
  readonly library: Library;
  /** The meeting that was chosen; null for the whole tour. */
  readonly meeting: string | null;
}): AskedAspect | null {
  const { aspect, focus } = reading;
  const [listed, ...more] = reading.listing?.meetings ?? [];
  const { value } = reading.listing ?? {};
  // The longest or the shortest of several, by its length.
  if (typeof value === 'number' && listed !== undefined && more.length === 0) {
    const isLength = library.meetings.get(listed.id)?.durationMinutes === value;
    return isLength ? { kind: 'duration', key: String(value), meeting: listed.id } : null;
  }
  const [only, ...others] = focus.meetings;
  const isOther = meeting !== null && only !== undefined && !focus.meetings.includes(meeting);
  const known = library.meetings.get(meeting ?? (others.length === 0 ? (only ?? '') : ''));
  if (aspect === null || known === undefined || isOther) return null;
  if (aspect === 'topic' || aspect === 'overview') {
    return reading.listing === null ? { kind: aspect, key: '', meeting: known.id } : null;
  }
  const { durationMinutes, durationAlternativeMinutes, localStart, localStartAlternative } = known;
  const [text, other] =
    aspect === 'duration'
      ? [durationMinutes === null ? '' : `${durationMinutes} minutes`, durationAlternativeMinutes]
      : [localStart ?? '', localStartAlternative];
  const [found] = valuesIn(text, aspect);
  if (found === undefined || other !== undefined) return null;
  return { kind: aspect, key: found.key, meeting: known.id };
}
