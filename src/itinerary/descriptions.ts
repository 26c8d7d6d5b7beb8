import {
  type Filters,
  isEntity,
  isWord,
  type Item,
  type Language,
  merged,
  namedItem,
  type Nation,
  NO_FILTERS,
} from './items.ts';
import { classList, type Place } from './lexicon.ts';
import { type Anchor, anchorEvents, datesOf, stemsOf, type Tour } from './timeline.ts';
import type { Vocabulary } from './vocabulary.ts';
import { numberOf, shiftDate } from '../language/dates.ts';
import { fold, stem } from '../language/words.ts';

/** What several words of a question say together: names with their offices, offices with their countries, lengths and hours. */

/** "Ukrainian women", "Japanese people": of the nation, not in the country. */
function nationBefore(
  before: Item | undefined,
  { start, filters, classes }: Item,
  text: string,
): Nation | null {
  const [place] = before?.filters.places ?? [];
  const isWhom = filters.genders.length > 0 || (classes.has('people') && !classes.has('count'));
  const isBeside = before !== undefined && /^(?: |の|人)?$/.test(text.slice(before.end, start));
  if (!isWhom || !isBeside || place?.kind !== 'country') return null;
  const word = fold(before.text);
  return word === fold(place.name) ? null : { place, stem: stem(word) };
}

/** Words of titles follow it. */
function isInName({ end }: Item, items: readonly Item[], next: number): boolean {
  const after = items[isWord(items[next], 'and') ? next + 1 : next];
  const isOffice = (after?.filters.offices.length ?? 0) > 0;
  return after !== undefined && after.stems.length > 0 && !isOffice && after.start <= end + 5;
}

/** "The Canadian capital", "the capital of Canada", カナダの首都. */
const IS_CAPITAL = /^(?:capital|capital city|首都)$/i;

/** A verb: "how long did the lunch last". */
const LASTED =
  /\bhow (?:long|many (?:days|nights|hours|minutes)|date)(?: \w+)? (?:did|does|do)\b(?!.*\b(?:the|her|his|their) last$).*\blast$|(?<!\b(?:go|went|come|came|get|got|fly|flew|travel\w*|talk\w*|sp[eo]a?k\w*) )\bto last$/i;

const COURTS: Filters = { ...NO_FILTERS, organisations: [' Court', 'Court of', 'Tribunal'] };

/** "Her lunches". */
const ownsNext = (item: Item, next: Item | undefined): boolean =>
  /^(?:her|his|their)$/i.test(item.text) &&
  next !== undefined &&
  next.start === item.end + 1 &&
  (next.filters.kinds.length > 0 || isWord(next, 'tour', 'route', 'event', 'meeting'));

const isLeftOut = ({ classes }: Item): boolean =>
  classList('except none not').some((one) => classes.has(one));

const NOWHERE: Place = { name: '', kind: 'region', countries: new Set(), city: null };

