import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import type { Answer } from '../../src/answer/types.ts';
import {
  type Alternatives,
  INDENT,
  quotationLines,
  renderAnswer as renderGlance,
  renderMore,
  renderWhole,
  type View,
} from '../../src/terminal/render-answer.ts';
import { COLOUR, PLAIN } from '../../src/terminal/text.ts';
import { answered, excerpt, view } from './example.ts';

const none: Alternatives = { meetings: [], questions: [] };

function renderAnswer(answer: Answer, shown: View, alternatives: Alternatives): string {
  return renderGlance(answer, shown, {
    alternatives: () => alternatives,
    howToSeeMore: () => 'type m',
  });
}

const weak: Answer = {
  ...answered,
  verdict: 'weak',
  reason: 'No document mentions “Lavrov”.',
  doubt: { kind: 'unmentioned', names: ['Lavrov'] },
};

const notFound: Answer = {
  ...answered,
  verdict: 'not_found',
  reason: 'Nothing in the documents is close to this question.',
  doubt: { kind: 'unrelated' },
  confidence: 0,
  excerpts: [],
};

describe('renderAnswer', () => {
  it('shows verdict, sentence and source', () => {
    expect(renderAnswer(answered, view, none)).toBe(
      `Answered (93 % sure).

> Their talk lasted 45 minutes, and nobody looked at the
> clock.
  Meeting with Antony Blinken in Washington
  The club's account of the meeting
  Ministry of Foreign Affairs of Japan (official), Kyodo
  News (agency; copy on example.org)
  corpus/meetings/blinken.md:34-36
  https://example.org/mofa
`,
    );
  });

  it('is in Japanese for a question in Japanese, but for the quotation', () => {
    const question = '会談はどのくらい続きましたか';
    const other = { ...excerpt, rank: 2, score: 1 };
    const meetings = [{ id: 'blinken', title: 'T', date: '2024-01-12', place: 'Washington, US' }];
    const listing = { kind: 'list', title: '一覧', value: null, note: null, meetings };
    expect(renderAnswer({ ...answered, question, listing }, view, none)).toMatch(
      /^回答あり（確度 93 %）。\n\n一覧\n {2}1月12日 {2}Washington {2}T\n/,
    );
    const shown = renderAnswer({ ...answered, question, excerpts: [excerpt, other] }, view, none);
    expect(shown).toContain('> Their talk lasted 45 minutes');
    expect(shown).toContain('クラブの記録');
    expect(shown).toMatch(/Japan（公式発表）、Kyodo\s+News（通信社、/);
    expect(shown).toMatch(/\nほか1件：type m\n$/);
    const doubtful = { ...answered, question, verdict: 'not_found', reason: '理由。' } as const;
    expect(renderAnswer({ ...doubtful, excerpts: [] }, view, none)).toBe('該当なし：理由。\n');
  });

  it('shows the telling words in bold, and counts what answers too', () => {
    const other = { ...excerpt, rank: 2, score: 1 };
    const coloured = renderAnswer(
      { ...answered, excerpts: [excerpt, other] },
      { ...view, style: COLOUR },
      none,
    );
    expect(coloured).toContain('Their talk lasted \x1b[1m45 minutes\x1b[22m, and');
    expect(coloured).toContain('\x1b[2m1 more: type m\x1b[22m');
    expect(renderMore({ ...answered, excerpts: [excerpt, other] }, view)).toMatch(/^\[2\] /);
    expect(renderMore(answered, view)).toBe('');
  });

  it('shows a list as a table of day, place and title', () => {
    const listing = {
      ...{ kind: 'meetings', title: 'Meetings: 2', value: 2, note: null },
      meetings: [
        {
          id: 'a',
          title: 'Talks with somebody in a city',
          date: '2024-01-09',
          place: 'Lima, Peru',
        },
        { id: 'b', title: 'Dinner', date: '2024-01-12', place: 'Santiago, Chile' },
      ],
    };
    expect(renderAnswer({ ...answered, listing, excerpts: [] }, view, none)).toBe(
      `Answered (93 % sure).

Meetings: 2
  9 Jan   Lima      Talks with somebody in a city
  12 Jan  Santiago  Dinner
`,
    );
  });
});

