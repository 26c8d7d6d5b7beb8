import type { ModelProfile } from './model-profile.ts';
import type { PassageText } from './types.ts';

/**
 * Names the way from a text to its vector: token sequences, their limits, pooling. It is part of the model's digest, so
 * raise it with every change that changes vectors, and change `passage_ids` in tools/model/fine_tune.py with it.
 */
export const ENCODING_VERSION = 1;

/** Questions are cut here, special tokens included: what is longer is no question, and would only hold up others. */
const MAX_QUESTION_TOKENS = 128;

export interface TokenRules {
  /** Token ids of a text without special tokens. */
  readonly tokenise: (text: string) => readonly number[];
  /** Id of the token before every sequence: `<s>` or `[CLS]`. */
  readonly first: number;
  /** Id of the token after every sequence: `</s>` or `[SEP]`. */
  readonly last: number;
  /** Longest sequence the model takes, special tokens included. */
  readonly maxTokens: number;
  readonly profile: Pick<ModelProfile, 'questionPrefix' | 'passagePrefix'>;
}

/** Where a sentence's tokens are in its passage's sequence: [start, end), empty when it was cut away or has none. */
export interface TokenSpan {
  readonly start: number;
  readonly end: number;
}

export interface PassageTokens {
  readonly ids: readonly number[];
  /** One a sentence. */
  readonly spans: readonly TokenSpan[];
}

/** At least the two special tokens, at most `MAX_QUESTION_TOKENS` or what the model takes. */
export function questionTokens(text: string, rules: TokenRules): number[] {
  const words = rules.tokenise(rules.profile.questionPrefix + text);
  const room = Math.min(MAX_QUESTION_TOKENS, rules.maxTokens) - 2;
  return [rules.first, ...words.slice(0, room), rules.last];
}

/**
 * Header and sentences are tokenised apart, so that every token belongs to one of them; the end is cut off where the
 * model takes no more.
 */
export function passageTokens(
  { header, sentences }: PassageText,
  rules: TokenRules,
): PassageTokens {
  const { passagePrefix } = rules.profile;
  const before = header === '' ? passagePrefix.trim() : `${passagePrefix}${header}.`;
  const end = rules.maxTokens - 1;
  const ids = [rules.first, ...(before === '' ? [] : rules.tokenise(before))];
  const spans = sentences.map((sentence) => {
    const start = ids.length;
    // What comes after the cut changes nothing, and a passage can be any length.
    if (start < end) for (const id of rules.tokenise(sentence)) ids.push(id);
    return { start: Math.min(start, end), end: Math.min(ids.length, end) };
  });
  return { ids: [...ids.slice(0, end), rules.last], spans };
}
