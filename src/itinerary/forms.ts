import learned from './forms.json' with { type: 'json' };
import type { Item, Language } from './items.ts';
import type { Person } from '../corpus/types.ts';
import type { Query } from './query.ts';
import type { Anchor } from './timeline.ts';
import { pronounsOf } from './wording.ts';

/**
 * What questions that an itinerary answers ask for, and how each is asked in plain words. A question in words that the
 * rules do not have is read by what it asks for, as a classifier of its vectors tells ({@link formsOf}), and by what it
 * names; then it is asked again in the plain words.
 */

/**
 * Form: English | Japanese. `{people}` and `{events}` stand for the sort that is named, else for all; `{1}`, `{2}` for
 * what is named by itself, `{the 1}` for its meeting; `{length}` for so many minutes, `{left out}` for a sort, a person
 * or a body; `{limits}` for everything else that is named. A form that needs more
 * than a question names, or has no place for all of it, does not fit; nor does one that is learned but has no row here.
 */
const FORMS = `
people_list: Which {people} did she meet{limits}? | {limits}会った{people}は誰ですか
people_count: How many {people} did she meet{limits}? | {limits}会った{people}は何人ですか
meetings_list: List all {events}{limits} | {limits}{events}の一覧
meetings_count: How many {events} did she have{limits}? | {limits}{events}は何件ですか
cities_list: Which cities did she visit{limits}? | {limits}訪れた都市はどこですか
cities_count: How many cities did she visit{limits}? | {limits}訪れた都市は何都市ですか
countries_list: Which countries did she visit{limits}? | {limits}訪れた国はどこですか
countries_count: How many countries did she visit{limits}? | {limits}訪れた国は何か国ですか
days_list: On which days did she have {events}{limits}? | {limits}{events}があったのは何日ですか
days_count: How many days did she spend{limits}? | {limits}何日滞在しましたか
nights_count: How many nights did she spend{limits}? | {limits}何泊しましたか
first_person: Which {person} did she meet first{limits}? | {limits}最初に会った{people}は誰ですか
last_person: Which {person} did she meet last{limits}? | {limits}最後に会った{people}は誰ですか
first_event: What was the first {event}{limits}? | {limits}最初の{events}は何ですか
last_event: What was the last {event}{limits}? | {limits}最後の{events}は何ですか
first_city: Which city did she visit first{limits}? | {limits}最初に訪れた都市はどこですか
last_city: Which city did she visit last{limits}? | {limits}最後に訪れた都市はどこですか
first_country: Which country did she visit first{limits}? | {limits}最初に訪れた国はどこですか
last_country: Which country did she visit last{limits}? | {limits}最後に訪れた国はどこですか
longest_meeting: Which was the longest {event}{limits}? | {limits}一番長かった{events}はどれですか
shortest_meeting: Which was the shortest {event}{limits}? | {limits}一番短かった{events}はどれですか
longest_stay: Where did she stay longest{limits}? | {limits}一番長く滞在したのはどこですか
shortest_stay: Where did she stay shortest{limits}? | {limits}一番短く滞在したのはどこですか
busiest_day: Which day had the most meetings{limits}? | {limits}一番会談が多かった日はいつですか
quietest_day: Which day had the fewest meetings{limits}? | {limits}一番会談が少なかった日はいつですか
busiest_place: Which city had the most meetings{limits}? | {limits}一番会談が多かった都市はどこですか
quietest_place: Which city had the fewest meetings{limits}? | {limits}一番会談が少なかった都市はどこですか
person_after: Which {people} did she meet right after {1}{limits}? | {1}の直後に{limits}会った{people}は誰ですか
person_before: Which {people} did she meet right before {1}{limits}? | {1}の直前に{limits}会った{people}は誰ですか
people_after: Which {people} did she meet after {1}{limits}? | {1}の後に{limits}会った{people}を全員教えてください
people_before: Which {people} did she meet before {1}{limits}? | {1}の前に{limits}会った{people}を全員教えてください
city_after: Which city did she visit right after {1}{limits}? | {1}の次に{limits}訪れた都市はどこですか
city_before: Which city did she visit right before {1}{limits}? | {1}の直前に{limits}訪れた都市はどこですか
people_between: Which {people} did she meet between {1} and {2}{limits}? | {1}と{2}の間に{limits}会った{people}は誰ですか
cities_between: Which cities did she visit between {1} and {2}{limits}? | {1}と{2}の間に{limits}訪れた都市はどこですか
which_first: Which came first, {the 1} or {the 2}{limits}? | {1}と{2}、先だったのはどちらですか
which_last: Which came last, {the 1} or {the 2}{limits}? | {1}と{2}、後だったのはどちらですか
which_longer: Which was longer, {the 1} or {the 2}{limits}? | {1}と{2}、長かったのはどちらですか
which_shorter: Which was shorter, {the 1} or {the 2}{limits}? | {1}と{2}、短かったのはどちらですか
length_difference: By how many minutes was {the 1} longer than {the 2}{limits}? | {1}は{2}より何分長かったですか
gap_minutes: How many minutes were between {the 1} and {the 2}{limits}? | {1}と{2}の間は何分空きましたか
gap_days: How many days were between {the 1} and {the 2}{limits}? | {1}の何日後に{2}がありましたか
date_of: On which day was {the 1}{limits}? | {limits}{1}は何月何日ですか
weekday_of: On what weekday was {the 1}{limits}? | {limits}{1}は何曜日ですか
start_of: What time did {the 1} start{limits}? | {limits}{1}は何時に始まりましたか
end_of: What time did {the 1} end{limits}? | {limits}{1}は何時に終わりましたか
place_of: In which city was {the 1}{limits}? | {limits}{1}はどの都市ですか
route: What was the route{limits}? | {limits}行程を教えてください
day_overview: What did she do{limits}? | {limits}何をしましたか
place_overview: What did she do{limits}? | {limits}何をしましたか
where_on: Where was she{limits}? | {limits}どこにいましたか
people_repeated: Which {people} did she meet more than once{limits}? | {limits}複数回会った{people}は誰ですか
places_repeated: Which cities did she visit more than once{limits}? | {limits}複数回訪れた都市はどこですか
any_met: Did she meet any {people}{limits}? | {limits}{people}に会いましたか
total_time: How many minutes did she spend in meetings in total{limits}? | {limits}会談時間は合計何分ですか
average_length: What was the average length of {events}{limits}? | {limits}{events}の平均は何分ですか
earliest_start: Which {event} started earliest in the day{limits}? | {limits}一番早く始まった{events}はどれですか
latest_start: Which {event} started latest in the day{limits}? | {limits}一番遅く始まった{events}はどれですか
free_days: Did she have a day off? | 予定のない日はありましたか
per_country: How many {events} did she have in each country{limits}? | {limits}国ごとの{events}は何件ですか
per_day: How many {events} did she have on each day{limits}? | {limits}日ごとの{events}は何件ですか
tour_dates: When did the tour start and end? | 外遊はいつからいつまででしたか
tour_length: How many days was the tour? | 外遊は何日間でしたか
same_day: Who else did she meet the day she met {1}? | {1}に会った日に他に会った人は誰ですか
most_people: Which {event} had the most people{limits}? | {limits}一番人数が多かった{events}はどれですか
single_places: Which cities had only one meeting? | 会談が一件だけの都市はどこですか
meetings_longer: List all {events}{limits} of more than {length} | {limits}{length}を超えた{events}の一覧
meetings_shorter: List all {events}{limits} of less than {length} | {limits}{length}未満の{events}の一覧
meetings_except: List all meetings except {left out}{limits} | {limits}{left out}以外の会談の一覧
people_except: Which people did she meet{limits} except {left out}? | {limits}{left out}以外に会った人は誰ですか
`;