describe('renderWhole', () => {
  it('shows verdict, excerpt and citation', () => {
    expect(renderWhole(answered, view, () => none)).toBe(
      `Answered (93 % sure).

[1]   The two met at noon.
    > Their talk lasted 45 minutes, and nobody looked at the
    > clock.
      They parted as friends.

      Meeting with Antony Blinken in Washington
      January 12, 2024 · Washington D.C., United States
      The club's account of the meeting, after Ministry of
      Foreign Affairs of Japan and Kyodo News
      Ministry of Foreign Affairs of Japan (official), Kyodo
      News (agency; copy on example.org)
      corpus/meetings/blinken.md:34-36
      https://example.org/mofa
      Also reported by: The tour as a whole (overview); gone
`,
    );
  });

  it('names the meeting of an excerpt from another document, and one line as one', () => {
    const document = {
      id: 'overview',
      title: 'The tour as a whole',
      path: 'background/overview.md',
      lines: [7, 7] as const,
    };
    const other = { ...excerpt, rank: 2, document, sources: [], alsoReportedBy: [] };
    const text = renderWhole({ ...answered, excerpts: [excerpt, other] }, view, () => none);
    expect(text.slice(text.indexOf('[2]'))).toBe(
      `[2]   The two met at noon.
    > Their talk lasted 45 minutes, and nobody looked at the
    > clock.
      They parted as friends.

      The tour as a whole
      About: Meeting with Antony Blinken in Washington
      (blinken)
      January 12, 2024 · Washington D.C., United States
      The club's account of the meeting, after Ministry of
      Foreign Affairs of Japan and Kyodo News
      corpus/background/overview.md:7
`,
    );
  });

  it('takes the date from the document where there is no meeting', () => {
    const document = { ...excerpt.document, id: 'overview', title: 'The tour as a whole' };
    const other = { ...excerpt, document, meeting: null };
    expect(renderWhole({ ...answered, excerpts: [other] }, view, () => none)).toContain(
      '      The tour as a whole\n      January 18, 2024\n',
    );
  });

  it('links to the sentence of a page that it quotes word for word', () => {
    const url = 'https://example.org/mofa#:~:text=noon';
    const quoted = {
      kind: 'page',
      title: 'Meeting',
      publisher: 'Kyodo News',
      copyOn: null,
      url,
    } as const;
    const text = renderWhole({ ...answered, excerpts: [{ ...excerpt, quoted }] }, view, () => none);
    expect(text).toContain('      The page “Meeting” by Kyodo News, word for word\n');
    expect(text).toContain(`      ${url}\n`);
    expect(text).not.toContain('      https://example.org/mofa\n');
  });

  it('counts publishers beyond the fourth', () => {
    const many = Array.from({ length: 7 }, (_, at) => ({
      ...excerpt.sources[0],
      publisher: `P${at}`,
    })) as Answer['excerpts'][number]['sources'];
    expect(
      renderWhole({ ...answered, excerpts: [{ ...excerpt, sources: many }] }, view, () => none),
    ).toContain('P0 (official), P1 (official), P2 (official), P3\n      (official) and 3 more');
  });
});

