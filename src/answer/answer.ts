import {
  citeDocument,
  citeMeeting,
  citeSources,
  highlightOf,
  type Library,
  quotedOf,
} from './citations.ts';
import { gatherEvidence } from './evidence.ts';
import { select, type Selected } from './select.ts';
import { spokenBy } from './speakers.ts';
import {
  aspectAsked,
  leading,
  ownPassages,
  type Supported,
  supporting,
  topicList,
} from './support.ts';
import type { Answer, Doubt, Excerpt, Listing, Version } from './types.ts';
import {
  isInDoubt,
  reconsidered,
  judge,
  type Judgement,
  reasonFor,
  revised,
  settle,
  WORDLESS,
} from './verdict.ts';
import { quoting, type Stated, versionsOf } from './versions.ts';
import { formsOf } from '../itinerary/forms.ts';
import type { Itinerary, ItineraryReading, Reworded } from '../itinerary/itinerary.ts';
import { smallTalkOf } from '../language/answer-kinds.ts';
import { languageOf } from '../language/words.ts';
import type { Query } from '../search/query.ts';
import { sentenceText, type SearchIndex } from '../search/search-index.ts';
import {
  type Ranked,
  readFirst,
  search,
  type SearchOptions,
  type SearchResult,
} from '../search/search.ts';

export interface AnswerOptions {
  readonly index: SearchIndex;
  readonly library: Library;
  readonly itinerary: Itinerary;
  readonly embedder: SearchOptions['embedder'];
  readonly generation: string;
  /** How many excerpts at most. */
  readonly k: number;
  /** Ordinals to choose from; null for all. */
  readonly allowed: readonly number[] | null;
  /** The meeting asked about; null for the whole tour. */
  readonly meeting: string | null;
  /** The passages to choose from are those of one document, which the question names. */
  readonly isWithinDocument?: boolean;
}

/** Finds, judges and cites. Never writes: every excerpt is a span of a document's text. */
export async function answer(question: string, options: AnswerOptions): Promise<Answer> {
  const { index, embedder, allowed, isWithinDocument = false } = options;
  const started = performance.now();
  const reading = options.itinerary.read(question);
  const listing =
    isWithinDocument && options.meeting === null ? null : listingOf({ ...options, reading });
  const found = await search(reading.named.trim(), {
    index,
    embedder,
    allowed,
    focus: focusOf(reading),
    further: index.bring === null ? [] : ownPassages(index, listing?.meetings ?? [], allowed),
  });
  const judged = judgementOf(found, options.isWithinDocument);
  const { digest } = await embedder;
  const reworded =
    listing === null &&
    options.meeting === null &&
    !isWithinDocument &&
    isAboutTour(judged, reading)
      ? options.itinerary.inPlainWords(question, formsOf([found.vector, ...found.layers], digest))
      : null;
  // What may be read otherwise is answered by the passages where they answer.
  const isLikely = judged.verdict !== 'answered' || (reworded?.probability ?? 0) >= SURE;
  if (reworded !== null && isLikely) {
    const plain = await answer(reworded.question, options);
    const timing = timingOf(started, found.embedMs + plain.timing.embedMs);
    // A list that only says again what the question names is none: then it is answered as it was asked.
    if (plain.listing !== null) return { ...readAs(reworded, plain, question), timing };
  }
  const isRead = listing === null && isInDoubt(judged);
  const read = isRead ? await readFirst(found, { embedder }) : null;
  const result = read ?? found;
  const composed = compose(result, {
    ...options,
    reading,
    listing,
    judged:
      read === null ? judged : reconsidered(judged, judgementOf(read, options.isWithinDocument)),
  });
  return {
    question,
    ...composed,
    timing: timingOf(started, result.embedMs),
    generation: options.generation,
  };
}

function timingOf(started: number, embedMs: number): Answer['timing'] {
  const totalMs = performance.now() - started;
  return { embedMs, searchMs: totalMs - embedMs, totalMs };
}

/** Whether the documents have to do with a question, or it names something of the itinerary. */
function isAboutTour({ verdict }: Judgement, { focus }: ItineraryReading): boolean {
  const named = [focus.meetings, focus.people, focus.places, focus.days];
  return verdict !== 'not_found' || named.some(({ length }) => length > 0);
}

/** From this probability on a question is taken to ask for what its form says. */
const SURE = 0.75;

