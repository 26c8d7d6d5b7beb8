import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Refusal } from '../../src/discord/failures.ts';
import { questionFromInput, questionFromText } from '../../src/discord/question.ts';
import { textsIn } from '../../src/discord/texts/index.ts';

function refusal(input: string): string {
  try {
    questionFromInput(input);
  } catch (error) {
    if (error instanceof Refusal) return error.sentence(textsIn('en'));
    throw error;
  }
  return 'not refused';
}

describe('a question', () => {
  it('of 300 characters is asked, one of 301 is refused with both numbers', () => {
    expect(questionFromInput('漢'.repeat(300))).toBe('漢'.repeat(300));
    expect(questionFromInput('😀'.repeat(300))).toBe('😀'.repeat(300));
    expect(refusal('a'.repeat(301))).toContain('has 301 characters; at most 300');
  });

  it('without visible characters is refused with an example', () => {
    expect(refusal(' \u200b\u202e\n ')).toContain('The question is empty');
  });

  it('from a message is its beginning, whatever it contains', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 2000 }), (content) => {
        const asked = questionFromText(content);
        if (asked !== null) expect(questionFromInput(asked.question)).toBe(asked.question);
      }),
    );
    expect(questionFromText('word '.repeat(100))).toMatchObject({ isCut: true });
  });
});
