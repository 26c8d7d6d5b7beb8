import { isEntity, isWord, type Item, NO_FILTERS } from './items.ts';
import type { Place } from './lexicon.ts';
import { isYesNo, type Query } from './query.ts';
import { eventsThatFit } from './timeline.ts';
import type { Vocabulary } from './vocabulary.ts';
import {
  boundedDistance,
  fold,
  isEnglishWord,
  isStopWord,
  relatedWords,
  plainKana,
  skeletonOf,
  stem,
  wordsOf,
} from '../language/words.ts';

/** An act that a question asks after or takes for granted: "did she sign a treaty?", "why did she refuse?" */
export interface Claim {
  /** Stems: a sentence that tells of the act holds one of them … */
  readonly acts: readonly string[];
  /** … and one of these, the words of its object; none where the question has none in English. */
  readonly objects: readonly string[];
  /** Words for the traveller, of which it holds one; none for acts that a country may do for them ("Japan pledged"). */
  readonly subjects: readonly string[];
  /** Ids of the meetings where the question puts it; null for anywhere. */
  readonly meetings: readonly string[] | null;
  /** What is said where no sentence tells of it. */
  readonly untold: { readonly en: string; readonly ja: string };
}

/** Acts that leave no doubt when they are told: what a question calls them | stems that tell of them | participles. */
const ACTS: readonly (readonly [asked: RegExp, told: string, en: string, ja: string])[] = [
  [/\bsign(?:ed|ing)?\b(?! (?:up|in)\b)|署名|調印/i, 'sign signatur', 'signed', '署名'],
  [
    /\b(?:promis|pledg|guarantee|commit)\w*|約束|誓/i,
    'promis pledg guarante commit commit offer announc',
    'promised',
    '約束',
  ],
  [
    /\b(?:give|gave|donat\w+|hand(?:ed)? over)\b|供与|引き渡|贈/i,
    'give gave given donat provid deliv hand handov present sent',
    'given',
    '供与',
  ],
  [/\bannounc\w*|発表/i, 'announc declar promis pledg told said', 'announced', '発表'],
  [/\bagree[ds]?\b|合意/i, 'agre agreement accord', 'agreed', '合意'],
  [
    /\b(?:refus|reject|declin|oppos)\w*|\bden(?:y|ied|ies)\b|拒否|拒ん|断っ|反対/i,
    'refus reject declin oppos deni',
    'refused',
    '拒否',
  ],
  [
    /\b(?:cancel|withdr[ae]w)\w*|\bcall(?:ed)? off\b|中止|撤回|脱退|取りやめ/i,
    'cancel withdraw withdrew withdrawn postpon abandon',
    'cancelled',
    '中止',
  ],
  [
    /\b(?:critici[sz]|condemn|blam)\w*|批判|非難/i,
    'critic criticis criticiz critiqu condemn blame denounc rebuk',
    'criticised',
    '批判',
  ],
  [
    /\bvot(?:e|ed|ing)\b|\babstain\w*|\bveto\w*|投票|棄権|拒否権/i,
    'vote abstain abstent veto ballot',
    'voted on',
    '採決',
  ],
  [/\bapologi[sz]\w*|謝罪|お詫び/i, 'apolog apologis apologiz sorri', 'apologised for', '謝罪'],
];

/** No document leaves out that the traveller did these: "which treaty did she sign?" takes it for granted. */
const SOLEMN: ReadonlySet<string> = new Set(['signed', 'apologised for', 'cancelled']);
/** Takes any act for granted. */
const ASKS_WHY = /\bwhy\b|\bhow come\b|なぜ|何故|どうして/i;

/** "Can you give me …" asks for no act of others. */
const IS_REQUEST = /\b(?:can|could|would|will|do|does) (?:you|someone|somebody|anyone|anybody)\b/i;

/** The act that a question asks after; null when it asks for something else. */
export function claimOf(query: Query, vocabulary: Vocabulary): Claim | null {
  return IS_REQUEST.test(query.text)
    ? null
    : (kindClaimed(query, vocabulary) ?? actClaimed(query, vocabulary));
}

