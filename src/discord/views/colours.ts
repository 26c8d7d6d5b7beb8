import type { Verdict } from '../../answer/types.ts';

/** Told apart in the dark and in the light theme; never the only sign of anything. */
export const VERDICT_COLOURS: Readonly<Record<Verdict, number>> = {
  answered: 0x2e9e5b,
  weak: 0xe0a100,
  not_found: 0x8a8f98,
};
export const VERDICT_SIGNS: Readonly<Record<Verdict, string>> = {
  answered: '✅',
  weak: '⚠️',
  not_found: '🚫',
};
export const PLAIN_COLOUR = 0xbc002d;
export const FAILURE_COLOUR = 0xc0392b;
