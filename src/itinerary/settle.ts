import { dateInWords } from '../language/calendar.ts';
import { boundedDistance } from '../language/edit-distance.ts';
import { fold } from '../language/fold.ts';
import { skeletonOf } from '../language/phrase-table.ts';
import { isEnglishWord, relatedWords } from '../language/related-words.ts';
import { listedMeeting, type ListedMeeting } from './listing.ts';
import { covers, eventsThatFit } from './matching.ts';
import {
  isYesNo,
  NO_FILTERS,
  type Filters,
  type Item,
  type Language,
  type Query,
} from './query.ts';
import type { TourEvent } from './timeline.ts';
import type { Vocabulary } from './vocabulary.ts';

/** What the itinerary says of a meeting or a visit that a question asks for or takes for granted. */
export interface Settled {
  readonly kind: 'yes' | 'no_such_place' | 'no_such_person' | 'other_place' | 'other_day';
  /** The question asks whether or when it took place; else it takes it for granted and asks something more. */
  readonly asked: boolean;
  /** "She", or the traveller's name. */
  readonly traveller: string;
  /** Names as the itinerary has them, else as typed; null where none is concerned. */
  readonly person: string | null;
  readonly place: string | null;
  /** ISO date. */
  readonly day: string | null;
  /** The meetings that come nearest, in order. */
  readonly nearest: readonly ListedMeeting[];
}

/** What the itinerary settles of the question, or null: also when in doubt. */
export function settledBy(query: Query, vocabulary: Vocabulary): Settled | null {
  const relates = query.has(
    'meet',
    'meeting',
    'go',
    'say',
    'see',
    'act',
    'be',
    'do',
    'route',
    'tour',
  );
  const isElsewhere = query.items.some(
    ({ days }) => days?.vague === true && days.dates.length === 0,
  );
  if (!relates || isElsewhere || query.has('elsewhere', 'since')) return null;
  const names = unknownNames(query, vocabulary);
  const content = query.unknown.filter((item) => !names.some(({ items }) => items.includes(item)));
  const asked = query.has('meet', 'go', 'see') && !query.has('say', 'act');
  const base = {
    asked,
    traveller: travellerIn(query, vocabulary),
    person: null,
    place: null,
    day: null,
  };
  const settled = (found: Omit<Settled, keyof typeof base> & Partial<Settled>): Settled => ({
    ...base,
    ...found,
  });
  const events = (filters: Partial<Filters>): TourEvent[] =>
    eventsThatFit({ ...NO_FILTERS, ...filters }, vocabulary);
  const { people, offices } = query.filters;
  const isSomebody = people.length + offices.length > 0;
  const met = events({ people, offices });

  const stranger = names.find(({ role }) => role === 'person');
  if (stranger !== undefined) {
    return settled({ kind: 'no_such_person', person: stranger.text, nearest: [] });
  }
  const places = query.entities.filter(
    (item) => item.filters.places.length > 0 && isLocation(item, query),
  );
  const missed = places.find(
    ({
      filters: {
        places: [place],
      },
    }) => place !== undefined && !vocabulary.timeline.events.some((event) => covers(place, event)),
  );
  const unknownPlace = names.find(({ role }) => role === 'place')?.text;
  const place = missed?.filters.places[0]?.name ?? unknownPlace ?? null;
  const isTravel = query.language === 'ja' || query.has('traveller', 'tour', 'meeting', 'route');
  const isOpen = query.anchor === null && query.has('before', 'after');
  if (place !== null) {
    const isOtherVerb = content.some(
      (item) => query.items[query.items.indexOf(item) - 1]?.classes.has('traveller') === true,
    );
    if ((!isTravel && !isSomebody) || isOtherVerb || query.has('or')) return null;
    if (isSomebody && met.length > 0 && people.length > 0) {
      return settled({
        kind: 'other_place',
        place,
        person: people[0] ?? null,
        nearest: met.map(listedMeeting),
      });
    }
    const countries = missed?.filters.places[0]?.countries;
    const near =
      countries === undefined
        ? []
        : vocabulary.timeline.events.filter(({ country }) => countries.has(country));
    return settled({ kind: 'no_such_place', place, nearest: near.map(listedMeeting) });
  }
  if (content.length > 0) return null;
  const missing = offices.find(
    ({ country, stems, sort }) => country !== null && stems.length === 0 && sort.ofState,
  );
  if (
    missing !== undefined &&
    query.has('meet', 'see', 'say') &&
    events({ offices: [missing] }).length === 0
  ) {
    const title = query.entities.find(({ filters }) => filters.offices.includes(missing));
    return settled({
      kind: 'no_such_person',
      person: `the ${query.text.slice(title?.start, title?.end)}`,
      nearest: [],
    });
  }
  const located = places.flatMap(({ filters }) => filters.places);
  const there = events({ people, offices, places: located });
  const [first] = people;
  if (people.length > 0 && located.length > 0 && met.length > 0 && there.length === 0) {
    return settled({
      kind: 'other_place',
      person: first ?? null,
      place: located[0]?.name ?? null,
      nearest: met.map(listedMeeting),
    });
  }
  const days = query.filters.days;
  const day = days?.[0] ?? null;
  const then = there.filter(
    ({ meeting }) => days === null || (meeting.date !== null && days.includes(meeting.date)),
  );
  const isDated = there.every(({ meeting }) => meeting.date !== null);
  const isNamed = people.length > 0 || (located.length > 0 && offices.length === 0);
  if (
    day !== null &&
    isNamed &&
    there.length > 0 &&
    then.length === 0 &&
    isDated &&
    query.filters.kinds.length === 0
  ) {
    return settled({
      kind: 'other_day',
      person: first ?? null,
      place: located[0]?.name ?? null,
      day,
      nearest: there.map(listedMeeting),
    });
  }
  const all = eventsThatFit(query.filters, vocabulary);
  const isAsked =
    (isYesNo(query) || (query.has('when') && people.length > 0)) &&
    query.anchor === null &&
    !isOpen;
  const isPast =
    (query.has('meet', 'go', 'see', 'be') || query.filters.kinds.length > 0) &&
    !query.has('say', 'act', 'about', 'first', 'last', 'longest', 'shortest', 'most', 'once');
  if (
    isAsked &&
    isPast &&
    isTravel &&
    !query.has('move') &&
    query.entities.length > 0 &&
    all.length > 0
  ) {
    return settled({
      kind: 'yes',
      person: first ?? null,
      place: located[0]?.name ?? null,
      day,
      nearest: all.map(listedMeeting),
    });
  }
  return null;
}

