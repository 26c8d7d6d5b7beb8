import { sourcesWithin } from './citations.ts';
import { travellersOf } from './meeting-texts.ts';
import type { Answer, CitedSource, Excerpt, Listing } from './types.ts';
import { sentencesOf } from '../corpus/sentences.ts';
import type { Document, Meeting, Source, Span } from '../corpus/types.ts';
import {
  type AnswerKind,
  holdsKind,
  kindAsked,
  kindAskedInJapanese,
  spansOfKind,
} from '../language/answer-kinds.ts';
import { fold, stem, type Word, wordsOf } from '../language/words.ts';

/** A sentence of an excerpt, ready to be shown. All ranges are of `excerpt.text`. */
export interface Quote {
  readonly excerpt: Excerpt;
  /** The sentence, with its neighbour where it cannot be understood alone. */
  readonly shown: Range;
  /** The words that tell; none where the answer is uncertain. */
  readonly telling: readonly Range[];
  /** What the sentence rests on, that first which its link leads to. */
  readonly sources: readonly CitedSource[];
}

/** What of an answer is read in one glance. */
export interface Glance {
  /** Null where nothing was found. */
  readonly quote: Quote | null;
  /** Where sources differ on what is asked: the sentences that state the versions, each once; else empty. */
  readonly versions: readonly { readonly values: readonly string[]; readonly quote: Quote }[];
  /** Excerpts that answer too or, where the answer is uncertain, that are closest, the first among them. */
  readonly more: readonly Excerpt[];
}

/** What a glance needs of a snapshot. */
export interface SnapshotDocuments {
  readonly meetings: readonly Meeting[];
  readonly documents: ReadonlyMap<string, Document>;
  readonly sources: ReadonlyMap<string, Source>;
}

/**
 * A further excerpt answers too when its score is at most this much lower than the first one's: its odds of being right are then a
 * fiftieth of the first one's or more.
 */
const FURTHER_BY = 4;
/** Passages to look through where none clearly answers. */
const CLOSEST = 3;
/** A sentence and its neighbour that are longer than this are no glance. In characters. */
const LONGEST_PAIR = 330;

export function glanceOf(answer: Answer, snapshot: SnapshotDocuments): Glance {
  const { excerpts, verdict } = answer;
  const [first] = excerpts;
  if (first === undefined || verdict === 'not_found')
    return { quote: null, versions: [], more: [] };
  const versions = versionsOf(answer, snapshot);
  const quote = quoteOf(first, { answer, snapshot, isTold: verdict === 'answered' });
  // A list is whole by itself, and one sentence that says so is enough.
  if (answer.listing !== null)
    return { quote: quote.telling.length > 0 ? quote : null, versions, more: [] };
  const isDoubted = verdict === 'weak' && versions.length === 0;
  const isShown = new Set(versions.map((version) => version.quote.excerpt.rank)).add(first.rank);
  const more = isDoubted
    ? excerpts.slice(0, CLOSEST)
    : excerpts.filter(
        (excerpt) => !isShown.has(excerpt.rank) && answersToo(answer.question, excerpt, first),
      );
  return { quote, versions, more };
}

function answersToo(question: string, excerpt: Excerpt, first: Excerpt): boolean {
  const kind = kindOf(question);
  const { text, highlight, score } = excerpt;
  if (highlight === null || score < first.score - FURTHER_BY) return false;
  return kind === null || holdsKind(text.slice(...highlight), kind);
}

function quoteOf(
  excerpt: Excerpt,
  { answer, snapshot, isTold }: { answer: Answer; snapshot: SnapshotDocuments; isTold: boolean },
): Quote {
  const { text, highlight } = excerpt;
  const sentence = highlight ?? openingOf(text);
  const told = isTold ? tellingIn(text.slice(...sentence), answer, snapshot) : [];
  return {
    excerpt,
    shown: understandable(text, sentence, answer.question),
    telling: told.map(([start, end]) => [sentence[0] + start, sentence[0] + end]),
    sources: sourcesOf(excerpt, sentence, snapshot),
  };
}

