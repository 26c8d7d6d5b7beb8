import { readFileSync } from 'node:fs';
import { stemmer } from 'stemmer';
import { CARDINAL_WORDS, ORDINAL_WORDS, TENS_WORDS } from './dates.ts';

/** Letters that Unicode does not decompose into a base letter and a diacritic. */
const UNDECOMPOSED: Readonly<Record<string, string>> = {
  ł: 'l',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ı: 'i',
};

/**
 * Lower case without diacritics, compatibility forms or invisible characters: "Türkiye", "TURKIYE" and "ｔürkiye"
 * become equal. The length may change, so fold words, not texts whose offsets matter.
 */
export function fold(text: string): string {
  return (
    text
      // First, because NFKD turns a lone acute accent into a space and a combining mark.
      .replace(/[‘’ʼ`´]/g, "'")
      .normalize('NFKD')
      .toLowerCase()
      .replace(/[\p{M}\p{Cf}]/gu, '')
      .replace(/[łøđðþßæœı]/g, (letter) => UNDECOMPOSED[letter] ?? letter)
  );
}

/** Folded words with single spaces between them: texts that differ in case, accents or punctuation only become equal. */
export function foldedWords(text: string): string {
  return fold(text)
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/** A word of a text, with its offsets. */
export interface Word {
  /** Folded form: lower case, no diacritics, no possessive, numbers without thousands separators. */
  readonly folded: string;
  readonly start: number;
  readonly end: number;
  /** Written in figures, not as a number word. */
  readonly figure: boolean;
  /** Starts with a capital letter. Always false in a text that is all capitals. */
  readonly capitalised: boolean;
  /**
   * Two or more capital letters in a text that is not all capitals, or letters with dots in any case: "US", "NATO",
   * "U.S.", "u.s.".
   */
  readonly acronym: boolean;
}

/**
 * In order: clock times, designations ("F-16s", "PAC-3", "G7"), numbers with separators and ordinal
 * endings, letters with dots between them, runs of Chinese and Japanese script (cut into words afterwards), full-width
 * numbers, and plain words with inner apostrophes.
 */
const WORD =
  /\d{1,2}:\d{2}(?!\d)|(?<![\p{Script=Latin}\p{N}])\p{Script=Latin}{1,3}-?\d{1,3}s?(?![\p{Script=Latin}\p{N}])|\d+(?:[.,]\d+)*(?:(?:st|nd|rd|th)(?!\p{L}))?|(?<![\p{L}\p{N}])\p{L}(?:\.\p{L})+(?!\p{L})\.?|[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー]+|[０-９]+(?:[．，][０-９]+)*|(?:(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}])[\p{L}\p{M}\p{Cf}])+(?:['’][\p{L}\p{M}]+)*/giu;

/** A letter of a script without spaces between words, at the beginning of a text. */
export const UNSPACED = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u;
const segmenter = new Intl.Segmenter('ja', { granularity: 'word' });

const DOTTED = /^\p{L}\./u;

/** Number word → figures, cardinal and ordinal; without "second" and "third", which have other common meanings. */
const NUMBER_WORDS: ReadonlyMap<string, string> = new Map(
  [
    ...CARDINAL_WORDS.slice(1).map((word, index) => [word, 2 + index] as const),
    ...ORDINAL_WORDS.slice(3).map((word, index) => [word, 4 + index] as const),
    ...TENS_WORDS.map((word, index) => [word, 20 + 10 * index] as const),
  ].map(([word, number]) => [word, String(number)]),
);

/** Contractions whose first part is not a word; others are cut by rule ("didn't" → "did"). */
const CONTRACTIONS: ReadonlyMap<string, string> = new Map([
  ["can't", 'can'],
  ["won't", 'will'],
  ["shan't", 'shall'],
  ["ain't", 'is'],
]);

/** From this many words on, a text without a lower-case letter is shouted; a shorter one may be acronyms only. */
const SHOUTED_FROM = 4;

/** Words of a text in order. Number words are folded to figures ("seven" → "7"). */
export function wordsOf(text: string): Word[] {
  const words: Word[] = [];
  const add = (raw: string, start: number): void => {
    const { folded, figure, capitalised, acronym } = formOf(raw);
    if (folded === '') return;
    words.push({ folded, start, end: start + raw.length, figure, capitalised, acronym });
  };
  for (const { 0: found, index } of text.matchAll(WORD)) {
    if (!UNSPACED.test(found)) add(found, index);
    else for (const { raw, at } of segmentsOf(found)) add(raw, index + at);
  }
  const shouted = words.length >= SHOUTED_FROM && !/\p{Ll}/u.test(text);
  if (!shouted) return words;
  return words.map((word) => ({
    ...word,
    capitalised: false,
    acronym: DOTTED.test(text.slice(word.start, word.end)),
  }));
}

/** The words of a name, folded; names of places are added to a new table at every load of an index. */
export const wordsOfName: (name: string) => readonly string[] = memoised((name) =>
  wordsOf(name).map(({ folded }) => folded),
);

/** Longer runs are cut before they are segmented, whose time grows with the square of the length. */
const LONGEST_RUN = 500;

/** Words of a run of Chinese or Japanese script. */
function segmentsOf(run: string): { raw: string; at: number }[] {
  const found: { raw: string; at: number }[] = [];
  for (let from = 0; from < run.length; from += LONGEST_RUN) {
    for (const { segment, index } of segmenter.segment(run.slice(from, from + LONGEST_RUN))) {
      found.push({ raw: segment, at: from + index });
    }
  }
  return found;
}

type Form = Omit<Word, 'start' | 'end'>;

const formOf = memoised((raw): Form => ({
  folded: foldWord(raw),
  figure: /^\p{N}/u.test(raw),
  capitalised: /^\p{Cf}*\p{Lu}/u.test(raw),
  acronym: DOTTED.test(raw) || isInCapitals(raw),
}));

function isInCapitals(raw: string): boolean {
  const letters = raw.replace(/[^\p{L}]/gu, '');
  return letters.length >= 2 && letters === letters.toUpperCase() && /\p{Lu}/u.test(letters);
}

function foldWord(raw: string): string {
  if (/^\p{N}/u.test(raw)) {
    if (raw.includes(':')) return raw;
    const plain = raw
      .normalize('NFKC')
      .toLowerCase()
      .replace(/(st|nd|rd|th)$/, '');
    return plain.replace(/,(?=\d{3}(?:\D|$))/g, '');
  }
  let folded = fold(raw);
  if (/^[a-z]{1,3}-?\d/.test(folded)) return folded.replace('-', '').replace(/s$/, '');
  if (DOTTED.test(raw)) return folded.replaceAll('.', '');
  folded = CONTRACTIONS.get(folded) ?? folded.replace(/n't$/, '');
  folded = folded.replace(/'(?:s|re|ve|ll|d|m)?$/, '').replaceAll("'", '');
  return NUMBER_WORDS.get(folded) ?? folded;
}

/**
 * Words that carry grammar, not subject. They include question words and verbs of asking ("who", "tell", "happened"),
 * which say what kind of answer is wanted (see answer-kinds.ts), not what it is about.
 */
const STOP_WORDS = new Set(
  `a about after again all also am an and any anybody anyone anything are as at be because been before being
  between both but by can cannot could did do does doing done during each either else ever every
  for from get gets got had has have having he hello her here hers herself hey hi him himself his how however i
  if in into is it its itself just know let like make many may me might more most much must my myself no nor not now
  of off oh ok okay on once one only or other our ours out over own please pls quite rather really s same say said says
  shall she should so some somebody someone something such t tell than that the their theirs them themselves then
  there these they this those though through thing things to too u um until up upon us very via was we well were what whatever
  when whenever where wherever whether which whichever while who whoever whom whose why will with within without would
  yes yet you your yours yourself happen happened happens exactly actually wondering wonder explain describe
  regarding concerning somewhere supposed supposedly apparently often probably perhaps roughly
  anyway kind sort lot bit maybe guess hear heard question answer dont didnt doesnt cant
  wont couldnt wouldnt shouldnt wasnt isnt arent werent hasnt havent hadnt whats wheres whens hows whos whys thats theres im ive
  youre theyre`
    .split(/\s+/)
    .filter((word) => word !== ''),
);

/** Particles, auxiliaries and question words of Japanese, as they are after {@link fold}. */
const JAPANESE_STOP_WORDS = new Set(
  `は が を に へ と で も の や か ね よ な ん から まで より など て た だ し れ ら さ せ ば です ます でし まし ませ する した して します しました
  しまし いる いた います ある あり あった あります なる なっ なり なら ない なく なかっ れる られる せる こと もの ため よう そう これ それ あれ この その あの
  ここ そこ について として による において という といっ ところ さん 氏 何 誰 どこ いつ どう どの どれ なぜ いくつ いくら どなた 教え ください`
    .split(/\s+/)
    .map(fold),
);

/** Whether a folded word carries no subject. */
export function isStopWord(folded: string): boolean {
  return STOP_WORDS.has(folded) || JAPANESE_STOP_WORDS.has(folded);
}

/**
 * Irregular plurals and verbs, which Porter's rules leave apart from their base, which comes first. Without forms that are
 * more often another word ("left", "found", "saw", "ground").
 */
const IRREGULAR: ReadonlyMap<string, string> = new Map(
  (
    'child children, woman women, man men, congresswoman congresswomen, begin began begun, blow blew blown, ' +
    'break broke broken, bring brought, build built, buy bought, catch caught, choose chose chosen, come came, ' +
    'deal dealt, draw drew drawn, drink drank drunk, drive drove driven, eat ate eaten, fall fell fallen, feel felt, ' +
    'fight fought, fly flew flown, forget forgot forgotten, forgive forgave forgiven, freeze froze frozen, ' +
    'get got gotten, give gave given, go went gone, grow grew grown, hear heard, hide hid hidden, hold held, ' +
    'keep kept, know knew known, lead led, lend lent, lose lost, make made, mean meant, meet met, pay paid, ' +
    'ride rode ridden, rise risen, run ran, say said, seek sought, sell sold, send sent, shake shook shaken, ' +
    'shoot shot, sing sang sung, sink sank sunk, sit sat, sleep slept, speak spoke spoken, spend spent, ' +
    'stand stood, steal stole stolen, strike struck stricken, swear swore sworn, sweep swept, swim swam swum, ' +
    'take took taken, teach taught, tell told, think thought, throw threw thrown, undergo underwent undergone, ' +
    'understand understood, wake woke woken, wear wore worn, win won, withdraw withdrew withdrawn, write wrote written'
  )
    .split(', ')
    .map((row) => row.split(' '))
    .flatMap(([base = '', ...forms]) => forms.map((form) => [form, base] as const)),
);

/** Words that mean something else without their ending: the news is not new. */
const UNSTEMMED = new Set(['news', 'evening']);

/**
 * Stem of a folded word: Porter's algorithm (M. F. Porter, "An algorithm for suffix stripping", 1980) after irregular
 * forms are replaced. Words with characters other than a-z are returned as they are.
 */
export const stem: (folded: string) => string = memoised((folded) =>
  /^[a-z]+$/.test(folded) && !UNSTEMMED.has(folded)
    ? stemmer(IRREGULAR.get(folded) ?? folded)
    : folded,
);

const MOST_MEMOISED = 50_000;

/**
 * Remembers results, because the same few thousand words recur; emptied when full. A plain Map: looking up in an LRU
 * cache takes twice as long, and this is the innermost loop of a build.
 */
function memoised<Value>(compute: (text: string) => Value): (text: string) => Value {
  const results = new Map<string, Value>();
  return (text) => {
    const known = results.get(text);
    if (known !== undefined) return known;
    const value = compute(text);
    if (results.size >= MOST_MEMOISED) results.clear();
    results.set(text, value);
    return value;
  };
}

/** Its origin: docs/EXPERIMENTS.md, "Related words in BM25". */
const TABLE_FILE = new URL('./related-words.tsv', import.meta.url);

/** Word → the rest of its line, `word:percent word:percent …`, parsed when needed. */
let table: ReadonlyMap<string, string> | null = null;

function readTable(): ReadonlyMap<string, string> {
  const lines = readFileSync(TABLE_FILE, 'utf8').split('\n');
  return new Map(
    lines.flatMap((line) => {
      const tab = line.indexOf('\t');
      return tab < 1 ? [] : [[line.slice(0, tab), line.slice(tab + 1)] as const];
    }),
  );
}

/**
 * Words that mean nearly the same as a folded English word, most similar first, with a similarity from 0 to 1; none for a word that
 * is not in the table.
 */
export function relatedWords(folded: string): { word: string; similarity: number }[] {
  table ??= readTable();
  const entry = table.get(folded);
  if (entry === undefined || entry === '') return [];
  return entry.split(' ').map((item) => {
    const colon = item.lastIndexOf(':');
    return { word: item.slice(0, colon), similarity: Number(item.slice(colon + 1)) / 100 };
  });
}

/** Whether this is a word of common English: correctly spelt although the documents do not contain it. */
export function isEnglishWord(folded: string): boolean {
  table ??= readTable();
  return table.has(folded);
}

/**
 * Damerau–Levenshtein distance with transpositions of adjacent letters (optimal string alignment), in UTF-16 characters.
 * Stops early with `limit + 1` when the distance exceeds the limit.
 */
export function boundedDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    let rowBest = i;
    for (let j = 1; j <= b.length; j++) {
      const substitution = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let cost = Math.min(substitution, (previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, (beforePrevious[j - 2] ?? 0) + 1);
      }
      current.push(cost);
      rowBest = Math.min(rowBest, cost);
    }
    if (rowBest > limit) return limit + 1;
    beforePrevious = previous;
    previous = current;
  }
  return previous[b.length] ?? limit + 1;
}

/** Whether two words have the same letters, each as often. */
export function isAnagram(a: string, b: string): boolean {
  const sorted = (word: string): string => Array.from(word).sort().join('');
  return sorted(a) === sorted(b);
}

/** Letters of a word as bits. */
export function lettersOf(word: string): number {
  let bits = 0;
  for (let i = 0; i < word.length; i++) bits |= 1 << (word.charCodeAt(i) % 32);
  return bits;
}

/** How many letters only one of two words has, by {@link lettersOf}: at most twice their {@link boundedDistance}. */
export function lettersApart(a: number, b: number): number {
  let count = 0;
  for (let rest = a ^ b; rest !== 0; rest &= rest - 1) count++;
  return count;
}

/** Consonants of a name as heard, to compare names that are spelt by ear or come from other scripts. */
export function skeletonOf(name: string): string {
  return fold(name)
    .replace(/sch|sh|tch|ch|cz|zh/g, 's')
    .replace(/ck|kh|c|q/g, 'k')
    .replace(/w/g, 'v')
    .replace(/[aeiouyhj\s'-]/g, '')
    .replace(/(.)\1/g, '$1');
}

/** Kana that names from other languages are spelt with in two ways, and marks that are often left out. */
const SOUNDS: Readonly<Record<string, string>> = {
  ...{ ヴァ: 'バ', ヴィ: 'ビ', ヴェ: 'ベ', ヴォ: 'ボ', ヴ: 'ブ', ウォ: 'ボ' },
  ...{ ティ: 'チ', ディ: 'ジ', トゥ: 'ツ', フィ: 'ヒ', ニュ: 'ヌ' },
};
const SOUND = /ヴ[ァィェォ]|ウォ|[テデフ]ィ|トゥ|ニュ|[^]/gu;

/** A name as it is heard, of names that are spelt in two ways: "ヘイダール" and "ヘイダル", "ヴァ" and "バ". */
export function plainKana(name: string): string {
  return heardIn(name).heard;
}

/** A text as its names are heard; `starts` has where each character began. */
export function heardIn(text: string): { readonly heard: string; readonly starts: number[] } {
  let heard = '';
  const starts: number[] = [];
  for (const { 0: sound, index } of text.matchAll(SOUND)) {
    if (/^[ーッ・=＝\s]$/u.test(sound)) continue;
    const plain = SOUNDS[sound] ?? sound;
    heard += plain;
    for (let i = 0; i < plain.length; i++) starts.push(index);
  }
  return { heard, starts };
}

/** Hiragana as katakana: names are typed in either. */
export function inKatakana(text: string): string {
  return text.replace(/[ぁ-ゖ]/g, (kana) => String.fromCharCode(kana.charCodeAt(0) + 0x60));
}

/** Whether a text has kana or Chinese characters, as Japanese has. */
export function isJapanese(text: string): boolean {
  return /[\u3040-\u30ff\u3400-\u9fff]/.test(text);
}

/** The language in which a text is answered: Japanese for Japanese, also between Latin names, English for all others. */
export function languageOf(text: string): 'en' | 'ja' {
  if (!isJapanese(text)) return 'en';
  // "Who is 花子?" has English grammar; 「Silva 会談 時間」 has none.
  const isEnglish = ({ folded, acronym }: Word): boolean =>
    !acronym && /^[a-z]/.test(folded) && isStopWord(folded);
  const isMixed = !/\p{Script=Hiragana}/u.test(text) && wordsOf(text).some(isEnglish);
  return isMixed ? 'en' : 'ja';
}

/** All letters among these are Latin. */
const LATIN = /^[\0-\x7f\xc0-\xff‘-”–—]*$/;

/** Whether at least half of the letters of a text are Latin. */
export function isMostlyLatin(text: string): boolean {
  if (LATIN.test(text)) return true;
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  const latin = text.match(/\p{Script=Latin}/gu)?.length ?? 0;
  return 2 * latin >= letters;
}

/** Small words, folded, that sentences in other European languages have and English ones do not. */
const OTHER_LANGUAGES: ReadonlySet<string> = new Set(
  (
    'le la les des du une est que qui avec pour dans combien quand quoi ou de et ' +
    'der die das und mit wie wann wer ist nicht ein eine von dem den hat ' +
    'el los las con por para cuanto cuando quien donde como fue ' +
    'il gli che chi dove quanto della nel per e stato quem com uma foi ' +
    'z w jak kto gdzie kiedy czy sie jest ile dlaczego co ' +
    'hoe het een met wat waar wanneer och vem hur nar hvem hvor kuinka kuka missa milloin kim ne nerede'
  ).split(' '),
);
/** Fewer words can be misspelt, or names in lower case. */
const FEWEST_UNREAD = 4;
/** Simplified characters that Japanese does not use. */
const CHINESE = /[吗们这谁么说见]/u;

/** Whether a question is in another language than English and Japanese, as far as its script and its small words show. */
export function isOtherLanguage(question: string): boolean {
  if (/[\p{Script=Hiragana}\p{Script=Katakana}]/u.test(question)) return false;
  if (/\p{Script=Han}/u.test(question)) return CHINESE.test(question);
  if (!isMostlyLatin(question)) return true;
  const typed = wordsOf(question);
  const words = typed.map(({ folded }) => folded);
  // Names alone are a question in any language.
  const isUnread = ({ folded, capitalised, figure }: Word): boolean =>
    !(capitalised || figure || isStopWord(folded) || isEnglishWord(folded));
  if (typed.length >= FEWEST_UNREAD && typed.every(isUnread)) return true;
  const others = words.filter((word) => OTHER_LANGUAGES.has(word)).length;
  return others >= 2 && others > words.filter(isStopWord).length;
}
