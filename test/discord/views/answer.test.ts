import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Answer, Excerpt } from '../../../src/answer/types.ts';
import { answerMessage } from '../../../src/discord/buttons/answer.ts';
import { anyAnswer } from '../any-snapshot.ts';

const MEETING = { id: 'joly', title: 'Talks with Joly in Montréal', date: '2024-01-13' };

/** The message of an answer with these excerpts, as JSON. */
function shown(excerpts: (sample: Excerpt) => Excerpt[], locale: 'en' | 'ja' = 'en'): string {
  const withExcerpts = anyAnswer.filter((answer) => answer.excerpts.length > 0);
  const [sample] = fc.sample(withExcerpts, { seed: 1, numRuns: 1 });
  const [excerpt] = sample?.excerpts ?? [];
  if (sample === undefined || excerpt === undefined) throw new Error('expected an excerpt');
  const answer: Answer = { ...sample, verdict: 'answered', excerpts: excerpts(excerpt) };
  const snapshot = { documents: new Map(), meetings: [], sources: new Map() };
  const options = { snapshot, locale, page: 0, isPrivate: false } as const;
  return JSON.stringify(answerMessage(answer, { ...options, meeting: null, source: null }));
}

function headlineOf(document: { id: string; title: string }, place: string): string {
  return shown((excerpt) => [
    {
      ...excerpt,
      rank: 1,
      meeting: { ...MEETING, place },
      document: { ...excerpt.document, ...document },
    },
  ]);
}

describe('an excerpt’s headline', () => {
  it('gives the day of the meeting, and its place unless the title names it', () => {
    const own = { id: MEETING.id, title: MEETING.title };
    expect(headlineOf(own, 'Montréal, Canada')).toContain(
      '**1** · Talks with Joly in Montréal · 13 Jan"',
    );
    expect(headlineOf(own, 'Ottawa, Canada')).toContain(
      '**1** · Talks with Joly in Montréal · Ottawa, Canada · 13 Jan"',
    );
  });

  it('is the title of the quoted document where that only speaks of the meeting', () => {
    const other = { id: 'taiwan', title: 'Taiwan in January 2024' };
    expect(headlineOf(other, 'Montréal, Canada')).toContain('**1** · Taiwan in January 2024"');
  });
});

describe('an excerpt’s source', () => {
  const source = {
    id: 'gazette',
    title: 'Ferry talks',
    publisher: 'The Gazette',
    published: null,
    url: 'https://herald.example/ferry',
    kind: 'press',
    host: 'herald.example',
    copy: true,
  } as const;

  it('says that an account is quoted and whom it follows, in the reader’s language', () => {
    const name = { en: "The club's account", ja: 'クラブの記録' };
    const publishers = ['The Gazette'];
    const quoted = { kind: 'account', name, ofMeeting: true, publishers } as const;
    const ofAccount = (excerpt: Excerpt) => [{ ...excerpt, quoted, sources: [source] }];
    const english = shown(ofAccount);
    expect(english).toContain("The club's account of the meeting, after The Gazette");
    expect(english).toContain('press · copy on herald.example');
    expect(english).toContain('"url":"https://herald.example/ferry"');
    const japanese = shown(ofAccount, 'ja');
    expect(japanese).toContain('会談についてのクラブの記録（出典：The Gazette）');
    expect(japanese).toContain('herald.exampleの転載');
  });

  it('links to the sentence of a page that is quoted word for word', () => {
    const url = 'https://herald.example/ferry#:~:text=A%20well%2Dknown%20ferry';
    const quoted = {
      kind: 'page',
      title: 'Ferry talks',
      publisher: 'The Gazette',
      copyOn: 'herald.example',
      url,
    } as const;
    const text = shown((excerpt) => [{ ...excerpt, quoted, sources: [source] }]);
    expect(text).toContain(
      'The page “Ferry talks” by The Gazette, word for word (copy on herald.example)',
    );
    expect(text).toContain(`"url":"${url}"`);
  });
});

describe('an excerpt that other documents report too', () => {
  it('names them', () => {
    const text = shown((excerpt) => [{ ...excerpt, alsoReportedBy: ['overview', 'column'] }]);
    expect(text).toContain('Also reported by: overview, column');
  });
});

describe('an answer without excerpts', () => {
  it('does not claim to quote', () => {
    expect(shown(() => [])).not.toContain('Quoted word for word');
    expect(shown((excerpt) => [excerpt])).toContain('Quoted word for word');
  });
});

describe('the reason for doubt', () => {
  const [sample] = fc.sample(anyAnswer, { seed: 1, numRuns: 1 });
  const snapshot = { documents: new Map(), meetings: [], sources: new Map() };

  function headOf(locale: 'en' | 'ja'): string {
    if (sample === undefined) throw new Error('expected an answer');
    const doubt = { kind: 'unmentioned', names: ['*Lavrov*', 'x'.repeat(60)] } as const;
    const answer: Answer = { ...sample, verdict: 'weak', doubt, excerpts: [] };
    const options = { snapshot, locale, page: 0, isPrivate: false, meeting: null, source: null };
    return JSON.stringify(answerMessage(answer, options));
  }

  it('is one sentence in the reader’s language, with the names shortened and escaped', () => {
    const long = `${'x'.repeat(40)}…`;
    expect(headOf('en')).toContain(String.raw`No document mentions “\\*Lavrov\\*” or “${long}”.`);
    expect(headOf('ja')).toContain(
      String.raw`「\\*Lavrov\\*」、「${long}」に触れた文書はありません。`,
    );
  });
});