function openingOf(text: string): Range {
  const [opening] = sentencesOf(text);
  return [opening?.start ?? 0, opening?.end ?? text.length];
}

/** The telling words of a sentence; of a list, what of it the sentence names. */
function tellingIn(
  sentence: string,
  { question, listing }: Answer,
  { meetings }: SnapshotDocuments,
): readonly Range[] {
  if (listing !== null && listing.value !== 'yes') return listedIn(sentence, listing);
  return tellingWords(question, sentence, namesMet(meetings));
}

/** Whom a snapshot has as met, as they can stand in a sentence. */
function namesMet(meetings: readonly Meeting[]): readonly string[] {
  const travellers = travellersOf(meetings);
  const people = meetings.flatMap((meeting) => meeting.people.map(({ name }) => name));
  return withSurnames(people.filter((name) => !travellers.has(name)));
}

/** What of a list's value a sentence states: the count with its noun, the date, or the names. */
function listedIn(sentence: string, { kind, value, title }: Listing): Range[] {
  if (value === null) return [];
  const names = typeof value === 'number' ? [] : value.split(LIST_JOINTS);
  const count = String(typeof value === 'number' ? value : names.length);
  const counted = spansOfKind(sentence, 'amount').filter(([start, end]) => {
    const words = sentence.slice(start, end);
    const noun = / (\p{L}+)$/u.exec(words)?.[1] ?? '';
    return (
      wordsOf(words).some(({ folded }) => folded === count) && title.toLowerCase().includes(noun)
    );
  });
  if (counted.length > 0) return counted;
  // "San José, C.R." is San José too.
  const short = names.map((name) => name.replace(/,? (?:\p{Lu}\.)+$/u, ''));
  const named = namesIn(sentence, kind === 'people' ? withSurnames(names) : [...names, ...short]);
  // Below the names of all places, one that tells of few of them says nothing more.
  return OF_PLACES.includes(kind) && 2 * named.length < names.length ? [] : named;
}

const OF_PLACES: readonly string[] = ['countries', 'cities', 'route'];
const LIST_JOINTS = /, (?!\d{4}\b)| → | – /;

/** Begins with what only the sentence before it names. */
const POINTS_BACK =
  /^(?:(?:And|But|Then|Also|Later|Afterwards|There|Here|At it|In it|For (?:him|her|them|it)),? )*(It|They|This|These|Those|That|Their|Its|Both|He|His|She|Her|Another|The (?:two|three|four|other|others|latter|former|same))\b(?! (?:evening|morning|afternoon|day|night)\b)/;
/** Announces what only the sentence after it says. */
const POINTS_ON = /:\s*$/;

/** The sentence alone where it can be understood alone, else with the neighbour that it points to. */
function understandable(text: string, [start, end]: Range, question: string): Range {
  const own = text.slice(start, end);
  const word = POINTS_BACK.exec(own)?.[1] ?? '';
  const isPointingOn = POINTS_ON.test(own);
  // Whom the question calls "she", the asker knows.
  const isKnown = /^(?:He|His|She|Her)$/.test(word) && /\b(?:s?he|hers?|his|him)\b/i.test(question);
  const isPointingBack = word !== '' && !isKnown;
  if (!isPointingBack && !isPointingOn) return [start, end];
  const sentences = sentencesOf(text);
  const at = sentences.findIndex((sentence) => sentence.start >= start);
  const [before, after] = [sentences[at - 1], sentences[at + 1]];
  const isPair = (first: Span, second: Span): boolean =>
    !text.slice(first.end, second.start).includes('\n\n') &&
    second.start - first.end < 3 &&
    second.end - first.start <= LONGEST_PAIR;
  if (isPointingBack && before !== undefined && isPair(before, { start, end })) {
    const isHelp = !POINTS_BACK.test(text.slice(before.start, before.end));
    if (isHelp) return [before.start, end];
  }
  const isAnnounced = isPointingOn && after !== undefined && isPair({ start, end }, after);
  return isAnnounced ? [start, after.end] : [start, end];
}

