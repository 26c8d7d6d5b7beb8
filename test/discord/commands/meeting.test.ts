import { describe, expect, it } from 'vitest';
import { meetingQuestions } from '../../../src/answer/meeting-texts.ts';
import {
  meetingChoices,
  meetingsMeant,
  questionChoices,
} from '../../../src/discord/commands/meeting.ts';
import { sourceChoices, sourcesMeant } from '../../../src/discord/commands/sources.ts';
import { dayChoices, tourPart } from '../../../src/discord/commands/tour.ts';
import { meetingCard } from '../../../src/discord/buttons/card.ts';
import { readerOf } from '../../../src/discord/services.ts';
import { openRealSnapshot } from '../../support/real-index.ts';

const { snapshot } = await openRealSnapshot();
const meant = (input: string): string[] => meetingsMeant(snapshot, input).map(({ id }) => id);
const at = (...cities: string[]): string[] =>
  snapshot.meetings.filter(({ city }) => cities.includes(city)).map(({ id }) => id);
const on = (...dates: string[]): string[] =>
  snapshot.meetings.filter(({ date }) => dates.includes(date ?? '')).map(({ id }) => id);
const reader = { ...readerOf(snapshot, 'en'), asked: [] };

interface Control {
  readonly custom_id?: string;
  readonly label?: string;
  readonly content?: string;
  readonly placeholder?: string;
}

function controlsIn(components: readonly object[]): Control[] {
  return components.flatMap((component) => [
    component,
    ...('components' in component ? controlsIn(component.components as object[]) : []),
  ]);
}

describe('a meeting', () => {
  it.each([
    ['holland', at('The Hague')],
    ['Den Haag', at('The Hague')],
    ['ハーグ', at('The Hague')],
    ['us', at('Washington D.C.')],
    ['USA', at('Washington D.C.')],
    ['America', at('Washington D.C.')],
    ['米国', at('Washington D.C.')],
    ['Kiev', at('Kyiv')],
    ['what about Sweden', at('Stockholm')],
    ['thursday', on('2024-01-11', '2024-01-18')],
    ['木曜日', on('2024-01-11', '2024-01-18')],
    ['8', on('2024-01-08')],
    ['1月13日', ['joly']],
    ['1', []],
    ['who is blinken?', ['blinken']],
    ['ブリンケン', ['blinken']],
    ['blnkin', ['blinken']],
    ['frid', on('2024-01-05', '2024-01-12')],
    ['amer', at('Washington D.C.')],
    ['den h', at('The Hague')],
    ['scandi', at('Helsinki', 'Stockholm')],
    ['the Finnish minister', ['valtonen']],
    ['フィンランド外相', ['valtonen']],
    ['kuleba press', ['kuleba-press']],
    ['kuleba', ['kuleba']],
    ['trudeau', []],
    ['nobody', []],
    ['test', []],
    ['the pope', []],
  ])('named “%s” is one of %j', (input, expected) => {
    expect(meant(input)).toEqual(expected);
  });

  it('is found by its id, its title, and the label of its choice', () => {
    for (const { id, title } of snapshot.meetings) {
      expect(meant(id)).toEqual([id]);
      expect(meant(title)).toContain(id);
      const labels = meetingChoices(title, reader).filter(({ value }) => value === id);
      expect(labels).toHaveLength(1);
    }
  });
});

describe('a day while it is typed', () => {
  it.each([
    ['th', on('2024-01-11', '2024-01-18')],
    ['木', on('2024-01-11', '2024-01-18')],
    ['hag', on('2024-01-11')],
    ['ハーグ', on('2024-01-11')],
    ['cana', on('2024-01-13')],
    ['holl', at('The Hague')],
    ['Kiev', at('Kyiv', 'Bucha', 'Irpin')],
    ['scandinavia', at('Helsinki', 'Stockholm')],
    ['おらん', at('The Hague')],
    ['weekend', on('2024-01-06', '2024-01-07', '2024-01-13', '2024-01-14')],
  ])('“%s” is one with %j', (typed, ids) => {
    const days = snapshot.meetings.flatMap(({ id, date }) => (ids.includes(id) ? [date] : []));
    const found = dayChoices(typed, reader).map(({ value }) => value);
    expect(found.toSorted()).toEqual([...new Set(days)]);
  });
});

