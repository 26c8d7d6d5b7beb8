import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coreQuestion } from '../../src/search/core-question.ts';

/** The question proper, and what is left of the whole text. */
function read(text: string): { core: string; rest: string } {
  const { cleaned, start, end } = coreQuestion(text);
  const squeezed = (part: string): string => part.replace(/\s+/g, ' ').trim();
  return { core: squeezed(cleaned.slice(start, end)), rest: squeezed(cleaned) };
}

describe('coreQuestion', () => {
  it.each([
    ['Who met her in Kyiv?', 'Who met her in Kyiv?'],
    ['Hello everyone, who met her in Kyiv? Thanks a lot!', 'who met her in Kyiv?'],
    ['I was reading the news today. Who met her in Kyiv?', 'Who met her in Kyiv?'],
    ['Hello there, my friend! Who met her in Kyiv?', 'Who met her in Kyiv?'],
    ['Who, if anything, met her? https://example.org/a?b=1', 'Who, met her?'],
    ['Could you please tell me who met her in Kyiv?', 'who met her in Kyiv?'],
    ['Do you happen to know who met her in Kyiv?', 'who met her in Kyiv?'],
    ['Tell me more about the lunch in Kyiv', 'the lunch in Kyiv'],
    ['tell us who met her in Kyiv', 'who met her in Kyiv'],
    ['tell me a joke', 'tell me a joke'],
    ['Quick question: who met her in Kyiv?', 'who met her in Kyiv?'],
    ['Any idea who met her in Kyiv', 'who met her in Kyiv'],
    ['Any idea if she met Kuleba in Kyiv?', 'she met Kuleba in Kyiv?'],
    ['Who met her in Kyiv? Any pointers would be appreciated', 'Who met her in Kyiv?'],
    ['sorry if this was asked before, who met her in Kyiv', 'who met her in Kyiv'],
  ])('%j asks %j', (text, core) => {
    expect(read(text).core).toBe(core);
  });

  it.each([
    'How long did the meeting with Mr. Blinken last?',
    'did dr. Smith come?',
    'How much U.S. aid did J. Smith promise?',
    'Was resolution no. 2722 about ships?',
    'Did the train at 7 p.m. leave on time?',
  ])('takes no abbreviation in %j for the end of a sentence', (text) => {
    expect(read(text).core).toBe(text);
  });

  it.each(['They met. ', 'It rained! ', 'My question: ', 'Snow; ', 'A line\n', 'Mr. X left. '])(
    'begins after %j',
    (before) => {
      expect(read(`${before}Who met her?`).core).toBe('Who met her?');
    },
  );

  it('without a question mark takes the whole text for the question', () => {
    expect(coreQuestion('kyiv arrival. train')).toEqual({
      cleaned: 'kyiv arrival. train',
      start: 0,
      end: 19,
    });
  });

  it('leaves words alone that only begin like a greeting', () => {
    for (const text of ['history of the high court', 'what did the Dearborn plant make']) {
      expect(read(text).rest).toBe(text);
    }
  });

  it('blanks fillers out without moving a letter, and names a part of the text', () => {
    const filler = fc.constantFrom(
      ...['hi all,', 'sorry', 'I was wondering if', 'please', 'thanks', '?', '.', 'who met Kuleba'],
    );
    const typed = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 60 }),
      fc.array(fc.oneof(filler, fc.string({ maxLength: 4 }))).map((parts) => parts.join(' ')),
    );
    fc.assert(
      fc.property(typed, (text) => {
        const { cleaned, start, end } = coreQuestion(text);
        expect(cleaned).toHaveLength(text.length);
        for (let at = 0; at < text.length; at++) {
          if (cleaned[at] !== text[at]) expect(cleaned[at]).toBe(' ');
        }
        expect(start).toBeGreaterThanOrEqual(0);
        expect(start).toBeLessThanOrEqual(end);
        expect(end).toBeLessThanOrEqual(text.length);
      }),
    );
  });

  it('takes no time over the longest of ramblings', () => {
    const rambling = 'sorry, but and could you please tell me if I was just reading '.repeat(1000);
    expect(coreQuestion(rambling).cleaned).toHaveLength(rambling.length);
  });
});
