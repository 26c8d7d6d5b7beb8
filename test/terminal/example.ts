import type { Answer, CitedSource, Excerpt } from '../../src/answer/types.ts';
import type { Document, Meeting } from '../../src/corpus/types.ts';
import type { View } from '../../src/terminal/render-answer.ts';
import { PLAIN } from '../../src/terminal/text.ts';

/** Made-up things in the shapes that renderers take. */

const ministry: CitedSource = {
  id: 'mofa',
  title: 'Meeting',
  publisher: 'Ministry of Foreign Affairs of Japan',
  published: '2024-01-12',
  url: 'https://example.org/mofa',
  kind: 'official',
  host: 'example.org',
  copy: false,
};

const sources: readonly CitedSource[] = [
  ministry,
  { ...ministry, id: 'mofa-2', url: 'https://example.org/second' },
  {
    ...ministry,
    id: 'kyodo',
    publisher: 'Kyodo News',
    url: 'https://example.org/kyodo',
    kind: 'agency',
    copy: true,
  },
];

export const excerpt: Excerpt = {
  rank: 1,
  text: 'The two met at noon. Their talk lasted 45 minutes, and nobody looked at the clock. They parted as friends.',
  highlight: [21, 82],
  document: {
    id: 'blinken',
    title: 'Meeting with Antony Blinken in Washington',
    path: 'meetings/blinken.md',
    lines: [34, 36],
  },
  meeting: {
    id: 'blinken',
    title: 'Meeting with Antony Blinken in Washington',
    date: '2024-01-12',
    place: 'Washington D.C., United States',
  },
  quoted: {
    kind: 'account',
    name: { en: "The club's account", ja: 'クラブの記録' },
    ofMeeting: true,
    publishers: ['Ministry of Foreign Affairs of Japan', 'Kyodo News'],
  },
  sources,
  alsoReportedBy: ['overview', 'gone'],
  score: 1.5,
};

export const answered: Answer = {
  question: 'How long did they talk?',
  verdict: 'answered',
  reason: null,
  doubt: null,
  confidence: 0.934,
  excerpts: [excerpt],
  listing: null,
  versions: null,
  timing: { embedMs: 0.1, searchMs: 3, totalMs: 3.1 },
  generation: '20240112T000000000Z-000000000000',
};

const OVERVIEW: Document = {
  ...{ id: 'overview', title: 'The tour as a whole', date: '2024-01-18' },
  ...{ path: 'overview.md', sha256: '', text: '', sections: [], footnotes: [], sources: [] },
  ...{ topics: [], people: [], meeting: null, expected: [] },
  origin: { runs: [], lineStarts: [0] },
};

export const view: View = {
  style: PLAIN,
  width: 60,
  corpusLabel: 'corpus',
  snapshot: { documents: new Map([[OVERVIEW.id, OVERVIEW]]), meetings: [], sources: new Map() },
};

export function meeting(id: string, more: Partial<Meeting> = {}): Meeting {
  return {
    id,
    title: `Meeting ${id}`,
    order: 1,
    date: '2024-01-12',
    localStart: null,
    durationMinutes: null,
    city: 'Washington',
    country: 'United States',
    coordinates: [38.9, -77],
    venue: null,
    people: [],
    topics: [],
    sources: [],
    ...more,
  };
}