const TEMPLATES: Readonly<Record<string, Readonly<Record<Language, string>>>> = Object.fromEntries(
  FORMS.trim()
    .split('\n')
    .map((row) => {
      const [, form = '', en = '', ja = ''] = /^(\w+): (.*?) \| (.*)$/.exec(row) ?? [];
      return [form, { en, ja }];
    }),
);

/** Days in questions for one are guesses: "on a Monday, or which weekday was it?" */
const OF_A_DAY = ['date_of', 'weekday_of'];

/** Neither longer nor shorter. */
const IS_EXACT = /^exactly|ちょうど|きっかり/i;

const MEETING: Readonly<Record<string, string>> = { events: 'meetings', event: 'meeting' };

/** The question of a form in plain words with what another question names; null where that does not fit. */
export function inPlainWords(
  form: string,
  query: Query,
  travellers: readonly Person[],
): string | null {
  const { language } = query;
  const template = TEMPLATES[form]?.[language];
  if (template === undefined) return null;
  if (query.without.length > 0) return null;
  const anchor = template.includes('1}') ? null : query.anchor;
  const ofItem = (item: Item): Named => ({
    kind: kindOf(item),
    text: nameOf(item, language),
    item,
  });
  const excluded = query.items
    .filter(({ filters }) => query.excluded.includes(filters))
    .map(ofItem);
  const named = [...query.entities, ...(anchor === null ? (query.anchor?.entities ?? []) : [])]
    .toSorted((a, b) => a.start - b.start)
    .map(ofItem)
    .filter(
      (one) =>
        !query.excluded.includes(one.item.filters) &&
        !(OF_A_DAY.includes(form) && one.kind === 'day'),
    );
  const take = (isWanted: (one: Named) => boolean): Named | undefined => {
    const at = named.findIndex(isWanted);
    return at < 0 ? undefined : named.splice(at, 1)[0];
  };
  // "Which judges did she meet before the talks": a sort of people is met before somebody sooner than somebody before it.
  const isOfMany = ({ kind, item }: Named): boolean => kind === 'office' && item.plural;
  const needed: (Named | undefined)[] = [];
  const single = (the: string): string => {
    const isSingle = (one: Named): boolean => !['day', 'other'].includes(one.kind);
    const one = take((one) => isSingle(one) && !isOfMany(one)) ?? take(isSingle);
    needed.push(one);
    if (one === undefined || language === 'ja') return one?.text ?? '';
    const isNamed = one.kind === 'place' || one.kind === 'person';
    const name = isNamed ? one.text : `the ${one.text}`;
    if (the === '' || one.kind === 'kind') return name;
    if (one.kind === 'place') return `her stay in ${name}`;
    return `the meeting ${one.kind === 'body' ? 'at' : 'with'} ${name}`;
  };
  const sortOf = (noun: string): string => {
    const isOfPeople = noun === 'people' || noun === 'person';
    const all = isOfPeople ? { en: noun, ja: '人' } : { en: MEETING[noun] ?? '', ja: '会談' };
    const found = take(({ kind }) => kind === (isOfPeople ? 'office' : 'kind'))?.text;
    if (found === undefined || language === 'ja') return found ?? all[language];
    const isPlural = noun === 'people' || noun === 'events';
    if (!isPlural) return found.replace(/(?<=ch|sh|x)es$|(?<!s)s$/, '');
    return /(?:s|men|people)$|s of\b/.test(found) ? found : `${found}s`;
  };
  const length = (): string => {
    const one = take(({ item }) => item.filters.minutes !== null);
    const [from = 0, to = 0] = one?.item.filters.minutes ?? [];
    const isTurned = form === 'meetings_longer' ? from === 0 : to === Infinity;
    needed.push(isTurned || IS_EXACT.test(one?.text ?? '') ? undefined : one);
    const minutes = to === Infinity ? from - 1 : from === 0 ? to + 1 : from;
    return language === 'ja' ? `${minutes}分` : `${minutes} minutes`;
  };
  const leftOut = (): string => {
    // In a place or on a day somebody else is left out.
    const isSort = ({ kind }: Named): boolean => kind === 'office' || kind === 'kind';
    const one =
      excluded.shift() ?? take(isSort) ?? take(({ kind }) => kind === 'person' || kind === 'body');
    needed.push(one);
    return one?.text ?? '';
  };
  // What is named by itself is taken before the limits, which are all the rest.
  const filled = template
    .replace('{length}', length)
    .replace('{left out}', leftOut)
    .replace(/\{(the )?\d\}/g, (_, the: string | undefined) => single(the ?? ''))
    .replace(/\{(people|person|events|event)\}/g, (_, noun: string) => sortOf(noun));
  const limits = [
    ...named.map((one) => limitOf(one, language)),
    ...excluded.map(({ text }) => (language === 'ja' ? `${text}以外で` : ` except ${text}`)),
    anchor === null ? '' : orderInWords(anchor, language),
  ].join('');
  if (needed.includes(undefined) || (limits !== '' && !filled.includes('{limits}'))) return null;
  const [she, her] = pronounsOf(query.text, travellers);
  return filled
    .replace('{limits}', () => limits)
    .replace(/\bshe\b/g, she)
    .replace(/\bher\b/g, her)
    .replace('was they', 'were they');
}

