import {
  boundedDistance,
  fold,
  isEnglishWord,
  relatedWords,
  skeletonOf,
} from '../language/words.ts';
import type { WordClass } from './lexicon.ts';
import { plainKana, type Vocabulary } from './vocabulary.ts';
import { type Item, isEntity } from './items.ts';
import type { Query } from './query.ts';

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

const has = (item: Item | undefined, ...classes: readonly WordClass[]): boolean =>
  item !== undefined && classes.some((one) => item.classes.has(one));
const isTitle = (item: Item | undefined): boolean => (item?.filters.offices.length ?? 0) > 0;
const isBeside = (a: Item | undefined, b: Item | undefined): boolean =>
  a !== undefined && b !== undefined && b.start <= a.end + 1;

/** An unknown word, or a known name that was guessed from a misspelt word or a first name. */
function isNamePart(item: Item | undefined): boolean {
  if (item === undefined) return false;
  const isGuess = item.filters.people.length > 0 && (item.given || item.typed !== null);
  const isWord =
    item.classes.size > 0 || item.stems.length > 0 || item.figure || item.days !== null;
  return isGuess || !(isWord || isEntity(item));
}

/** From the "of" of "in the port of Lisbon" back to its "in"; the same place where there is no such phrase. */
export function headOf(items: readonly Item[], before: number): number {
  let head = before;
  if (!has(items[head], 'of')) return before;
  do head -= 1;
  while (isNamePart(items[head]) || has(items[head], 'the'));
  return has(items[head], 'in') ? head : before;
}

/** What the place of a name in the question makes it: "met X", "in X", "did X tell her". */
function roleOf({ items }: Query, from: number, to: number): UnknownName['role'] | null {
  let before = from - 1;
  while (isTitle(items[before]) || (isTitle(items[before + 1]) && isNamePart(items[before])))
    before -= 1;
  const isPlain = before < from - 1 && !isTitle(items[from - 1]);
  while (has(items[before], 'the')) before -= 1;
  const isNamed = !isPlain && (before === from - 1 || isTitle(items[from - 1]));
  before = headOf(items, before);
  const [second, left, right] = [items[before - 1], items[before], items[to]];
  if (items.slice(0, from).some((item) => has(item, 'about'))) return null;
  const isContent = second !== undefined && isNamePart(second) && !second.capitalised;
  const isVisit = has(left, 'go') && !has(left, 'move');
  const isTo = has(left, 'with') && has(second, 'go');
  if (isVisit || isTo || (has(left, 'in') && !isContent)) return 'place';
  const isPartner = items.some((item) => has(item, 'traveller', 'tour', 'meeting'));
  const isTalk = items.some((item) => has(item, 'meet', 'say', 'see', 'meeting', 'act'));
  const isWith =
    has(left, 'meet', 'see', 'with', 'say') || (has(left, 'and') && has(second, 'traveller'));
  if (isNamed && isTalk && isPartner && isWith) return 'person';
  // "What did Baerbock tell her?", "Did Trudeau receive her?"
  const object = items.slice(to + 1).find((item) => !has(item, 'with'));
  return has(left, 'aux') && has(right, 'say', 'meet', 'see', 'act') && has(object, 'traveller')
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
    return vocabulary.japaneseParts.some((name) => boundedDistance(plain, name, slips) <= slips);
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
