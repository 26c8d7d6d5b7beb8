import { stemmer } from 'stemmer';

/** Plurals that no suffix rule joins with their singulars. */
const IRREGULAR: ReadonlyMap<string, string> = new Map([
  ['children', 'child'],
  ['women', 'woman'],
  ['men', 'man'],
  ['congresswomen', 'congresswoman'],
]);

/** Words that lose their meaning with their ending: the news is not new. */
const UNSTEMMED = new Set(['news', 'evening']);

const MAX_STEMS = 50_000;
const stems = new Map<string, string>();

/**
 * Stem of a folded word by Porter's algorithm (M. F. Porter, "An algorithm for suffix stripping", 1980),
 * with irregular plurals joined first. (Joining irregular verbs too, met with meet, lost a little
 * on the development questions.) Remembered: the same few thousand words come again and again.
 */
export function stem(folded: string): string {
  const known = stems.get(folded);
  if (known !== undefined) return known;
  const result =
    /^[a-z]+$/.test(folded) && !UNSTEMMED.has(folded)
      ? stemmer(IRREGULAR.get(folded) ?? folded)
      : folded;
  if (stems.size >= MAX_STEMS) stems.clear();
  stems.set(folded, result);
  return result;
}
