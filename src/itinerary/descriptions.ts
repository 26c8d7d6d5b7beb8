import { classList } from './lexicon.ts';
import { type Filters, isEntity, type Item, type Nation, NO_FILTERS, PLAIN } from './items.ts';
import type { Place, Vocabulary } from './vocabulary.ts';
import { CARDINAL_WORDS, numberOf } from '../language/dates.ts';
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
  const after = items[items[next]?.classes.has('and') === true ? next + 1 : next];
  return after !== undefined && after.stems.length > 0 && after.start <= end + 5;
}

/** "The Canadian capital", "the capital of Canada", カナダの首都. */
const IS_CAPITAL = /^(?:capital|capital city|首都)$/i;

/** A verb: "how long did the lunch last". */
const LASTED =
  /\bhow (?:long|many (?:days|hours|minutes))(?: \w+)? (?:did|does|do)\b(?!.*\b(?:the|her|his|their) last$).*\blast$|\bto last$/i;

const COURTS: Filters = { ...NO_FILTERS, organisations: [' Court', 'Court of', 'Tribunal'] };

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
    // "Where was she on the 14th again?"
    if (/^again$/i.test(item.text) && items[i] === undefined && i > 2) {
      item = { ...item, classes: new Set(['filler']) };
    }
    if (IS_CAPITAL.test(item.text)) {
      const before = result.at(-1);
      const of = items[i]?.classes.has('of') === true ? i + 1 : items.length;
      const after = items[items[of]?.classes.has('the') === true ? of + 1 : of];
      const country = [before, after].find((one) => one?.filters.places[0]?.kind === 'country');
      const capital = vocabulary.capitalOf(country?.filters.places[0] ?? NOWHERE);
      if (country !== undefined && capital !== null) {
        if (country === before) result.pop();
        else i = items.indexOf(country) + 1;
        const [start, end] = [Math.min(item.start, country.start), Math.max(item.end, country.end)];
        const filters = { ...NO_FILTERS, places: [capital] };
        item = {
          ...PLAIN,
          text: text.slice(start, end),
          start,
          end,
          classes: new Set(),
          filters,
          days: null,
        };
      }
    }
    // "(The traveller aside)"
    if (
      item.classes.has('traveller') &&
      isLeftOut(result.at(-1) ?? item) &&
      !items[i]?.classes.has('filler')
    ) {
      result.pop();
      item = { ...item, classes: new Set(['filler']) };
    }
    // "Not with courts".
    const left = result.findLast(({ classes }) => !(classes.has('the') || classes.has('in')));
    if (item.classes.has('court') && left !== undefined && isLeftOut(left)) {
      item = { ...item, classes: new Set(), filters: COURTS };
    }
    // "Women, Peace and Security" is the name of something.
    if (item.filters.genders.length > 0 && isInName(item, items, i)) {
      item = { ...item, classes: new Set(), filters: NO_FILTERS };
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
    if (before.stems.length > 0) stems.push(...before.stems);
    else if (before.classes.has('court') && organisation === null) organisation = 'court';
    else if (before.filters.offices.length > 0) stems.length = 0;
    else if (place !== undefined && place.kind !== 'city' && country === null) country = place;
    else if (body !== undefined && organisation === null) organisation = body;
    else break;
    start = before.start;
    result.pop();
  }
  let i = next;
  if (items[i]?.classes.has('of') === true) {
    let to = i + 1;
    while (items[to]?.classes.has('the') === true) to += 1;
    // "Presidents of international courts".
    if (items[to + 1]?.classes.has('court') === true && (items[to]?.stems.length ?? 0) > 0) to += 1;
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
    const isPlain = after?.classes.has('country') === true || after?.classes.has('court') === true;
    if (after?.classes.has('court') === true) organisation = 'court';
    if (place !== undefined || body !== undefined || isSubject || isPlain || isUnknown) {
      end = after?.end ?? end;
      i = to + 1;
    }
  }
  const filters = { ...item.filters, offices: [{ ...office, country, organisation, stems }] };
  return { item: { ...item, text: text.slice(start, end), start, end, filters }, next: i };
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
  const isOwn = timeline.travellers.some(({ title }) => office.sort.pattern.test(title ?? ''));
  const atHome = office.country === null || office.country.countries.has(timeline.home ?? '');
  if (!isOwn || !atHome) return false;
  if (office.country !== null) return true;
  // "The minister met the president".
  const isAfterThe = (some: readonly Item[]): boolean => some.at(-1)?.classes.has('the') === true;
  const isAgent =
    isAfterThe(before) &&
    classList('meet see go').some((verb) => after[0]?.classes.has(verb)) &&
    !/meeting/i.test(after[0]?.text ?? '') &&
    office.stems.length === 0;
  if (isAgent && !before.some(({ classes }) => classes.has('traveller'))) return true;
  // "Which presidents received the minister?"
  const isReceived =
    /^the$/i.test(before.at(-1)?.text ?? '') && before.at(-2)?.classes.has('meet') === true;
  const isTold = before.some(({ classes }) => classes.has('traveller'));
  if (isReceived && !isTold && office.stems.length === 0 && after.length === 0) return true;
  // "The minister before Silva".
  if (after[0]?.classes.has('before') === true || after[0]?.classes.has('after') === true)
    return false;
  // The office next to the name of its holder.
  const [left, right] = [before.at(-1), after[0]];
  const isNamed = [left, right].some(
    (one) => one?.classes.has('traveller') === true && /^\p{Lu}|[^\x20-\x7f]/u.test(one.text),
  );
  const isBeside =
    (left?.end ?? -2) + 1 >= item.start || (right?.start ?? Infinity) <= item.end + 1;
  if (isNamed && isBeside) return true;
  // "The minister's activities"
  const isOwner = /['’]s?$/.test(item.text) && isAfterThe(before);
  if (
    isOwner &&
    after[0] !== undefined &&
    classList('event meeting tour route go').some((one) => after[0]?.classes.has(one))
  )
    return true;
  // "On the 13th, was the minister still there, or had she left?"
  const [article, verb] = [before.at(-1), before.at(-2)];
  const isSubject = /^the$/i.test(article?.text ?? '') && verb?.classes.has('be') === true;
  if (isSubject && office.stems.length === 0 && !isNaming(after)) return true;
  if ([...before, ...after].some(({ classes }) => classes.has('traveller'))) return false;
  if (/[^\x20-\x7f]/.test(item.text)) {
    // "会った外相は誰" is the minister who was met, "外相は何人" counts them.
    const isDoing = after.some((one) =>
      classList('meet see go move do be say').some((verb) => one.classes.has(verb)),
    );
    const isMarked = /^(?:[はが]|って|どこ|いつ|、)/.test(text.slice(item.end));
    return isMarked && isDoing && !/[たるの]$/.test(text.slice(0, item.start));
  }
  const previous = before.findLast(({ classes }) => !classes.has('the'));
  return previous === undefined || previous.classes.has('aux') || previous.classes.has('be');
}

