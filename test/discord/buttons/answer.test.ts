import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Answer, Excerpt, Listing } from '../../../src/answer/types.ts';
import { answerMessage } from '../../../src/discord/buttons/answer.ts';
import { passagesMessage } from '../../../src/discord/buttons/passages.ts';
import { readerOf } from '../../../src/discord/services.ts';
import { anyAnswer } from '../any-snapshot.ts';

const [sample] = fc.sample(
  anyAnswer.filter((answer) => answer.excerpts.length > 1),
  { seed: 1, numRuns: 1 },
);
if (sample === undefined) throw new Error('expected an answer');

const LENGTH = 'The talks began at noon. They lasted about 45 minutes, by its English page.';
const OTHER = 'Another page says that they lasted about 60 minutes.';

function source(publisher: string, host: string): Excerpt['sources'][number] {
  return {
    ...{ id: host, title: 'A page', publisher, published: '2024-01-12' },
    ...{ url: `https://www.${host}/page`, kind: 'official', host, copy: false },
  };
}

const excerpt: Excerpt = {
  ...(sample.excerpts[0] as Excerpt),
  rank: 1,
  text: LENGTH,
  highlight: [25, LENGTH.length],
  score: 9,
  quoted: {
    kind: 'account',
    name: { en: 'The club’s account', ja: 'クラブの記録' },
    ofMeeting: true,
    publishers: ['The Ministry'],
  },
  document: { id: 'joly', title: 'Talks with Joly', path: 'joly.md', lines: [3, 4] },
  sources: [source('The Ministry', 'ministry.example'), source('Agency (via Paper)', 'a.example')],
};
const other: Excerpt = {
  ...excerpt,
  ...{ rank: 2, text: OTHER, highlight: [0, OTHER.length], score: 1 },
};
const base: Answer = {
  ...sample,
  ...{ question: 'How long did they talk?', verdict: 'answered', doubt: null, reason: null },
  ...{ listing: null, versions: null, excerpts: [excerpt, other] },
};
const snapshot = { documents: new Map(), meetings: [], sources: new Map() };

/** The message of an answer, as JSON. */
function shown(answer: Partial<Answer>, locale: 'en' | 'ja' = 'en', isPrivate = false): string {
  const request = { isPrivate, meeting: null, source: null, offered: [] };
  const options = { ...readerOf(snapshot, locale), ...request };
  return JSON.stringify(answerMessage({ ...base, ...answer }, options));
}

describe('a sure answer', () => {
  it('is the question in small print, the sentence with its telling words in bold, and where the link leads', () => {
    const text = shown({});
    expect(text).toContain('"-# How long did they talk?"');
    expect(text).toContain('They lasted **about 45 minutes**, by its English page.');
    expect(text).toContain(
      '-# Talks with Joly · The club’s account of the meeting · [ministry.example](<https://www.ministry.example/page>), official, 12 Jan · also Agency',
    );
  });

  it('has the sentence before it only where it points back', () => {
    expect(shown({})).toContain('The talks began at noon. They lasted');
    const alone = { ...excerpt, highlight: [0, 24] as const };
    expect(shown({ excerpts: [alone] })).not.toContain('They lasted');
  });

  it('counts as more only what answers too', () => {
    expect(shown({})).not.toContain('1 more');
    expect(shown({ excerpts: [excerpt, { ...other, score: 8 }] })).toContain('1 more');
    const noLength = { ...other, score: 8, text: 'They met.', highlight: [0, 9] as const };
    expect(shown({ excerpts: [excerpt, noLength] })).not.toContain('1 more');
  });

  it('has one row of buttons, whose labels give way where a phone would wrap it', () => {
    expect(shown({})).toContain('"label":"Ask on"');
    const crowded = shown({ excerpts: [excerpt, { ...other, score: 8 }] });
    expect(crowded).toContain('"label":"Context"');
    expect(crowded).not.toContain('"label":"Ask on"');
    expect(crowded).toContain('"emoji":{"name":"💬"}');
    for (const message of [shown({}), crowded, shown({}, 'ja', true)]) {
      expect(message.match(/"type":1,/g)).toHaveLength(1);
    }
  });

  it('can be shared where the asker alone sees it', () => {
    expect(shown({}, 'en', true)).toContain('Share');
    expect(shown({})).not.toContain('Share');
  });
});