/** Words that make one description together: names with their offices, offices with their countries. */
export function joined(items: readonly Item[], vocabulary: Vocabulary, text: string): Item[] {
  const result: Item[] = [];
  for (let i = 0; i < items.length;) {
    let item = items[i];
    if (item === undefined) break;
    i += 1;
    // "Did the lunch last more than an hour?", "how long did it last?"
    const isVerb = items[i]?.filters.minutes != null || LASTED.test(text.slice(0, item.end));
    if (/^last$/i.test(item.text) && isVerb) {
      item = { ...item, classes: new Set(['filler']) };
    }
    if (IS_CAPITAL.test(item.text)) {
      const before = result.at(-1);
      const of = isWord(items[i], 'of') ? i + 1 : items.length;
      const after = items[isWord(items[of], 'the') ? of + 1 : of];
      const country = [before, after].find((one) => one?.filters.places[0]?.kind === 'country');
      const capital = vocabulary.capitalOf(country?.filters.places[0] ?? NOWHERE);
      if (country !== undefined && capital !== null) {
        if (country === before) result.pop();
        else i = items.indexOf(country) + 1;
        const [start, end] = [Math.min(item.start, country.start), Math.max(item.end, country.end)];
        item = namedItem(text, start, end, { ...NO_FILTERS, places: [capital] });
      }
    }
    // "(The traveller aside)"
    if (
      item.classes.has('traveller') &&
      isLeftOut(result.at(-1) ?? item) &&
      !ownsNext(item, items[i]) &&
      (!items[i]?.classes.has('filler') || /self$/i.test(items[i]?.text ?? ''))
    ) {
      result.pop();
      item = { ...item, classes: new Set(['filler']) };
    }
    // "The law of the sea tribunal".
    const court = item.classes.has('court') ? courtNamed(result, vocabulary) : null;
    if (court !== null) {
      const start = result[court.from]?.start ?? item.start;
      result.length = court.from;
      const filters = { ...NO_FILTERS, organisations: [court.name] };
      item = namedItem(text, start, item.end, filters);
    }
    // "Not with courts".
    const left = result.findLast(
      ({ classes }) => !classList('the in of').some((one) => classes.has(one)),
    );
    if (item.classes.has('court') && left !== undefined && isLeftOut(left)) {
      item = { ...item, classes: new Set(), filters: COURTS };
    }
    // "Women, Peace and Security" is the name of something.
    if (item.filters.genders.length > 0 && isInName(item, items, i)) {
      item = { ...item, classes: new Set(), filters: NO_FILTERS };
    }
    // "Meetings and press conferences": all of them.
    const joint = result.findLastIndex(({ classes }) => !classes.has('the'));
    const whole = result[joint - 1];
    const isJoint = isWord(result[joint], 'and', 'or');
    if (isJoint && item.filters.kinds.length > 0 && whole?.plural && whole.classes.has('meeting')) {
      result[joint - 1] = { ...whole, classes: new Set(['event']) };
      item = { ...item, classes: new Set(['event']), filters: NO_FILTERS };
    }
    const nation = nationBefore(result.at(-1), item, text);
    if (nation !== null) {
      const start = result.pop()?.start ?? item.start;
      const filters = { ...item.filters, nations: [nation] };
      item = { ...item, start, text: text.slice(start, item.end), filters };
    }
    if (item.filters.people.length > 0) {
      // A first name and a surname, or a name and 「国務長官」 after it.
      for (let next = items[i]; next !== undefined; next = items[i]) {
        const shared = next.filters.people.filter((name) => item?.filters.people.includes(name));
        const isSame = shared.length > 0 && next.start <= item.end + 2;
        const isTitle = next.filters.offices.length > 0 && next.start <= item.end;
        if (!isSame && !isTitle) break;
        item = { ...item, end: next.end, given: item.given && next.given };
        i += 1;
      }
      while (isTitleOf(result.at(-1), item, vocabulary)) result.pop();
    } else if (item.filters.offices.length > 0) {
      // 「外相8人のうち、ヨーロッパの外相は」
      const isWhole = /^\d*人?の(?:うち|中)/.test(text.slice(item.end));
      if (isWhole && items.slice(i).some(({ filters }) => filters.offices.length > 0)) continue;
      const described = describedOffice(item, items, i, result, text);
      item = described.item;
      i = described.next;
      if (isTraveller(item, result, items.slice(i), vocabulary, text)) {
        item = { ...item, filters: NO_FILTERS, classes: new Set(['traveller']) };
      }
    }
    result.push(item);
  }
  return result;
}