/** The sources of a sentence as its footnotes name them; those of the excerpt where it has none of its own. */
function sourcesOf(
  excerpt: Excerpt,
  [start, end]: Range,
  { documents }: SnapshotDocuments,
): CitedSource[] {
  const document = documents.get(excerpt.document.id);
  const offset = document?.text.indexOf(excerpt.text) ?? -1;
  if (document === undefined || offset < 0) return [...excerpt.sources];
  const own = sourcesWithin(document, offset + start, offset + end);
  const cited = own.flatMap((id) => excerpt.sources.find((source) => source.id === id) ?? []);
  return cited.length > 0 ? cited : [...excerpt.sources];
}

function versionsOf(answer: Answer, snapshot: SnapshotDocuments): Glance['versions'] {
  // One sentence may state several.
  const bySentence = new Map<string, Glance['versions'][number]>();
  for (const { value, excerpts } of answer.versions ?? []) {
    const [quote] = answer.excerpts.flatMap((excerpt) =>
      excerpts.includes(excerpt.rank)
        ? (versionIn(excerpt, value, { answer, snapshot }) ?? [])
        : [],
    );
    if (quote === undefined) continue;
    const key = `${quote.excerpt.rank} ${quote.shown[0]}`;
    const { values = [], quote: known } = bySentence.get(key) ?? {};
    const telling = [...(known?.telling ?? []), ...quote.telling];
    bySentence.set(key, {
      values: [...values, value],
      quote: { ...quote, telling: telling.toSorted(([a], [b]) => a - b) },
    });
  }
  const versions = [...bySentence.values()];
  return versions.flatMap(({ values }) => values).length < 2 ? [] : versions;
}

/** The sentence of an excerpt that holds a value, with the value in bold. */
function versionIn(
  excerpt: Excerpt,
  value: string,
  { answer, snapshot }: { answer: Answer; snapshot: SnapshotDocuments },
): Quote | null {
  const { text } = excerpt;
  const kind = kindOf(answer.question);
  for (const { start, end } of sentencesOf(text)) {
    const sentence = text.slice(start, end);
    const at = sentence.indexOf(value);
    if (at < 0) continue;
    const spans = kind === null ? [] : spansOfKind(sentence, kind);
    const [from, to] = spans.find(([first, last]) => first <= at && at + value.length <= last) ?? [
      at,
      at + value.length,
    ];
    return {
      excerpt,
      shown: [start, end],
      telling: [[start + from, start + to]],
      sources: sourcesOf(excerpt, [start, end], snapshot),
    };
  }
  return null;
}

export type Range = readonly [start: number, end: number];

/** More stretches of the kind asked for do not tell one answer. */
const MOST_STRETCHES = 4;
/** An answer in words has at least this many words that the question has not. */
const FEWEST_NEW_WORDS = 2;