describe('two versions', () => {
  const versions = [
    { value: '45 minutes', excerpts: [1] },
    { value: '60 minutes', excerpts: [2] },
  ];

  it('are quoted both, each with its value in bold, and none is certain', () => {
    const text = shown({ versions });
    expect(text).toContain('**Two versions** of one publisher: The Ministry');
    expect(text).toContain('**about 45 minutes**');
    expect(text).toContain('**about 60 minutes**');
    expect(text).toContain(`"accent_color":14721280`);
    expect(shown({ versions }, 'ja')).toContain('**2つの説**(いずれもThe Ministry)');
  });

  it('are quoted once where one sentence states both', () => {
    const both = 'Some say 45 minutes, others 60 minutes.';
    const one = { ...excerpt, text: both, highlight: [0, both.length] as const };
    const inOne = versions.map(({ value }) => ({ value, excerpts: [1] }));
    const text = shown({ versions: inOne, excerpts: [one] });
    expect(text).toContain('**Two versions**');
    expect(text).toContain('Some say **45 minutes**, others **60 minutes**.');
    expect(text.match(/Some say/g)).toHaveLength(1);
  });

  it('name who differs from whom', () => {
    const paper = { ...other, sources: [source('The Paper', 'paper.example')] };
    expect(shown({ versions, excerpts: [excerpt, paper] })).toContain(
      '**Two versions**: The Ministry and The Paper differ',
    );
  });
});

describe('a list', () => {
  const meetings = [1, 2].map((n) => ({
    ...{ id: `m${n}`, title: `Talks ${n}`, date: '2024-01-12', place: 'Lima, Peru' },
  }));
  const countries: Listing = {
    ...{ kind: 'countries', title: 'Countries: Peru, Chile', value: 'Peru, Chile' },
    ...{ meetings, note: null },
  };

  it('counts countries and shows them with their flags', () => {
    const text = shown({ listing: countries });
    expect(text).toContain('### Countries: 2');
    expect(text).toContain('🇵🇪 Peru · 🇨🇱 Chile');
  });

  it('is shown line by line where it is of meetings', () => {
    const text = shown({ listing: { ...countries, title: 'Meetings: 2', value: 2 } });
    expect(text).toContain('### Meetings: 2\\n**12 Jan** Talks 1\\n**12 Jan** Talks 2');
  });

  it('takes titles with commas for no names', () => {
    const title = 'Talks with Ana Silva, Lima';
    const one = { ...meetings[0], title } as (typeof meetings)[number];
    const first: Listing = {
      ...{ kind: 'events', title: `Events, first: ${title}`, value: title },
      ...{ meetings: [one], note: null },
    };
    expect(shown({ listing: first })).toContain(`### Events, first: ${title}`);
    const both = { title: `Events, last: ${title}; Talks 2`, value: `${title}; Talks 2` };
    const two = shown({ listing: { ...first, ...both, meetings: [one, ...meetings.slice(1)] } });
    expect(two).toContain(`### Events, last: 2\\n**12 Jan** ${title}\\n**12 Jan** Talks 2`);
  });

  it('has a sentence below it only where that says so', () => {
    expect(shown({ listing: countries })).not.toContain('> ');
    const says = { ...excerpt, text: 'She saw Peru.', highlight: [0, 13] as const };
    expect(shown({ listing: countries, excerpts: [says] })).toContain('> She saw **Peru**.');
  });

  it('leaves out the sentence where both are too long for a phone', () => {
    const says = { ...excerpt, text: 'She saw Peru.', highlight: [0, 13] as const };
    const names = ['Peru', ...Array.from({ length: 40 }, (_, n) => `Island ${n} of the South`)];
    const long = { ...countries, title: `Countries: ${names.join(', ')}`, value: names.join(', ') };
    const text = shown({ listing: long, excerpts: [says] });
    expect(text).toContain('### Countries: 41');
    expect(text).not.toContain('> She saw');
  });

  it('is in the language of the question, as its title is', () => {
    const inEnglish = shown({ listing: { ...countries, title: 'Meetings: 2', value: 2 } }, 'ja');
    expect(inEnglish).toContain('### Meetings: 2\\n**12 Jan** Talks 1');
    const listing = { ...countries, title: '会談：2', value: 2 };
    const inJapanese = shown({ question: '会談は何回', listing }, 'en');
    expect(inJapanese).toContain('### 会談：2\\n**1月12日** Talks 1');
  });
});