/** The one court whose name has the words before "court", and where they begin. */
function courtNamed(
  before: readonly Item[],
  { timeline: { events } }: Vocabulary,
): { readonly name: string; readonly from: number } | null {
  const isOf = (item: Item | undefined): boolean => isWord(item, 'of', 'the');
  const stemOf = (item: Item | undefined): string | undefined =>
    item !== undefined && !isEntity(item) && item.classes.size === 0 ? item.stems[0] : undefined;
  let from = before.length;
  while (stemOf(before[from - 1]) !== undefined || (from < before.length && isOf(before[from - 1])))
    from -= 1;
  while (isOf(before[from])) from += 1;
  const stems = before.slice(from).flatMap((item) => stemOf(item) ?? []);
  if (stems.length === 0) return null;
  const courts = new Set(
    events.flatMap(({ others }) =>
      others.flatMap(({ organisation }) =>
        organisation !== null && /\b(?:court|tribunal)\b/i.test(organisation) ? organisation : [],
      ),
    ),
  );
  const named = [...courts].filter((name) => {
    const own = stemsOf(name);
    return stems.every((one) => own.has(one));
  });
  return named.length === 1 && named[0] !== undefined ? { name: named[0], from } : null;
}

/** An office, or the country before it, that only introduces the name that follows. */
function isTitleOf(before: Item | undefined, item: Item, vocabulary: Vocabulary): boolean {
  if (before === undefined || before.end + 2 < item.start) return false;
  if (before.filters.offices.length > 0) return true;
  const [place] = before.filters.places;
  if (place?.kind !== 'country') return false;
  return vocabulary.timeline.events.some(({ others, country }) =>
    others
      .filter(({ name }) => item.filters.people.includes(name))
      .some((person) => place.countries.has(vocabulary.countryOf(person) ?? country)),
  );
}

function describedOffice(
  item: Item,
  items: readonly Item[],
  next: number,
  result: Item[],
  text: string,
): { item: Item; next: number } {
  const [office] = item.filters.offices;
  if (office === undefined) return { item, next };
  let { country, organisation } = office;
  const stems: string[] = [];
  let { start, end } = item;
  for (
    let before = result.at(-1);
    before !== undefined && before.end + 2 > start;
    before = result.at(-1)
  ) {
    const [place] = before.filters.places;
    const [body] = before.filters.organisations;
    // 「リマで外相」: where they met, not whose minister it is.
    if (/[でにはも、]/.test(text.slice(before.end, start)) || before.filters.genders.length > 0)
      break;
    if (before.stems.length > 0) stems.push(...before.stems);
    else if (before.classes.has('court') && organisation === null) organisation = 'court';
    else if (before.filters.offices.length > 0) stems.length = 0;
    else if (place !== undefined && place.kind !== 'city' && country === null) country = place;
    else if (body !== undefined && organisation === null) organisation = body;
    else break;
    start = before.start;
    result.pop();
  }
  const subjects: (readonly string[])[] = [];
  let i = next;
  if (isWord(items[i], 'of')) {
    let to = i + 1;
    while (isWord(items[to], 'the')) to += 1;
    // "Presidents of international courts".
    if (isWord(items[to + 1], 'court') && (items[to]?.stems.length ?? 0) > 0) to += 1;
    const after = items[to];
    const [place] = after?.filters.places ?? [];
    const [body] = after?.filters.organisations ?? [];
    if (place !== undefined) country = place;
    if (body !== undefined) organisation = body;
    const isSubject = after !== undefined && after.stems.length > 0;
    if (isSubject) stems.push(...after.stems);
    // "Of the UN": a body that the itinerary does not have, so nobody of it was met.
    const isUnknown =
      place === undefined && body === undefined && after !== undefined && isNameless(after);
    if (isUnknown) stems.push(stem(fold(after.text)));
    const isPlain = isWord(after, 'country', 'court');
    if (isWord(after, 'court')) organisation = 'court';
    if (place !== undefined || body !== undefined || isSubject || isPlain || isUnknown) {
      end = after?.end ?? end;
      i = to + 1;
    }
    // "Ministers of trade, health or culture".
    while (isSubject && isNextSubject(items, i, end)) {
      const next = items[i]?.stems.length === 0 ? i + 1 : i;
      subjects.push(items[next]?.stems ?? []);
      end = items[next]?.end ?? end;
      i = next + 1;
    }
  }
  const own = { ...office, country, organisation, stems };
  const others = subjects.map((more) => ({ ...own, stems: [...more] }));
  const filters = { ...item.filters, offices: [own, ...others] };
  return { item: { ...item, text: text.slice(start, end), start, end, filters }, next: i };
}

