import { fold } from '../language/words.ts';
import { boundedDistance } from '../search/spelling.ts';

const MOST = 5;

/** Ids that may have been meant: spelt alike, or with the wanted text within; best first, five at most. */
export function nearIds(wanted: string, ids: Iterable<string>): string[] {
  const typed = fold(wanted.trim());
  // A third of the letters may be wrong; more, and everything is like everything.
  const limit = Math.max(1, Math.floor(typed.length / 3));
  const ranked: { id: string; distance: number }[] = [];
  for (const id of ids) {
    const known = fold(id);
    const within = typed.length > 2 && (known.includes(typed) || typed.includes(known));
    const distance = within ? 0 : boundedDistance(typed, known, limit);
    if (distance <= limit) ranked.push({ id, distance });
  }
  return ranked
    .sort((a, b) => a.distance - b.distance || (a.id < b.id ? -1 : 1))
    .slice(0, MOST)
    .map(({ id }) => id);
}
