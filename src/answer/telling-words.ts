import { kindAsked, spansOfKind, type AnswerKind } from '../language/answer-kinds.ts';
import { kindAskedInJapanese } from '../language/answer-kinds.ts';
import { fold, stem, wordsOf, type Word } from '../language/words.ts';

export type Range = readonly [start: number, end: number];

/** More stretches of the kind asked for do not tell one answer. */
const MOST_STRETCHES = 4;
/** An answer in words has at least this many words that the question has not. */
const FEWEST_NEW_WORDS = 2;

/** Words that ask or hold a question together, not such as it is about. */
const FORM_WORDS = new Set(
  'what which who whom whose when where why how many much did do does is are was were be been has have had will would can could should may might a an the of in on at to for from with by about into over during and or but not it its they their them there he him his she her hers we us our you your i me my this that these those any some all'.split(
    ' ',
  ),
);
/** A word behind one of these is no verb of the question. */
const BEFORE_NOUNS = new Set(
  'what which many much a an the of in on at to for from with by about into over during and or its their his her our your my this that these those any some all'.split(
    ' ',
  ),
);
/** "Who was Curie?" asks for a description, not for a name. */
const ASKS_WHO_SOMEBODY_IS = /\bwho(?:'s|’s| is| was| are| were) (?:the )?\p{Lu}/iu;
/** Where a clause that answers ends. Commas alone do not end it: they join lists. */
const CLAUSE_END =
  /[;—–]|, (?=(?:which|who|whom|whose|where|when|while|but|as|although|though|the|an?|and (?:he|she|they|it|that))\b)|[.!?]["”’)]*$/;

/** What a question asks for, by its form, in either language; null where its form does not tell. */
export function kindOf(question: string): AnswerKind | null {
  const kind = kindAsked(question) ?? kindAskedInJapanese(question);
  return kind === 'person' && ASKS_WHO_SOMEBODY_IS.test(question) ? null : kind;
}

/**
 * The words of a sentence that tell what the question asks for: figures, dates, names or reasons where the question asks for
 * them, else what follows the question's verb; the whole sentence where its form does not show them.
 *
 * @param people names that answer a question for a person, as they can stand in a sentence
 */
export function tellingWords(
  question: string,
  sentence: string,
  people: readonly string[],
): readonly Range[] {
  const kind = kindOf(question);
  const asked = new Set(contentOf(question));
  const isNew = ([start, end]: Range): boolean => {
    const words = contentOf(sentence.slice(start, end));
    // Whom the question calls by the surname is not the answer under the full name.
    return (kind === 'person' ? words.slice(-1) : words).some((word) => !asked.has(word));
  };
  if (kind !== null) {
    const spans = kind === 'person' ? namesIn(sentence, people) : spansOfKind(sentence, kind);
    const fresh = spans.filter(isNew);
    const counted = fresh.filter(([start, end]) =>
      contentOf(sentence.slice(start, end)).some((word) => asked.has(word)),
    );
    const told = kind === 'amount' && counted.length > 0 ? counted : fresh;
    if (told.length > 0 && told.length <= MOST_STRETCHES) return told;
  }
  return [clauseAfterVerb(question, sentence) ?? [0, sentence.length]];
}

/** People's names, and the last word of each. */
export function withSurnames(names: readonly string[]): string[] {
  return names.flatMap((name) => [name, name.split(' ').at(-1) ?? name]);
}

/** Where a text has names out of a list, the longest where several fit. */
export function namesIn(text: string, names: readonly string[]): Range[] {
  const found: Range[] = [];
  // An empty name occurs everywhere, and the search for it would never end.
  const forms = [...new Set(names)].filter((name) => name.trim() !== '');
  for (const form of forms.sort((a, b) => b.length - a.length)) {
    for (let at = text.indexOf(form); at >= 0; at = text.indexOf(form, at + form.length)) {
      const end = at + form.length;
      const isWord =
        !/\p{L}$/u.test(text.slice(Math.max(0, at - 2), at)) &&
        !/^\p{L}/u.test(text.slice(end, end + 2));
      if (isWord && !found.some((range) => range[0] < end && at < range[1])) found.push([at, end]);
    }
  }
  return found.sort((a, b) => a[0] - b[0]);
}

/** What follows the question's verb in a sentence, up to the end of the clause. */
function clauseAfterVerb(question: string, sentence: string): Range | null {
  const asked = new Set(contentOf(question));
  const verbs = new Set(verbsOf(question));
  const words = wordsOf(sentence);
  const isAsked = ({ folded }: Word): boolean => asked.has(stem(folded));
  for (const [at, word] of words.entries()) {
    if (word.capitalised || !verbs.has(stem(word.folded))) continue;
    const rest = words.slice(at + 1);
    const first = rest.find((each) => !isAsked(each));
    if (first === undefined) return null;
    const stop = CLAUSE_END.exec(sentence.slice(first.start));
    const end = stop === null ? sentence.length : first.start + stop.index;
    const told = rest.filter((each) => each.start >= first.start && each.end <= end);
    const fresh = told.filter((each) => !FORM_WORDS.has(each.folded) && !isAsked(each));
    if (fresh.length >= FEWEST_NEW_WORDS) return [first.start, end];
  }
  return null;
}

function verbsOf(question: string): string[] {
  const words = wordsOf(question);
  return words.flatMap(({ folded, capitalised }, at) => {
    const before = words[at - 1]?.folded;
    const isVerb = before !== undefined && !capitalised && !BEFORE_NOUNS.has(before);
    return isVerb && !FORM_WORDS.has(folded) ? [stem(folded)] : [];
  });
}

/** Stems of the words that a text is about. */
function contentOf(text: string): string[] {
  return wordsOf(text).flatMap(({ folded }) =>
    FORM_WORDS.has(folded) ? [] : [stem(fold(folded))],
  );
}
