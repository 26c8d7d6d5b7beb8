import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NoQuestion, Refusal } from '../../../src/discord/reply.ts';
import { questionFromText, textOfMessage } from '../../../src/discord/commands/ask.ts';
import { questionFromInput } from '../../../src/discord/commands/help.ts';
import { smallTalkOf } from '../../../src/language/answer-kinds.ts';
import { textsIn } from '../../../src/discord/text.ts';

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

  it('without visible characters, or that only greets, is none', () => {
    for (const input of [
      ' \u200b\u202e\n ',
      'Hello there!',
      'who are you?',
      'ヘルプ',
      'こんにちは',
    ]) {
      expect(() => questionFromInput(input)).toThrow(NoQuestion);
    }
    for (const input of ['hello kitty', 'Who are you meeting in Kyiv?', 'help for Ukraine']) {
      expect(questionFromInput(input)).toBe(input);
    }
  });

  it('in a message is its text, else that of what was forwarded, of embeds or of components', () => {
    const text = { type: 17, components: [{ type: 10, content: 'How long?' }] };
    expect(textOfMessage({ content: 'Hi <@1> <:wave:22> you' })).toBe('Hi you');
    expect(textOfMessage({ content: '<@1>, is it you <@2>?' })).toBe('is it you?');
    expect(textOfMessage({ content: 'hey <@1>, <@2> why' })).toBe('hey, why');
    expect(textOfMessage({ message_snapshots: [{ message: { content: 'Why?' } }] })).toBe('Why?');
    expect(textOfMessage({ content: ' ', embeds: [{ title: 'Who?' }] })).toBe('Who?');
    expect(textOfMessage({ components: [text] })).toBe('How long?');
    const shown = { type: 10, content: '-# How long \\*was\\* it?\n> It lasted **an hour**.' };
    for (const asked of ['=How long *was* it?', '^']) {
      const button = { type: 2, custom_id: `1|n|||${asked}` };
      const answer = { type: 17, components: [shown, { type: 1, components: [button] }] };
      expect(textOfMessage({ components: [answer] })).toBe('How long *was* it?');
    }
    expect(textOfMessage({})).toBe('');
  });

  it('from a message is its beginning, whatever it contains', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 2000 }), (content) => {
        const asked = questionFromText(content);
        if (asked === null) return;
        if (smallTalkOf(asked.question) === null) {
          expect(questionFromInput(asked.question)).toBe(asked.question);
        } else {
          expect(() => questionFromInput(asked.question)).toThrow(NoQuestion);
        }
      }),
    );
    expect(questionFromText('word '.repeat(100))).toMatchObject({ isCut: true });
  });
});
