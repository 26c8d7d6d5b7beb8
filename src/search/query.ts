import { isNameLike, type LexicalIndex, type WordUse } from '../index/lexical.ts';
import { kindAsked, kindAskedInJapanese } from '../language/answer-kinds.ts';
import { type NameTable, pairsOf, termsOfWords } from '../language/terms.ts';
import {
  boundedDistance,
  isEnglishWord,
  UNSPACED,
  isMostlyLatin,
  isStopWord,
  lettersApart,
  lettersOf,
  relatedWords,
  stem,
  type Word,
  wordsOf,
} from '../language/words.ts';
import type { JapaneseNames } from '../language/names.ts';

/** A term of the corpus related to a word of the question. */
interface RelatedTerm {
  readonly termId: number;
  /** 0 to 1. */
  readonly similarity: number;
}

/** A term of the question. */
export interface QueryTerm {
  readonly term: string;
  /** Null when no passage holds the term. */
  readonly termId: number | null;
  readonly weight: number;
  readonly idf: number;
  /** Where it begins in the question. */
  readonly start: number;
  /** The words of the question it comes from, as typed. */
  readonly typed: string;
  /** The corpus's spelling, when the typed one was corrected. */
  readonly corrected: string | null;
  /** A name: by its form in the question, by the corpus's use of it, or because it is a country's. */
  readonly name: boolean;
  /** A verb that says little of what the question is about. */
  readonly light: boolean;
  /** Stands before or after the question proper. */
  readonly inContext: boolean;
  /** Terms of the corpus that mean nearly the same. */
  readonly related: readonly RelatedTerm[];
}

/** A question made ready for search. */
export type Query = Readonly<ReturnType<typeof readQuestion>>;

export interface QueryTools {
  readonly names: NameTable;
  readonly japaneseNames: JapaneseNames;
  readonly lexical: LexicalIndex;
  readonly spelling: SpellingCorrector;
}

const MAX_RELATED = 5;

/** Verbs that say little of what a question is about; the corpus uses them by chance. */
const LIGHT_VERBS = new Set(
  'see saw seen go goes going went gone come comes came put puts take takes took taken give gives gave given keep kept set use used want wanted need needed run ran bring brought pass pay work mean meant call called turn look looked find found'.split(
    ' ',
  ),
);
const LIGHT_VERB_WEIGHT = 0.4;

/**
 * A pair of neighbouring words in addition to the words themselves. By cross-validation on the development questions hit@1 is
 * .710 without pairs, .721, .727 and .727 at 0.3, 0.5 and 0.7.
 */
const PAIR_WEIGHT = 0.5;

