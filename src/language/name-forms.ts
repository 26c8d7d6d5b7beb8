import type { Word } from './words.ts';

/**
 * How a name must be written to be one. `any`: any case. `us`: "US", "U.S.", "the us", never the pronoun. `states`:
 * "the States", not the states of the world. `pm`: "PM", not "4 pm". Others: a name that is also a common word,
 * told apart in small letters by the word before it.
 */
export type NameForm = 'any' | 'us' | 'states' | 'pm' | 'turkey' | 'polish' | 'pole' | 'china';

/** Words before which "us" is the country even in small letters. */
const AFTER_US = new Set(
  `secretary state president government congress senate ambassador military army navy troops official officials
  lawmakers treasury minister department defence defense national trade commerce visit trip tour leg dollars dollar side
  election elections firm company companies counterpart capital`.split(/\s+/),
);
/** Words after which "the states" is the country even in small letters. */
const TO_THE_STATES = new Set(['to', 'in', 'from', 'across', 'visit', 'visited', 'left']);

const COMMON_AFTER: Readonly<Partial<Record<NameForm, ReadonlySet<string>>>> = {
  turkey: new Set(['a', 'my', 'your', 'roast', 'roasted', 'whole', 'frozen', 'cooked', 'wild']),
  polish: new Set(['to', 'i', 'you', 'nail', 'shoe', 'floor']),
  pole: new Set(['a', 'flag', 'north', 'south', 'ski', 'tent', 'power']),
  china: new Set(['a', 'bone', 'fine']),
};

/** Whether the phrase of so many words at `words[index]` is written as its form asks. */
export function fitsForm(
  form: NameForm,
  words: readonly Word[],
  index: number,
  length: number,
): boolean {
  const word = words[index];
  if (word === undefined) return false;
  const before = words[index - 1];
  const after = words[index + length];
  switch (form) {
    case 'any':
      return true;
    case 'us':
      return word.acronym || before?.folded === 'the' || AFTER_US.has(after?.folded ?? '');
    case 'states':
      return (
        words[index + length - 1]?.capitalised === true || TO_THE_STATES.has(before?.folded ?? '')
      );
    case 'pm':
      return before?.figure !== true;
    default:
      return word.capitalised || COMMON_AFTER[form]?.has(before?.folded ?? '') !== true;
  }
}