/** The same in a sentence. */
export function settledText(settled: Settled, language: Language, vocabulary: Vocabulary): string {
  const { kind, traveller, nearest } = settled;
  const name = (text: string | null): string => vocabulary.nameIn(language, text ?? '');
  const [person, place] = [name(settled.person), name(settled.place)];
  const dayOf = (iso: string | null): string => (iso === null ? '' : dateInWords(iso, language));
  const stops = [
    ...new Map(
      nearest.map(({ place: at, date }) => [
        `${at}${date ?? ''}`,
        { at: at.split(',')[0] ?? at, date },
      ]),
    ).values(),
  ];
  if (language === 'ja') {
    const where = stops
      .map(({ at, date }) => `${name(at)}${date === null ? '' : `（${dayOf(date)}）`}`)
      .join('、');
    const near = where === '' ? '' : `最も近いのは${where}です。`;
    switch (kind) {
      case 'yes':
        return `はい。${where}です。`;
      case 'no_such_place':
        return `今回の日程に${place}は含まれていません。${near}`;
      case 'no_such_person':
        return `今回の日程に${person}との会談はありません。`;
      case 'other_place':
        return `${person}と会ったのは${where}で、${place}ではありません。`;
      case 'other_day':
        return `${person === '' ? place : person}は${where}で、${dayOf(settled.day)}ではありません。`;
    }
  }
  const where = stops
    .map(({ at, date }) => `${at}${date === null ? '' : ` on ${dayOf(date)}`}`)
    .join(' and ');
  switch (kind) {
    case 'yes':
      return `Yes: ${nearest.map(({ title }) => title).join('; ')} (${where}).`;
    case 'no_such_place':
      return `${traveller} did not visit ${place} on this tour.${where === '' ? '' : ` Nearest: ${where}.`}`;
    case 'no_such_person':
      return `The itinerary has no meeting with ${person} on this tour.`;
    case 'other_place':
      return `${traveller} met ${person} in ${where}, not in ${place}.`;
    case 'other_day':
      return person === ''
        ? `${traveller} was in ${where}, not on ${dayOf(settled.day)}.`
        : `${traveller} met ${person} in ${where}, not on ${dayOf(settled.day)}.`;
  }
}