export function readQuestion(text: string, tools: QueryTools) {
  const { names, japaneseNames, lexical } = tools;
  const { cleaned, start, end } = coreQuestion(text);
  const typed = wordsOf(cleaned);
  const corrections = correctionsOf(typed, tools);
  const words = typed.map((word) => ({
    ...word,
    folded: corrections.get(word.start) ?? word.folded,
  }));
  // Capitals tell names apart only where not every word has one.
  const shouting = typed.length > 1 && typed.every((word) => word.capitalised);
  const seen = new Set<string>();
  const terms: QueryTerm[] = [];
  const latin = isMostlyLatin(cleaned);
  const uses = termsOfWords(words, names);
  const pairs = pairsOf(uses, cleaned).filter(({ term }) => lexical.termId(term) !== null);
  // Words without Latin letters and digits that are none of the corpus'.
  const foreignUses = uses.filter(
    ({ term }) => lexical.termId(term) === null && !/[\p{Script=Latin}\p{N}]/u.test(term),
  );
  const foreign = !latin && 2 * foreignUses.length >= uses.length;
  const namesRead = latin ? [] : japaneseNames.wordsIn(cleaned);
  const translated = termsOfWords(namesRead, names);
  for (const use of [...uses, ...pairs, ...translated]) {
    const termId = lexical.termId(use.term);
    // What a text in another script has next to it, a number for example, is missed in no document.
    if (seen.has(use.term) || (foreign && termId === null)) continue;
    seen.add(use.term);
    const correction = corrections.get(use.word.start) ?? null;
    const first = words[0]?.start === use.word.start;
    const name = termId !== null && lexical.isName(termId);
    const inContext = use.word.start < start || use.word.start >= end;
    const isPair = pairs.includes(use);
    const light = use.own && LIGHT_VERBS.has(use.word.folded);
    terms.push({
      term: use.term,
      termId,
      weight:
        use.weight *
        (isPair ? PAIR_WEIGHT : 1) *
        (light ? LIGHT_VERB_WEIGHT : 1) *
        (inContext ? CONTEXT_WEIGHT : 1),
      idf: lexical.idf(termId),
      start: use.word.start,
      typed: text.slice(use.word.start, use.end),
      corrected: correction,
      light,
      inContext,
      name:
        use.term.startsWith('=') ||
        name ||
        (use.word.capitalised && !first && !shouting && !isPair),
      // Names have no synonyms, only company: "Silva" would bring "Ana" and "President".
      related:
        name || light || !use.own || use.term.startsWith('=')
          ? []
          : relatedTerms(use.word.folded, termId, lexical),
    });
  }
  // Words of the names that were translated are read.
  const isRead = (word: Word): boolean =>
    namesRead.some(({ start: from, end: to }) => word.start < to && from < word.end);
  const span = countedSpan(cleaned, words);
  const counted = terms.filter(
    ({ start: at }) => span !== null && span.start <= at && at < span.end,
  );
  const isCurrency = counted.some(({ typed: word }) => CURRENCY.test(word.toLowerCase()));
  const currencies = CURRENCIES.flatMap((word) => lexical.termId(stem(word)) ?? []);
  const corrected = withCorrections(inSmallLetters(cleaned, typed, lexical), typed, corrections)
    .replace(/\s+/g, ' ')
    .trim()
    .replace(LASTED, 'how long was $1');
  return {
    text,
    /**
     * The text without fillers, misspelt names corrected, "how long did it last" put plainly: what is embedded. Without the mark of a question around it: "could
     * you tell me about Lima?" is asked like "Lima".
     */
    correctedText: cleaned === text ? corrected : corrected.replace(/[\s?!.]+$/u, ''),
    terms,
    /** Most of its letters are Latin. */
    latin,
    /** Most of it is in a script of which the documents have no words: above all its vector tells what it asks. */
    foreign,
    /** Has words in such a script that no term stands for. */
    hasUnread:
      foreign && uses.some(({ word, term }) => lexical.termId(term) === null && !isRead(word)),
    /** Term ids of what "how many" counts; null when nothing is counted. */
    counted: span === null ? null : new Set(counted.flatMap(({ termId }) => termId ?? [])),
    /** Term ids of the currencies that are not the one asked for; empty when none is. */
    otherCurrencies: new Set(
      isCurrency ? currencies.filter((id) => counted.every(({ termId }) => termId !== id)) : [],
    ),
    kind: latin ? kindAsked(cleaned.slice(start, end)) : kindAskedInJapanese(cleaned),
    /** Speaks of the asker or to the bot, as small talk does. */
    aboutAsker: /(?<!\bthe )\b(?:i|me|my|mine|you|your|yours)\b/i.test(cleaned),
    /** Asks how things are at the moment, which no document tells: the hour, the weather. */
    ofNow: OF_NOW.test(cleaned),
  };
}

/** A verb at the end, which the encoder takes for what is not first, or for a name. */
const LASTED = /\bhow long (?:did|does|do|will) (.+) last(?=\W*$)/i;

const OF_NOW =
  /\b(?:right now|rn|at (?:the moment|present)|currently|today|tonight|tomorrow|nowadays)\b|\bwhat time is it\b|\b(?:is|what['’]?s|how['’]?s) the weather\b|今日|明日|今何時|現在の天気/i;

const COUNTING = /\b(?:how many|(?:number|count) of)\b/i;
/** "how many large mobile generators": what is counted is named within this many words. */
const MOST_COUNTED_WORDS = 4;
const PLURAL = /s$|^(?:people|children|men|women|police|staff)$/;

/** "The budget in dollars": whatever it is called, it is counted in these. */
const CURRENCIES = 'dollar yen euro pound franc yuan ruble rouble hryvnia'.split(' ');
const CURRENCY = new RegExp(`^(?:${CURRENCIES.join('|')})s?$`);

