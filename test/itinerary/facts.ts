import type { Meeting } from '../../src/corpus/types.ts';

/** Plain look-ups in the front matter, written apart from the code that they test. */
export class Facts {
  readonly meetings: readonly Meeting[];
  readonly #traveller: string;
  /** Meetings with people who are not named. */
  readonly #groups: readonly string[];

  constructor(meetings: readonly Meeting[], traveller: string, groups: readonly string[]) {
    this.meetings = meetings;
    this.#traveller = traveller;
    this.#groups = groups;
  }

  ids(fits: (meeting: Meeting) => boolean): string[] {
    return this.meetings.filter(fits).map(({ id }) => id);
  }

  at(...cities: readonly string[]): string[] {
    return this.ids(({ city }) => cities.includes(city));
  }

  within(...countries: readonly string[]): string[] {
    return this.ids(({ country }) => countries.includes(country));
  }

  on(...days: readonly string[]): string[] {
    return this.ids(({ date }) => date !== null && days.some((day) => date.endsWith(day)));
  }

  titled(pattern: RegExp): string[] {
    return this.ids(({ title }) => pattern.test(title));
  }

  /** Those of the meetings at which somebody was met. */
  met(ids: readonly string[] = this.ids(() => true)): string[] {
    return ids.filter((id) => this.others(id).length > 0 || this.#groups.includes(id));
  }

  others(id: string): string[] {
    const people = this.meetings.find((meeting) => meeting.id === id)?.people ?? [];
    return people.map(({ name }) => name).filter((name) => name !== this.#traveller);
  }

  /** Names of those who were met, each once. */
  people(ids: readonly string[]): string[] {
    return [...new Set(ids.flatMap((id) => this.others(id)))];
  }

  /** The first meeting with each holder of an office. */
  office(title: RegExp, organisation = /./): string[] {
    const seen = new Set<string>();
    return this.ids(({ people }) =>
      people.some((person) => {
        const holds =
          title.test(person.title ?? '') && organisation.test(person.organisation ?? '');
        if (!holds || person.name === this.#traveller || seen.has(person.name)) return false;
        seen.add(person.name);
        return true;
      }),
    );
  }

  /** The first meeting of each, in the order of the tour. */
  firsts(of: (meeting: Meeting) => string, ids: readonly string[]): string[] {
    const seen = new Set<string>();
    return this.ids((meeting) => {
      if (!ids.includes(meeting.id) || meeting.date === null || seen.has(of(meeting))) return false;
      seen.add(of(meeting));
      return true;
    });
  }
}