describe('an uncertain answer', () => {
  const doubt = { kind: 'unmentioned', names: ['*Lavrov*', 'x'.repeat(60)] } as const;

  it('gives the reason first, in the reader’s language, with names shortened and escaped', () => {
    const long = `${'x'.repeat(40)}…`;
    const weak = { verdict: 'weak', doubt } as const;
    expect(shown(weak)).toContain(
      String.raw`\n**No document mentions “\\*Lavrov\\*” or “${long}”.**`,
    );
    expect(shown(weak, 'ja')).toContain(
      String.raw`「\\*Lavrov\\*」、「${long}」に触れた文書はありません。`,
    );
  });

  it('shows one closest sentence, not in bold', () => {
    const text = shown({ verdict: 'weak', doubt: { kind: 'vague' } });
    expect(text).toContain(
      'Closest, perhaps not an answer:\\n> The talks began at noon. They lasted about',
    );
    expect(text).toContain('2 closest');
  });
});

describe('an answer that found nothing', () => {
  it('offers questions to tap, and no thumbs', () => {
    const nothing: Answer = {
      ...base,
      verdict: 'not_found',
      doubt: { kind: 'unrelated' },
      excerpts: [],
    };
    const offered = [{ label: 'Who?', question: 'Who?' }];
    const options = { ...readerOf(snapshot, 'en'), isPrivate: false, meeting: null, source: null };
    const text = JSON.stringify(answerMessage(nothing, { ...options, offered }));
    expect(text).toContain('**Not in these documents.** You can ask:');
    expect(text).toContain('"custom_id":"1|q|0|||=Who?"');
    expect(text).not.toContain('👎');
  });
});

describe('the source of a sentence', () => {
  it('is called a copy where the link leads to another host, and an account is one in either language', () => {
    const copied = {
      ...excerpt,
      sources: [{ ...source('The Ministry', 'b.example'), copy: true }],
    };
    expect(shown({ excerpts: [copied] })).toContain(', official, copy, 12 Jan');
    expect(shown({ excerpts: [copied] }, 'ja')).toContain('会談についてのクラブの記録');
  });

  it('links to the sentence of a page that is quoted word for word', () => {
    const url = 'https://www.ministry.example/page#:~:text=They%20lasted';
    const quoted = {
      kind: 'page' as const,
      title: 'Talks',
      publisher: 'The Ministry',
      copyOn: null,
      url,
    };
    expect(shown({ excerpts: [{ ...excerpt, quoted }] })).toContain(`(<${url}>)`);
  });
});

describe('passages', () => {
  const options = {
    ...readerOf(snapshot, 'en'),
    page: 0,
    request: { question: 'Who?', meeting: null, source: null },
  };

  it('name the other documents that report the same', () => {
    const reported = { ...excerpt, alsoReportedBy: ['overview', 'column'] };
    const answer: Answer = { ...base, verdict: 'weak', excerpts: [reported] };
    const text = JSON.stringify(passagesMessage(answer, options));
    expect(text).toContain('Also reported by: overview, column');
    expect(text).toContain('**1** · Talks with Joly');
  });
});