/** "Was there a press conference in Lima?", where the itinerary has none: the account of what was there may tell of it. */
function kindClaimed(query: Query, vocabulary: Vocabulary): Claim | null {
  const { filters, language } = query;
  const [kind, ...others] = query.entities.filter((item) => item.filters.kinds.length > 0);
  const places = placesClaimed(query);
  const isAsked = isYesNo(query) && query.unknown.length === 0 && query.anchor === null;
  const label = kind?.filters.kinds[0]?.label;
  if (!isAsked || kind === undefined || label === undefined || others.length > 0) return null;
  if (places.length === 0) return null;
  const there = eventsThatFit({ ...filters, kinds: [], places }, vocabulary);
  const isHeld = eventsThatFit({ ...filters, places }, vocabulary).length > 0;
  if (there.length === 0 || isHeld) return null;
  const words = wordsOf(kind.text).map(({ folded }) => stem(folded));
  const where = vocabulary.nameIn(language, places[0]?.name ?? '');
  return {
    acts: words.slice(-1),
    objects: words.slice(0, -1),
    subjects: [],
    meetings: there.map(({ meeting }) => meeting.id),
    untold: {
      en: `The itinerary has no ${label.en.toLowerCase()} in ${where}.`,
      ja: `日程には${where}での${label.ja}はありません。`,
    },
  };
}

/** Where a question puts what it asks after. */
const placesClaimed = (query: Query): Place[] =>
  query.entities
    .filter(
      (item) =>
        isLocation(item, query) || /\b(?:in|at) (?:the )?$/i.test(query.text.slice(0, item.start)),
    )
    .flatMap(({ filters: { places } }) => places);

function actClaimed(query: Query, vocabulary: Vocabulary): Claim | null {
  const places = placesClaimed(query);
  // "Why did she refuse to give …" asks after the refusal.
  const found = ACTS.flatMap((row) => {
    const at = query.text.search(row[0]);
    return at < 0 ? [] : [{ row, at }];
  });
  const act = found.sort((a, b) => a.at - b.at)[0]?.row;
  if (act === undefined) return null;
  const [asked, told, en, ja] = act;
  const isTaken = SOLEMN.has(en) && query.has('traveller');
  if (!isYesNo(query) && !ASKS_WHY.test(query.text) && !isTaken) return null;
  const objects = query.unknown
    .filter(({ text }) => !asked.test(text))
    .flatMap(({ text }) => wordsOf(text))
    .filter(({ folded }) => /[a-z]/.test(folded) && !isStopWord(folded))
    .map(({ folded }) => stem(folded));
  return {
    acts: told.split(' '),
    objects,
    subjects:
      query.has('traveller') && SOLEMN.has(en)
        ? [
            ...vocabulary.timeline.travellers.flatMap(({ name }) => wordsOf(name)),
            ...wordsOf(OF_TRAVELLERS),
          ].map(({ folded }) => folded)
        : [],
    meetings:
      places.length === 0
        ? null
        : eventsThatFit({ ...NO_FILTERS, places }, vocabulary).map(({ meeting }) => meeting.id),
    untold: {
      en: `No passage found says that this was ${en}.`,
      ja: `これを${ja}したと述べる箇所は見つかりません。`,
    },
  };
}

/** How sentences go on about the traveller, alone or with others. */
const OF_TRAVELLERS = 'she he they both two ministers sides her his';

/** What is to be done, or was not, is not done: "should be signed as soon as possible". */
const NOT_DONE: ReadonlySet<string> = new Set(
  'should would could might may must will shall to not never hope hopes plan plans want wants wanted yet'.split(
    ' ',
  ),
);
/** These stand at most so many words before the act. */
const AUXILIARIES = 3;

/** Whether a sentence tells of the act and its object. */
export function isToldIn(sentence: string, { acts, objects, subjects }: Claim): boolean {
  const words = wordsOf(sentence).map(({ folded }) => folded);
  const stems = new Set(words.map(stem));
  const isDone = words.some(
    (word, at) =>
      acts.includes(stem(word)) &&
      !words.slice(Math.max(0, at - AUXILIARIES), at).some((before) => NOT_DONE.has(before)),
  );
  const isOfThem = subjects.length === 0 || subjects.some((word) => words.includes(word));
  return (
    isOfThem && isDone && (objects.length === 0 || objects.some((object) => stems.has(object)))
  );
}

/** A name that the itinerary does not have, where a question puts somebody who was met or a place that was visited. */
export interface UnknownName {
  readonly text: string;
  readonly role: 'person' | 'place';
  readonly items: readonly Item[];
}

