import { type Filters, type Item, type Language, NO_FILTERS } from './items.ts';
import { classList, type Place } from './lexicon.ts';
import { isOfSomebodyElse, type ListedMeeting, listedMeeting } from './listing.ts';
import { isLocation, unknownNames } from './premises.ts';
import { isOutsideTour, isYesNo, type Query } from './query.ts';
import { groupBy } from '../corpus/types.ts';
import {
  covers,
  eventsThatFit,
  isOfUnknownOrigin,
  peopleAt,
  type TourEvent,
  uniqueBy,
} from './timeline.ts';
import type { Vocabulary } from './vocabulary.ts';
import { PRONOUN, pronounsOf } from './wording.ts';
import { dateInWords } from '../language/dates.ts';
import { fold, relatedWords, stem, wordsOf } from '../language/words.ts';

/** What the itinerary says of a meeting or a visit that a question asks for or takes for granted. */
export interface Settled {
  readonly kind:
    | 'yes'
    | 'no_such_place'
    | 'no_such_person'
    | 'other_place'
    | 'other_day'
    | 'outside_tour';
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

/** Whether a passage of the documents mentions all these names. */
export type IsMentioned = (names: readonly string[]) => boolean;

/** Stops that a sentence names. */
const MOST_STOPS = 3;

/** What the itinerary settles of the question, or null: also when in doubt. */
export function settledBy(
  query: Query,
  vocabulary: Vocabulary,
  isMentioned: IsMentioned,
): Settled | null {
  const { filters, language, has } = query;
  const isJapanese = language === 'ja';
  const relates =
    has(...classList('meet meeting go say see act route tour')) || filters.kinds.length > 0;
  const isTravel = has('traveller', 'tour', 'meeting', 'route') || (isJapanese && relates);
  if (
    // Documents without meetings say nothing of what else took place.
    vocabulary.timeline.events.length === 0 ||
    query.excluded.length > 0 ||
    isOfSomebodyElse(query, vocabulary) ||
    !(
      relates ||
      ((isTravel || (isJapanese && isOutsideTour(query))) && has('be', 'do')) ||
      (isYesNo(query) && has('be') && has('there'))
    ) ||
    query.isDayOfStay ||
    has('elsewhere', 'since', 'than') ||
    // "Silva's minister" is not Silva.
    isOwner(query) ||
    // Which of two is not whether it was.
    (has('or') && has('longest', 'shortest', 'more', 'fewer'))
  )
    return null;

  // In Japanese every past tense has a "do".
  const isDeed = has('do') && !(isJapanese && isYesNo(query));
  const asked = has('meet', 'go', 'see', 'be') && !has('say', 'act') && !isDeed;
  const names = unknownNames(query, vocabulary);
  const content = query.unknown.filter((item) => !names.some(({ items }) => items.includes(item)));
  const { people, offices, days } = filters;
  const located = query.entities.filter(
    (item) => item.filters.places.length > 0 && isLocation(item, query),
  );
  const places = located.flatMap((item) => item.filters.places);
  const events = (some: Partial<Filters>): TourEvent[] =>
    eventsThatFit({ ...NO_FILTERS, ...some }, vocabulary);
  const settled = (
    kind: Settled['kind'],
    nearest: readonly TourEvent[],
    more: Partial<Settled>,
  ): Settled => ({
    ...{
      kind,
      asked,
      traveller: travellerIn(query, vocabulary),
      person: null,
      place: null,
      day: null,
    },
    ...more,
    nearest: nearest.map(listedMeeting),
  });
  // What is taken for granted of a name in the documents, they may tell of another time.
  const isTold = (...told: readonly string[]): boolean =>
    !asked && !has('tour') && isMentioned(told);
  if (isOutsideTour(query)) {
    const ends = vocabulary.timeline.events.filter(({ meeting }) => meeting.date !== null);
    const [first, last] = [ends[0], ends.at(-1)];
    const isVague = query.items.some(({ days }) => days?.vague === true);
    const isOther = has(...classList('say act other before after until since'));
    const isOfTour = (isTravel || isJapanese) && !isOther && content.length === 0 && !isVague;
    return isOfTour && first !== undefined && last !== undefined
      ? settled('outside_tour', [first, last], { asked: true })
      : null;
  }

  const stranger = names.find(({ role }) => role === 'person');
  if (stranger !== undefined) {
    return isTold(stranger.text) ? null : settled('no_such_person', [], { person: stranger.text });
  }
  const isVisited = (place: Place): boolean =>
    vocabulary.timeline.events.some((event) => covers(place, event));
  const unvisited = places.find((place) => !isVisited(place));
  const unknown = names.find(({ role }) => role === 'place')?.text;
  const isEither = has('or') && places.length > 1 && places.every((one) => !isVisited(one));
  const place = isEither
    ? places.map(({ name }) => name).join(' or ')
    : (unvisited?.name ?? unknown);
  const [person = null] = people;
  const met = events({ people, offices });
  const isOtherVerb = content.some(
    (item) =>
      has('traveller') &&
      query.items[query.items.indexOf(item) - 1]?.classes.has('traveller') === true,
  );
  if (place !== undefined) {
    if (!(isTravel || people.length > 0) || isOtherVerb || (has('or') && !isEither)) return null;
    if (person !== null) {
      return isTold(person, place) ? null : settled('other_place', met, { person, place });
    }
    // A name that no gazetteer has may be of a region or a building where she was after all.
    const isDoubtful =
      unvisited === undefined &&
      (isMentioned([place]) || isAside(content, query) || isNearVisited(place, vocabulary));
    const near = vocabulary.timeline.events.filter(
      ({ country }) => unvisited?.countries.has(country) === true,
    );
    return isDoubtful || isTold(place) ? null : settled('no_such_place', near, { place });
  }
  if (content.length > 0) return null;
  const absent = offices.find(
    ({ country, stems, sort, organisation }) =>
      (stems.length === 0 || isForeignBody(stems, query)) &&
      ((country !== null && sort.ofState) || organisation === null),
  );
  if (
    absent !== undefined &&
    !isOfUnknownOrigin(absent, vocabulary) &&
    has('meet', 'see', 'say') &&
    events({ offices: [absent] }).length === 0
  ) {
    const item = query.entities.find((one) => one.filters.offices.includes(absent));
    const office = item?.text ?? '';
    return settled('no_such_person', [], { person: isJapanese ? office : `the ${office}` });
  }
  const there = events({ people, offices, places });
  const where = places[0]?.name ?? null;
  // Somebody who was met elsewhere may come to the traveller's country.
  const { home } = vocabulary.timeline;
  const isToHome = has('go') && places.every(({ countries }) => countries.has(home ?? ''));
  if (person !== null && met.length > 0 && there.length === 0 && !isToHome) {
    if (isTold(person, where ?? '')) return null;
    return settled('other_place', met, { person, place: where });
  }
  const [day = null] = days ?? [];
  const isNamed =
    filters.kinds.length === 0 && (person !== null || (places.length > 0 && offices.length === 0));
  const isThen = there.some(
    ({ meeting: { date } }) => date !== null && days?.includes(date) === true,
  );
  // An undated meeting may have been on that day, unless she was elsewhere.
  const isDated = there.every(({ meeting }) => meeting.date !== null);
  const isElsewhereThen =
    person === null && eventsThatFit({ ...NO_FILTERS, days }, vocabulary).length > 0;
  const isKnown =
    there.some(({ meeting }) => meeting.date !== null) && (isDated || isElsewhereThen);
  if (day !== null && isNamed && isKnown && !isThen) {
    return settled('other_day', there, { person, place: where, day });
  }
  const isMeeting = has('meet', 'meeting') && filters.kinds.length === 0;
  const all = eventsThatFit(filters, vocabulary).filter(
    ({ others, group }) => !isMeeting || others.length > 0 || group !== null,
  );
  const isOpen = query.anchor !== null || has('before', 'after', 'move');
  const isPlain = !has(
    ...classList('say act about other first last longest shortest most once only none or gender'),
  );
  if (
    isTravel &&
    // "Is she a member of parliament?" asks of no event.
    (relates || located.length > 0) &&
    isYesNo(query) &&
    isPlain &&
    !isOpen &&
    query.entities.length > 0 &&
    all.length > 0 &&
    !isOfficeOnly(query, all)
  ) {
    const named = uniqueBy(
      all.flatMap((event) => peopleAt(event, filters, vocabulary)),
      ({ name }) => name,
    );
    const holder = offices.length > 0 && named.length === 1 ? (named[0]?.name ?? null) : null;
    return settled('yes', all, {
      person: person ?? holder,
      place: filters.kinds.length > 0 ? null : where,
      day,
    });
  }
  return null;
}

/** A person is named only as the one whose somebody or something is asked after. */
function isOwner({ items }: Query): boolean {
  return items.some(({ filters, text }, i) => {
    const office = items[i + 1]?.filters.offices ?? [];
    return filters.people.length > 0 && /['’]s?$/.test(text) && office.length > 0;
  });
}

/** Whoever meets somebody of the White House has not been there, unless the title or the venue says so. */
function isOfficeOnly({ has, filters }: Query, events: readonly TourEvent[]): boolean {
  const bodies = filters.organisations.map((name) =>
    wordsOf(name).map(({ folded }) => stem(folded)),
  );
  return (
    has('go') &&
    bodies.length > 0 &&
    !events.some(({ words }) => bodies.some((body) => body.every((word) => words.has(word))))
  );
}

/** The office is of a body that the itinerary does not have, by a capital: "of the UN". */
function isForeignBody(stems: readonly string[], { text }: Query): boolean {
  return wordsOf(text).some(
    ({ folded, capitalised }) => capitalised && stems.includes(stem(folded)),
  );
}

/** Content besides the head of "the port of Lisbon": the question is about more than the place. */
function isAside(content: readonly Item[], { items }: Query): boolean {
  return content.some((item) => items[items.indexOf(item) + 1]?.classes.has('of') !== true);
}

/** Language speaks of the place next to one that was visited: "quebec", "montreal". */
function isNearVisited(place: string, { names }: Vocabulary): boolean {
  return relatedWords(fold(place)).some(({ word }) => names.has(word));
}

/** The same in a sentence. */
export function settledText(settled: Settled, language: Language, vocabulary: Vocabulary): string {
  const { kind, traveller, nearest } = settled;
  const nameOf = (name: string | null): string => vocabulary.nameIn(language, name ?? '');
  const [person, place] = [nameOf(settled.person), nameOf(settled.place)];
  const day = settled.day === null ? '' : dateInWords(settled.day, language);
  const isJapanese = language === 'ja';
  const days = groupBy(nearest, ({ place: at }) => nameOf(at.split(', ')[0] ?? at));
  const stops = [...days].map(([city, list]) => {
    const dates = [...new Set(list.flatMap(({ date }) => date ?? []))].map((date) =>
      dateInWords(date, language),
    );
    if (dates.length === 0) return city;
    return isJapanese ? `${city}（${dates.join('、')}）` : `${city} on ${dates.join(' and ')}`;
  });
  const shown = stops.length > MOST_STOPS ? [...stops.slice(0, MOST_STOPS), '…'] : stops;
  const where = shown.join(isJapanese ? '、' : ' and ').replace(' and …', ' …');
  const whom = person === '' ? '' : isJapanese ? `${person}とは` : `met ${person}`;
  const dates = nearest.flatMap(({ date }) => (date === null ? [] : dateInWords(date, language)));
  const [firstDay, lastDay] = [dates[0], dates.at(-1)];
  const sentences: Readonly<Record<Settled['kind'], readonly [en: string, ja: string]>> = {
    yes: [
      whom + place === ''
        ? `Yes: ${nearest.map(({ title }) => title).join('; ')}.`
        : `Yes: ${traveller} ${whom === '' ? 'was' : whom} in ${where}.`,
      `はい。${whom}${where}です。`,
    ],
    no_such_place: [
      `${traveller} did not visit ${place} on this tour.${where === '' ? '' : ` Nearest: ${where}.`}`,
      `今回の日程に${place}は含まれていません。${where === '' ? '' : `最も近いのは${where}です。`}`,
    ],
    no_such_person: [
      `The itinerary has no meeting with ${person} on this tour.`,
      `今回の日程に${person}との会談はありません。`,
    ],
    other_place: [
      `${traveller} met ${person} in ${where}, not in ${place}.`,
      `${person}と会ったのは${where}で、${place}ではありません。`,
    ],
    outside_tour: [
      `The tour was from ${firstDay} to ${lastDay}.`,
      `外遊の日程は${firstDay}から${lastDay}までです。`,
    ],
    other_day: [
      `${traveller} ${whom === '' ? 'was' : whom} in ${where}, not on ${day}.`,
      `${whom}${where}で、${day}ではありません。`,
    ],
  };
  return sentences[kind][isJapanese ? 1 : 0];
}

function travellerIn({ text }: Query, { timeline: { travellers } }: Vocabulary): string {
  if (!PRONOUN.test(text)) return travellers[0]?.name ?? 'The delegation';
  const [he] = pronounsOf(text, travellers);
  return he.slice(0, 1).toUpperCase() + he.slice(1);
}