/** "Was the minister whom she met a woman?" */
function isNaming(after: readonly Item[]): boolean {
  return after.some(({ classes }) => classes.has('who') || classes.has('meet'));
}

const NUMBER =
  '\\d+(?:\\.\\d+)?|half(?: an)?|an?|one|two|three|(?<=(?:past|over|beyond|above|under|below) )the';
/** What a length must be: its words before and after it, and whether a length of just that size counts. */
const BOUNDS: readonly (readonly [pattern: RegExp, over: boolean, exactly: boolean])[] = [
  [
    /^(?:not? more than|no longer than|at most|up to|within|max)|or (?:less|shorter|under)$|以下|以内/i,
    false,
    true,
  ],
  [/^(?:more than|longer than|over|above|past|beyond|exceed\w*)|(?:より長|を?超|越)/i, true, false],
  [/^at least|or (?:more|longer|over)$|\+$|以上/i, true, true],
  [/^(?:less than|shorter than|fewer than|under|below)|(?:より短|未満|を?切)/i, false, false],
];
const BOUND =
  '(?:(?:(?:more|longer|less|shorter|fewer|no more|not more|no longer) than|over|above|past|beyond|exceed(?:ed|ing)?|at least|under|below|at most|up to|within|exactly|about|around|roughly|approximately|nearly) )?';
