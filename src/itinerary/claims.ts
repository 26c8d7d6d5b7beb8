import type { Vocabulary } from './vocabulary.ts';
import { isStopWord, stem, wordsOf } from '../language/words.ts';
import { type Query, isYesNo } from './query.ts';

/** An act that a question asks after or takes for granted: "did she sign a treaty?", "why did she refuse?" */
export interface Claim {
  /** Stems: a sentence that tells of the act holds one of them … */
  readonly acts: readonly string[];
  /** … and one of these, the words of its object; none where the question has none in English. */
  readonly objects: readonly string[];
  /** Words for the traveller, of which it holds one; none for acts that a country may do for them ("Japan pledged"). */
  readonly subjects: readonly string[];
  /** What is said where no sentence tells of it. */
  readonly untold: { readonly en: string; readonly ja: string };
}

/** Acts that leave no doubt when they are told: what a question calls them | stems that tell of them | participles. */
const ACTS: readonly (readonly [asked: RegExp, told: string, en: string, ja: string])[] = [
  [/\bsign(?:ed|ing)?\b|署名|調印/i, 'sign signatur', 'signed', '署名'],
  [
    /\b(?:promis|pledg|guarantee|commit)\w*|約束|誓/i,
    'promis pledg guarante commit commit offer announc',
    'promised',
    '約束',
  ],
  [
    /\b(?:give|gave|donat\w+|hand(?:ed)? over)\b|供与|引き渡|贈/i,
    'give gave given donat provid deliv hand handov present sent',
    'given',
    '供与',
  ],
  [/\bannounc\w*|発表/i, 'announc declar promis pledg told said', 'announced', '発表'],
  [/\bagree[ds]?\b|合意/i, 'agre agreement accord', 'agreed', '合意'],
  [
    /\b(?:refus|reject|declin|oppos)\w*|\bden(?:y|ied|ies)\b|拒否|拒ん|断っ|反対/i,
    'refus reject declin oppos deni',
    'refused',
    '拒否',
  ],
  [
    /\b(?:cancel|withdr[ae]w)\w*|\bcall(?:ed)? off\b|中止|撤回|脱退|取りやめ/i,
    'cancel withdraw withdrew withdrawn postpon abandon',
    'cancelled',
    '中止',
  ],
  [
    /\b(?:critici[sz]|condemn|blam)\w*|批判|非難/i,
    'critic criticis criticiz critiqu condemn blame denounc rebuk',
    'criticised',
    '批判',
  ],
  [
    /\bvot(?:e|ed|ing)\b|\babstain\w*|\bveto\w*|投票|棄権|拒否権/i,
    'vote abstain abstent veto ballot',
    'voted on',
    '採決',
  ],
  [/\bapologi[sz]\w*|謝罪|お詫び/i, 'apolog apologis apologiz sorri', 'apologised for', '謝罪'],
];

/** No document leaves out that these were done: "which treaty did she sign?" takes it for granted. */
const SOLEMN: ReadonlySet<string> = new Set(['signed', 'apologised for', 'cancelled']);
/** Takes any act for granted. */
const ASKS_WHY = /\bwhy\b|\bhow come\b|なぜ|何故|どうして/i;

/** "Can you give me …" asks for no act of others. */
const IS_REQUEST = /\b(?:can|could|would|will|do|does) (?:you|someone|somebody|anyone|anybody)\b/i;

/** The act that a question asks after; null when it asks for something else. */
export function claimOf(query: Query, { timeline }: Vocabulary): Claim | null {
  if (IS_REQUEST.test(query.text)) return null;
  // "Why did she refuse to give …" asks after the refusal.
  const found = ACTS.flatMap((row) => {
    const at = query.text.search(row[0]);
    return at < 0 ? [] : [{ row, at }];
  });
  const act = found.sort((a, b) => a.at - b.at)[0]?.row;
  if (act === undefined) return null;
  const [asked, told, en, ja] = act;
  if (!isYesNo(query) && !ASKS_WHY.test(query.text) && !SOLEMN.has(en)) return null;
  const objects = query.unknown
    .filter(({ text }) => !asked.test(text))
    .flatMap(({ text }) => wordsOf(text))
    .filter(({ folded }) => /[a-z]/.test(folded) && !isStopWord(folded))
    .map(({ folded }) => stem(folded));
  return {
    acts: told.split(' '),
    objects,
    subjects:
      query.has('traveller') && SOLEMN.has(en)
        ? [
            ...timeline.travellers.flatMap(({ name }) => wordsOf(name)),
            ...wordsOf(OF_TRAVELLERS),
          ].map(({ folded }) => folded)
        : [],
    untold: {
      en: `No passage found says that this was ${en}.`,
      ja: `これを${ja}したと述べる箇所は見つかりません。`,
    },
  };
}

/** How sentences go on about the traveller, alone or with others. */
const OF_TRAVELLERS = 'she he they both two ministers sides her his';

/** What is to be done, or was not, is not done: "should be signed as soon as possible". */
const NOT_DONE: ReadonlySet<string> = new Set(
  'should would could might may must will shall to not never hope hopes plan plans want wants wanted yet'.split(
    ' ',
  ),
);
/** These stand at most so many words before the act. */
const AUXILIARIES = 3;

/** Whether a sentence tells of the act and its object. */
export function isToldIn(sentence: string, { acts, objects, subjects }: Claim): boolean {
  const words = wordsOf(sentence).map(({ folded }) => folded);
  const stems = new Set(words.map(stem));
  const isDone = words.some(
    (word, at) =>
      acts.includes(stem(word)) &&
      !words.slice(Math.max(0, at - AUXILIARIES), at).some((before) => NOT_DONE.has(before)),
  );
  const isOfThem = subjects.length === 0 || subjects.some((word) => words.includes(word));
  return (
    isOfThem && isDone && (objects.length === 0 || objects.some((object) => stems.has(object)))
  );
}
