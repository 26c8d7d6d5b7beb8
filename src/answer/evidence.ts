import { isOtherLanguage } from '../language/words.ts';
import { BY_FORM } from '../search/features.ts';
import type { QueryTerm } from '../search/query.ts';
import { unrelatedCosine } from '../search/search-index.ts';
import type { Ranked, SearchResult } from '../search/search.ts';

/**
 * Evidence for a question in another script: names are known by their translation, the rest of its words is not. `reading`
 * counts where passages were read.
 */
export const CROSS_SCRIPT_EVIDENCE = [
  // Cosine of the question and the best sentence: how much of the way from the unrelated cosine to 1.
  'nearness',
  // The first passage's probability of being the right one, if one is: ranking scores are learned as that.
  'certainty',
  // Probability that a sentence of the first passage answers, read together with the question.
  'reading',
  // What names that the best sentence holds have of the question's IDF mass.
  'namesHeld',
  // How far the best sentence lacks the kind of figure that is asked for: 0, .5 (a number of something else) or 1.
  'figureMissing',
] as const;

export const EVIDENCE_NAMES = [
  ...CROSS_SCRIPT_EVIDENCE,
  // The nearness of the whole passage: a sentence that answers is nearer than the passage around it.
  'passageNearness',
  // The most that a sentence holds of the question's IDF mass by words that are no names; related words count by their similarity.
  'contentHeld',
  // IDF of the rarest term of the question that the best sentence does not hold, in tenths.
  'missing',
  // Share of the question's IDF mass that are names which no passage of the corpus holds.
  'unmatchedNames',
  // 1 when the question has a number that the passage does not hold: "in 2025", "resolution 2721".
  'numberMissing',
  // 1 for a question that speaks of the asker or to the bot.
  'aboutAsker',
] as const;

/** What speaks for and against the first passage holding the answer. All values 0 or more, most of them shares. */
export type Evidence = Readonly<Record<(typeof EVIDENCE_NAMES)[number], number>>;

/** The evidence as numbers for the verdict, and as words for the reason. */
export type Findings = Readonly<NonNullable<ReturnType<typeof gatherEvidence>>>;

/** Softmax of the scores, which were learned by it. */
function certaintyOf(ranked: readonly Ranked[]): number {
  const first = ranked[0]?.score ?? 0;
  return 1 / ranked.reduce((sum, { score }) => sum + Math.exp(score - first), 0);
}

/** The IDF mass of a term that a sentence holds, by itself or by a related word. */
function massHeld({ termId, idf, weight, related }: QueryTerm, held: ReadonlySet<number>): number {
  const similarities = related.map((other) => (held.has(other.termId) ? other.similarity : 0));
  return idf * weight * (isIn(held, termId) ? 1 : Math.max(0, ...similarities));
}

/** Whether a sentence with these terms has this one, or a word for the same. */
export function isHeld({ termId, related }: QueryTerm, held: ReadonlySet<number>): boolean {
  return isIn(held, termId) || related.some((other) => held.has(other.termId));
}

function isIn(held: ReadonlySet<number>, termId: number | null): boolean {
  return termId !== null && held.has(termId);
}

const SHORTEST_TELLING = 4;
/** IDF of one word that tells something: a question of words that are everywhere is held by no passage more than by others. */
const LEAST_MASS = 2;