interface UnknownName {
  readonly text: string;
  readonly role: 'person' | 'place';
  readonly items: readonly Item[];
}

/** Names that the itinerary does not have, where the question puts somebody who was met or a place that was visited. */
function unknownNames(query: Query, vocabulary: Vocabulary): UnknownName[] {
  const { items, text, language } = query;
  if (language === 'ja' && !vocabulary.hasJapaneseNames) return [];
  const names: UnknownName[] = [];
  for (let i = 0; i < items.length; i++) {
    let to = i;
    while (to < items.length && isNamePart(items[to], items[to - 1], to > i)) to += 1;
    if (to === i) continue;
    const run = items.slice(i, to);
    const role =
      language === 'ja' ? roleInJapanese(run, items[to], text) : roleOf(run, items, i, to);
    const unknown = run.filter((item) => item.filters.people.length === 0);
    const isName =
      unknown.some((item) => isNameLike(item, vocabulary, language)) && !isPossessive(run, text);
    if (role !== null && isName && !unknown.some((item) => resembles(item.text, vocabulary))) {
      names.push({
        text: run.map(({ text: word, typed }) => typed ?? word).join(' '),
        role,
        items: run,
      });
    }
    i = to - 1;
  }
  return names;
}

/** Words in a row that may be a name; a known name joins only where it was guessed from a misspelt word or a first name. */
function isNamePart(item: Item | undefined, before: Item | undefined, joins: boolean): boolean {
  if (item === undefined || (joins && before !== undefined && item.start > before.end + 1))
    return false;
  const isGuess = item.filters.people.length > 0 && (item.given || item.typed !== null);
  return (
    isGuess ||
    (item.classes.size === 0 &&
      !item.figure &&
      Object.values(item.filters).every((list) => (list?.length ?? 0) === 0) &&
      item.days === null)
  );
}

function roleOf(
  run: readonly Item[],
  items: readonly Item[],
  from: number,
  to: number,
): UnknownName['role'] | null {
  const isTitle = (item: Item | undefined): boolean => (item?.filters.offices.length ?? 0) > 0;
  let before = from - 1;
  const has = (item: Item | undefined, ...classes: string[]): boolean =>
    classes.some((one) => [...(item?.classes ?? [])].some((own) => own === one));
  while (
    isTitle(items[before]) ||
    (isTitle(items[before + 1]) && isNamePart(items[before], undefined, false))
  )
    before -= 1;
  while (has(items[before], 'the')) before -= 1;
  if (has(items[before], 'of')) {
    // "In the port of Odesa".
    let head = before - 1;
    while (isNamePart(items[head], undefined, false) || has(items[head], 'the')) head -= 1;
    if (has(items[head], 'in')) before = head;
  }
  const isNamed = before === from - 1 || isTitle(items[from - 1]);
  const [left, right] = [items[before], items[to]];
  const earlier = items.slice(0, from);
  if (earlier.some((item) => has(item, 'about'))) return null;
  const isTalk = items.some((item) => has(item, 'meet', 'say', 'see', 'meeting', 'act'));
  const isTravel = items.some((item) => has(item, 'traveller', 'tour'));
  if (
    has(left, 'in') ||
    (has(left, 'go') && !has(left, 'move')) ||
    (has(left, 'with') && has(items[before - 1], 'go'))
  ) {
    return isTravel ? 'place' : null;
  }
  if (
    !isNamed ||
    run.every(
      ({ plural, capitalised, text }) => plural && !capitalised && isEnglishWord(fold(text)),
    )
  )
    return null;
  const isEvent = items.some(
    (item) => has(item, 'traveller', 'meeting') || item.filters.kinds.length > 0,
  );
  if (has(left, 'be') && has(right, 'in') && isEvent) return 'person';
  if (!isTalk) return null;
  const isPartner = isTravel || items.some((item) => has(item, 'meeting'));
  if (
    has(left, 'meet', 'see', 'with') ||
    (has(left, 'say') && !has(right, 'of')) ||
    (has(left, 'and') && has(items[before - 1], 'traveller'))
  ) {
    return isPartner ? 'person' : null;
  }
  // "What did Baerbock tell her?", "Did Trudeau receive her?"
  const isSubject = has(left, 'aux') && has(right, 'say', 'meet', 'see', 'act');
  const next = items.slice(to + 1).find((item) => !has(item, 'with'));
  const isObject = has(next, 'traveller');
  return isSubject && isObject ? 'person' : null;
}

