import type { Document, Meeting, Person } from '../corpus/types.ts';

/** The languages that names are known in. */
type Language = 'en' | 'ja';

/** Somebody at more of the meetings than this share is on the tour, not met on it. */
const TRAVELLER_SHARE = 0.6;

/** Names of those who travel. */
export function travellersOf(meetings: readonly Meeting[]): ReadonlySet<string> {
  const counts = new Map<string, number>();
  for (const { name } of meetings.flatMap(({ people }) => people)) {
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const most = Math.max(1, TRAVELLER_SHARE * meetings.length);
  return new Set([...counts].filter(([, count]) => count > most).map(([name]) => name));
}

/** Names of a tour's meetings, short enough for a button, in the reader's language where the front matter has it. */
export class MeetingNames {
  readonly #travellers: ReadonlySet<string>;
  readonly #documents: ReadonlyMap<string, Document>;

  constructor(edition: {
    readonly meetings: readonly Meeting[];
    readonly documents: ReadonlyMap<string, Document>;
  }) {
    this.#travellers = travellersOf(edition.meetings);
    this.#documents = edition.documents;
  }

  /** Those who were met. */
  met({ people }: Meeting): Person[] {
    return people.filter(({ name }) => !this.#travellers.has(name));
  }

  title(meeting: Meeting, language: Language): string {
    const title = this.#documents.get(meeting.id)?.ja?.title;
    return language === 'ja' ? (title ?? meeting.title) : meeting.title;
  }

  city({ id, city }: Meeting, language: Language): string {
    return (language === 'ja' ? this.#documents.get(id)?.ja?.city : undefined) ?? city;
  }

  country({ id, country }: Meeting, language: Language): string {
    return (language === 'ja' ? this.#documents.get(id)?.ja?.country : undefined) ?? country;
  }

  venue({ id, venue }: Meeting, language: Language): string | null {
    return (language === 'ja' ? this.#documents.get(id)?.ja?.venue : undefined) ?? venue;
  }

  person({ name, ja }: Person, language: Language): string {
    return (language === 'ja' ? ja : undefined) ?? name;
  }

  /** Who was met, two at most by name; the title where nobody is named. */
  who(meeting: Meeting, language: Language): string {
    const [first, second, ...others] = this.met(meeting);
    if (first === undefined) return this.title(meeting, language);
    const names = [first, ...(second === undefined ? [] : [second])];
    const named = names.map((person) => this.person(person, language));
    const joined = named.join(language === 'ja' ? '、' : ', ');
    return others.length === 0 ? joined : `${joined} +${others.length}`;
  }

  /** "Antony J. Blinken · Washington D.C."; the title alone where nobody is named, because it says more. */
  headline(meeting: Meeting, language: Language): string {
    const who = this.who(meeting, language);
    const city = this.city(meeting, language);
    return this.met(meeting).length === 0 && mentions(who, city) ? who : `${who} · ${city}`;
  }

  /** A word for a button: the surname of the first who was met, else the title. */
  short(meeting: Meeting, language: Language): string {
    const [first] = this.met(meeting);
    if (first === undefined) return this.title(meeting, language);
    const name = this.person(first, language);
    return name.split(/[・＝=\s]/).at(-1) ?? name;
  }
}

/** Whether a text names a city: "… in Washington" names "Washington D.C.". */
function mentions(text: string, city: string): boolean {
  const [longest = ''] = city.split(/\s+/).sort((a, b) => b.length - a.length);
  return longest !== '' && text.includes(longest);
}