/** Words that ask or hold a question together, not such as it is about. */
const FORM_WORDS = new Set(
  'what which who whom whose when where why how many much did do does is are was were be been has have had will would can could should may might a an the of in on at to for from with by about into over during and or but not it its they their them there he him his she her hers we us our you your i me my this that these those any some all'.split(
    ' ',
  ),
);
/** A word behind one of these is no verb of the question. */
const BEFORE_NOUNS = new Set(
  'what which many much a an the of in on at to for from with by about into over during and or its their his her our your my this that these those any some all'.split(
    ' ',
  ),
);
/** "Who was Curie?" asks for a description, not for a name. */
const ASKS_WHO_SOMEBODY_IS = /\bwho(?:'s|’s| is| was| are| were) (?:the )?\p{Lu}/iu;
/** Where a clause that answers ends. Commas alone do not end it: they join lists. */
const CLAUSE_END =
  /[;—–]|, (?=(?:which|who|whom|whose|where|when|while|but|as|although|though|the|an?|and (?:he|she|they|it|that))\b)|[.!?]["”’)]*$/;

/** What a question asks for, by its form, in either language; null where its form does not tell. */
function kindOf(question: string): AnswerKind | null {
  const kind = kindAsked(question) ?? kindAskedInJapanese(question);
  return kind === 'person' && ASKS_WHO_SOMEBODY_IS.test(question) ? null : kind;
}

/**
 * The words of a sentence that tell what the question asks for: figures, dates, names or reasons where the question asks for
 * them, else what follows the question's verb; the whole sentence where its form does not show them.
 *
 * @param people names that answer a question for a person, as they can stand in a sentence
 */
export function tellingWords(
  question: string,
  sentence: string,
  people: readonly string[],
): readonly Range[] {
  const kind = kindOf(question);
  const asked = new Set(contentOf(question));
  const isNew = ([start, end]: Range): boolean => {
    const words = contentOf(sentence.slice(start, end));
    // Whom the question calls by the surname is not the answer under the full name.
    return (kind === 'person' ? words.slice(-1) : words).some((word) => !asked.has(word));
  };
  if (kind !== null) {
    const spans = kind === 'person' ? namesIn(sentence, people) : spansOfKind(sentence, kind);
    const fresh = spans.filter(isNew);
    const counted = fresh.filter(([start, end]) =>
      contentOf(sentence.slice(start, end)).some((word) => asked.has(word)),
    );
    const told = kind === 'amount' && counted.length > 0 ? counted : fresh;
    if (told.length > 0 && told.length <= MOST_STRETCHES) return told;
  }
  return [clauseAfterVerb(question, sentence) ?? [0, sentence.length]];
}

/** People's names, and the last word of each. */
export function withSurnames(names: readonly string[]): string[] {
  return names.flatMap((name) => [name, name.split(' ').at(-1) ?? name]);
}

/** Where a text has names out of a list, the longest where several fit. */
export function namesIn(text: string, names: readonly string[]): Range[] {
  const found: Range[] = [];
  // An empty name occurs everywhere, and the search for it would never end.
  const forms = [...new Set(names)].filter((name) => name.trim() !== '');
  for (const form of forms.sort((a, b) => b.length - a.length)) {
    for (let at = text.indexOf(form); at >= 0; at = text.indexOf(form, at + form.length)) {
      const end = at + form.length;
      const isWord =
        !/\p{L}$/u.test(text.slice(Math.max(0, at - 2), at)) &&
        !/^\p{L}/u.test(text.slice(end, end + 2));
      if (isWord && !found.some((range) => range[0] < end && at < range[1])) found.push([at, end]);
    }
  }
  return found.sort((a, b) => a[0] - b[0]);
}

/** What follows the question's verb in a sentence, up to the end of the clause. */
function clauseAfterVerb(question: string, sentence: string): Range | null {
  const asked = new Set(contentOf(question));
  const verbs = new Set(verbsOf(question));
  const words = wordsOf(sentence);
  const isAsked = ({ folded }: Word): boolean => asked.has(stem(folded));
  for (const [at, word] of words.entries()) {
    if (word.capitalised || !verbs.has(stem(word.folded))) continue;
    const rest = words.slice(at + 1);
    const first = rest.find((each) => !isAsked(each));
    if (first === undefined) return null;
    const stop = CLAUSE_END.exec(sentence.slice(first.start));
    const end = stop === null ? sentence.length : first.start + stop.index;
    const told = rest.filter((each) => each.start >= first.start && each.end <= end);
    const fresh = told.filter((each) => !FORM_WORDS.has(each.folded) && !isAsked(each));
    if (fresh.length >= FEWEST_NEW_WORDS) return [first.start, end];
  }
  return null;
}

function verbsOf(question: string): string[] {
  const words = wordsOf(question);
  return words.flatMap(({ folded, capitalised }, at) => {
    const before = words[at - 1]?.folded;
    const isVerb = before !== undefined && !capitalised && !BEFORE_NOUNS.has(before);
    return isVerb && !FORM_WORDS.has(folded) ? [stem(folded)] : [];
  });
}

/** Stems of the words that a text is about. */
function contentOf(text: string): string[] {
  return wordsOf(text).flatMap(({ folded }) =>
    FORM_WORDS.has(folded) ? [] : [stem(fold(folded))],
  );
}