function roleInJapanese(
  run: readonly Item[],
  after: Item | undefined,
  text: string,
): UnknownName['role'] | null {
  const end = run.at(-1)?.end ?? 0;
  const isTitled = after !== undefined && after.start === end && after.filters.offices.length > 0;
  const rest = text.slice(isTitled ? after.end : end);
  if (isTitled || /^(?:氏|さん|様)/.test(rest)) return 'person';
  if (/^(?:と会|に会|との会談|と会談)/.test(rest)) return 'person';
  return /^(?:では?|に(?:行|は行|も行|寄|立ち寄|滞在)|へ|を訪)/.test(rest) ? 'place' : null;
}

/** Whether a word is a name by its form, or because language knows it beside names of places. */
function isNameLike(
  { text, capitalised, start }: Item,
  vocabulary: Vocabulary,
  language: Language,
): boolean {
  if (language === 'ja') return /^[\p{Script=Katakana}ー・]{2,}|^[A-Z]{2,}/u.test(text);
  const folded = fold(text);
  if ((capitalised && start > 0) || !isEnglishWord(folded)) return folded.length > 2;
  return relatedWords(folded).some(({ word }) => vocabulary.isPlaceName(word));
}

function isPossessive(run: readonly Item[], text: string): boolean {
  return (
    /['’]s?$/.test(run.at(-1)?.text ?? '') || /^['’]s?\b/.test(text.slice(run.at(-1)?.end ?? 0))
  );
}

/** Too near to a name of the itinerary to be another: a slip that is not put right. */
function resembles(typed: string, vocabulary: Vocabulary): boolean {
  const folded = fold(typed);
  const skeleton = skeletonOf(typed);
  const limit = folded.length < 7 ? 1 : folded.length < 10 ? 2 : 3;
  return vocabulary.names.some((name) => {
    const other = skeletonOf(name);
    if (boundedDistance(folded, name, limit) <= limit && folded !== name) return true;
    const isShort = Math.min(skeleton.length, other.length) < 4;
    return (
      skeleton.length > 2 && boundedDistance(skeleton, other, isShort ? 0 : 1) <= (isShort ? 0 : 1)
    );
  });
}

/** "In Paris", "to Paris", "visit Paris": where something took place, not what was spoken about. */
function isLocation({ start, end }: Item, { items, text, language }: Query): boolean {
  if (language === 'ja') return /^(?:では?|に|へ|を| |での)/.test(text.slice(end));
  const at = items.findIndex((item) => item.start === start);
  let before = at - 1;
  while (items[before]?.classes.has('the') === true) before -= 1;
  const [left, second] = [items[before], items[before - 1]];
  if (items.slice(0, at).some(({ classes }) => classes.has('about'))) return false;
  const isIn =
    left?.classes.has('in') === true &&
    (second === undefined ||
      second.classes.size > 0 ||
      second.filters.people.length > 0 ||
      second.filters.offices.length > 0 ||
      second.filters.kinds.length > 0 ||
      second.days !== null);
  return (
    isIn ||
    left?.classes.has('go') === true ||
    (left?.classes.has('with') === true && second?.classes.has('go') === true)
  );
}

function travellerIn({ text }: Query, { timeline }: Vocabulary): string {
  const pronoun = /\b(?:she|her)\b/i.test(text)
    ? 'She'
    : /\b(?:he|his)\b/i.test(text)
      ? 'He'
      : /\bthey\b/i.test(text)
        ? 'They'
        : null;
  return pronoun ?? timeline.travellers[0]?.name ?? 'The delegation';
}