const BOUND_AFTER = '(?:\\+| or (?:more|longer|less|shorter|over|under)\\b| long\\b)?';
const BETWEEN = /\bbetween (?<least>\d+) and (?<most>\d+) ?-?min(?:ute)?s?\b/gi;
const BOUND_JA =
  '間?(?:くらい|ぐらい|程度|ちょうど|きっかり)?(?:以上|以下|以内|未満|より長い?|より短い?|を?[超越]え?た?る?|を?切[るっ]た?)?';
const LENGTHS: readonly RegExp[] = [
  new RegExp(
    `\\b${BOUND}(?:the )?(?<hours>${NUMBER}) ?-?(?:hours?|hrs?)\\b(?: and (?:(?<half>a half)|(?:a )?(?<minutes>\\d+)(?: min(?:ute)?s?)?))?(?: mark)?${BOUND_AFTER}`,
    'gi',
  ),
  new RegExp(`\\b${BOUND}(?<minutes>${NUMBER}) ?-?min(?:ute)?s?\\b${BOUND_AFTER}`, 'gi'),
  new RegExp(`(?<hours>\\d+)時間(?:(?<minutes>\\d+)分)?${BOUND_JA}`, 'g'),
  new RegExp(`(?<minutes>\\d+)分${BOUND_JA}`, 'g'),
];

const HOUR = `(?<hour>\\d{1,2}|${CARDINAL_WORDS.slice(0, 12).join('|')})(?:[:.](?<minute>\\d{2}))?`;
const HALF =
  "(?<half>[ap]\\.?m\\b\\.?|o'clock(?: (?:in the (?:morning|afternoon|evening)|at night))?|in the (?:morning|afternoon|evening)|at night)";