/** Words as typed, each once; names next to each other are one phrase: "Capitol Hill". */
function phrasesOf(terms: readonly QueryTerm[], question: string): string[] {
  const phrases: { start: number; end: number; name: boolean }[] = [];
  for (const { start, typed, name } of [...terms].sort((a, b) => a.start - b.start)) {
    const last = phrases.at(-1);
    const end = start + typed.length;
    if (last !== undefined && start <= last.end) last.end = Math.max(last.end, end);
    else if (last?.name === true && name && question.slice(last.end, start).trim() === '') {
      last.end = end;
    } else phrases.push({ start, end, name });
  }
  const named = [...phrases].sort((a, b) => Number(b.name) - Number(a.name));
  const words = named.map(({ start, end }) => question.slice(start, end).replace(/['’]s$/u, ''));
  return [...new Set(words)];
}

/** Null when there is nothing to weigh: no passage, or a question without a word that says anything. */
export function gatherEvidence(result: SearchResult) {
  const { index } = result;
  const [first] = result.ranked;
  const { terms, kind, aboutAsker, latin } = result.query;
  if (first === undefined || (terms.length === 0 && !result.query.foreign)) return null;
  // Where documents of several scripts are together, the one that is found decides.
  const crosses = latin !== index.isLatin(first.ordinal);
  const foreign = result.query.foreign || crosses;
  const { persons, travellers } = index.answerNames;
  const { header, sentences } = index.units.of(first.ordinal);
  const inFirst = new Set([header, ...sentences].flatMap((unit) => [...unit]));
  const mass = (some: readonly QueryTerm[]): number =>
    some.reduce((sum, { idf, weight }) => sum + idf * weight, 0);
  const total = Math.max(LEAST_MASS, mass(terms));
  const unmatched = terms.filter(({ termId }) => termId === null);
  const apart = terms.filter(
    ({ termId, name, weight }) => name && weight > 0.5 && termId !== null && !inFirst.has(termId),
  );
  const asksForm = kind !== null && BY_FORM.has(kind);
  const figureMissing = asksForm ? 1 - (first.best?.figure ?? 0) : 0;
  const nameMissing = Number(kind !== null && !asksForm && first.best?.name !== 1);
  const typed = (some: readonly QueryTerm[]): readonly string[] =>
    phrasesOf(some, result.query.text);
  // Verbs, scraps ("wat", "uni") and what leads up to the question tell nobody why nothing was found, and a document that
  // speaks of an earthquake does speak of the quake.
  const telling = unmatched.filter(
    ({ name, light, inContext, related, typed: word }) =>
      name || !(light || inContext || related.length > 0 || word.length < SHORTEST_TELLING),
  );
  // Models place questions farther from texts in another script: the lower of the two was measured so, if either was.
  const { own, other } = index.unrelatedCosines;
  const unrelated = crosses ? Math.min(own, other) : unrelatedCosine(index, result.query);
  const nearness = (cosine: number): number => Math.max(0, (cosine - unrelated) / (1 - unrelated));
  const inBest = new Set(index.termsAt(first.ordinal, first.best?.at ?? -1));
  const missing = terms.filter(({ termId }) => !isIn(inBest, termId));
  const names = terms.filter(({ name }) => name);
  const content = terms.filter(({ name }) => !name);
  const contentHeld = sentences.map((unit) => {
    const held = new Set(unit);
    return content.reduce((sum, term) => sum + massHeld(term, held), 0);
  });
  const evidence: Evidence = {
    nearness: nearness(first.best?.cosine ?? 0),
    passageNearness: nearness(first.dense),
    certainty: certaintyOf(result.ranked),
    reading: 1 - Math.exp(-first.features.reading),
    contentHeld: Math.max(0, ...contentHeld) / total,
    namesHeld: mass(names.filter(({ termId }) => isIn(inBest, termId))) / total,
    missing: Math.max(0, ...missing.map(({ idf, weight }) => idf * weight)) / 10,
    unmatchedNames: mass(unmatched.filter(({ name }) => name)) / total,
    figureMissing,
    numberMissing: Number(
      terms.some(({ typed: word, termId }) => /\d/.test(word) && !isIn(inFirst, termId)),
    ),
    aboutAsker: Number(aboutAsker),
  };
  return {
    stage: result.stage,
    evidence,
    /** Words of the question, as typed, that no document holds: names first. Of a text in another script they are not asked. */
    unmentioned: crosses ? [] : typed(telling),
    /** Names of the question, as typed, that documents hold but not the first passage. */
    apart: crosses ? [] : typed(apart),
    kindMissing: figureMissing + nameMissing > 0 && !crosses ? kind : null,
    /** Share of the question's IDF mass that no passage of the corpus holds. */
    unmatched: mass(unmatched) / total,
    /** The question says nothing but names, as in "Silva" or "who is Silva?": any passage about them answers. */
    isBareName:
      (kind === null || kind === 'person') &&
      unmatched.length === 0 &&
      !result.query.hasUnread &&
      apart.length === 0 &&
      terms.some(({ name }) => name) &&
      terms.every(({ name, term }) => name || term.includes('+')),
    /** The question names a person of the documents. */
    namesPerson: terms.some(
      ({ termId }) => termId !== null && (persons.has(termId) || travellers.has(termId)),
    ),
    isOfNow: result.query.ofNow,
    /** The question is in a language that is not read. */
    isOtherLanguage: isOtherLanguage(result.query.text),
    /** The question has a single word that says anything, and it is no name. */
    isSingleWord: terms.length === 1 && terms[0]?.name !== true,
    /** The question is in a script of which the documents have no words, or the first passage is in another one. */
    foreign,
    /** In Latin letters, and nearest to a text in another script, from which everyday questions tell no distance. */
    nearestIsForeign: crosses && latin,
  };
}