describe('what a glance says', () => {
  it('states the doubt of a weak answer and shows its excerpts all the same', () => {
    const text = renderAnswer(weak, view, none);
    expect(text).toMatch(/^Not sure: No document mentions “Lavrov”\.\n\n> Their talk/);
  });

  it('never claims certainty', () => {
    expect(renderAnswer({ ...answered, confidence: 0.9999 }, view, none)).toContain('99 % sure');
  });

  it('offers meetings when nothing was found', () => {
    const meetings = [
      { id: 'duda', title: 'Courtesy call on Polish President Andrzej Duda in Warsaw' },
      { id: 'sikorski', title: 'Talks with Radosław Sikorski' },
    ];
    expect(renderAnswer(notFound, view, { meetings, questions: [] })).toBe(
      `Not found: Nothing in the documents is close to this
question.

You can ask about:
  - Courtesy call on Polish President Andrzej Duda in Warsaw
    (duda)
  - Talks with Radosław Sikorski (sikorski)
`,
    );
  });

  it('offers examples when no meeting is near either', () => {
    const text = renderAnswer(notFound, view, { meetings: [], questions: ['Who is she?'] });
    expect(text).toMatch(/\nYou can ask, for example:\n {2}- Who is she\?\n$/);
  });

  it('says the same in colour', () => {
    for (const answer of [weak, notFound]) {
      const coloured = renderAnswer(answer, { ...view, style: COLOUR }, none);
      const [verdict] = stripVTControlCharacters(coloured).split('\n');
      expect(renderAnswer(answer, view, none).split('\n')[0]).toBe(verdict);
    }
    const coloured = renderAnswer(answered, { ...view, style: COLOUR }, none);
    expect(coloured).toMatch(/^\x1b\[32m\x1b\[1mAnswered\x1b\[22m\x1b\[39m \(93 % sure\)\.\n/);
    expect(coloured).toContain('\n  \x1b[2mhttps://example.org/mofa\x1b[22m\n');
  });

  it('passes no escape sequence on, wherever it comes from', () => {
    const evil = '\x1b[2J\x9b1m';
    const poisoned: Answer = {
      ...weak,
      reason: `No document mentions “${evil}”.`,
      excerpts: [
        {
          ...excerpt,
          text: `${evil}${excerpt.text}`,
          document: { ...excerpt.document, title: evil, path: `${evil}.md` },
          meeting: { id: evil, title: `x${evil}`, date: evil, place: evil },
          sources: excerpt.sources.map((source) => ({ ...source, publisher: evil, url: evil })),
          alsoReportedBy: [evil],
        },
      ],
    };
    expect(renderAnswer(poisoned, view, none)).not.toMatch(/[\x1b\x9b]/);
    const alternatives = { meetings: [{ id: evil, title: evil }], questions: [evil] };
    expect(renderAnswer(notFound, view, alternatives)).not.toMatch(/[\x1b\x9b]/);
  });
});

/** A text with a highlighted range that starts and ends anywhere. */
const quotation = fc
  .record({
    text: fc
      .array(fc.stringMatching(/^[a-z.“”日]{1,9}$/), { minLength: 1, maxLength: 40 })
      .map((words) => words.join(' ')),
    from: fc.nat(300),
    length: fc.nat(300),
    rank: fc.integer({ min: 1, max: 25 }),
  })
  .map(({ text, from, length, rank }) => {
    const start = Math.min(from, text.length);
    const highlight: [number, number] = [start, Math.min(text.length, start + length)];
    return { text, rank, highlight };
  });

const withoutMargin = (lines: readonly string[]): string[] =>
  lines.map((line) => line.slice(INDENT.length));

describe('quotationLines', () => {
  it('marks the highlighted sentence in the margin where there is no bold', () => {
    expect(quotationLines(excerpt, { style: PLAIN, width: 50 })).toEqual([
      '[1]   The two met at noon.',
      '    > Their talk lasted 45 minutes, and nobody',
      '    > looked at the clock.',
      '      They parted as friends.',
    ]);
  });

  it('shows the highlighted sentence in bold, line by line, where there is', () => {
    expect(quotationLines({ ...excerpt, rank: 10 }, { style: COLOUR, width: 50 })).toEqual([
      '[10]  The two met at noon. \x1b[1mTheir talk lasted 45\x1b[22m',
      '      \x1b[1mminutes, and nobody looked at the clock.\x1b[22m',
      '      They parted as friends.',
    ]);
  });

  it('marks nothing where nothing is highlighted', () => {
    const lines = quotationLines({ ...excerpt, highlight: null }, { style: PLAIN, width: 80 });
    expect(lines.join('\n')).not.toContain('>');
  });

  it('alters no word, in bold or not', () => {
    fc.assert(
      fc.property(quotation, (given) => {
        const coloured = quotationLines(given, { style: COLOUR, width: 40 });
        const plain = quotationLines(given, { style: PLAIN, width: 40 });
        for (const lines of [coloured.map(stripVTControlCharacters), plain].map(withoutMargin)) {
          // Spaces are lost at the ends of lines only.
          expect(lines.every((line) => given.text.includes(line))).toBe(true);
          expect(lines.join('').replaceAll(' ', '')).toBe(given.text.replaceAll(' ', ''));
        }
      }),
    );
  });

  it('puts exactly the highlighted words in bold', () => {
    fc.assert(
      fc.property(quotation, (given) => {
        const bold = quotationLines(given, { style: COLOUR, width: 40 })
          .flatMap((line) => [...line.matchAll(/\x1b\[1m(.*?)\x1b\[22m/g)])
          .map(([, inside]) => inside)
          .join('');
        const expected = given.text.slice(...given.highlight);
        expect(bold.replaceAll(' ', '')).toBe(expected.replaceAll(' ', ''));
      }),
    );
  });

  it('keeps to the width', () => {
    fc.assert(
      fc.property(quotation, fc.constantFrom(PLAIN, COLOUR), (given, style) => {
        for (const line of quotationLines(given, { style, width: 40 })) {
          expect(stringWidth(stripVTControlCharacters(line))).toBeLessThanOrEqual(40);
        }
      }),
    );
  });

  it('passes no escape sequence of a document on', () => {
    const text = 'Harmless \x1b[2J\x1b]0;owned\x07 text.';
    for (const style of [PLAIN, COLOUR]) {
      const shown = quotationLines({ rank: 1, text, highlight: null }, { style, width: 60 });
      expect(shown.join('')).not.toMatch(/[\x07\x1b]/);
    }
  });
});
