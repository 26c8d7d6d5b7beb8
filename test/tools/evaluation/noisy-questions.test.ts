import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boundedDistance } from '../../../src/language/words.ts';
import { inHaste, NOISE, seeded } from '../../../tools/evaluation/noisy-questions.ts';

const QUESTION = 'How long did the meeting with Blinken in Washington last?';

function spoil(rule: string, question = QUESTION, seed = 1): string {
  const apply = NOISE[rule];
  if (apply === undefined) throw new Error(`No rule "${rule}"`);
  return apply(question, seeded(seed));
}

describe('NOISE', () => {
  it('drops capitals and the question mark', () => {
    expect(spoil('lower case, no question mark')).toBe(
      'how long did the meeting with blinken in washington last',
    );
  });

  it('keeps of a telegram what says something, and the word that asks', () => {
    expect(spoil('telegraphic')).toBe('how long meeting blinken washington last');
  });

  it('rambles around the question without touching it', () => {
    expect(spoil('rambling')).toContain(QUESTION);
  });

  it('slips in names only, never in their first letter, never at the start of the question', () => {
    const words = QUESTION.split(' ');
    let slips = 0;
    for (let seed = 0; seed < 50; seed++) {
      const spoiled = spoil('a slip in every name', QUESTION, seed).split(' ');
      expect(spoiled).toHaveLength(words.length);
      spoiled.forEach((word, at) => {
        const before = words[at] ?? '';
        const isName = at > 0 && /^\p{Lu}/u.test(before);
        if (!isName) expect(word).toBe(before);
        if (word === before) return;
        slips += 1;
        expect(word[0]).toBe(before[0]);
        expect(boundedDistance(word, before, 3)).toBe(1);
      });
    }
    expect(slips).toBeGreaterThan(50);
  });

  it('slips in one longest word', () => {
    for (let seed = 0; seed < 20; seed++) {
      const spoiled = spoil('a slip in the longest word', QUESTION, seed);
      expect(boundedDistance(spoiled, QUESTION, 3)).toBeLessThanOrEqual(1);
      expect(spoiled.startsWith('How long did the meeting with Blinken in W')).toBe(true);
    }
  });

  it('holds for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 80 }), fc.integer(), (text, seed) => {
        for (const rule of Object.keys(NOISE)) {
          expect(spoil(rule, text, seed)).toBe(spoil(rule, text, seed));
        }
      }),
    );
  });
});

describe('inHaste', () => {
  it('spoils the answerable questions, the same every time, and keeps what answers them', () => {
    const gold = [{ document: 'blinken', pattern: '45' }];
    const questions = [
      { id: 'a', question: QUESTION, class: 'answerable' as const, language: 'en', gold },
      { id: 'b', question: 'Boil an egg?', class: 'off_topic' as const, language: 'en', gold: [] },
    ];
    const rule = NOISE['a slip in every name'] ?? String;
    const spoiled = inHaste(questions, rule);
    expect(spoiled).toMatchObject([{ id: 'a', class: 'answerable', gold }]);
    expect(spoiled[0]?.question).not.toBe(QUESTION);
    expect(inHaste(questions, rule)).toEqual(spoiled);
  });
});

describe('seeded', () => {
  it('gives numbers from 0 to 1 that a seed repeats and another does not', () => {
    const draw = (seed: number): number[] => {
      const random = seeded(seed);
      return Array.from({ length: 2000 }, random);
    };
    const numbers = draw(7);
    expect(draw(7)).toEqual(numbers);
    expect(draw(8)).not.toEqual(numbers);
    expect(numbers.every((value) => value >= 0 && value < 1)).toBe(true);
    const mean = numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
    expect(mean).toBeCloseTo(0.5, 1);
  });
});
