import { NO_FILTERS, type Item } from './items.ts';
import type { Vocabulary } from './vocabulary.ts';

/** Words that make one description together: names with their offices, offices with their countries. */
export function joined(items: readonly Item[], vocabulary: Vocabulary, text: string): Item[] {
  const result: Item[] = [];
  for (let i = 0; i < items.length;) {
    let item = items[i];
    if (item === undefined) break;
    i += 1;
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
  const { events } = vocabulary.timeline;
  const people = events.flatMap(({ others, country }) =>
    others
      .filter(({ name }) => item.filters.people.includes(name))
      .map((person) => vocabulary.countryOf(person) ?? country),
  );
  return (
    place !== undefined &&
    people.some((country) => place.countries.has(country)) &&
    place.kind === 'country'
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
    const after = items[to];
    const [place] = after?.filters.places ?? [];
    const [body] = after?.filters.organisations ?? [];
    if (place !== undefined) country = place;
    if (body !== undefined) organisation = body;
    const isSubject = after !== undefined && after.stems.length > 0;
    if (isSubject) stems.push(...after.stems);
    const isPlain = after?.classes.has('country') === true || after?.classes.has('court') === true;
    if (after?.classes.has('court') === true) organisation = 'court';
    if (place !== undefined || body !== undefined || isSubject || isPlain) {
      end = after?.end ?? end;
      i = to + 1;
    }
  }
  const filters = { ...item.filters, offices: [{ ...office, country, organisation, stems }] };
  return { item: { ...item, text: text.slice(start, end), start, end, filters }, next: i };
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
  // The office beside the name of its holder.
  const [left, right] = [before.at(-1), after[0]];
  const isNamed = [left, right].some(
    (one) => one?.classes.has('traveller') === true && /^\p{Lu}|[^\x20-\x7f]/u.test(one.text),
  );
  const isBeside =
    (left?.end ?? -2) + 1 >= item.start || (right?.start ?? Infinity) <= item.end + 1;
  if (isNamed && isBeside) return true;
  if ([...before, ...after].some(({ classes }) => classes.has('traveller'))) return false;
  if (/[^\x20-\x7f]/.test(item.text)) {
    // "会った外相は誰" is the minister who was met.
    return /^[はが]/.test(text.slice(item.end)) && !/[たるの]$/.test(text.slice(0, item.start));
  }
  const previous = before.findLast(({ classes }) => !classes.has('the'));
  return previous === undefined || previous.classes.has('aux') || previous.classes.has('be');
}
