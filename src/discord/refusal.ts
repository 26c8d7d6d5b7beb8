import type { Texts } from './texts/index.ts';

/** What the user asked for cannot be done, and the user can do something about it. Not a failure. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly sentence: (texts: Texts) => string;

  constructor(sentence: (texts: Texts) => string) {
    super('refused');
    this.sentence = sentence;
  }
}