/** The answer to a question as one in other words, which it says. */
function readAs(
  { question: plain, probability }: Reworded,
  found: Answer,
  question: string,
): Answer {
  const { listing, confidence } = found;
  const isJapanese = languageOf(plain) === 'ja';
  const told = isJapanese ? `「${plain}」と読みました` : `Understood as “${plain}”`;
  const doubt: Doubt = { kind: 'itinerary', en: `${told}.`, ja: `${told}。` };
  const isSure = probability >= SURE || found.verdict !== 'answered';
  return {
    ...found,
    question,
    ...(isSure
      ? {}
      : { verdict: 'weak', doubt, reason: reasonFor(doubt, isJapanese ? 'ja' : 'en') }),
    confidence: Math.min(confidence, probability),
    listing:
      listing === null
        ? null
        : { ...listing, note: [listing.note, told].filter((one) => one !== null).join('; ') },
  };
}

/** Two letters or figures side by side, or one character of a script without spaces. */
const HAS_WORDS = /[\p{L}\p{N}]{2}|[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u;

/** By the passages alone. A greeting, which is near to some sentence of every corpus, has no evidence. */
export function judgementOf(result: SearchResult, isWithinDocument = false): Judgement {
  const { text } = result.query;
  if (!HAS_WORDS.test(text)) return WORDLESS;
  return judge(smallTalkOf(text) === null ? gatherEvidence(result) : null, isWithinDocument);
}

/** What is shown of a search's result: the verdict, and the excerpts with their citations. */
export function compose(
  result: SearchResult,
  options: Pick<AnswerOptions, 'library' | 'itinerary' | 'k' | 'meeting' | 'allowed'> & {
    readonly reading: ItineraryReading;
    /** Of the itinerary. */
    readonly listing: Listing | null;
    readonly judged: Judgement;
  },
): Omit<Answer, 'question' | 'timing' | 'generation'> {
  const { index } = result;
  const { library, k, meeting, allowed, reading, listing: own, judged } = options;
  const topic =
    own === null && meeting === null ? topicList(index, result.query.correctedText) : null;
  const listing = own ?? topic?.listing ?? null;
  const aspect = aspectAsked(result.query.kind, options);
  // The length or the hour of a meeting is in its account, or that it is not known, however far the question is from it.
  const isTimed = reading.aspect === 'duration' || reading.aspect === 'clock';
  const isTold = isTimed && reading.focus.meetings.length === 1 && judged.verdict === 'not_found';
  const settled = settle(
    isTold ? { ...judged, verdict: 'weak', doubt: { kind: 'vague' } } : judged,
    listing,
    options,
  );
  const { items = [], topics = [] } = reading.listing ?? {};
  const told = topic === null ? topics : [topic.topic];
  const supported = { listing, items, topics: told, aspect };
  const ranked = ordered(result, supported, allowed);
  const isFound = settled.verdict !== 'not_found';
  const chosen = isFound ? select(index, ranked, k) : [];
  // A passage may have taken the place of one that it repeats: what the first one shown states is what counts.
  const [first] = chosen;
  const shown = first === undefined ? ranked : firstOf(ranked, [first.best.ordinal]);
  // Where nothing answers, nothing differs.
  const isAnswered = settled.verdict === 'answered' || (isFound && aspect !== null);
  const mayDiffer = listing === null && isAnswered && !isRefuted(settled.doubt);
  const stated = mayDiffer ? versionsOf(result, shown) : null;
  const quoted = stated === null ? [] : quoting(shown, stated);
  const all = stated === null ? chosen : select(index, firstOf(ranked, quoted), k, quoted);
  const found = all.map((one) => ({ ...one, best: withAnswer(index, one.best, result.query) }));
  const versions = stated === null ? null : ranksOf(stated, found);
  const { verdict, doubt, confidence } = revised(settled, {
    result,
    reading,
    listing,
    found,
    versions,
    aspect,
  });
  return {
    verdict,
    reason: doubt === null ? null : reasonFor(doubt, reading.language),
    doubt,
    confidence,
    listing,
    versions,
    excerpts: found.map((selected, at) =>
      excerptOf(selected, { index, library, meeting, rank: at + 1 }),
    ),
  };
}

/** The documents or the itinerary do not have what the question names. */
function isRefuted(doubt: Doubt | null): boolean {
  return doubt !== null && ['itinerary', 'unmentioned', 'apart'].includes(doubt.kind);
}

/** What supports the list or states the length comes first, or what was said by whom the question asks for. */
function ordered(
  result: SearchResult,
  supported: Supported,
  allowed: AnswerOptions['allowed'],
): readonly Ranked[] {
  const { listing, aspect } = supported;
  if (listing !== null || (aspect !== null && aspect.key !== '')) {
    return supporting(result, supported, allowed);
  }
  const led = aspect === null ? null : leading(result, aspect, allowed);
  return led ?? spokenBy(result) ?? result.ranked;
}

/** Three words with a capital and without an end: a heading, whatever the page calls it. */
const HEADS = /^\p{Lu}[^\s]*(?: [^\s]+){0,2}(?<![.!?:;)\]"”\d])$/u;

/** An opening that holds this share of a question is what it is about. */
const IS_ABOUT_OPENING = 0.9;

/**
 * What heads a section or asks a question answers nothing, nor does the opening of a meeting (who, where, when) tell why something
 * else was: the best of the sentences below it.
 */
function withAnswer(index: SearchIndex, ranked: Ranked, { kind, latin }: Query): Ranked {
  const { ordinal, best, sentences } = ranked;
  const isOpening = index.document(ordinal).meeting !== null && index.isFirst(ordinal);
  const tellsWhy =
    kind !== 'reason' ||
    !isOpening ||
    best?.at !== 0 ||
    best.name > 0 ||
    best.coverage >= IS_ABOUT_OPENING ||
    latin !== index.isLatin(ordinal);
  const { headings } = index.passage(ordinal);
  const answers = (at: number | undefined): boolean => {
    const text = sentenceText(index, ordinal, at);
    return !/^[^:;—]*[?？]$|^$/.test(text) && !HEADS.test(text) && !headings.includes(text);
  };
  if (tellsWhy && answers(best?.at)) return ranked;
  const others = sentences.filter(({ at }) => at > (best?.at ?? -1) && answers(at));
  const [first = best] = others.toSorted((a, b) => b.score - a.score);
  return { ...ranked, best: first };
}

/** These passages of the ranking first, in the order given. */
function firstOf(ranked: readonly Ranked[], ordinals: readonly number[]): readonly Ranked[] {
  const first = ordinals.flatMap((one) => ranked.find(({ ordinal }) => ordinal === one) ?? []);
  return [...first, ...ranked.filter(({ ordinal }) => !ordinals.includes(ordinal))];
}

/** The versions that the excerpts state; null for fewer than two. */
function ranksOf(stated: readonly Stated[], found: readonly Selected[]): Version[] | null {
  const versions = stated.map(({ value, ordinals }) => ({
    value,
    excerpts: found.flatMap(({ members }, at) =>
      members.some(({ ordinal }) => ordinals.includes(ordinal)) ? at + 1 : [],
    ),
  }));
  const quoted = versions.filter(({ excerpts }) => excerpts.length > 0);
  return quoted.length > 1 ? quoted : null;
}

/**
 * A list, or the "yes" to a question whether something took place; of other meetings than the one that is asked about, none.
 */
export function listingOf({
  reading,
  itinerary,
  meeting,
}: Pick<AnswerOptions, 'itinerary' | 'meeting'> & {
  readonly reading: ItineraryReading;
}): Listing | null {
  const { listing, settled, language } = reading;
  if (meeting !== null && listing?.meetings.some(({ id }) => id !== meeting)) return null;
  if (listing !== null && isCircular(listing, reading)) return null;
  if (listing !== null) {
    const { kind, title, value, meetings, note } = listing;
    return { kind, title, value, meetings, note };
  }
  if (settled?.kind !== 'yes' || !settled.asked) return null;
  const title = itinerary.text(settled, language);
  return { kind: 'yes', title, value: 'yes', meetings: settled.nearest, note: null };
}

/** "Where was the lunch in Lima?" is not answered by "Lima". */
function isCircular(
  { kind, value }: Pick<Listing, 'kind' | 'value'>,
  { named }: ItineraryReading,
): boolean {
  const asked = named.toLowerCase();
  return (
    kind === 'places' &&
    typeof value === 'string' &&
    asked.includes(value.toLowerCase()) &&
    !/ or /.test(asked)
  );
}

/** Meetings that a question speaks of, when they are few enough to tell passages apart. */
const MOST_IN_FOCUS = 3;

export function focusOf({ focus }: ItineraryReading): readonly string[] {
  return focus.meetings.length <= MOST_IN_FOCUS ? focus.meetings : [];
}

function excerptOf(
  { members, best, alsoReportedBy }: Selected,
  {
    index,
    library,
    meeting,
    rank,
  }: Pick<AnswerOptions, 'index' | 'library' | 'meeting'> & { readonly rank: number },
): Excerpt {
  const passages = members.map(({ ordinal }) => index.passage(ordinal));
  const bestPassage = index.passage(best.ordinal);
  const document = index.document(best.ordinal);
  const start = passages[0]?.start ?? 0;
  const end = passages.at(-1)?.end ?? start;
  const highlight = highlightOf(bestPassage, best);
  const text = document.text.slice(start, end);
  const sources = citeSources(library, passages, highlight);
  const sentence = highlight ?? { start, end: start + (text.split('\n')[0] ?? '').length };
  return {
    rank,
    text,
    highlight: highlight === null ? null : [highlight.start - start, highlight.end - start],
    document: citeDocument(document, { start, end }),
    meeting: citeMeeting(library, bestPassage, meeting),
    quoted: quotedOf(document, sources, sentence),
    sources,
    alsoReportedBy,
    score: best.score,
  };
}