/** The words that name what a question counts: a currency, or from "how many" to the first plural, or else the first word. */
function countedSpan(
  text: string,
  words: readonly Word[],
): { readonly start: number; readonly end: number } | null {
  const match = COUNTING.exec(text);
  if (match === null) return words.findLast(({ folded }) => CURRENCY.test(folded)) ?? null;
  const from = match.index + match[0].length;
  const after = words.filter(({ start }) => start >= from).slice(0, MOST_COUNTED_WORDS);
  const telling = after.filter(({ folded }) => !isStopWord(folded));
  const plural = telling.find(({ folded }) => PLURAL.test(folded));
  const last = plural ?? telling[0];
  return last === undefined ? null : { start: from, end: last.end };
}

/** Related words that the corpus uses, the most similar first. Names are company, not synonyms. */
function relatedTerms(folded: string, own: number | null, lexical: LexicalIndex): RelatedTerm[] {
  const found: RelatedTerm[] = [];
  for (const { word, similarity } of relatedWords(folded)) {
    if (found.length === MAX_RELATED) break;
    const termId = lexical.termId(stem(word));
    if (termId === null || termId === own || lexical.isName(termId)) continue;
    if (!found.some((other) => other.termId === termId)) found.push({ termId, similarity });
  }
  return found;
}

/** Each is compared with all words of the corpus, and nobody misspells more. */
const MOST_CORRECTED = 10;

/** The corpus's spelling of misspelt words, by where they begin. */
function correctionsOf(
  words: readonly Word[],
  { names, lexical, spelling }: QueryTools,
): Map<number, string> {
  const corrections = new Map<number, string>();
  let compared = 0;
  for (const word of words) {
    const { folded, start, capitalised } = word;
    const [use] = termsOfWords([word], names);
    // Words of scripts without spaces are too short to be corrected by a letter.
    if (use === undefined || use.term.startsWith('=') || UNSPACED.test(folded)) continue;
    if (lexical.termId(use.term) !== null) continue;
    if (spelling.compares(folded)) compared += 1;
    if (compared > MOST_CORRECTED) break;
    const mayBeSmall = (!capitalised || word === words[0]) && !isEnglishWord(folded);
    const small = mayBeSmall ? smallWordMeant(folded) : null;
    const meant = small ?? spelling.correct(folded)?.word;
    if (meant !== undefined) corrections.set(start, meant);
  }
  return corrections;
}

/** A shouted question as it would be written: names alone have capitals. The same offsets. */
function inSmallLetters(text: string, words: readonly Word[], lexical: LexicalIndex): string {
  if (words.length < 2 || /\p{Ll}/u.test(text) || !/\p{Lu}/u.test(text)) return text;
  let result = text.toLowerCase();
  // Some letters have no small form of one character.
  if (result.length !== text.length) return text;
  for (const { folded, start } of words) {
    const termId = lexical.termId(stem(folded));
    if (termId === null || !lexical.isName(termId)) continue;
    result = result.slice(0, start) + text.charAt(start) + result.slice(start + 1);
  }
  return result;
}

/** The small word whose letters changed places: "abuot", "waht". No document has it to correct by. */
function smallWordMeant(folded: string): string | null {
  for (let at = 1; at < folded.length; at += 1) {
    const [a = '', b = ''] = folded.slice(at - 1, at + 1);
    const swapped = folded.slice(0, at - 1) + b + a + folded.slice(at + 1);
    if (swapped.length > 2 && isStopWord(swapped)) return swapped;
  }
  return null;
}

function withCorrections(
  text: string,
  words: readonly Word[],
  corrections: ReadonlyMap<number, string>,
): string {
  return words.reduceRight((rest, { start, end }) => {
    const right = corrections.get(start);
    return right === undefined ? rest : rest.slice(0, start) + right + rest.slice(end);
  }, text);
}

/**
 * What people write around a question: greetings, thanks, apologies, how they came to ask. General English; a
 * pattern never reaches over a sentence's end.
 */
