/** What the itinerary and the excerpts that are shown make of the verdict over the evidence. */
import type { Itinerary, ItineraryReading } from '../itinerary/itinerary.ts';
import { isToldIn, type Claim } from '../itinerary/claims.ts';
import { fold, wordsOf } from '../language/words.ts';
import type { SearchIndex } from '../search/search-index.ts';
import type { Selected } from './select.ts';
import { statesAspect, type AskedAspect } from './aspects.ts';
import type { Doubt, Listing, Version } from './types.ts';
import type { Judgement } from './verdict.ts';

/** What one version of several, or a passage apart from whom it should be about, is at most: not sure. */
const DISPUTED_CONFIDENCE = 0.5;

/** The itinerary is data: what it lists is certain, and what it does not have did not take place. */
const LISTED_CONFIDENCE = 0.97;

/** The verdict where the itinerary lists what is asked for, or does not have what the question takes for granted. */
export function settle(
  judgement: Judgement,
  listing: Listing | null,
  { reading, itinerary }: { readonly reading: ItineraryReading; readonly itinerary: Itinerary },
): Judgement {
  const { settled } = reading;
  if (listing !== null && listing.value !== null) {
    return { verdict: 'answered', confidence: LISTED_CONFIDENCE, doubt: null };
  }
  if (listing !== null) {
    const text = listing.note ?? listing.title;
    return { ...judgement, verdict: 'weak', doubt: { kind: 'itinerary', en: text, ja: text } };
  }
  if (settled === null || settled.kind === 'yes') return judgement;
  const doubt: Doubt = {
    kind: 'itinerary',
    en: itinerary.text(settled, 'en'),
    ja: itinerary.text(settled, 'ja'),
  };
  return {
    verdict: judgement.verdict === 'not_found' ? 'not_found' : 'weak',
    confidence: Math.min(judgement.confidence, 1 - LISTED_CONFIDENCE),
    doubt,
  };
}

/** What is shown, and what the question claims or asks to be aspect. */
export interface Shown {
  readonly index: SearchIndex;
  readonly found: readonly Selected[];
  readonly versions: readonly Version[] | null;
  readonly aspect: AskedAspect | null;
  readonly claim: Claim | null;
  /** Whom of the itinerary the question names. */
  readonly people: readonly string[];
  /** Whom else it names. */
  readonly strangers: readonly string[];
  /** What the traveller said to them, where their words are asked for. */
  readonly isToldToThem: boolean;
}

/** The verdict once it is known what is shown. */
export function revised(judgement: Judgement, shown: Shown): Judgement {
  return claimed(
    disputed(confirmed(answeredBy(apart(judgement, shown), shown), shown), shown),
    shown,
  );
}

/** What is about somebody is not answered by a passage that has nothing of them. */
function apart(judgement: Judgement, { index, found, people, strangers }: Shown): Judgement {
  const [first] = found;
  if (first === undefined || judgement.verdict !== 'answered') return judgement;
  const { ordinal } = first.best;
  const passage = index.passages[ordinal];
  const text = fold(passage?.text ?? '');
  const present = (passage?.meetings ?? []).flatMap(
    (id) => index.documents.get(id)?.meeting?.people ?? [],
  );
  const holds = (where: string, name: string): boolean =>
    wordsOf(name).some(({ folded }) => folded.length > 2 && where.includes(folded));
  const sentence = fold(highlightText(index, first));
  const missing = [
    ...people.filter(
      (name) => !present.some((person) => person.name === name) && !holds(text, name),
    ),
    // A meeting with somebody else may mention them.
    ...strangers.filter((name) => !holds(sentence, name)),
  ];
  if (missing.length === 0 || !index.isLatin(ordinal)) return judgement;
  return {
    verdict: 'weak',
    confidence: Math.min(judgement.confidence, DISPUTED_CONFIDENCE),
    doubt: { kind: 'apart', names: missing },
  };
}

/** What she said to somebody is no answer to what they said. */
function answeredBy(judgement: Judgement, { isToldToThem }: Shown): Judgement {
  if (!isToldToThem || judgement.verdict !== 'answered') return judgement;
  return {
    verdict: 'weak',
    confidence: Math.min(judgement.confidence, DISPUTED_CONFIDENCE),
    doubt: { kind: 'vague' },
  };
}

/** A first sentence that states the length or the hour that the itinerary has is certain. */
function confirmed(judgement: Judgement, { index, found, aspect }: Shown): Judgement {
  const [first] = found;
  if (aspect === null || first === undefined) return judgement;
  if (!statesAspect(highlightText(index, first), aspect)) return judgement;
  return { verdict: 'answered', confidence: LISTED_CONFIDENCE, doubt: null };
}

/** One of several versions is not certain, unless the highlighted sentence tells them all. */
function disputed(judgement: Judgement, { index, found, versions }: Shown): Judgement {
  const [first] = found;
  if (versions === null || first === undefined) return judgement;
  const text = highlightText(index, first);
  if (versions.every(({ value }) => text.includes(value))) return judgement;
  return {
    verdict: 'weak',
    confidence: Math.min(judgement.confidence, DISPUTED_CONFIDENCE),
    doubt: { kind: 'versions', values: versions.map(({ value }) => value) },
  };
}

/** An act is certain only where a sentence of what is shown tells of it. */
function claimed(judgement: Judgement, { index, found, claim }: Shown): Judgement {
  if (claim === null || judgement.verdict !== 'answered') return judgement;
  const isTold = found.some(({ best }) => {
    const passage = index.passages[best.ordinal];
    return passage?.sentences.some(({ start, end }) =>
      isToldIn(passage.text.slice(start, end), claim),
    );
  });
  if (isTold) return judgement;
  return {
    verdict: 'weak',
    confidence: Math.min(judgement.confidence, DISPUTED_CONFIDENCE),
    doubt: { kind: 'itinerary', ...claim.untold },
  };
}

function highlightText(index: SearchIndex, { best }: Selected): string {
  const passage = index.passages[best.ordinal];
  const span = best.best === null ? undefined : passage?.sentences[best.best.at];
  return span === undefined ? '' : (passage?.text.slice(span.start, span.end) ?? '');
}
