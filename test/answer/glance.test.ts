import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { glanceOf, namesIn, tellingWords, withSurnames } from '../../src/answer/glance.ts';
import { openRealSnapshot } from '../support/real-index.ts';

/** The telling words of a sentence, joined. */
function told(question: string, sentence: string, people: readonly string[] = []): string {
  return tellingWords(question, sentence, withSurnames(people))
    .map(([start, end]) => sentence.slice(start, end))
    .join(' | ');
}

describe('the telling words', () => {
  it.each([
    [
      'How long did they talk?',
      'The talks began at 13:30 and lasted about 45 minutes.',
      'about 45 minutes',
    ],
    [
      'How much did it cost?',
      'The fund got more than 37 million dollars.',
      'more than 37 million dollars',
    ],
    ['When did she arrive?', 'She arrived on January 9, 2024.', 'January 9, 2024'],
    ['How many women spoke?', 'In 2023 three men and nine women spoke.', 'nine women'],
    ['Why did they move?', 'They moved because of an alarm.', 'because of an alarm'],
    ['何分でしたか', 'It took 50 minutes.', '50 minutes'],
  ])('are of the kind that is asked for: %s', (question, sentence, words) => {
    expect(told(question, sentence)).toBe(words);
  });

  it('are the names of those who were met, not of whom the question names', () => {
    const people = ['Ana Ruiz', 'Bo Li'];
    const sentence = 'Minister Ana Ruiz met Bo Li of the Trade Ministry.';
    expect(told('Who met Ruiz?', sentence, people)).toBe('Bo Li');
  });

  it('follow the question’s verb where it asks for no figure or name', () => {
    const sentence = 'Both agreed to build two more bridges, the paper wrote.';
    expect(told('What did they agree on?', sentence)).toBe('to build two more bridges');
  });

  it('are the whole sentence where its form does not show them', () => {
    const sentence = 'Sirens forced them into the basement.';
    expect(told('Why the shelter?', sentence)).toBe(sentence);
  });

  it('are ranges of the sentence in order, whatever is asked', () => {
    const words = fc.lorem({ maxCount: 20, mode: 'words' });
    const figures = fc.constantFrom('about 45 minutes', 'January 9, 2024', 'nine women', 'in Lima');
    const sentences = fc.tuple(words, figures, words).map((parts) => `${parts.join(' ')}.`);
    const questions = fc.constantFrom('How long?', 'When?', 'How many women?', 'Where?', 'What?');
    fc.assert(
      fc.property(questions, sentences, (question, sentence) => {
        const ranges = tellingWords(question, sentence, []);
        expect(ranges.length).toBeGreaterThan(0);
        ranges.flat().reduce((before, at) => {
          expect(at).toBeGreaterThanOrEqual(before);
          expect(at).toBeLessThanOrEqual(sentence.length);
          return at;
        }, 0);
      }),
    );
  });
});

it('looks for no empty name', () => {
  expect(namesIn('Joly met her.', ['', ' ', 'Joly'])).toEqual([[0, 4]]);
});

describe('below a list', () => {
  it.each([
    ['Which countries did she visit?', false],
    ['How many countries did she visit?', true],
    ['who did she meet in The Hague?', true],
  ])('a sentence is quoted where it says more than the list: “%s”', async (question, isQuoted) => {
    const { snapshot } = await openRealSnapshot();
    const answer = await snapshot.ask(question);
    expect(answer.listing).not.toBeNull();
    expect(glanceOf(answer, snapshot).quote !== null).toBe(isQuoted);
  });
});
