import { kindAsked, kindAskedInJapanese } from '../language/answer-kinds.ts';
import { type Query, isYesNo } from './query.ts';

/** What a question asks of one event and nothing else: its length, its hour, what was spoken about, or all of it. */
export type Aspect = 'duration' | 'clock' | 'topic' | 'overview';

/** "How long did she sit with him?", "how long did the talks run?" */
const LASTED = /^(?:sit|sat|run|ran|take|took)$/i;

const TOPIC =
  /^(?:topics?|subjects?|themes?|agenda|issues?|discuss\w*|covered|chat\w*|話題|議題|テーマ|内容|議論|協議|話|語)$/i;

/** "How long has she been the envoy" asks of no event. */
const IS_LASTING = /\b(?:has|have|had) (?!.*\b(?:with|at|in)\b).*\bbeen\b/i;

/** 「会談 時間」 asks how long it was. */
const TIME = /時間(?!帯)/;

/** "How long did it last?", "when did the lunch with Silva start, at what time?" */
export function aspectOf(query: Query): Aspect | null {
  const { has, unknown, anchor, language, text } = query;
  const isMore = has(
    ...(['other', 'elsewhere', 'than', 'apart', 'night', 'count', 'else'] as const),
    ...(['longest', 'shortest', 'most', 'tour', 'route', 'move', 'day'] as const),
  );
  if (isMore || anchor !== null || IS_LASTING.test(text)) return null;
  const kind = language === 'ja' ? kindAskedInJapanese(text) : kindAsked(text);
  if (kind === 'topic') return unknown.every((item) => TOPIC.test(item.text)) ? 'topic' : null;
  const isPlain = unknown.every((item) => LASTED.test(item.text));
  if (has('about', 'all') || !isPlain) return null;
  if (has('long', 'minutes') || TIME.test(text)) return has('clock') ? 'clock' : 'duration';
  if (has('say')) return null;
  if (has('clock')) return 'clock';
  const isAsked = kind !== null || has('which', 'often', 'act', 'or', 'end', 'first', 'last');
  // "Could you tell me about" and "what do you know about" ask for all of it.
  const isOther = !has('overview') && (isYesNo(query) || has('what'));
  return has('meeting', 'overview') && !isAsked && !isOther ? 'overview' : null;
}