describe('the card of a meeting', () => {
  const neighbours = (id: string, locale: 'en' | 'ja'): string[] => {
    const meeting = snapshot.meetings.find((each) => each.id === id);
    if (meeting === undefined) throw new Error(`there is no meeting “${id}”`);
    const { components } = meetingCard(meeting, { ...readerOf(snapshot, locale), questions: [] });
    const ids = controlsIn(components).filter(({ custom_id }) => custom_id?.startsWith('1|t|'));
    return ids.map(({ label = '' }) => label);
  };

  it('is in Japanese all but quotations', () => {
    for (const meeting of snapshot.meetings) {
      const questions = meetingQuestions(meeting, { snapshot, language: 'ja' });
      const { components } = meetingCard(meeting, { ...readerOf(snapshot, 'ja'), questions });
      const said = controlsIn(components)
        .flatMap(({ content = '', label = '', placeholder = '' }) => [content, label, placeholder])
        .flatMap((text) => text.split('\n'))
        .filter((line) => !line.startsWith('> '));
      // Addresses of sources, times on the reader's clock, and abbreviations stay as they are.
      const own = said.join('\n').replace(/\]\(<.*?>\)|<t:\d+:f>|[\w-]+(?:\.[\w-]+)+/g, '');
      expect(own.match(/[A-Za-z]*[a-z]{2,}/g) ?? [], meeting.id).toEqual([]);
    }
  });

  it.each(['en', 'ja'] as const)('names every neighbour in whole words (%s)', (locale) => {
    for (const { id } of snapshot.meetings) {
      for (const label of neighbours(id, locale)) expect(label).toMatch(/^[^…]{2,}$/);
    }
  });

  it.each([
    ['irpin-bridge', 'en', ['Tribute · Bucha', 'Kuleba']],
    ['icc-president', 'en', ['Bruins Slot', 'Khan']],
    ['icc-prosecutor', 'en', ['Hofmański', 'Akane']],
    ['kuleba-press', 'en', ['‹ Meeting', 'Shmyhal ›']],
    ['io-dinner', 'ja', ['会見', '献花 · ワルシャワ']],
    ['icc-staff', 'ja', ['カーン', 'フランケル']],
  ] as const)('of %s in %s has the neighbours %j', (id, locale, expected) => {
    expect(neighbours(id, locale)).toEqual(expected);
  });
});

describe('choices while typing', () => {
  it('are the days of the tour first, then meetings with who and where before when', () => {
    const days = meetingChoices('', reader);
    expect(days[7]).toEqual({ name: 'Fri 12 Jan · Washington D.C. · 5', value: '2024-01-12' });
    expect(meetingChoices('', { ...reader, ...readerOf(snapshot, 'ja') })[0]?.name).toBe(
      '1月5日(金) · 東京 · 2',
    );
    for (const { value } of days) expect(meant(value)).toEqual(on(value));
    expect(meetingChoices('washington', reader).map(({ name }) => name)).toContain(
      'Antony J. Blinken · Washington D.C. · 12 Jan',
    );
  });

  it('are publishers before sources', () => {
    const [first] = sourceChoices('', reader);
    expect(first?.name).toMatch(/^Ministry of Foreign Affairs of Japan · \d+$/);
    expect(sourcesMeant(reader, first?.value ?? '').length).toBeGreaterThan(20);
    const reuters = sourcesMeant(reader, 'ロイター').map(({ publisher }) => publisher);
    expect(reuters.join()).toContain('Reuters');
  });

  it('are questions that were asked here and answered, and those that the documents answer', () => {
    const asked = [
      'How long did the meeting with Joly last?',
      'how long did the meeting with joly last',
    ];
    const choices = questionChoices('how long joly', { ...reader, asked });
    expect(choices.map(({ value }) => value)).toEqual(asked.slice(0, 1));
    expect(questionChoices('joly las', reader)).toEqual([]);
    expect(questionChoices('', { ...reader, ...readerOf(snapshot, 'ja') }).length).toBeGreaterThan(
      0,
    );
  });
});

it.each([
  ['Kiev', 'Kyiv', 'en'],
  ['Den Haag', 'The Hague', 'en'],
  ['オランダ', 'オランダ', 'ja'],
] as const)(
  'a part of the tour is found by another name of its place, %s',
  (typed, title, locale) => {
    expect(tourPart(snapshot, typed, locale)?.title).toBe(title);
    expect(tourPart(snapshot, 'nowhere', locale)).toBeNull();
  },
);
