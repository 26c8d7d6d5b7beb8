import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LONGEST_SENTENCE, sentencesOf } from '../../src/corpus/sentences.ts';

function split(text: string): string[] {
  return sentencesOf(text).map(({ start, end }) => text.slice(start, end));
}

/** Each line is one sentence; joined by spaces they must come apart again in the same places. */
function expectSentences(...sentences: string[]): void {
  expect(split(sentences.join(' '))).toEqual(sentences);
}

describe('sentencesOf', () => {
  it('keeps titles with the names that follow them', () => {
    expectSentences(
      'Dr. Biden thanked Mr. Kishida and Gen. Smith.',
      'H.E. Mr. Antony J. Blinken spoke to St. Andrew’s.',
    );
  });

  it('keeps numbers, months and sections with their abbreviation', () => {
    expectSentences(
      'Resolution No. 3 of Jan. 12 names Art. 9.',
      'It passed on Feb. 19.',
      'No. The vote failed.'.slice(0, 3),
      'The vote failed.',
    );
  });

  it('keeps abbreviated countries inside a sentence and lets them end one', () => {
    expectSentences(
      'The U.S. Congress and the U.N. Security Council met.',
      'She flew to the U.S. on Friday.',
      'He lives in the U.S.',
      'She told him so in Washington, D.C.',
      'The next stop was Montréal.',
    );
  });

  it('keeps initials and lets a following sentence begin', () => {
    expectSentences(
      'Joan E. Donoghue met Karim A. A. Khan in The Hague.',
      'This is set out in Annex B.',
      'The court agreed.',
    );
  });

  it('knows times of day', () => {
    expectSentences(
      'The talks began at 1:30 p.m. local time and ended at 2:15 p.m.',
      'Kamikawa left at 11 a.m. on Sunday.',
    );
  });

  it('does not cut after a quoted question that its speaker follows', () => {
    expectSentences(
      '“Will you come?” she asked.',
      '"Stop!" Dmytro Kuleba said.',
      '“We stand with Ukraine.”',
      'Nobody doubted it.',
    );
  });

  it('keeps what an ellipsis leaves open', () => {
    expectSentences(
      'He spoke of (...) Japan’s aid.',
      '[…] Poland would help.',
      'Well... perhaps not.',
    );
  });

  it('keeps the number of a list with its entry', () => {
    expectSentences('1. The ministers met.');
    expectSentences('(2) They agreed. '.trim());
    expectSentences('a. First, the alliance.');
    expectSentences('• Poland came first.');
  });

  it('keeps a short parenthesis of several sentences together', () => {
    expectSentences(
      'She left early (The train was late. It was cold.) and arrived at noon.',
      'Nobody complained.',
    );
  });

  it('splits after a stop before a reference or without a space', () => {
    expect(split('It lasted 45 minutes.[12] Then they left.')).toEqual([
      'It lasted 45 minutes.[12]',
      'Then they left.',
    ]);
    expect(split('It lasted 45 minutes.She left then.')).toEqual([
      'It lasted 45 minutes.',
      'She left then.',
    ]);
  });

  it('does not cut decimal numbers, addresses or versions', () => {
    expectSentences(
      'The budget is 7.95 trillion yen, see www.mofa.go.jp for more.',
      'It grew by 16.5 percent.',
    );
  });

  it('cuts Japanese text at its own stops', () => {
    expect(split('外務大臣は訪問した。会談は四十五分続いた。')).toEqual([
      '外務大臣は訪問した。',
      '会談は四十五分続いた。',
    ]);
  });

  it('keeps several sentences of a Japanese quotation together, and ends one before the next', () => {
    expect(
      split('彼は「門は九時に開く。鍵はここだ。」と言った。本当。「そうだ。」彼は去った。'),
    ).toEqual([
      '彼は「門は九時に開く。鍵はここだ。」と言った。',
      '本当。',
      '「そうだ。」',
      '彼は去った。',
    ]);
    expect(split(`「${'門は九時に開く。'.repeat(40)}」`).length).toBeGreaterThan(10);
  });

  it('keeps a quoted Japanese sentence with what is said of it', () => {
    expect(split('彼女は「行きます。」と述べた。本当？はい！')).toEqual([
      '彼女は「行きます。」と述べた。',
      '本当？',
      'はい！',
    ]);
  });

  it('cuts a sentence without end, at clauses where it has some', () => {
    const clause = 'and then they went on to the next place on their list';
    for (const text of [`${clause}, `.repeat(200), 'J. '.repeat(5000), 'x'.repeat(5000)]) {
      const sentences = split(text);
      expect(Math.max(...sentences.map(({ length }) => length))).toBeLessThanOrEqual(
        LONGEST_SENTENCE,
      );
      expect(sentences.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
    }
    expect(split(`${clause}, `.repeat(200)).every((one) => one.endsWith('list,'))).toBe(true);
  });

  it('finds the same sentences in a long text as in its parts', () => {
    const part =
      'Dr. Smith met the U.S. envoy at 3 p.m. on Friday. They spoke (see No. 4) at length. ';
    const once = split(part);
    expect(split(part.repeat(400))).toEqual(Array.from({ length: 400 }, () => once).flat());
  });

  it('leaves out nothing but white space, whatever the text', () => {
    const word = fc.constantFrom(
      'U.S.',
      'Dr.',
      'she',
      'The',
      'said.',
      '"Yes!"',
      '(',
      ')',
      '1.',
      'J.',
      '…',
      'a.m.',
      'Kyiv',
      '\n',
      '[3]',
      '😀',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'grapheme' }),
          fc.array(word).map((words) => words.join(' ')),
        ),
        (text) => {
          let end = 0;
          for (const span of sentencesOf(text)) {
            expect(text.slice(end, span.start).replace(/[\u0000-\u0020\u00a0]+/g, '')).toBe('');
            expect(span.end).toBeGreaterThan(span.start);
            end = span.end;
          }
          expect(text.slice(end).replace(/[\u0000-\u0020\u00a0]+/g, '')).toBe('');
        },
      ),
    );
  });
});