const FILLERS: readonly RegExp[] = [
  /(?<=[.?!,;\n]\s*)(?:(?:with )?(?:best|kind|kindest|warm) (?:regards|wishes)|regards|(?:yours )?sincerely)\b[,.!]?(?:\s+\p{L}+){0,3}[.!]?\s*$/giu,
  /(?<=\b(?:thanks|thank you|thx|cheers)[,!.\s-]{1,3})\p{Lu}\p{Ll}+[.!]?\s*$/gu,
  /\bwhat (?:do|can) you (?:know|say|tell (?:me|us)) (?:about|of|on)\b/giu,
  /\b(?:can|could|would|will) (?:you|someone|somebody|anyone|anybody)(?: please| kindly)? (?=(?:give|send|get|show) (?:me|us)\b)/giu,
  /\p{Extended_Pictographic}(?:\uFE0F|\p{Emoji_Modifier})?/gu,
  /\b(?:hi|hello|hey|dear|good (?:morning|afternoon|evening|day))(?: (?:all|everyone|everybody|guys|folks|team|there|bot))?(?: (?:my )?(?:friends?|buddy|mate))?\b[,!.]*/giu,
  /\b(?:many thanks|thanks|thank you|thx|cheers)\b(?: (?:a lot|a bunch|so much|very much|again|all|everyone))*(?: (?:in advance|for (?:any|the|your) help))?[,!.]*/giu,
  /\b(?:sorry|apologies|forgive me|excuse me)\b[^.?!:;]{0,60}?(?:[,.:;!]|(?= (?:but|and) ))/giu,
  /\b(?:i|we) (?:was|were|am|'m|have been|'ve been)(?: just)? (?:reading|wondering|watching|thinking|looking|listening|curious|trying)\b(?:[^.?!:;,]{0,60}(?:[,.:;]|(?= and (?:now )?i\b))|(?: (?:if|whether|about))?)/giu,
  /\b(?:and )?(?:now )?i(?: just)? (?:wonder|wondered|want|wanted|need|would like|'d like|would love|'d love)(?: (?:to know|to ask|to find out))?\b(?: (?:if|whether|about))?[,:]?/giu,
  /\b(?:can|could|would|will) (?:you|someone|somebody|anyone|anybody)(?: please| kindly| perhaps)? (?:tell|explain|show|remind|inform|help|say)(?: (?:me|us))?\b(?: (?:if|whether|about|what you know about))?/giu,
  /\b(?:tell|show|remind|give) (?:me|us)(?: (?:more|something|everything|anything))?(?: (?:about|of|on)\b|(?= (?:who|whom|what|when|where|which|why|how|whether|if)\b))/giu,
  /\b(?:do|does) (?:you|anyone|anybody|someone) (?:happen to )?(?:know|remember|recall)\b(?: (?:if|whether))?/giu,
  /\b(?:give|send|get|show) (?:me|us) (?:an? |some |the |all (?:the )?)?(?:short |quick |brief |general )?(?:info(?:rmation)?|overview|summary|details?|facts?|rundown|background)\b(?: (?:on|about|of|for))?/giu,
  /\b(?:an? |the )?(?:short |quick |brief |general )?(?:overview|summary|rundown|info(?:rmation)?|details) (?:on|about|of)\b/giu,
  /\b(?:do|does|is there)(?: (?:the|your|any|anything|something|in|stuff|documents?|files?|sources?|notes|you|have|there))* (?:says?|mentions?|tells?|contains?|have)(?: (?:anything|something))?(?: (?:about|of|on)\b)/giu,
  /\bsummari[sz]e(?: for (?:me|us))?\b/giu,
  /\b(?:quick|small|short|stupid|simple|another|one more) question\b[,:.]?/giu,
  /\b(?:just curious|out of curiosity|asking for a friend|any (?:idea|clue|pointers?|help)(?: (?:if|whether)| (?:is|are|would be|will be)\b[^.?!]{0,30})?)\b[,:.]?/giu,
  /\b(?:please|pls|plz|kindly)\b/giu,
  /\bif (?:anything|at all)\b,?/giu,
  /\bhttps?:\/\/[^\s)\]>]+/giu,
];

/** What ends the sentence before the question; the point of "Mr. Silva" and "U.S. aid" does not. */
const BOUNDARY = /(?<!(?<!\p{L})(?:\p{L}|mr|mrs|ms|dr|st|prof|gen|sen|gov|no|vs))\. |[!:;] |\n/giu;

