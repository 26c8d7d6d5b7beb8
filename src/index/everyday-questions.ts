import type { Embedder } from '../embedding/types.ts';
import { nearestExactly, type VectorTable } from './vectors.ts';

/**
 * Questions of everyday life that no collection of documents is likely to be about. How near the nearest passage comes
 * to them says what a cosine of this model means on these documents when nothing answers: models and corpora differ.
 */
export const EVERYDAY_QUESTIONS = {
  own: [
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
  ],
  other: [
    '卵は何分ゆでればいいですか',
    'シャツのコーヒーの染みを落とすには？',
    '携帯電話のパスワードを再設定したい',
    '144の平方根はいくつですか',
    'うちの猫はなぜ一日中寝ているの',
    '十歳の子におすすめの本は何ですか',
    'トマトを植えるのに一番いい時期はいつ',
    'バナナ一本は何カロリーですか',
    '昨夜のサッカーの試合はどちらが勝った？',
    '安い靴はどこで買えますか',
    '一番高い滝の高さはどのくらいですか',
    '洗濯機から水が漏れています、どうすればいい',
    'ワクチンはどのように働きますか',
    '電話は誰が発明しましたか',
    '空はなぜ青いのですか',
    '新しい台所の費用はいくらですか',
    'チェスのルールを教えて',
    'スーパーは何時に閉まりますか',
    'ギターの練習方法を教えてください',
    '明日は雨が降りますか',
  ],
} as const;

/** Mean cosine of everyday questions with the passage that is nearest to each. */
export interface UnrelatedCosines {
  /** Of questions in the script of the documents. */
  readonly own: number;
  /** Of questions in another script, which models place farther away. */
  readonly other: number;
}

/** @param passages - how many of the first rows are passages */
export async function unrelatedCosines(
  embedder: Embedder,
  vectors: VectorTable,
  passages: number,
): Promise<UnrelatedCosines> {
  const meanOf = async (texts: readonly string[]): Promise<number> => {
    const questions = await embedder.embedQuestions(texts);
    const nearest = questions.flatMap((vector) =>
      nearestExactly({ vectors }, vector, 1, Array(passages).keys()),
    );
    return nearest.reduce((sum, { similarity }) => sum + similarity, 0) / nearest.length;
  };
  return {
    own: await meanOf(EVERYDAY_QUESTIONS.own),
    other: await meanOf(EVERYDAY_QUESTIONS.other),
  };
}
