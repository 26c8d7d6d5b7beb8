/** Follow-ups of a question word alone: "why?", "when was that?", "how many?", 「いつ？」 */
import { kindAskedInJapanese } from '../language/answer-kinds.ts';
import { meetingName, type Spoken, type Topic } from './meeting-reference.ts';
import { readQuery } from './query.ts';

const ADVERB = '(?:why|where|when|how long|how often|how)';

const QUESTION_WORD = `(?:how many|how much|with whom|who with|who|whom|what|which|${ADVERB})`;

const BARE = new RegExp(
  `^(?:and |but |so |ok |okay )?(${QUESTION_WORD})(?: (?:was|is|were|are) (?:that|it|this))?(?: so)?[?!. ]*$`,
  'i',
);

const LEADING = new RegExp(
  `^(?:and |so )?(?:in |at |on |to |with )?(how many|which|what|${QUESTION_WORD})\\b( (?:\\p{L}+s|people)\\b)?`,
  'iu',
);

const AUXILIARY = /^(?:did|does|do|was|were|is|are|has|have|had|can|could|will|would)\b/i;

/** "When did she …": another adverb may stand there as well. */
const ABOUT_TRAVELLER = new RegExp(`^${ADVERB} (?:did|was|has|had) (?:she|he|they)\\b`, 'i');

const BARE_JA =
  /^(?:で、?|では、?|じゃあ、?)?(なぜ|何故|どうして|いつ|どこ(?:で)?|誰(?:と|に|が)?|何分(?:間)?|何人|何回|何件|何日|何[かカヶ]国|どのくらい|どれくらい)(?:です|でした)?か?[?？。]*$/;

const WORD_JA =
  /何(?:分間?|人|回|時|日|件|[かカヶ]国)|誰(?:と|に|が)?|いつ|どこ(?:で|に)?|なぜ|何故|どうして|ど(?:の|れ)くらい|どの\p{Script=Han}+|何(?:を|が)?/u;

/** "Why?", "when was that?": another question word over the question before, or over the meeting spoken of. */
export function withOtherQuestionWord(
  question: string,
  before: string,
  spoken: Topic | null,
): string | null {
  const [, japanese] = BARE_JA.exec(question) ?? [];
  if (japanese !== undefined) return japaneseWord(japanese, before, spoken);
  const [, word] = BARE.exec(question) ?? [];
  if (word === undefined) return null;
  const asked = word.slice(0, 1).toUpperCase() + word.slice(1).toLowerCase();
  const isAdverb = new RegExp(`^${ADVERB}$`, 'i').test(word);
  const isReason = /^(?:why|how)$/i.test(word);
  if (AUXILIARY.test(before) && (isAdverb || spoken === null))
    return `${asked} ${before.slice(0, 1).toLowerCase()}${before.slice(1)}`;
  if (isAdverb && ABOUT_TRAVELLER.test(before) && !/^how long$/i.test(word))
    return before.replace(new RegExp(`^${ADVERB}`, 'i'), asked);
  if (isReason) return `${asked}: ${before.replace(/^(?:why|how): /i, '')}`;
  const isOfOne = spoken !== null && !/\b(?:which|how many) /i.test(before);
  if (isOfOne && /^(?:who|whom|who with|with whom)$/i.test(word))
    return `Who was at ${meetingName(spoken.last, spoken, 'en')}?`;
  const isOfMany = spoken === null || isAboutMany(before, spoken);
  if (isAdverb && spoken !== null && !isOfMany)
    return `${asked} was ${meetingName(spoken.last, spoken, 'en')}?`;
  if (!LEADING.test(before)) return `${asked}: ${before}`;
  // "How many?" after "which countries" counts the countries.
  return before.replace(LEADING, (_, lead: string, noun: string | undefined) => {
    if (!/^how many$/i.test(word)) return asked;
    return asked + (noun ?? (/^who/i.test(lead) ? ' people' : ''));
  });
}

function japaneseWord(word: string, before: string, spoken: Topic | null): string {
  const isReason = /^(?:なぜ|何故|どうして)/.test(word);
  const plain = before.replace(/^(?:なぜ|何故|どうして)、/, '');
  const isTopic = spoken !== null && kindAskedInJapanese(plain) === 'topic';
  const isReplaced = WORD_JA.test(plain) && !/直[前後]/.test(plain) && !isTopic;
  if (!isReason && isReplaced) return plain.replace(WORD_JA, word);
  if (isReason || spoken === null) return `${word}、${plain}`;
  return `${meetingName(spoken.last, spoken, 'ja')}は${word}でしたか`;
}

/** Whether a question is about a place or a day rather than about one meeting. */
function isAboutMany(before: string, { vocabulary }: Pick<Spoken, 'vocabulary'>): boolean {
  const { people, offices, kinds, meetings, places, days } = readQuery(before, vocabulary).filters;
  const isOne = people.length + offices.length + kinds.length + meetings.length > 0;
  return !isOne && (places.length > 0 || days !== null);
}