export function unknownNames(query: Query, vocabulary: Vocabulary): UnknownName[] {
  const { items, text, language } = query;
  // A Japanese name is known to be unknown only where the known ones are known in Japanese.
  if (language === 'ja' && !vocabulary.hasJapaneseNames) return [];
  const names: UnknownName[] = [];
  for (let i = 0; i < items.length; i++) {
    let to = i;
    while (isNamePart(items[to]) && (to === i || isBeside(items[to - 1], items[to]))) to += 1;
    const run = items.slice(i, to);
    if (run.length === 0) continue;
    const role = language === 'ja' ? roleInJapanese(run, items[to], text) : roleOf(query, i, to);
    const unknown = run.filter(({ filters }) => filters.people.length === 0);
    const isTitled = isTitle(items[i - 1]);
    const isName = unknown.some((item) => isTitled || isNameLike(item, role, query));
    const isOwner = /['’]s?$/.test(run.at(-1)?.text ?? '');
    if (
      role !== null &&
      isName &&
      !isOwner &&
      !unknown.some((one) => resembles(one.text, vocabulary))
    ) {
      names.push({ text: run.map((one) => one.typed ?? one.text).join(' '), role, items: run });
    }
    i = to - 1;
  }
  return names;
}

const isTitle = (item: Item | undefined): boolean => (item?.filters.offices.length ?? 0) > 0;
const isBeside = (a: Item | undefined, b: Item | undefined): boolean =>
  a !== undefined && b !== undefined && b.start <= a.end + 1;

/** An unknown word, or a known name that was guessed from a misspelt word or a first name. */
function isNamePart(item: Item | undefined): boolean {
  if (item === undefined) return false;
  const isGuess = item.filters.people.length > 0 && (item.given || item.typed !== null);
  const isWord =
    item.classes.size > 0 || item.stems.length > 0 || item.figure || item.days !== null;
  // Only a topic that the itinerary has is read as several words.
  return isGuess || !(isWord || isEntity(item) || item.text.includes(' '));
}

/** "Did she speak Spanish?", "say goodbye". */
const WITHOUT_PERSON = /^(?:speaks?|spoke|say|said|talk) $/i;

/** From the "of" of "in the port of Lisbon" back to its "in"; the same place where there is no such phrase. */
function headOf(items: readonly Item[], before: number): number {
  let head = before;
  if (!isWord(items[head], 'of')) return before;
  do head -= 1;
  while (isNamePart(items[head]) || isWord(items[head], 'the'));
  return isWord(items[head], 'in') ? head : before;
}

/** What the place of a name in the question makes it: "met X", "in X", "did X tell her". */
function roleOf({ items, text }: Query, from: number, to: number): UnknownName['role'] | null {
  let before = from - 1;
  while (isTitle(items[before]) || (isTitle(items[before + 1]) && isNamePart(items[before])))
    before -= 1;
  const isPlain = before < from - 1 && !isTitle(items[from - 1]);
  while (isWord(items[before], 'the')) before -= 1;
  const isNamed = !isPlain && (before === from - 1 || isTitle(items[from - 1]));
  before = headOf(items, before);
  const [second, left, right] = [items[before - 1], items[before], items[to]];
  if (items.slice(0, from).some((item) => isWord(item, 'about'))) return null;
  const isContent = second !== undefined && isNamePart(second) && !second.capitalised;
  const isVisit = isWord(left, 'go') && !isWord(left, 'move');
  const isTo = isWord(left, 'with') && isWord(second, 'go');
  if (isVisit || isTo || (isWord(left, 'in') && !isContent)) return 'place';
  const isPartner = items.some((item) => isWord(item, 'traveller', 'tour', 'meeting'));
  const isTalk = items.some((item) => isWord(item, 'meet', 'say', 'see', 'meeting', 'act'));
  const isWith =
    isWord(left, 'with') ||
    (isWord(left, 'meet', 'see', 'say') &&
      !WITHOUT_PERSON.test(text.slice(left?.start, items[from]?.start))) ||
    (isWord(left, 'and') && isWord(second, 'traveller'));
  if (isNamed && isTalk && isPartner && isWith) return 'person';
  // "Was Trudeau there?", "was Trudeau with her?", "was Trudeau at the talks?"
  const isPresence =
    isWord(right, 'there') ||
    (isWord(right, 'with') && isWord(items[to + 1], 'traveller')) ||
    (isWord(right, 'in') && items.slice(to + 1).some((item) => isWord(item, 'meeting')));
  if (isNamed && before === 0 && isWord(left, 'be') && isPresence) return 'person';
  // "What did Baerbock tell her?", "Did Trudeau receive her?"
  const object = items.slice(to + 1).find((item) => !isWord(item, 'with'));
  return isWord(left, 'aux') &&
    isWord(right, 'say', 'meet', 'see', 'act') &&
    isWord(object, 'traveller')
    ? 'person'
    : null;
}

function roleInJapanese(
  run: readonly Item[],
  after: Item | undefined,
  text: string,
): UnknownName['role'] | null {
  const end = run.at(-1)?.end ?? 0;
  const isTitled = after?.start === end && isTitle(after);
  const rest = text.slice(isTitled ? after.end : end);
  if (isTitled || /^(?:氏|さん|様|と会|に会|との会談)/.test(rest)) return 'person';
  // 「シェルターで」 may be any common noun: only a verb of travel or of meeting makes a word that no gazetteer has a place.
  return /^(?:に(?:は|も)?(?:行|寄|立ち寄|滞在)|で(?:は|も)?(?:滞在|過ご|誰|会[いうえっ])|へ(?!の)|を訪)/.test(
    rest,
  )
    ? 'place'
    : null;
}

/** Whether a word is a name by its form, or one that English uses next to names of places ("macron", "france"). */
function isNameLike(
  { text, capitalised, start, plural }: Item,
  role: UnknownName['role'] | null,
  { language }: Query,
): boolean {
  if (language === 'ja') return /^[\p{Script=Katakana}ー・]{2,}|^[A-Z]{2,}/u.test(text);
  const folded = fold(text);
  if (folded.length < 3) return false;
  const base = folded.replace(/(?:ed|ing|es|s|ly)$/, '');
  if (!isEnglishWord(folded) && !isEnglishWord(base) && !isEnglishWord(`${base}e`)) return true;
  if (capitalised && start > 0) return true;
  return (
    role === 'person' && !plural && relatedWords(folded).some(({ word }) => COUNTRY.test(word))
  );
}

/** Words of the countries that English speaks of most, as neighbours of the names of their leaders. */
const COUNTRY =
  /^(?:russian?s?|france|french|german|germany|british|britain|american|america|india|indian|israeli?|chinese|china|turkey|turkish|italian|italy|ukrainian|ukraine)$/;

/** Too near to a name of the itinerary to be another: a slip that was not put right. */
function resembles(typed: string, vocabulary: Vocabulary): boolean {
  if (!/\p{Script=Latin}/u.test(typed)) {
    const plain = plainKana(typed);
    const slips = plain.length < 4 ? 0 : plain.length < 6 ? 1 : 2;
    const parts = vocabulary.japaneseParts;
    if (slips === 0) return parts.has(plain);
    return [...parts].some((name) => boundedDistance(plain, name, slips) <= slips);
  }
  const folded = fold(typed);
  const skeleton = skeletonOf(typed);
  const limit = folded.length < 7 ? 1 : folded.length < 10 ? 2 : 3;
  return [...vocabulary.names].some(([name, other]) => {
    const slips = Math.min(skeleton.length, other.length) < 4 ? 0 : 1;
    return (
      (folded !== name && boundedDistance(folded, name, limit) <= limit) ||
      (skeleton.length > 2 && boundedDistance(skeleton, other, slips) <= slips)
    );
  });
}

/** "In Paris", "to Paris", "visit Paris": where something took place, not what was spoken about. */
export function isLocation({ start, end }: Item, query: Query): boolean {
  const { items, text, language } = query;
  if (language === 'ja') return /^(?:では?|に(?!つい|関|対)|へ|を| |での)/.test(text.slice(end));
  const at = items.findIndex((item) => item.start === start);
  if (items.slice(0, at).some(({ classes }) => classes.has('about'))) return false;
  const isGrammar = (item: Item): boolean => isWord(item, 'the', 'and', 'or');
  // "In Lima or Quito".
  const joint = items[at - 1];
  const other = isWord(joint, 'and', 'or') ? items[at - 2] : undefined;
  if (other !== undefined && other.filters.places.length > 0) return isLocation(other, query);
  const before = headOf(
    items,
    items.slice(0, at).findLastIndex((item) => !isGrammar(item)),
  );
  const [second, left] = [items[before - 1], items[before]];
  const isContent = second !== undefined && second.classes.size === 0 && !isEntity(second);
  const isTo = isWord(left, 'with') && isWord(second, 'go');
  return isTo || isWord(left, 'go') || (isWord(left, 'in') && !isContent);
}
