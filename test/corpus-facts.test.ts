import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadConfig, PROJECT_FOLDER } from '../src/config.ts';
import type { Meeting } from '../src/corpus/types.ts';
import { altText } from '../src/discord/tour-map/draw-tour.ts';
import { journeyOf } from '../src/discord/tour-map/pictures.ts';
import { canDraw } from '../src/discord/tour-map/svg.ts';
import { withJapanese } from '../src/language/names.ts';
import { alternativesTo } from '../src/terminal/ask.ts';
import { renderAnswer, viewOf } from '../src/terminal/render-answer.ts';
import { openRealSnapshot, type RealSnapshot } from './support/real-index.ts';

/** What the documents say. Only these tests are to be changed when a document is. */

let real: RealSnapshot;
let meetings: readonly Meeting[];
beforeAll(async () => {
  real = await openRealSnapshot();
  meetings = real.snapshot.meetings;
});

describe('the examples of the README', () => {
  const readme = readFileSync(join(PROJECT_FOLDER, 'README.md'), 'utf8');
  const examples = [...readme.matchAll(/^\$ npm run --silent ask -- "(.+)"\n([^]+?)^```$/gm)];

  it.each(examples.map(([, question = '', shown = '']) => [question, shown]))(
    '“%s” is answered so',
    async (question, shown) => {
      const { snapshot } = real;
      const view = viewOf(snapshot, {
        config: loadConfig({}),
        output: {},
        folder: PROJECT_FOLDER,
      });
      const answer = await snapshot.ask(question);
      const output = renderAnswer(answer, view, {
        alternatives: () => alternativesTo(question, snapshot),
        howToSeeMore: () => '',
      });
      // Learning the weights again may change how sure an answer is.
      const linesOf = (text: string): string[] => text.replace(/\d+ %/, '').split('\n');
      const shortened = linesOf(shown).filter((line) => line.trim() !== '…');
      expect(shortened.length).toBeGreaterThan(1);
      expect(linesOf(output)).toEqual(expect.arrayContaining(shortened));
    },
  );
});

describe('the tour', () => {
  it('has 42 events and a bibliography of 170 sources', () => {
    expect(meetings).toHaveLength(42);
    expect(real.snapshot.sources.size).toBe(170);
  });

  it('has fourteen stops, each with its days and events', () => {
    const { stops } = journeyOf(meetings);
    const days = (dates: readonly string[]): string => dates.map((date) => date.slice(8)).join();
    expect(
      stops.map(
        (stop) => `${stop.number} ${stop.city}: ${days(stop.dates)}, ${stop.meetings.length}`,
      ),
    ).toEqual([
      '1 Tokyo: 05, 2',
      '2 Warsaw: 06, 2',
      '3 Bucha: 07, 1',
      '4 Irpin: 07, 1',
      '5 Kyiv: 07, 8',
      '6 Warsaw: 08, 4',
      '7 Helsinki: 09, 2',
      '8 Stockholm: 09,10, 3',
      '9 The Hague: 11, 5',
      '10 Washington D.C.: 12, 5',
      '11 Montréal: 13, 1',
      '12 Hamburg: 14,15, 2',
      '13 Ankara: 16,17, 5',
      '14 Tokyo: 18, 1',
    ]);
  });

  it('has every day from 5 to 18 January, and a stop on each', () => {
    const { days } = journeyOf(meetings);
    expect(days.map(({ date }) => Number(date.slice(8)))).toEqual([
      5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18,
    ]);
    expect(days.every((day) => day.stops.length > 0 && day.meetingCount > 0)).toBe(true);
  });

  it('goes to cities that all have a Japanese name, which the fonts of the picture can draw', () => {
    const journey = journeyOf(withJapanese(meetings, real.snapshot.documents));
    expect(altText(journey, null, 'ja')).not.toMatch(/[A-Za-z]/);
    expect(journey.stops.filter(({ japaneseCity }) => !canDraw(japaneseCity ?? ''))).toEqual([]);
  });
});

describe('the meeting with Blinken', () => {
  it('was on 12 January at 13:30 in Washington, with the Secretary of State', () => {
    const meeting = meetings.find(({ id }) => id === 'blinken');
    expect(meeting).toMatchObject({
      date: '2024-01-12',
      localStart: '13:30',
      city: 'Washington D.C.',
    });
    expect(meeting?.people).toContainEqual(
      expect.objectContaining({ name: 'Antony J. Blinken', title: 'Secretary of State' }),
    );
  });

  it('lasted 45 or 60 minutes: both are told, with the documents that report them', async () => {
    const { verdict, excerpts, versions } = await real.snapshot.ask(
      'How long did the meeting with Blinken last?',
    );
    expect(verdict).toBe('weak');
    expect(versions?.map(({ value }) => value)).toEqual(['45 minutes', '60 minutes']);
    const [first] = excerpts;
    expect(first?.document.id).toBe('blinken');
    expect(first?.meeting?.id).toBe('blinken');
    const told = [...(first?.alsoReportedBy ?? []), ...excerpts.map(({ document }) => document.id)];
    expect(told).toContain('where-sources-disagree');
    expect(first?.text).toContain('45 minutes');
    expect(first?.text.slice(...(first.highlight ?? [0, 0]))).toMatch(/\b(45|60) minutes/);
    expect(first?.sources.map(({ id }) => id)).toContain('mofa-us-fm');
  });
});
