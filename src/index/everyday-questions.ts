import type { Embedder } from '../embedding/types.ts';
import type { VectorTable } from './graph.ts';
import { nearestExactly } from './nearest.ts';

/**
 * Questions of everyday life that no collection of documents is likely to be about. How near the nearest passage comes
 * to them says what a cosine of this model means on these documents when nothing answers: models and corpora differ.
 */
const EVERYDAY_QUESTIONS: readonly string[] = [
  'how long do I boil an egg',
  'What is the best way to remove a coffee stain from a shirt?',
  'who sang the song in that old western',
  'how do I reset the password of my phone',
  'What is the square root of 144?',
  'why does my cat sleep all day',
  'recommend a good book for a ten year old',
  'when is the best time to plant tomatoes',
  'How many calories are in a banana?',
  'what size tyre fits my bicycle',
  'who won the football match last night',
  'How do you say thank you in Portuguese?',
  'what should I wear to a beach wedding',
  'Where can I buy cheap running shoes?',
  'how tall is the highest waterfall',
  'Which planet has the most moons?',
  'my washing machine is leaking, what now',
  'how do vaccines work',
  'When was the telephone invented?',
  'what is a good name for a puppy',
  'How do I write a loop in Python?',
  'why is the sky blue',
  'how much does a new kitchen cost',
  'What are the rules of chess?',
  'what time does the supermarket close',
  'how can I fall asleep faster',
  'Who painted the ceiling of that chapel?',
  'best way to learn the guitar',
  'how far is the moon',
  'What is the difference between baking soda and baking powder?',
  'will it rain tomorrow',
  'how do I cancel my subscription',
];

/** Mean cosine of the everyday questions with the passage that is nearest to each. */
export async function unrelatedCosine(
  embedder: Embedder,
  vectors: VectorTable,
  passages: number,
): Promise<number> {
  const questions = await embedder.embedQuestions(EVERYDAY_QUESTIONS);
  const nearest = questions.flatMap((vector) =>
    nearestExactly({ vectors }, vector, 1, Array(passages).keys()),
  );
  const sum = nearest.reduce((total, { similarity }) => total + similarity, 0);
  return sum / nearest.length;
}