const AT = '(?:at |around |about |by |from )?(?:exactly |precisely |about |around )?';
/** What an hour bounds: from it on, or up to it. */
const HOURS: readonly (readonly [pattern: RegExp, isFrom: boolean, isIncluded: boolean])[] = [
  [
    new RegExp(`\\b(?:after|later than|(?<!half |quarter )past) ${HOUR} ?${HALF}`, 'gi'),
    true,
    false,
  ],
  [
    new RegExp(`\\b(?:from|since|at or after) ${HOUR} ?${HALF}(?: on(?:wards)?)?`, 'gi'),
    true,
    true,
  ],
  [new RegExp(`\\b(?:at |from )?${HOUR} ?${HALF} or later`, 'gi'), true, true],
  [new RegExp(`\\b(?:before|earlier than|until|by) ${HOUR} ?${HALF}`, 'gi'), false, false],
  [new RegExp(`\\b(?:at |by )?${HOUR} ?${HALF} or earlier`, 'gi'), false, true],
  [/\b(?:from|since) (?<hour>\d{1,2}):(?<minute>\d{2})(?: on(?:wards?)?\b)/gi, true, true],
  [/\b(?:at )?(?<hour>\d{1,2}):(?<minute>\d{2}) or later\b/gi, true, true],
  [/\bafter (?<hour>\d{1,2}):(?<minute>\d{2})\b/gi, true, false],
  [/\bbefore (?<hour>\d{1,2}):(?<minute>\d{2})\b/gi, false, false],
  [/\b(?:after|past) (?<hour>noon)\b/gi, true, true],
  [/(?<hour>正午)(?:より後|以降|過ぎ|から)/g, true, true],
  [/(?<hour>正午)(?:より前|以前|まで)/g, false, false],
  [
    /(?<half>午前|午後)?(?<hour>\d{1,2})時(?:(?<minute>\d{1,2})分)?(?:以降|から|より後|より遅く)/g,
    true,
    true,
  ],
  [
    /(?<half>午前|午後)?(?<hour>\d{1,2})時(?:(?<minute>\d{1,2})分)?(?:より前|以前|前|まで|より早く)/g,
    false,
    false,
  ],
];
/** "Between 2 and 4 pm". */
const BETWEEN_HOURS =
  /\b(?:between|from) (?<from>\d{1,2}) ?(?<half>[ap]\.?m\b\.?)? ?(?:and|to|until|till|-|–) ?(?<to>\d{1,2}) ?(?<last>[ap]\.?m\b\.?|o'clock)/gi;
/** What begins at that minute, or within that hour. */
const EXACTLY: readonly (readonly [pattern: RegExp, isHour: boolean])[] = [
  [
    new RegExp(
      `\\b${AT}(?:(?<past>half)|(?<quarter>quarter)) (?:past|(?<to>to)) (?<hour>\\d{1,2}|${CARDINAL_WORDS.join('|')})(?: (?<half>[ap]\\.?m\\b\\.?|in the (?:afternoon|evening)|at night))?`,
      'gi',
    ),
    false,
  ],
  [new RegExp(`\\b${AT}${HOUR} ?${HALF}(?: sharp)?`, 'gi'), false],
  [new RegExp(`\\b${AT}(?<hour>\\d{1,2})[:.h](?<minute>\\d{2})\\b`, 'gi'), false],
  [/\bat (?:exactly )?(?<hour>noon)\b/gi, false],
  [/(?<half>午前|午後|朝|夜)?の?(?<hour>\d{1,2})時台(?:に|の)?/g, true],
  [
    /(?<half>午前|午後|朝|夜)?の?(?<hour>\d{1,2})時(?!間)(?:(?<minute>\d{1,2})分|(?<past>半))?(?:に始|開始|スタート|ちょうど|頃|ごろ)?/g,
    false,
  ],
];
const END_OF_DAY = 1439;

/** Lengths and bounds by the hour that a question names: "30 minutes or less", "after 3 p.m.", 午後3時以降. */
export function measuresNamed(text: string): Item[] {
  return [...lengthsNamed(text), ...hoursNamed(text), ...knownNamed(text)];
}

/** "With a known length", "whose start is unknown", 時刻不明. */
const KNOWN =
  /\b(?:(?:with|have|has|had) (?:an? |the |its |their )?(?<no>un|no )?(?:known|exact|recorded) (?:start(?:ing)? )?(?<size>lengths?|durations?|times?|hours?)|(?:(?:the|its|their|whose) )?(?<size2>lengths?|durations?|(?:start(?:ing)? )?times?) (?:is|are|was|were) (?<no2>un|not )known)\b/gi;

/** Where something is told of an event, whatever it is: an item, or what is left out. */
function knownNamed(text: string): Item[] {
  return [...text.matchAll(KNOWN)].flatMap((match) => {
    const [start, end] = [match.index, match.index + match[0].length];
    const { no, no2, size = '', size2 = '' } = match.groups ?? {};
    const any = [0, Infinity] as const;
    const isClock = /time|hour/i.test(size + size2);
    const filters = { ...NO_FILTERS, ...(isClock ? { clock: any } : { minutes: any }) };
    const item: Item = {
      ...PLAIN,
      text: match[0],
      start,
      end,
      classes: new Set(),
      filters,
      days: null,
    };
    const isUnknown = no !== undefined || no2 !== undefined;
    return isUnknown
      ? [{ ...item, end: start, filters: NO_FILTERS, classes: new Set(['except'] as const) }, item]
      : [item];
  });
}

function hoursNamed(text: string): Item[] {
  const found: Item[] = [];
  for (const match of text.matchAll(BETWEEN_HOURS)) {
    const { from, to, half, last } = match.groups ?? {};
    const clock = [
      minuteOf({ hour: from, half: half ?? last }),
      minuteOf({ hour: to, half: last }),
    ] as const;
    const [start, end] = [match.index, match.index + match[0].length];
    const filters = { ...NO_FILTERS, clock };
    found.push({ ...PLAIN, text: match[0], start, end, classes: new Set(), filters, days: null });
  }
  for (const [pattern, isFrom, isIncluded] of HOURS) {
    for (const match of text.matchAll(pattern)) {
      const [start, end] = [match.index, match.index + match[0].length];
      if (found.some((other) => start < other.end && other.start < end)) continue;
      const at = minuteOf(match.groups ?? {});
      const edge = isIncluded ? at : at + (isFrom ? 1 : -1);
      const clock = isFrom ? ([edge, END_OF_DAY] as const) : ([0, edge] as const);
      const filters = { ...NO_FILTERS, clock };
      found.push({ ...PLAIN, text: match[0], start, end, classes: new Set(), filters, days: null });
    }
  }
  for (const [pattern, isHour] of EXACTLY) {
    for (const match of text.matchAll(pattern)) {
      const [start, end] = [match.index, match.index + match[0].length];
      if (found.some((other) => start < other.end && other.start < end)) continue;
      const at = minuteOf(match.groups ?? {});
      const filters = { ...NO_FILTERS, clock: [at, isHour ? at + 59 : at] as const };
      found.push({ ...PLAIN, text: match[0], start, end, classes: new Set(), filters, days: null });
    }
  }
  return found;
}

function minuteOf({
  hour = '',
  minute,
  half = '',
  past,
  quarter,
  to,
}: Readonly<Record<string, string | undefined>>): number {
  if (hour === 'noon' || hour === '正午') return 720;
  const at = numberOf(hour);
  // "Half past two" is no hour of the night.
  const isOpen = half === '' && (past ?? quarter) !== undefined && at < 7;
  const isAfternoon = isOpen || (/^p|午後|夜|afternoon|evening|night/i.test(half) && at < 12);
  const more = past !== undefined ? 30 : quarter !== undefined ? 15 : Number(minute ?? 0);
  return 60 * (at + (isAfternoon ? 12 : 0)) + (to === undefined ? more : -more);
}

/** Lengths that a question names: "more than an hour", "30 minutes or less", 一時間以上. */
function lengthsNamed(text: string): Item[] {
  const found = [...text.matchAll(BETWEEN)].map((match): Item => {
    const { least, most } = match.groups ?? {};
    const [start, end] = [match.index, match.index + match[0].length];
    const filters = { ...NO_FILTERS, minutes: [Number(least), Number(most)] as const };
    return { ...PLAIN, text: match[0], start, end, classes: new Set(), filters, days: null };
  });
  for (const match of LENGTHS.flatMap((pattern) => [...text.matchAll(pattern)])) {
    const [start, end] = [match.index, match.index + match[0].length];
    if (found.some((other) => start < other.end && other.start < end)) continue;
    const { hours, minutes, half } = match.groups ?? {};
    const size = 60 * sizeOf(hours) + sizeOf(minutes) + (half === undefined ? 0 : 30);
    const [, over, exactly] = BOUNDS.find(([pattern]) => pattern.test(match[0])) ?? [];
    const step = exactly === true ? 0 : 1;
    const range =
      over === undefined
        ? ([size, size] as const)
        : over
          ? ([size + step, Infinity] as const)
          : ([0, size - step] as const);
    found.push({
      ...PLAIN,
      text: match[0],
      start,
      end,
      classes: new Set(),
      filters: { ...NO_FILTERS, minutes: range },
      days: null,
    });
  }
  return found;
}

function sizeOf(number: string | undefined): number {
  if (number === undefined) return 0;
  if (/^half/i.test(number)) return 0.5;
  return /^\d/.test(number) ? Number(number) : Math.max(numberOf(number), 1);
}
