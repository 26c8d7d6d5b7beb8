import { exampleQuestions } from '../answer/meeting-texts.ts';
import type { Answer } from '../answer/types.ts';
import type { Snapshot } from '../engine-types.ts';
import { isStopWord, stem, wordsOf } from '../language/words.ts';
import { oneLine } from './escape.ts';
import type { InteractionContext } from './interaction-context.ts';
import { textsIn } from './texts/index.ts';
import type { OfferedQuestion } from './views/controls.ts';

/** Near questions are tried before they are offered, and each try costs as much as the question itself. */
const MOST_TRIED = 3;
/** Longer labels leave no room in the row, each and together. */
const NEAR_LABEL = 24;
const NEAR_LABELS = 26;

/**
 * What to tap below an answer: questions that these documents answer where nothing was found; where the answer is uncertain,
 * questions about the topics of the closest passages, so far as they have a clear answer.
 */
export async function offeredQuestions(
  answer: Answer,
  { services, snapshot, locale }: Pick<InteractionContext, 'services' | 'snapshot' | 'locale'>,
): Promise<OfferedQuestion[]> {
  const { verdict, listing, versions } = answer;
  if (verdict === 'answered' || listing !== null || versions !== null) return [];
  if (verdict === 'not_found') {
    return exampleQuestions(snapshot, locale).map((question) => ({ label: question, question }));
  }
  const near = nearTopics(answer, snapshot)
    .map((topic) => ({ label: `${topic}?`, question: textsIn(locale).reply.topic(topic) }))
    .filter(({ label }) => label.length <= NEAR_LABEL);
  const tried = await Promise.all(
    near.slice(0, MOST_TRIED).map(async (one) => {
      const request = { question: one.question, meeting: null, source: null };
      const found = await services.answers.answer(snapshot, request).catch(() => null);
      return found?.verdict === 'answered' ? [one] : [];
    }),
  );
  const [first, second] = tried.flat();
  if (first === undefined) return [];
  const fits = second !== undefined && first.label.length + second.label.length <= NEAR_LABELS;
  return fits ? [first, second] : [first];
}

/** Topics of the closest passages' documents that share words with the question or with those passages, nearest first. */
function nearTopics({ question, excerpts }: Answer, { documents }: Snapshot): string[] {
  const asked = wordsIn(question);
  const closest = excerpts.slice(0, MOST_TRIED);
  const sentences = closest.map(({ text, highlight }) => text.slice(...(highlight ?? [0, 0])));
  const said = wordsIn(sentences.join(' '));
  const topics = closest.flatMap(({ document }) => documents.get(document.id)?.topics ?? []);
  const shared = (topic: string, words: ReadonlySet<string>): number =>
    [...wordsIn(topic)].filter((word) => words.has(word)).length;
  return [...new Set(topics)]
    .map((topic) => ({ topic, score: 2 * shared(topic, asked) + shared(topic, said) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .map(({ topic }) => oneLine(topic));
}

function wordsIn(text: string): Set<string> {
  const words = wordsOf(text).map(({ folded }) => folded);
  return new Set(words.filter((word) => !isStopWord(word)).map(stem));
}
