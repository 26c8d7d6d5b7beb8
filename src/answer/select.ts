import type { Document } from '../corpus/types.ts';
import { dot } from '../index/scan.ts';
import { kept, type SearchIndex } from '../search/search-index.ts';
import type { Ranked } from '../search/search.ts';
import type { LexicalIndex } from '../index/lexical.ts';

/** Passages of one section that follow each other, shown as one excerpt. */
export interface Selected {
  /** In the order of the text. The best of them gave the excerpt its place. */
  readonly members: readonly Ranked[];
  readonly best: Ranked;
  /** Ids of other documents that say nearly the same. */
  readonly alsoReportedBy: readonly string[];
}

/** Passages whose vectors are this near say the same thing. */
const SAME_PASSAGE = 0.97;

/** Sentences that resemble each other this much report the same fact. */
const SAME_FACT = 0.6;

/** Whole passages that share this much tell the same story, even with other figures. */
const SAME_STORY = 0.45;

/**
 * A meeting's own document takes the place of one that repeats it, and a page answers as well as an account, when the
 * score is at most this much lower. Of such passages about the same meeting 76 % hold the answer (docs/EXPERIMENTS.md).
 */
const NEARLY_AS_GOOD = 1.6;

/** A page whose best sentence resembles the account's answers as well down to a score this much lower: 95 % do. */
const RESEMBLING = { resemblance: 0.35, below: 5 };

/** A joined excerpt longer than this is no longer read on a phone. */
const LONGEST_EXCERPT = 1400;

/** Farther down the list, passages repeat less of what is shown than they add noise. */
const LOOK_AT = 30;

/**
 * Chooses what is shown, in rank order: a passage that repeats a chosen one is named there instead of shown,
 * a neighbour of a chosen one in the same section is joined to it.
 *
 * @param apart ordinals of passages that are shown although they resemble others: they say something else
 */
export function select(
  index: SearchIndex,
  ranked: readonly Ranked[],
  k: number,
  apart: readonly number[] = [],
): Selected[] {
  const chosen: { members: Ranked[]; best: Ranked; also: Set<string> }[] = [];
  const texts = textsOf(index);
  for (const candidate of ranked.slice(0, LOOK_AT)) {
    const isApart = apart.includes(candidate.ordinal);
    const same = isApart ? undefined : chosen.find(({ best }) => repeats(texts, best, candidate));
    if (same !== undefined) {
      const own = index.document(same.best.ordinal);
      const other = index.document(candidate.ordinal);
      if (other === own) continue;
      const isBetter =
        standingOf(other) > standingOf(own) &&
        !apart.includes(same.best.ordinal) &&
        (candidate.score >= same.best.score - NEARLY_AS_GOOD ||
          (other.page !== undefined && stateOneFact(texts, same.best, candidate)));
      same.also.add(isBetter ? own.id : other.id).delete(isBetter ? other.id : own.id);
      if (isBetter) [same.best, same.members] = [candidate, [candidate]];
      continue;
    }
    const neighbour = chosen.find(({ members }) => joins(index, members, candidate));
    if (neighbour !== undefined) {
      neighbour.members.push(candidate);
      neighbour.members.sort((a, b) => a.ordinal - b.ordinal);
    } else if (chosen.length < k) {
      chosen.push({ members: [candidate], best: candidate, also: new Set() });
    }
  }
  const selected = chosen.map(({ members, best, also }) => ({
    ...{ members, best },
    alsoReportedBy: [...also],
  }));
  return pagesFirst(texts, selected);
}

/** Which of two that say the same is shown: a fetched page, else a meeting's own document. */
function standingOf({ page, meeting }: Document): number {
  if (page !== undefined) return 2;
  return meeting === null ? 0 : 1;
}

/** The first page that answers as well as the best excerpt, and of the same meeting, comes first. */
function pagesFirst(texts: Texts, chosen: Selected[]): Selected[] {
  const { index } = texts;
  const [first] = chosen;
  if (first === undefined) return chosen;
  const about = index.passage(first.best.ordinal).meetings;
  const page = chosen.find(
    ({ best: { ordinal }, best }) =>
      index.document(ordinal).page !== undefined &&
      (about.length === 0 || index.passage(ordinal).meetings.some((id) => about.includes(id))) &&
      answersAsWell(texts, first.best, best),
  );
  return page === undefined ? chosen : [page, ...chosen.filter((other) => other !== page)];
}

function answersAsWell(texts: Texts, account: Ranked, page: Ranked): boolean {
  const below = account.score - page.score;
  return (
    below <= NEARLY_AS_GOOD ||
    (below <= RESEMBLING.below &&
      bestResemblance(texts, account, page, false) >= RESEMBLING.resemblance)
  );
}

/** Cached vectors of passages: the index keeps them in a byte a dimension. */
const MOST_VECTORS = 1000;

/** Cached term sets, of passages and of sentences each: some ten megabytes at most. */
const MOST_TEXTS = 5000;

