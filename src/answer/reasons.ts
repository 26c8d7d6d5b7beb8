import type { AnswerKind } from '../language/answer-kinds.ts';
import type { Doubt } from './types.ts';

const KINDS: Readonly<Record<AnswerKind, string>> = {
  person: 'a person',
  time: 'a date or a time',
  clock: 'a time of day',
  money: 'a sum of money',
  percentage: 'a percentage',
  duration: 'a length of time',
  amount: 'a number',
  place: 'a place',
  reason: 'a reason',
};

/** A name of the question is repeated at most this long: questions can hold anything. */
const LONGEST_NAME = 40;
const MOST_NAMES = 3;

/** The doubt in one English sentence. It repeats words of the question, so a renderer has to escape it. */
export function reasonFor(doubt: Doubt): string {
  switch (doubt.kind) {
    case 'itinerary':
      return doubt.en;
    case 'unmentioned':
      return `No document mentions ${namesInWords(doubt.names, 'or')}.`;
    case 'apart':
      return `The documents mention ${namesInWords(doubt.names, 'and')}, but not in connection with the rest of the question.`;
    case 'kind':
      return `The passages found are near the question, but none clearly gives ${KINDS[doubt.asked]}.`;
    case 'versions':
      return `The sources differ: ${doubt.values.join(' or ')}.`;
    case 'vague':
      return 'The passages found are near the question, but none clearly answers it.';
    case 'unrelated':
      return 'Nothing in the documents is close to this question.';
  }
}

/** “Lavrov”, “Moscow” or “Minsk”. */
function namesInWords(names: readonly string[], conjunction: 'and' | 'or'): string {
  const quoted = shownNames(names).map((name) => `“${name}”`);
  const last = quoted.pop() ?? '';
  return quoted.length === 0 ? last : `${quoted.join(', ')} ${conjunction} ${last}`;
}

/** The names of a doubt that a sentence repeats: at most three, of at most 40 characters each. */
export function shownNames(names: readonly string[]): string[] {
  return names.slice(0, MOST_NAMES).map((name) => {
    // Cut between characters, never inside one.
    const characters = Array.from(name);
    return characters.length > LONGEST_NAME
      ? `${characters.slice(0, LONGEST_NAME).join('')}…`
      : name;
  });
}

const ASKED_FOR: Readonly<Record<AnswerKind, string>> = {
  person: '人物',
  time: '日付や時刻',
  duration: '時間の長さ',
  amount: '数字',
  place: '場所',
  reason: '理由',
  clock: '時刻',
  money: '金額',
  percentage: '割合',
};

/** The doubt in one Japanese sentence. */
export function reasonInJapanese(doubt: Doubt): string {
  switch (doubt.kind) {
    case 'itinerary':
      return doubt.ja;
    case 'unmentioned':
      return `${quoted(doubt.names)}に触れた文書はありません。`;
    case 'apart':
      return `${quoted(doubt.names)}に触れた文書はありますが、質問の残りの部分とは結びついていません。`;
    case 'kind':
      return `質問に近い箇所はありますが、${ASKED_FOR[doubt.asked]}をはっきり示すものはありません。`;
    case 'versions':
      return `情報源によって異なります（${doubt.values.join('、')}）。`;
    case 'vague':
      return '質問に近い箇所はありますが、はっきり答えるものはありません。';
    case 'unrelated':
      return 'この質問に近い内容は文書にありません。';
  }
}

function quoted(names: readonly string[]): string {
  return shownNames(names)
    .map((name) => `「${name}」`)
    .join('、');
}
