import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { questionFrom, questionFromMessage } from '../../src/discord/question.ts';
import { Refusal } from '../../src/discord/refusal.ts';
import { textsIn } from '../../src/discord/texts/index.ts';

function refusal(said: string): string {
  try {
    questionFrom(said);
  } catch (error) {
    if (error instanceof Refusal) return error.sentence(textsIn('en'));
    throw error;
  }
  return 'not refused';
}

describe('a question', () => {
  it('of 300 characters is asked, one of 301 is refused with both numbers', () => {
    expect(questionFrom('漢'.repeat(300))).toBe('漢'.repeat(300));
    expect(questionFrom('😀'.repeat(300))).toBe('😀'.repeat(300));
    expect(refusal('a'.repeat(301))).toContain('has 301 characters; at most 300');
  });

  it('that shows nothing is refused with an example', () => {
    expect(refusal(' \u200b\u202e\n ')).toContain('The question is empty');
  });

  it('out of a message is its beginning, whatever it holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 2000 }), (content) => {
        const asked = questionFromMessage(content);
        if (asked !== null) expect(questionFrom(asked.question)).toBe(asked.question);
      }),
    );
    expect(questionFromMessage('word '.repeat(100))).toMatchObject({ isCut: true });
  });
});