/** Whether "or health", or "health" after a comma, goes on a list of subjects. */
function isNextSubject(items: readonly Item[], at: number, end: number): boolean {
  const [item, after] = [items[at], items[at + 1]];
  const next = isWord(item, 'or', 'and') ? after : item;
  return (
    next !== undefined &&
    next.stems.length > 0 &&
    !isEntity(next) &&
    (next !== item || next.start === end + 2)
  );
}

/** A name that neither the language nor the itinerary has: "NATO", "OECD". */
function isNameless(item: Item): boolean {
  const { capitalised, classes, stems, figure } = item;
  return capitalised && classes.size === 0 && stems.length === 0 && !figure && !isEntity(item);
}

/** "Where was the minister on Monday?": the traveller's own office, as the subject of the question. */
function isTraveller(
  item: Item,
  before: readonly Item[],
  after: readonly Item[],
  { timeline }: Vocabulary,
  text: string,
): boolean {
  const [office] = item.filters.offices;
  if (office === undefined || office.plural || office.organisation !== null) return false;
  if (office.stems.length > 0) return false;
  const isOwn = timeline.travellers.some(({ title }) => office.sort.pattern.test(title ?? ''));
  const atHome = office.country === null || office.country.countries.has(timeline.home ?? '');
  if (!isOwn || !atHome) return false;
  if (office.country !== null) return true;
  // "The minister met the president".
  const isAfterThe = (some: readonly Item[]): boolean => isWord(some.at(-1), 'the');
  const isAgent = isAfterThe(before) && isWord(after[0], 'meet', 'see', 'go');
  if (isAgent) return true;
  // "Which presidents received the minister?"
  const isReceived = /^the$/i.test(before.at(-1)?.text ?? '') && isWord(before.at(-2), 'meet');
  const isTold = before.some(({ classes }) => classes.has('traveller'));
  if (isReceived && !isTold) return true;
  // "The minister before Silva".
  if (isWord(after[0], 'before', 'after')) return false;
  // The office next to the name of its holder.
  const [left, right] = [before.at(-1), after[0]];
  const isNamed = [left, right].some(
    (one) => isWord(one, 'traveller') && /^\p{Lu}|[^\x20-\x7f]/u.test(one?.text ?? ''),
  );
  if (isNamed) return true;
  // "The minister's activities"
  const isOwner = /['’]s?$/.test(item.text) && isAfterThe(before);
  if (isOwner && isWord(after[0], ...classList('event meeting tour route go'))) return true;
  const isOther = (one: Item, i: number, all: readonly Item[]): boolean =>
    one.classes.has('traveller') && !ownsNext(one, all[i + 1]);
  if (before.some(isOther) || after.some(isOther)) return false;
  // "Where the minister was", "which stops the minister made"; but "with the minister".
  const isSubject = isAfterThe(before) && !isWord(before.at(-2), 'with', 'meet', 'see', 'of');
  const isVerb =
    isWord(after[0], 'aux', 'be', 'do', 'move') ||
    /^(?:made|held|attended|took)$/i.test(after[0]?.text ?? '');
  if (isSubject && isVerb) return true;
  if (/[^\x20-\x7f]/.test(item.text)) {
    // "会った外相は誰" is the minister who was met, "外相は何人" counts them.
    const isDoing = after.some((one) => isWord(one, ...classList('meet see go move do be say')));
    const isMarked = /^(?:[はが]|って|どこ|いつ|、)/.test(text.slice(item.end));
    return isMarked && isDoing && !/[たるの]$/.test(text.slice(0, item.start));
  }
  const previous = before.findLast(({ classes }) => !classes.has('the'));
  return previous === undefined || isWord(previous, 'aux', 'be');
}

// Events that a question puts others before, after or between, and what it leaves out.

const BOUNDARY = /[,;:?!、。？]/u;

const ASKING = classList('who where what which when clock count often long');

/** The names after "except", before 以外. */
export function excludedIn(items: readonly Item[], text: string, language: Language): Item[] {
  const step = language === 'ja' ? -1 : 1;
  return items.flatMap((item, i) => {
    if (!isWord(item, 'except', 'none', 'not')) return [];
    // 「リマで誰にも会わなかった」 leaves out nobody.
    if (/^[誰何]/.test(item.text)) return [];
    const found: Item[] = [];
    for (let next = items[(i += step)]; next !== undefined; next = items[(i += step)]) {
      const { classes } = next;
      // 「リマで外相以外」, 「リマでは外相以外に」 leave out the minister alone.
      const isApart = /[でには、]/.test(text.slice(next.end, found.at(-1)?.start));
      if (language === 'ja' && found.length > 0 && isApart) break;
      const isJoint = classList('the and or of filler traveller').some((one) => classes.has(one));
      const isLead =
        found.length === 0 &&
        classList('in with of filler traveller meet').some((one) => classes.has(one));
      if (isEntity(next)) found.push(next);
      else if (!isJoint && !isLead) break;
    }
    return found;
  });
}

/** "The president in Lima", "lunch with the minister". */
const isLink = ({ classes }: Item): boolean =>
  classList('in with the').some((one) => classes.has(one));

/** "After X and before Y" is between them. */
export function anchorOf(items: readonly Item[], text: string, language: Language): Anchor | null {
  const anchors = anchorsOf(items, text, language);
  const after = anchors.find(({ relation }) => relation === 'after' || relation === 'since');
  const before = anchors.find(({ relation }) => relation === 'before' || relation === 'until');
  const way = anchors.length === 0 && language === 'en' ? wayOf(items, text) : null;
  if (way !== null) return way;
  const whole = (named: Anchor | undefined): Item | undefined =>
    named?.entities.reduce((all, one) => ({ ...all, filters: merged([all.filters, one.filters]) }));
  const [from, to] = [whole(after), whole(before)];
  const isPair = after?.shift === 0 && before?.shift === 0 && !after.straight && !before.straight;
  if (isPair && from !== undefined && to !== undefined && from.text !== to.text) {
    const words = [...after.items, ...before.items];
    return { relation: 'between', straight: false, shift: 0, entities: [from, to], items: words };
  }
  return anchors[0] ?? null;
}

/** "How many days from Lima to Quito?", "the stops from Lima to Quito": between them. */
function wayOf(items: readonly Item[], text: string): Anchor | null {
  const isDays = items.some(({ classes, text: day }) => classes.has('day') && /days\b/i.test(day));
  const isPlaces = items.some(({ classes }) =>
    classList('place city where').some((one) => classes.has(one)),
  );
  const named = items.filter(isEntity);
  const [a, b, ...others] = named;
  if (!(isDays || isPlaces) || a === undefined || b === undefined || others.length > 0) return null;
  const isWay =
    /\bfrom (?:the )?(?:(?:meeting|talks|lunch|dinner|stay|visit|stop)s? (?:with|in|at) (?:the )?)?$/i.test(
      text.slice(0, a.start),
    ) &&
    /^ (?:on )?(?:to|till?|until) (?:the )?(?:(?:meeting|one|talks|lunch|dinner|stay|visit|stop)s? (?:with|in|at) (?:the )?)?$/i.test(
      text.slice(a.end, b.start),
    );
  if (!isWay || a.filters.days !== null || b.filters.days !== null) return null;
  const from = items.indexOf(a);
  const words = items.slice(from, items.indexOf(b) + 1);
  return { relation: 'between', straight: false, shift: 0, entities: [a, b], items: words };
}

function anchorsOf(items: readonly Item[], text: string, language: Language): Anchor[] {
  const relations = ['before', 'after', 'until', 'since', 'between', 'sameday'] as const;
  const anchors: Anchor[] = [];
  for (const [i, item] of items.entries()) {
    // "From Lima where did she go next?"
    const isFrom = /^from$/i.test(item.text) && items.some(({ classes }) => classes.has('next'));
    // "Which city followed Lima?"
    const object = items.slice(i + 1).find(({ classes }) => !classes.has('the'));
    const isFollowed = /^follow(?:ed|s)$/i.test(item.text) && object && isEntity(object);
    const relation =
      relations.find((one) => item.classes.has(one)) ??
      (isFrom || isFollowed === true ? 'after' : undefined);
    if (relation === undefined) continue;
    const entities: Item[] = [];
    const step = language === 'ja' ? -1 : 1;
    let end = i;
    for (let j = i + step; items[j] !== undefined; j += step) {
      const [left, right] = step > 0 ? [items[j - 1], items[j]] : [items[j], items[j + 1]];
      const gap = text.slice(left?.end ?? 0, right?.start ?? 0);
      const next = items[j];
      if (next === undefined || BOUNDARY.test(gap)) break;
      const isEnd = relation === 'between' && next.classes.has('when');
      if (!isEnd && isWord(next, ...ASKING)) break;
      if (anchors.length + entities.length > 0 && relations.some((one) => next.classes.has(one)))
        break;
      const last = entities.at(-1);
      // "The Swedish lunch" is one end, although it has two names.
      const isWithin = entities.length > 1 && left !== undefined && isLink(left);
      const isBeside =
        last !== undefined && (step > 0 ? last.end + 1 >= next.start : next.end >= last.start);
      const isSame = relation === 'between' && last !== undefined && (isBeside || isWithin);
      const isTitled = isSame && next.stems.length > 0 && !isEntity(next);
      if (isEntity(next) || next.stems.length > 0) end = j;
      if (isSame && (isEntity(next) || isTitled)) {
        entities[entities.length - 1] = {
          ...last,
          end: next.end,
          filters: merged([
            last.filters,
            isTitled ? { ...NO_FILTERS, words: next.stems.slice(0, 1) } : next.filters,
          ]),
        };
      } else if (isEntity(next)) entities.push(next);
      else if (next.stems.length > 0) {
        entities.push({ ...next, filters: { ...NO_FILTERS, words: next.stems.slice(0, 1) } });
      }
    }
    if (entities.length === 0) continue;
    const before = items[i - 1];
    if (relation === 'between' && entities.length === 1) continue;
    const isDays = isWord(before, 'day') && !isWord(before, 'count');
    const isTold = relation === 'before' || relation === 'after';
    const isShift = item.classes.has('day') || (isDays && isTold);
    const count = items[i - 2]?.figure === true ? numberOf(items[i - 2]?.text) : 1;
    const shift = isShift ? (relation === 'before' ? -count : count) : 0;
    const words = items.slice(
      Math.min(i, end) - (isDays && step > 0 ? 2 : 0),
      Math.max(i, end) + 1,
    );
    const straight = item.classes.has('straight') || isFollowed === true;
    entities.sort((a, b) => a.start - b.start);
    anchors.push({ relation, straight, shift, entities, items: words });
  }
  return anchors;
}

/** Days before or after the anchor's, or the same: "the day before Lima". */
export function shiftedDays(anchor: Anchor, vocabulary: Tour): string[] {
  const days = datesOf(anchorEvents(anchor, vocabulary));
  if (anchor.relation === 'sameday') return days;
  const edge = anchor.shift < 0 ? days[0] : days.at(-1);
  return edge === undefined ? [] : [shiftDate(edge, anchor.shift)];
}