/** Words of a question's surroundings count this much of the question's own. */
const CONTEXT_WEIGHT = 0.6;

/** Marks around the whole question; those within it belong to what is quoted. */
const QUOTED = /^(\s*)["“”„«'](.*[^\s"“”»'])["“”»']([.?!]?\s*)$/su;

/** The question proper, in offsets of the text, and the text with fillers blanked out (same offsets). */
export function coreQuestion(text: string) {
  const blanked = FILLERS.reduce(
    (rest, filler) => rest.replace(filler, (match) => ' '.repeat(match.length)),
    text,
  );
  const cleaned = blanked.replace(QUOTED, '$1 $2 $3');
  const marks = Array.from(cleaned.matchAll(/\?/g), ({ index }) => index);
  const asked = marks.map((mark, at) => {
    const from = at === 0 ? 0 : (marks[at - 1] ?? 0) + 1;
    const before = cleaned.slice(from, mark);
    const boundary = Math.max(-1, ...Array.from(before.matchAll(BOUNDARY), ({ index }) => index));
    return { start: from + boundary + 1, end: mark + 1 };
  });
  // "Lima? when did she arrive": what follows the last mark may be the question.
  const rest = (marks.at(-1) ?? -1) + 1;
  const said = ({ start, end }: { readonly start: number; readonly end: number }): number =>
    cleaned.slice(start, end).match(/[\p{L}\p{N}]+/gu)?.length ?? 0;
  const proper = [...asked, { start: rest, end: text.length }].reduce((best, other) =>
    said(other) > said(best) ? other : best,
  );
  return { cleaned, ...proper };
}

/** Distance allowed for a word of this many letters: one slip in a short name, two in a long one. */
function allowedDistance(length: number): number {
  if (length < 4) return 0;
  return length < 7 ? 1 : 2;
}

/**
 * Corrects words that the corpus does not hold. Names are corrected boldly; other words only when the language
 * does not know them either, so that "lunch" never becomes "launch".
 */
export class SpellingCorrector {
  /** With the letters of each word. */
  readonly #byLength = new Map<number, { readonly use: WordUse; readonly letters: number }[]>();
  readonly #words = new Set<string>();

  constructor(lexical: LexicalIndex) {
    for (const use of lexical.wordUses) {
      this.#words.add(use.word);
      if (use.word.length < 4 || /\d/.test(use.word)) continue;
      const list = this.#byLength.get(use.word.length) ?? [];
      list.push({ use, letters: lettersOf(use.word) });
      this.#byLength.set(use.word.length, list);
    }
  }

  /** Whether a word that the corpus does not have may be a slip for one that it has. */
  compares(folded: string): boolean {
    return allowedDistance(folded.length) > 0 && !isEnglishWord(folded) && !/\d/.test(folded);
  }

  /** The corpus's word that was most likely meant, or null. `folded` must not be in the corpus. */
  correct(folded: string): WordUse | null {
    if (!this.compares(folded)) return null;
    const limit = allowedDistance(folded.length);
    const letters = lettersOf(folded);
    let best: WordUse | null = null;
    let bestCost = Infinity;
    for (let length = folded.length - limit; length <= folded.length + limit; length++) {
      for (const { use, letters: own } of this.#byLength.get(length) ?? []) {
        if (lettersApart(letters, own) > 2 * limit) continue;
        const isName = isNameLike(use);
        if (!similarStart(folded, use.word)) continue;
        const distance = boundedDistance(folded, use.word, limit);
        if (distance > limit) continue;
        const firstLetterCost = folded[0] === use.word[0] ? 0 : 0.5;
        const cost = distance + firstLetterCost + (isName ? 0 : 0.6) - Math.log1p(use.count) / 50;
        if (cost < bestCost || (cost === bestCost && use.word < (best?.word ?? ''))) {
          best = use;
          bestCost = cost;
        }
      }
    }
    return best;
  }
}

/** The same letter, or the first two in the wrong order. */
function similarStart(a: string, b: string): boolean {
  return a[0] === b[0] || (a[0] === b[1] && b[0] === a[1]);
}
