import type { Answer } from './answer/types.ts';
import { type Conversation, isWhole } from './itinerary/conversation.ts';
import type { Itinerary } from './itinerary/itinerary.ts';

/**
 * A question that is typed after an answer. It is read in three ways, each in words that can be asked alone: with the words
 * that the itinerary puts in place of what it leaves out, as a question about the document that was quoted, and as a new one.
 * Each is asked, and what is found decides.
 */

/** Unicode characters. Discord allows 6,000 in an option, but work grows with length. */
export const LONGEST_QUESTION = 300;

/** A question about what one document says has its title at the end: `In dollars? (“The budget of Lima”)`. */
const WITHIN = /^(?<question>.+?) ?[(（]“(?<title>.+)”[)）]$/u;

interface Titled {
  readonly id: string;
  readonly title: string;
}

/** The question without the title at its end, and the document that has this title; null for any other question. */
export function questionWithin<Document extends Titled>(
  text: string,
  documents: Iterable<Document>,
): { readonly question: string; readonly document: Document } | null {
  const { question, title } = WITHIN.exec(text.trim())?.groups ?? {};
  if (question === undefined) return null;
  const document = [...documents].find((one) => one.title === title);
  return document === undefined ? null : { question, document };
}

/** A question in words that can be asked alone, and its answer. */
interface Reading {
  readonly text: string;
  readonly answer: Answer;
}

/**
 * The reading of a follow-up that finds most.
 *
 * @param ask answers a question; throws what it throws
 */
export async function standaloneQuestion(
  typed: string,
  before: Answer,
  { itinerary, ask }: { itinerary: Itinerary; ask: (text: string) => Promise<Answer> },
): Promise<string> {
  const rewritten = itinerary.standalone(typed, spokenOf(before, itinerary));
  const read = async (text: string): Promise<Reading | null> =>
    Array.from(text).length > LONGEST_QUESTION ? null : { text, answer: await ask(text) };
  const first = await read(rewritten);
  if (first === null) return typed;
  if (first.answer.listing !== null) return rewritten;
  const isFresh = rewritten !== typed && isWhole(typed);
  const fresh = isFresh && first.answer.verdict !== 'answered' ? await read(typed) : null;
  const elsewhere = fresh?.answer.verdict === 'answered' ? fresh : first;
  const isAnswered = elsewhere.answer.verdict === 'answered';
  const quoted = documentsSpokenOf(before);
  // What was quoted second is asked where nothing else answers.
  for (const { id, title } of isAnswered ? quoted.slice(0, 1) : quoted) {
    if (isAnswered && itinerary.namesOther(typed, id)) continue;
    // A title in the question is all that the passages found have in common with it.
    const isTyped = rewritten.includes(`“${title}”`) || itinerary.namesOther(rewritten, id);
    const texts = [...new Set(isTyped ? [typed] : [typed, rewritten])];
    const readings = await Promise.all(texts.map((text) => read(`${text} (“${title}”)`)));
    const [within] = readings
      .filter((one) => one !== null)
      .sort((one, other) => scoreOf(other.answer) - scoreOf(one.answer));
    if (
      within !== undefined &&
      isBetter(within.answer, elsewhere.answer, { typed, rewritten, before })
    )
      return within.text;
  }
  return elsewhere.text;
}

/** Most documents of an answer that are asked. */
const MOST_DOCUMENTS = 2;

/** What was quoted first; of a list of several meetings it says little. */
function documentsSpokenOf({ listing, excerpts }: Answer): Titled[] {
  const quoted =
    (listing?.meetings.length ?? 0) > 1 ? [] : excerpts.map(({ document }) => document);
  return [...new Map(quoted.map((one) => [one.id, one])).values()].slice(0, MOST_DOCUMENTS);
}

/** Log-odds of holding the answer; what was refused is below everything else. */
function scoreOf({ verdict, confidence }: Answer): number {
  return verdict === 'not_found' ? -Infinity : Math.log(confidence / (1 - confidence));
}

/** By so much, in log-odds, a question that points back is more likely to be about what was quoted … */
const POINTING = 1;
/** … and one that is whole is less. */
const WHOLE = -0.5;

const HERS = /\b(?:she|her)\b|彼女/i;

/** Whether what the quoted document says answers better than what is found elsewhere. */
function isBetter(
  within: Answer,
  elsewhere: Answer,
  { typed, rewritten, before }: { typed: string; rewritten: string; before: Answer },
): boolean {
  if (within.verdict === 'not_found' || elsewhere.doubt?.kind === 'itinerary') return false;
  const [here, there] = [within.excerpts[0], elsewhere.excerpts[0]];
  if (here === undefined) return false;
  // The same sentence: the question is put as typed, unless its subject makes it surer.
  if (here.text === there?.text && isSameSpan(here, there))
    return within.verdict === 'answered' && elsewhere.verdict !== 'answered';
  if (rewritten.includes(`“${here.document.title}”`)) return true;
  const isShown = before.excerpts.some(({ document }) => document.id === there?.document.id);
  const ofWhole = HERS.test(typed) ? 0 : WHOLE;
  const ofPart = isShown || rewritten !== typed ? 0 : POINTING;
  return scoreOf(within) + (isWhole(typed) ? ofWhole : ofPart) >= scoreOf(elsewhere);
}

type Highlight = Pick<Answer['excerpts'][number], 'highlight'>;

const isSameSpan = ({ highlight: a }: Highlight, { highlight: b }: Highlight): boolean =>
  a?.[0] === b?.[0] && a?.[1] === b?.[1];

/**
 * What an answer was about: the one meeting that it lists, else that of its first excerpt, else, where a document about no
 * meeting answers, the one that the question names.
 */
function spokenOf(
  { question: asked, listing, excerpts }: Answer,
  itinerary: Itinerary,
): Conversation {
  const question = WITHIN.exec(asked)?.groups?.['question'] ?? asked;
  const [only, ...others] = listing?.meetings ?? [];
  const listed = others.length === 0 ? only?.id : undefined;
  const quoted = listed ?? excerpts[0]?.meeting?.id;
  if (quoted !== undefined) return { question, meeting: quoted };
  const [named = null, ...more] = itinerary.read(question).focus.meetings;
  return { question, meeting: more.length === 0 ? named : null };
}
