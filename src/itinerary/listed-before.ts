/** Follow-ups on what the question before listed: "which of them …?", "and the last one?", "and outside Lima?" */
import { listingOf } from './listing.ts';
import type { WordClass } from './lexicon.ts';
import type { Query } from './query.ts';
import { isPlaceTarget } from './target.ts';
import type { Vocabulary } from './vocabulary.ts';

/** Words of a question that asks for something itself. */
export const OWN: readonly WordClass[] = [
  ...(['count', 'often', 'which', 'what', 'who', 'where', 'when', 'long', 'overview'] as const),
  ...(['meet', 'see', 'go', 'move', 'do', 'say', 'act', 'start', 'end', 'tour', 'route'] as const),
];

/** "Of them", "the last one", そのうち: of what was listed. */
const OF_THEM = /\b(?:of|among) (?:them|those|these)\b/i;

const ONE = /\b(?:the |in )?(?<rank>first|last|longest|shortest|which) ones?\b/i;

const OF_THEM_JA = /(?:その|この)(?:うち|中|なか)(?:で|の|に|、)?/;

/** Lists whose title names what they are of. */
const NAMED_LISTS = ['people', 'countries', 'cities', 'places', 'courts', 'meetings', 'events'];

/** What the question before listed in place of "them": "which of the people met in Lima …". */
export function withListed(typed: string, before: Query, vocabulary: Vocabulary): string | null {
  if (!OF_THEM.test(typed) && !ONE.test(typed) && !OF_THEM_JA.test(typed)) return null;
  const listing = listingOf(before, vocabulary);
  if (listing === null || listing.meetings.length < 2 || !NAMED_LISTS.includes(listing.kind)) {
    return null;
  }
  const [name = ''] = listing.title.split(/: |：/);
  if (OF_THEM_JA.test(typed)) return typed.replace(OF_THEM_JA, () => `${name}のうち`);
  // "The countries in Europe" would be all that there are.
  const visited = isPlaceTarget(listing.kind) ? ' visited' : '';
  const listed = `the ${name.slice(0, 1).toLowerCase()}${name.slice(1)}${visited}`;
  return typed
    .replace(OF_THEM, () => `of ${listed}`)
    .replace(ONE, (_, rank: string) => {
      return /^which/i.test(rank) ? `which of ${listed}` : `the ${rank} of ${listed}`;
    });
}

/** "And outside Lima?", 「リマ以外では？」: what is left out comes after the question before, which then names no such place. */
export function withoutSome(query: Query, before: Query): string | null {
  const { text, language, excluded, entities, unknown, has } = query;
  const isOwn = entities.length + unknown.length > 0 || OWN.some((one) => has(one));
  if (excluded.length === 0 || isOwn) return null;
  const isPlace = excluded.some(({ places }) => places.length > 0);
  const [old] = before.entities.filter((item) => isPlace && item.filters.places.length > 0);
  const kept =
    old === undefined
      ? before.text
      : before.text
          .slice(0, old.start)
          .replace(/\b(?:in|at|to|from|of) (?:the )?$/i, '')
          .trimEnd() + before.text.slice(old.end).replace(/^(?:では?|にも?|の)/, '');
  if (language === 'ja') {
    return `${text.replace(/^(?:で、?|では、?|じゃあ、?)/, '').replace(/(?:では|は|で)?[?？。]*$/, '')}で、${kept}`;
  }
  const added = text
    .replace(/^(?:and|so|ok|but|what about|how about)[, ]+/i, '')
    .replace(/\?+$/, '');
  return `${kept.replace(/\?+$/, '')} ${added}?`;
}