/** What is compared of the texts of an index. */
type Texts = Readonly<ReturnType<typeof newTexts>>;

const textsOfIndexes = new WeakMap<SearchIndex, Texts>();

function textsOf(index: SearchIndex): Texts {
  const texts = textsOfIndexes.get(index) ?? newTexts(index);
  textsOfIndexes.set(index, texts);
  return texts;
}

function newTexts(index: SearchIndex) {
  const { lexical, units } = index;
  return {
    index,
    vector: kept((ordinal: number) => index.vector(ordinal), MOST_VECTORS),
    passage: kept((ordinal: number) => {
      return termSetOf(
        lexical,
        units.sentences(ordinal).flatMap((unit) => [...unit]),
      );
    }, MOST_TEXTS),
    sentence: kept((unit: Uint32Array) => termSetOf(lexical, unit), MOST_TEXTS),
  };
}

function repeats(texts: Texts, shown: Ranked, candidate: Ranked): boolean {
  const { index } = texts;
  if (dot(texts.vector(shown.ordinal), texts.vector(candidate.ordinal)) >= SAME_PASSAGE)
    return true;
  // Two passages of one document do not report a fact twice: both are worth reading.
  if (index.document(shown.ordinal) === index.document(candidate.ordinal)) return false;
  // Two meetings run alike ("met … in …, for about … minutes") without being one.
  if (areOfOtherMeetings(index, shown.ordinal, candidate.ordinal)) return false;
  const [one, other] = [texts.passage(shown.ordinal), texts.passage(candidate.ordinal)];
  return (
    resemblance(one, other, { figuresMustAgree: false }) >= SAME_STORY ||
    stateOneFact(texts, shown, candidate)
  );
}

/** Whether the sentences that meet the question best report the same fact: then one answers as well as the other. */
function stateOneFact(texts: Texts, a: Ranked, b: Ranked): boolean {
  return bestResemblance(texts, a, b, true) >= SAME_FACT;
}

/** How much the sentences that meet the question best resemble each other. */
function bestResemblance(texts: Texts, a: Ranked, b: Ranked, figuresMustAgree: boolean): number {
  const bestOf = ({ ordinal, best }: Ranked): TermSet =>
    texts.sentence(texts.index.termsAt(ordinal, best?.at ?? -1));
  return resemblance(bestOf(a), bestOf(b), { figuresMustAgree });
}

/** Whether two passages are of different meetings: from their documents, or from pages about them. */
function areOfOtherMeetings(index: SearchIndex, a: number, b: number): boolean {
  const [ofA = [], ofB = []] = [a, b].map((ordinal) =>
    standingOf(index.document(ordinal)) > 0 ? index.passage(ordinal).meetings : [],
  );
  return ofA.length > 0 && ofB.length > 0 && !ofA.some((meeting) => ofB.includes(meeting));
}

function joins(index: SearchIndex, members: readonly Ranked[], { ordinal }: Ranked): boolean {
  const [from = -1, to = -1] = [members[0]?.ordinal, members.at(-1)?.ordinal];
  // Passages are numbered in the order of the text, so a neighbour's ordinal is the next one.
  if (ordinal !== from - 1 && ordinal !== to + 1) return false;
  const passage = index.passage(ordinal);
  const [first, last] = [index.passage(from), index.passage(to)];
  return (
    passage.documentId === first.documentId &&
    passage.headings.join('\n') === first.headings.join('\n') &&
    Math.max(last.end, passage.end) - Math.min(first.start, passage.start) <= LONGEST_EXCERPT
  );
}

/** A text as a set of terms, made ready to be held against others. */
export type TermSet = Readonly<ReturnType<typeof termSetOf>>;

export function termSetOf(lexical: LexicalIndex, terms: Iterable<number>) {
  /** Squared IDF of each. */
  const weights = new Map(Array.from(terms, (term) => [term, lexical.idf(term) ** 2]));
  const total = [...weights.values()].reduce((sum, weight) => sum + weight, 0);
  return { weights, total, figures: new Set([...weights.keys()].filter(lexical.isFigure)) };
}

/**
 * Cosine of two texts as sets of terms weighted by IDF, 0 to 1. Sentences whose figures differ do not resemble each
 * other at all when figures must agree: "at 13:30" and "at 13:45" are two reports, not one.
 */
export function resemblance(
  a: TermSet,
  b: TermSet,
  { figuresMustAgree }: { readonly figuresMustAgree: boolean },
): number {
  if (figuresMustAgree && contradict(a, b)) return 0;
  if (a.total === 0 || b.total === 0) return 0;
  let shared = 0;
  for (const [term, weight] of a.weights) if (b.weights.has(term)) shared += weight;
  return shared / Math.sqrt(a.total * b.total);
}

function contradict({ figures: own }: TermSet, { figures: others }: TermSet): boolean {
  return own.size > 0 && others.size > 0 && ![...own].some((figure) => others.has(figure));
}