/** " before Lima", " right after the meeting with Silva". */
function orderInWords({ relation, straight, entities }: Anchor, language: Language): string {
  const names = entities.map((item) => nameOf(item, language));
  if (language === 'ja') {
    const words = {
      before: 'の前に',
      after: 'の後に',
      until: 'までに',
      since: '以降に',
      between: 'の間に',
      sameday: 'と同じ日に',
    };
    return `${names.join('と')}${straight ? words[relation].replace('の', 'の直') : words[relation]}`;
  }
  return ` ${straight ? 'right ' : ''}${relation} ${names.join(' and ')}`;
}

type Kind = 'person' | 'office' | 'place' | 'body' | 'kind' | 'day' | 'other';

interface Named {
  readonly kind: Kind;
  readonly text: string;
  readonly item: Item;
}

function kindOf({ filters }: Item): Kind {
  if (filters.people.length > 0) return 'person';
  if (filters.offices.length > 0 || filters.genders.length > 0) return 'office';
  if (filters.organisations.length > 0) return 'body';
  if (filters.places.length > 0) return 'place';
  if (filters.kinds.length > 0) return 'kind';
  return filters.days === null ? 'other' : 'day';
}

/** As typed; "on Peruvian soil" is in Peru. */
function nameOf(item: Item, language: Language): string {
  const [place] = item.filters.places;
  const isPlace = place !== undefined && language === 'en' && kindOf(item) === 'place';
  return isPlace ? place.name : item.text.replace(/^(?:the|an?) |['’]s$/gi, '');
}

/** " in Lima", " on January 7", " with Silva"; in Japanese 「リマで」. */
function limitOf({ kind, text }: Named, language: Language): string {
  if (language === 'ja') {
    const particle = {
      person: 'と',
      office: 'と',
      place: 'で',
      body: 'で',
      kind: 'で',
      day: 'に',
      other: 'に',
    };
    return `${text}${particle[kind]}`;
  }
  const isLed =
    /^(?:between|from|after|before|in|during|since|until|on|at|longer|shorter|more|less|over|under)\b/i;
  const prepositions = {
    person: 'with',
    office: 'with',
    place: 'in',
    body: 'at the',
    kind: 'at the',
    day: 'on',
    other: '',
  };
  if (isLed.test(text) || kind === 'other') {
    return /^(?:morning|afternoon|evening)$/i.test(text) ? ` in the ${text}` : ` ${text}`;
  }
  return ` ${prepositions[kind]} ${text}`;
}

// Which form a question has, by its vectors

/** A network of one hidden layer over the vectors of a question; forms.json names the command that learns it. */
export interface LearnedForms {
  /** Digest of the embedding model whose vectors it reads. */
  readonly model: string;
  /** The form of each row of the output, {@link NO_FORM} among them. */
  readonly forms: readonly string[];
  /** Rectified units over the vectors, one after the other. */
  readonly hidden: PackedLayer;
  readonly output: PackedLayer;
}

interface PackedLayer {
  readonly biases: readonly number[];
  /** What one step of a row's bytes is. */
  readonly scales: readonly number[];
  /** Signed bytes [rows × inputs], in base64. */
  readonly weights: string;
}

const { model, forms, hidden, output }: LearnedForms = learned;
const HIDDEN = unpacked(hidden);
const OUTPUT = unpacked(output);

function unpacked({ biases, scales, weights }: PackedLayer) {
  return { biases, scales, bytes: Int8Array.from(Buffer.from(weights, 'base64')) };
}

function through({ biases, scales, bytes }: typeof HIDDEN, inputs: Float32Array): Float32Array {
  return Float32Array.from(biases, (bias, at) => {
    const row = at * inputs.length;
    // A loop, because this is done for every question: 313,000 products.
    let sum = 0;
    for (let j = 0; j < inputs.length; j++)
      sum += (inputs[j] as number) * (bytes[row + j] as number);
    return sum * (scales[at] ?? 0) + bias;
  });
}

/** What asks the itinerary for nothing. */
export const NO_FORM = 'none';

/** A form that a question may have. */
export interface LikelyForm {
  readonly form: string;
  readonly probability: number;
}

/**
 * The forms of a question with their probabilities, the likeliest first; none for vectors of another model.
 *
 * @param vectors of the question, then after earlier layers
 */
export function formsOf(vectors: readonly Float32Array[], digest: string): LikelyForm[] {
  if (digest !== model) return [];
  const inputs = Float32Array.from(vectors.flatMap((vector) => [...vector]));
  const units = through(HIDDEN, inputs).map((value) => Math.max(0, value));
  const scores = [...through(OUTPUT, units)];
  const highest = Math.max(...scores);
  const powers = scores.map((score) => Math.exp(score - highest));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return forms
    .map((form, at) => ({ form, probability: (powers[at] ?? 0) / total }))
    .toSorted((a, b) => b.probability - a.probability);
}
