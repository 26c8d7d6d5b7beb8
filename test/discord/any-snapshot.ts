import fc from 'fast-check';
import type { Answer, CitedSource, Excerpt, Quoted } from '../../src/answer/types.ts';
import type { Document, Meeting, Source } from '../../src/corpus/types.ts';
import type { Context } from '../../src/engine.ts';

/** Whatever a corpus can contain: long, empty and hostile texts. */
const nasty = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 400 }),
  fc.lorem({ maxCount: 60, mode: 'words' }),
  fc.constantFrom(
    '',
    ' ',
    '*'.repeat(900),
    '@everyone',
    '[x](https://evil.example)',
    '漢'.repeat(500),
  ),
);
const id = fc.oneof(fc.string({ unit: 'binary', minLength: 1, maxLength: 150 }), fc.uuid());
const isoDate = fc.option(fc.constantFrom('2024-01-12', '2024-01-05', 'soon'));
const url = fc.oneof(fc.webUrl(), fc.constant(`https://a.example/${'x('.repeat(400)}`), nasty);
const kind = fc.constantFrom('official', 'agency', 'press', 'commentary');

const cited: fc.Arbitrary<CitedSource> = fc.record({
  id,
  title: nasty,
  publisher: nasty,
  published: isoDate,
  url,
  kind,
  host: nasty,
  copy: fc.boolean(),
});
export const anySource: fc.Arbitrary<Source> = fc.record({
  id,
  title: nasty,
  publisher: nasty,
  published: isoDate,
  url,
  kind,
  language: fc.constant('en'),
  host: nasty,
  copy: fc.boolean(),
});

const quoted: fc.Arbitrary<Quoted> = fc.oneof(
  fc.record({
    kind: fc.constant('account' as const),
    name: fc.option(fc.record({ en: nasty, ja: nasty })),
    ofMeeting: fc.boolean(),
    publishers: fc.array(nasty, { maxLength: 5 }),
  }),
  fc.record({
    kind: fc.constant('page' as const),
    title: nasty,
    publisher: fc.option(nasty),
    copyOn: fc.option(nasty),
    url: fc.option(url),
  }),
);

const lines = fc.tuple(fc.nat(99_999), fc.nat(99_999));

const excerpt: fc.Arbitrary<Excerpt> = fc
  .record({
    rank: fc.integer({ min: 1, max: 25 }),
    text: fc.array(nasty, { minLength: 1, maxLength: 12 }).map((parts) => parts.join('. ')),
    range: fc.option(fc.tuple(fc.nat(), fc.nat(3000))),
    document: fc.record({ id, title: nasty, path: nasty, lines }),
    meeting: fc.option(fc.record({ id, title: nasty, date: isoDate, place: nasty })),
    quoted,
    sources: fc.array(cited, { maxLength: 12 }),
    alsoReportedBy: fc.array(id, { maxLength: 12 }),
    score: fc.double(),
  })
  .map(({ range, ...rest }) => {
    if (range === null || rest.text === '') return { ...rest, highlight: null };
    const start = range[0] % rest.text.length;
    return { ...rest, highlight: [start, Math.min(rest.text.length, start + range[1])] as const };
  });

export const anyAnswer: fc.Arbitrary<Answer> = fc.record({
  question: fc.oneof(
    fc.string({ unit: 'binary', minLength: 1, maxLength: 300 }),
    fc.constant('*'.repeat(300)),
  ),
  verdict: fc.constantFrom('answered', 'weak', 'not_found'),
  reason: fc.option(nasty),
  doubt: fc.option(
    fc.oneof(
      fc.record({
        kind: fc.constantFrom('unmentioned', 'apart'),
        names: fc.array(nasty, { minLength: 1 }),
      }),
      fc.record({ kind: fc.constant('kind' as const), asked: fc.constantFrom('person', 'time') }),
      fc.record({ kind: fc.constant('itinerary' as const), en: nasty, ja: nasty }),
      fc.constantFrom({ kind: 'vague' as const }, { kind: 'unrelated' as const }),
    ),
  ),
  confidence: fc.double({ min: 0, max: 1, noNaN: true }),
  excerpts: fc
    .array(excerpt, { maxLength: 12 })
    .map((all) => all.map((one, index) => ({ ...one, rank: index + 1 }))),
  listing: fc.option(
    fc.record({
      kind: fc.constant('meetings'),
      title: nasty,
      value: fc.option(fc.oneof(nasty, fc.nat())),
      meetings: fc.array(fc.record({ id, title: nasty, date: isoDate, place: nasty }), {
        maxLength: 45,
      }),
      note: fc.option(nasty),
    }),
  ),
  versions: fc.option(
    fc.array(fc.record({ value: nasty, excerpts: fc.array(fc.nat(11), { minLength: 1 }) }), {
      minLength: 2,
      maxLength: 4,
    }),
  ),
  timing: fc.constant({ embedMs: 0, searchMs: 0, totalMs: 0 }),
  generation: fc.constant('g'),
});

const person = fc.record({
  name: nasty,
  title: fc.option(nasty),
  organisation: fc.option(nasty),
  otherSpellings: fc.constant([]),
});

export const anyMeeting: fc.Arbitrary<Meeting> = fc.record({
  id,
  title: nasty,
  order: fc.nat(999),
  date: isoDate,
  localStart: fc.option(fc.constantFrom('13:30', 'morning', 'whenever')),
  durationMinutes: fc.option(fc.nat(600)),
  city: nasty,
  country: nasty,
  coordinates: fc.constant([0, 0] as const),
  venue: fc.option(nasty),
  people: fc.array(person, { maxLength: 30 }),
  topics: fc.array(nasty, { maxLength: 40 }),
  sources: fc.array(id, { maxLength: 5 }),
});

export const anyContext: fc.Arbitrary<Context> = fc.record({
  document: fc.record({ id, title: nasty, path: nasty }),
  headings: fc.array(nasty, { maxLength: 8 }),
  paragraphs: fc.array(
    fc.record({
      text: fc.array(nasty, { minLength: 1, maxLength: 20 }).map((parts) => parts.join('. ')),
      lines,
      asked: fc.boolean(),
    }),
    { minLength: 1, maxLength: 8 },
  ),
});

/** A document of one paragraph. */
export function documentOf(meeting: Meeting, text: string, sources: readonly string[]): Document {
  return {
    id: meeting.id,
    title: meeting.title,
    path: `${meeting.id}.md`,
    sha256: 'ab'.repeat(32),
    text,
    sections: [{ headings: [], blocks: [{ start: 0, end: text.length }] }],
    footnotes: sources.map((sourceId) => ({ sourceId, offset: text.length, line: 1 })),
    sources,
    topics: [],
    people: [],
    meeting,
    date: null,
    expected: [],
    origin: { runs: [{ textStart: 0, fileStart: 0 }], lineStarts: [0] },
  };
}
