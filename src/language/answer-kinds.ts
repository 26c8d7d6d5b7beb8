import { MONTH_PATTERN } from './dates.ts';
import { fold } from './words.ts';

/**
 * The kind of thing that a question asks for. `time` is a date or a clock time, `topic` what was spoken about, `transport` by
 * what means somebody travelled.
 */
export type AnswerKind =
  | 'person'
  | 'time'
  | 'clock'
  | 'duration'
  | 'money'
  | 'percentage'
  | 'amount'
  | 'place'
  | 'reason'
  | 'topic'
  | 'transport';

const MONTH = `(?:${MONTH_PATTERN})`;
const DAY = '\\d{1,2}(?:st|nd|rd|th)?';
const NUMBER_WORD =
  '(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?|hundreds?|thousands?|half|quarter|fifteen|twenty|thirty|forty|fifty)';

const CLOCK = /\b\d{1,2}[:.]\d{2}\b|\b\d{1,2} ?[ap]\.?m\b|\bnoon\b|\bmidnight\b/i;
const DATE = new RegExp(
  `\\b${MONTH}\\.? ${DAY}\\b|\\b${DAY} (?:of )?${MONTH}\\b|\\b(?:19|20)\\d{2}-\\d{2}-\\d{2}\\b|\\b${MONTH} (?:19|20)\\d{2}\\b|\\b(?:in|since|of|from|until|spring|summer|autumn|winter) (?:19|20)\\d{2}\\b|\\b(?:morning|evening|afternoon|night)\\b|\\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\\b`,
  'i',
);
const DURATION = new RegExp(
  `\\b(?:\\d+|an?|one|${NUMBER_WORD})[ -](?:\\w+ )?(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?)\\b`,
  'i',
);
const MONEY = /[$€£¥]|\b(?:dollars?|yen|euros?|pounds?)\b|\b(?:million|billion|trillion)\b/i;
const PERCENTAGE = /\d ?%|\bper ?cent\b|\bpercentage\b/i;
const NUMBER = new RegExp(`\\d|\\b${NUMBER_WORD}\\b|\\b(?:million|billion|trillion)\\b`, 'i');
const REASON =
  /\b(?:because|so that|in order to|due to|owing to|reason|purpose|aim|aims|aimed|meant to|for fear|danger|therefore|to (?:show|discuss|confirm|mark|thank|help|honour|restate|strengthen|prepare|learn|block|stop))\b/i;

/** Tells what was said, not that somebody met. */
const TOPIC =
  /\b(?:discuss(?:ed|ing)?|(?:talk|speak|spoke|talked|spoken) (?:about|of)|told|explain(?:ed|ing)?|agree[ds]?|confirmed|reaffirmed|stress(?:ed|ing)|raised|views? (?:on|about)|compared notes|thanked|asked|express(?:ed|ing)|described|presented|set out|condemned|welcomed|promised|offered|proposed|informed|spoke up|topics?|subjects?|agenda)\b/i;

/** By what means somebody travelled. */
const TRANSPORT =
  /\b(?:by|on|aboard|in|took|via|an?|the) (?:an? |the )?(?:[\w-]+ ){0,2}(?:train|plane|aircraft|flight|jet|car|motorcade|bus|boat|ship|ferry|helicopter|rail|air|road|sea|land|foot|ride)s?\b|\b(?:flew|drove|driven|walked|sailed|overland|train)\b/i;

/** Two or three capitalised words in a row. */
const FULL_NAME =
  /(?<!\p{L})(?!(?:The|A|In|On|At|Of|And|For|From|To|With|By|When|After|Before)\b)(?:\p{Lu}\p{Ll}[\p{L}'’-]+ )(?:\p{Lu}\. )?(?:\p{Lu}[\p{L}'’-]+)/gu;
/** Words of institutions, titles, places and the calendar. */
const NOT_OF_A_PERSON =
  /\b(?:Minist\w+|Foreign|Prime|Affairs|Court|Tribunal|United|Nations|States|Security|Council|Peace|Women|International|Initiative|Fund|University|Press|House|White|Conference|Department|Agency|Party|Union|Institute|Committee|Embassy|Government|President|Secretary|Representative|January|February|March|April|May|June|July|August|September|October|November|December|New|North|South|East|West|Middle|Red|Sea|Pacific|Asia|Street|Square|Church|Airport|Airlines|Coast|Guard|Force|Forces|General|Assembly|Expo|Summit|Sunday|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|National|Central|Trust|World|Nordic|European|Free|Indo)\b/u;

const DIGITS_JA = '(?:[0-9０-９]+(?:[.,．，][0-9０-９]+)?|[一二三四五六七八九十百千]+|数)';
const UNIT_JA = '(?:百|千|万|億|兆)*';

/** The same in Japanese texts. */
const JAPANESE_FORMS: Readonly<Record<AnswerKind, RegExp>> = {
  person:
    /[\p{Script=Han}\p{Script=Katakana}・ー]{2,}(?:さん|氏|様|博士|教授|大臣|外相|首相|大統領|社長|市長|町長|会長)/gu,
  time: new RegExp(
    `${DIGITS_JA}年(?!間)|${DIGITS_JA}月(?:${DIGITS_JA}日)?|${DIGITS_JA}日(?!間)|(?:明治|大正|昭和|平成|令和)(?:元|${DIGITS_JA})年|[月火水木金土日]曜日?|(?:午前|午後)?${DIGITS_JA}時(?!間)`,
    'gu',
  ),
  clock: new RegExp(`(?:午前|午後)?${DIGITS_JA}時(?!間)(?:半|${DIGITS_JA}分)?|正午`, 'gu'),
  duration: new RegExp(
    `${DIGITS_JA}(?:秒|分|時間|日間|週間|[かヶカケ]月|年)(?:間|半)?(?![前後日])`,
    'gu',
  ),
  money: new RegExp(`${DIGITS_JA}${UNIT_JA}(?:円|ドル|ユーロ|ポンド)`, 'gu'),
  percentage: new RegExp(`${DIGITS_JA}(?:[%％]|パーセント|割)`, 'gu'),
  amount: new RegExp(
    `${DIGITS_JA}${UNIT_JA}(?![年月日時分秒])[\\p{Script=Han}\\p{Script=Katakana}つ]`,
    'gu',
  ),
  place: /[\p{Script=Han}\p{Script=Katakana}ー]{2,}(?:県|市|町|村|区|駅|島|国|[でにへ])/gu,
  reason: /(?:ため|ので|から(?=、)|理由|目的|おかげ)/gu,
  topic: /(?:話し合|話した|話題|議論|協議|述べ|伝え|説明|合意|語っ|提案|約束|要請|確認し)/gu,
  transport: /(?:列車|電車|飛行機|航空機|バス|車|船|徒歩|自転車|フェリー)(?:で|に乗)/gu,
};

const IS_JAPANESE = /[\p{Script=Hiragana}\p{Script=Katakana}]/u;

/**
 * Whether a text contains something of the kind, by its form alone. The names of persons and places in a corpus' front
 * matter are more reliable than the capital letters used here.
 */
export function holdsKind(text: string, kind: AnswerKind): boolean {
  if (IS_JAPANESE.test(text) && text.search(JAPANESE_FORMS[kind]) >= 0) return true;
  switch (kind) {
    case 'time':
      return DATE.test(text) || CLOCK.test(text);
    case 'clock':
      return CLOCK.test(text);
    case 'duration':
      return DURATION.test(text);
    case 'money':
      return MONEY.test(text);
    case 'percentage':
      return PERCENTAGE.test(text);
    case 'amount':
      return NUMBER.test(withoutTimes(text));
    case 'person':
      return [...text.matchAll(FULL_NAME)].some(([name]) => !NOT_OF_A_PERSON.test(name));
    case 'place':
      return /\b(?:in|at|to|from|near) (?:the )?\p{Lu}[\p{L}'’-]+/u.test(text);
    case 'reason':
      return REASON.test(text);
    case 'topic':
      return TOPIC.test(text);
    case 'transport':
      return TRANSPORT.test(text);
  }
}

/** Words that belong to a figure: "about 75 minutes", "more than 20 people". */
const HEDGE =
  '(?:(?:about|around|nearly|almost|some|roughly|approximately|over|under|exactly|just|only|at least|at most|up to|as many as|more than|less than|fewer than) ){0,2}';
const FIGURE = `(?:\\d+(?:[.,]\\d+)*|${NUMBER_WORD})(?: (?:million|billion|trillion))?`;
/** A name, or several in a row: "the Foreign Office in London". */
const CAPITALISED = "\\p{Lu}[\\p{L}'’.-]*(?: (?:of |and |for |the )?\\p{Lu}[\\p{L}'’.-]*)*";
/** Where a clause ends that gives a reason or a result. */
const CLAUSE = '[^;—–]+?(?=[;—–]|[.!?]?$)';

const SPANS: Readonly<Record<AnswerKind, RegExp>> = {
  person: FULL_NAME,
  time: new RegExp(
    `(?:${MONTH})\\.? ${DAY}(?:, (?:19|20)\\d{2})?|${DATE.source}|${CLOCK.source}`,
    'gi',
  ),
  clock: new RegExp(CLOCK.source, 'gi'),
  duration: new RegExp(`\\b${HEDGE}${DURATION.source.slice(2)}`, 'gi'),
  money: new RegExp(
    `\\b${HEDGE}(?:(?:US)?[$€£¥] ?)?${FIGURE}(?:[ -](?:U\\.?S\\.? )?(?:dollars?|yen|euros?|pounds?))?|[$€£¥] ?${FIGURE}`,
    'gi',
  ),
  percentage: new RegExp(`\\b${HEDGE}\\d+(?:[.,]\\d+)* ?(?:%|per ?cent\\b)`, 'gi'),
  amount: new RegExp(`\\b${HEDGE}${FIGURE}(?: [\\p{Ll}-]+)?`, 'giu'),
  place: new RegExp(
    `(?<!\\p{L})(?:in|at|to|from|near|on) (?:the )?${CAPITALISED}(?:,? (?:in |at )?(?:the )?${CAPITALISED})*`,
    'gu',
  ),
  reason: new RegExp(`${REASON.source}${CLAUSE}`, 'gi'),
  topic: new RegExp(`${TOPIC.source}${CLAUSE}`, 'gi'),
  transport: new RegExp(TRANSPORT.source, 'gi'),
};

const BEGINS_WITH_MONTH = new RegExp(`^\\w+ (?:the )?${MONTH}\\b`, 'i');

/** Where a text holds something of the kind, by its form alone: half-open ranges in order. */
export function spansOfKind(text: string, kind: AnswerKind): [start: number, end: number][] {
  if (IS_JAPANESE.test(text)) {
    return [...text.matchAll(JAPANESE_FORMS[kind])].map(({ 0: found, index }) => [
      index,
      index + found.length,
    ]);
  }
  const searched = kind === 'amount' ? withoutTimes(text, '\0') : text;
  return [...searched.matchAll(SPANS[kind])]
    .filter(([found]) => kind !== 'money' || MONEY.test(found))
    .filter(([found]) => kind !== 'person' || !NOT_OF_A_PERSON.test(found))
    .filter(([found]) => kind !== 'place' || !BEGINS_WITH_MONTH.test(found))
    .map(({ 0: found, index }) => [index, index + found.length]);
}

const DAYS = new RegExp(
  `\\b${MONTH}\\.? ${DAY}\\b|\\b${DAY} (?:of )?${MONTH}\\b|\\b(?:19|20)\\d{2}-\\d{2}-\\d{2}\\b`,
  'gi',
);

/** The text without the figures of dates, years and clock times, which count nothing. Its length stays. */
function withoutTimes(text: string, filler = ' '): string {
  const blank = (found: string): string => filler.repeat(found.length);
  return text.replace(DAYS, blank).replace(/\b(?:19|20)\d{2}\b|\b\d{1,2}:\d{2}\b/g, blank);
}

const PERSON =
  "(?:person|ministers?|premiers?|politicians?|officials?|judges?|prosecutors?|presidents?|leaders?|people|wom[ae]n|m[ae]n|lawmakers?|lawyers?|congresswom[ae]n|congressm[ae]n|senators?|cabinet members?|ambassadors?|envoys?|diplomats?|mayors?|rectors?|advis[eo]rs?|secretary|secretaries|journalists?|reporters?|writers?|experts?)(?!['\\w-])";
const PLACE =
  '(?:city|cities|towns?|villages?|suburbs?|countr(?:y|ies)|places?|capitals?|venues?|buildings?|monuments?|locations?|sites?|regions?|provinces?|prefectures?|hotels?|rooms?|halls?|church(?:es)?|squares?|streets?|airports?|stations?|ports?|museums?|islands?|destinations?|continents?|stops?)\\b';

/** Up to two words of description: "which Japanese judge", but not "what did the judge". */
const DESCRIPTION =
  "(?:(?!(?:did|does|do|is|was|were|are|has|had|have|will|would|can|could|should|the|an?|her|his|their|she|he|they|it|kind|sort|of|about)\\b)[\\w'-]+ ){0,2}";

/** The pattern that matches earliest in the question wins, the first of several ("how long ago" before "how long"). */
const PATTERNS: readonly (readonly [AnswerKind, RegExp])[] = [
  [
    'time',
    /\bhow long ago\b|\bhow recently\b|\b(?:what|which)(?:'s| is| was)?(?: the)? (?:\w+ )?(?:day|date|year|month|week|weekday|season)s?\b|^(?:the )?(?:day|date|year|month) of\b|\b(?:birth ?date|date of|birthday)\b/,
  ],
  [
    'duration',
    /\bhow (?:long|short|lengthy|soon|fast|quickly)\b|\bhow much time\b|\bduration\b|\blength of (?:the|her|their|his|a)\b|\bhow many (?:seconds|minutes|hours|days|weeks|months)\b|^(?:time|minutes|hours|days) spent\b/,
  ],
  [
    'percentage',
    /\bpercentage\b|\b(?:what|how many) per ?cent\b|\bwhat share\b|\bby how much\b|\bhow (?:steep|sharp)/,
  ],
  [
    'money',
    /\bhow (?:much|many) (?:\w+ )?(?:money|cash|aid|funding|dollars|yen|euros)\b|\bhow much .{0,60}\b(?:cost|pay|paid|give|gave|given|pledged?|promised?|spend|spent|contributed?|donated?|worth)\b|\bwhat (?:\w+ )?(?:sum|price|cost|budget)\b|\bwhat (?:did|does|do|will|would) .{1,60} cost\b|\bhow (?:expensive|costly)\b|\bworth(?: over| in| of| by|\W*$)|\bhow (?:big|large) (?:is|was) the (?:\w+ )?(?:budget|contribution|sum|fund|loan|grant)\b|^(?:the )?(?:cost|price) of\b|\bin (?:dollars|yen|euros)\W*$/,
  ],
  [
    'amount',
    /\bhow (?:many|much|big|large|high|strong|often|far|old|tall|heavy|wide|deep|near)\b|^(?:the |what was the |what is the )?(?:\w+ )?(?:number|quantity|size|total|amount|count|population)\b|\b(?:what|which) (?:amount|number|magnitude|quantity)\b/,
  ],
  [
    'clock',
    /\b(?:what|which) (?:exact )?(?:times?|hours?|o'?clock)\b|\bhow (?:early|late)\b|^start(?:ing)? time\b/,
  ],
  [
    'place',
    new RegExp(
      `\\b(?:what|which) ${DESCRIPTION}${PLACE}|\\b(?:what|which) part of (?:(?!the\\b)\\w+|the (?:world|country|city|town|capital|building))\\b|\\bwhereabouts\\b`,
    ),
  ],
  [
    'person',
    new RegExp(
      `\\b(?:what|which) ${DESCRIPTION}${PERSON}|\\bwhich of (?:her|his|their|the) (?:\\w+ )?(?:predecessors|successors|colleagues|counterparts)\\b|\\b(?:name|identity) of (?:the |her |his |their )?(?:[\\w'-]+ ){0,2}${PERSON}|\\bwhat(?:'s| is| was) (?:her|his) name\\b|^(?:the )?(?:head|chief|boss|leader|founder) of\\b`,
    ),
  ],
  [
    'topic',
    /\bwhat (?:(?:did|do|does|have|had|were|was|are|is) (?!i\b)[^?]{1,60}|(?:was|were|got|had been) )(?:discuss(?:ed|ing)?|(?:talk|speak|chat|talked|spoken|talking|chatting) about|cover(?:ed)?|touch(?:ed)? (?:on|upon))(?: (?:at|over|during|in|with|between|there|together)\b(?!.* (?:about|on|regarding|concerning) )[^?]{0,60})?\W*$|\b(?:topics?|subjects?|themes?|agenda) (?:of|at|in|for|between|during|with)\b|\bwhat (?:was|were|is|are) (?:it|this|that|they|those|the [^?]{1,40}) about\W*$|^[^?]{0,60}: what (?:was|were) (?:it|they|discussed)\b|\bwhat (?:topics?|subjects?|themes?|issues?|matters?)\b|\bwhat (?:came|come) up\b|\btopics?\W*$/,
  ],
  [
    'transport',
    /\bhow (?:did|do|does|had|was|were|would|will|is) (?!long\b|many\b|much\b|far\b|often\b)[^?]{1,40}?\b(?:(?:get|got|go|went|come|came|return|returned)(?= (?:to|from|into|out|across|there|here|back|home|over|between|around)\b)|travel\w*|arrive\w*|reach\w*|cross\w*|journey\w*|moved?|transported)\b(?! on\b| about\b| with\b)|\bmeans of (?:transport|travel)\b|\bby what (?:means|transport)\b/,
  ],
  [
    'reason',
    /\bwhat (?:reason|caused|motive)\b|\bwhat for\W*$|\bhow come\b|\b(?:reason|purpose)\b/,
  ],
];

/** Words that ask or begin a relative clause: "who met her?" and "what did the man who met her say?". */
const ASKING: readonly (readonly [AnswerKind, RegExp])[] = [
  ['time', /\bwhen\b/g],
  ['place', /\bwhere\b/g],
  ['person', /\b(?:who|whom|whose)\b/g],
  ['reason', /\bwhy\b/g],
];

/** The question has already begun: a "who" or "when" after this mostly begins a clause. */
const BEGUN =
  /\b(?:what|which|how|who|whom|whose|when|where|why)\b|^\W*(?:(?:and|so|but|also|then|please|ok|hi|hello|hey)\W+)*(?:did|does|do|is|are|was|were|has|have|had|can|could|will|would)\b/;
const STILL_ASKING =
  /(?:^|[;:.!?] *| - *|\b(?:and|or|but|know|tell|me|us|say|remember|wonder|wondering|asking|explain|since|from|until) )$/;

/** A question that is answered by yes or no, and no request: "can you tell me when". */
export function asksYesOrNo(question: string): boolean {
  return /^\W*(?:(?:and|so|but|then|ok|or)\W+)*(?:did|does|do|is|are|was|were|has|have|had|will|can) (?!you\b|(?:some|any)(?:one|body) (?:know|tell|say|explain|remember|recall)\b)/i.test(
    question,
  );
}

type Offer = readonly [kind: AnswerKind, offset: number];

/** The kind whose words come first, the first of several; null for none. */
function earliest(offers: readonly Offer[]): AnswerKind | null {
  let best: Offer | null = null;
  for (const offer of offers) if (offer[1] < (best?.[1] ?? Infinity)) best = offer;
  return best?.[0] ?? null;
}

function offersOf(text: string, patterns: readonly (readonly [AnswerKind, RegExp])[]): Offer[] {
  return patterns.map(([kind, pattern]) => [kind, pattern.exec(text)?.index ?? Infinity]);
}

/** What a question asks for, or null when its form does not say. */
export function kindAsked(question: string): AnswerKind | null {
  const folded = fold(question).trim();
  const asking = ASKING.flatMap(([kind, pattern]) =>
    [...folded.matchAll(pattern)]
      .filter(({ 0: word, index }) => asks(folded, index, word.length))
      .map(({ index }): Offer => [kind, index]),
  );
  return earliest([...offersOf(folded, PATTERNS), ...asking]);
}

/** Whether the word at the offset asks, and does not begin a clause. */
function asks(folded: string, offset: number, length: number): boolean {
  const before = folded.slice(0, offset);
  if (!BEGUN.test(before) || STILL_ASKING.test(before)) return true;
  return /^\W*$/.test(folded.slice(offset + length));
}

const JAPANESE_KINDS: readonly (readonly [AnswerKind, RegExp])[] = [
  [
    'duration',
    /何(?:分|時間|日間|週間|[かカヶケ]月|年間)|どの(?:くらい|ぐらい)の?(?:時間|長さ|間)|どれ(?:くらい|ぐらい)の?(?:時間|長さ|間)|(?:時間|長さ)は/,
  ],
  ['clock', /何時(?!間)/],
  ['time', /いつ|何月|何日(?!間)|何曜日|何年(?!間)|日付/],
  ['money', /いくら|何(?:円|ドル|ユーロ)|金額|(?:どの|どれ)(?:くらい|ぐらい)の?(?:額|資金)/],
  ['percentage', /何(?:%|%|パーセント|割)/],
  ['amount', /何(?:人|回|[かカヶケ]国|件|基|個|台|社|名|つ)|いくつ|(?:どの|どれ)(?:くらい|ぐらい)/],
  ['place', /どこ|どの(?:都市|国|街|町|場所)|場所は/],
  ['person', /誰|だれ|どなた|どの(?:人|大臣)/],
  ['reason', /なぜ|何故|なんで|どうして|理由|何のため/],
  [
    'transport',
    /(?:どうやって|どのように|何で|なにで)[^?？。]{0,20}(?:行|移動|入|着|渡|来|帰|越え)|交通手段|移動手段/,
  ],
  [
    'topic',
    /話題|議題|テーマ|何(?:を|について)(?:話|議論|協議|語)|どん?な(?:こと|話)を(?:話|議論|協議)|内容は/,
  ],
];

/** What a Japanese question asks for: the kind whose words come first; null when its form does not tell. */
export function kindAskedInJapanese(question: string): AnswerKind | null {
  return earliest(offersOf(question, JAPANESE_KINDS));
}

/**
 * What asks nothing of the documents: a greeting or a call for help, thanks or praise, the bot's own opinion or
 * feelings, the map, where all this is from.
 */
export type SmallTalk = 'greeting' | 'thanks' | 'opinion' | 'map' | 'sources';

/** Whole texts in English, folded and without punctuation; several of them may follow one another. */
const SMALL_TALK: readonly [
  first: readonly [SmallTalk, string],
  ...others: (readonly [SmallTalk, string])[],
] = [
  [
    'greeting',
    'hi|hiya|hello|hey|yo|greetings|welcome|good (?:morning|afternoon|evening|day)|help|help me|can you help(?: me)?|commands|usage|start|menu|about|info|test|testing|ping|(?:who|what) are you|(?:who|what) is this|what can (?:you|i) (?:do|ask)(?: you)?|what do you (?:do|know)|how (?:do|does) (?:you|this|it) work|how do i (?:use|ask) (?:you|this)|what(?: s| is) your name|who (?:made|built|created|runs) you|introduce yourself',
  ],
  [
    'thanks',
    'thanks|thank (?:you|u)|thx|ty|cheers|many thanks|(?:much )?appreciated|i appreciate (?:it|that)|that(?: s| is| was)(?: very| really| so)? (?:helpful|great|good|useful|perfect|wrong|right|all)|(?:very )?helpful|great|nice|cool|awesome|amazing|perfect|excellent|brilliant|well done|wow|(?:good|nice|great|bad|stupid|best|lovely) (?:bot|job|work|one|answer)|you(?: are| re) (?:welcome|(?:the )?(?:great|best|awesome|amazing|helpful|useless|wrong|right|funny|smart|stupid))|i (?:love|like|hate) (?:you|this|it|this bot)|love (?:you|it)|ok|okay|k|yes|no|yeah|yep|nope|sure|got it|i see|makes sense|understood|no problem|never ?mind|sorry|lol|ha(?:ha)+|bye(?: bye)?|goodbye|good night|see you(?: later| soon| tomorrow)?|have a (?:good|nice|great) (?:day|one|evening|weekend)',
  ],
  [
    'opinion',
    'how are you(?: doing| today)*|how(?: s| is) it going|what(?: s| is) up|are you (?:an? )?(?:human|robot|bot|ai|real|alive|happy|sad|sentient|person|chatgpt|ok|okay|there)|do you (?:have|feel) .{1,40}|do you (?:like|love|hate|enjoy|prefer|admire|trust|agree)(?: .{1,60})?|what do you (?:think|feel)(?: .{1,80})?|what(?: s| is| are) your (?:own )?(?:opinion|thought|view|take|favou?rite)s?(?: .{1,80})?|how do you feel(?: .{1,80})?|(?:tell me|do you know) an? (?:joke|story)|how old are you|where are you(?: from)?',
  ],
  [
    'map',
    '(?:(?:can|could|may) (?:you |i |we ))?(?:show|see|draw|open|display|give|send|view)(?: me| us)?(?: (?:the|a|your|that))?(?: (?:whole|tour|route))? map(?: of (?:the|her|his|their) (?:tour|route|trip|journey))?|(?:the |tour |route )?map|(?:is there|do you have|where(?: s| is)) (?:a|the) map',
  ],
  [
    'sources',
    '(?:(?:show|give|tell|list)(?: me)? )?(?:your|the|all(?: the)?) sources|(?:what|which|who|where) (?:are|is) (?:all )?(?:your|the) sources?(?: of (?:this|your|the) (?:information|data|answers?))?|(?:what|which) sources (?:do you (?:use|have|quote|cite)|are there)|where (?:do|did|does) (?:you|this|the bot|it) (?:get|take|find|have) (?:(?:all )?(?:your|the|its|this|that|these) )?(?:information|info|data|facts|answers?|knowledge|sources|this|that|it)(?: from)?|where (?:does|do|did) (?:this|that|your|the) (?:information|info|data|facts|answers?) come from|how do you know(?: (?:this|that|it|all this))?|do you have (?:any )?sources|what (?:are you|is this) based on',
  ],
];
/** Who is spoken to, and how warmly. */
const ADDRESS =
  '(?: (?:there|all|bot|you|everyone|everybody|folks|guys|please|again|so much|very much|a lot|for (?:that|this|the (?:help|answer)|your (?:help|answer|time))|dragoman|then|and|but))*';
const repeated = (phrases: string): string =>
  `(?:(?:oh |so |and )?(?:${phrases})${ADDRESS}(?: |$))+`;
const SMALL_TALK_EN = SMALL_TALK.map(
  ([kind, phrases]) => [kind, new RegExp(`^${repeated(phrases)}$`)] as const,
);
const MIXED_SMALL_TALK = new RegExp(
  `^${repeated(SMALL_TALK.map(([, phrases]) => phrases).join('|'))}$`,
);
const GREETS_FIRST = new RegExp(`^(?:${SMALL_TALK[0][1]})\\b`);

/** The same in Japanese, without spaces and punctuation. */
const SMALL_TALK_JA: readonly (readonly [SmallTalk, RegExp])[] = [
  [
    'greeting',
    /^(?:ヘルプ|助けて(?:ください)?|使い方(?:は|を教えて(?:ください)?)?|こんにちは|こんばんは|おはよう(?:ございます)?|はじめまして|初めまして|よろしく(?:お願いします)?|やあ|もしもし|テスト|(?:あなた|君|きみ)は?(?:誰|だれ|何)(?:です)?か?|(?:誰|だれ)(?:ですか)?|(?:あなたの|お)名前は(?:何(?:ですか)?)?|何が?でき(?:る|ます)か?|自己紹介(?:して(?:ください)?)?)+$/u,
  ],
  [
    'thanks',
    /^(?:どうも|本当に)?(?:ありがとう(?:ございま(?:す|した))?|サンキュー|感謝(?:します|です)?|助かり(?:ます|ました)|助かった|お疲れ(?:様|さま)(?:です|でした)?|(?:とても|すごく)?(?:すごい|素晴らしい|すばらしい|完璧|便利|役に立(?:ちます|ちました|った))(?:です)?ね?|いいね|いい(?:ボット|答え|回答)(?:だ|です)?ね?|なるほど|了解(?:です|しました)?|(?:わか|分か)り(?:ました|ます)|わかった|分かった|オッケー|ok|はい|いいえ|うん|さようなら|またね|では?また|おやすみ(?:なさい)?|ごめん(?:なさい)?|すみません|失礼しました|笑|w+|どうも)+$/u,
  ],
  [
    'opinion',
    /^(?:(?:お元気|元気|調子はどう)(?:ですか)?|(?:あなた|君|きみ)(?:は|の|も).{0,40}(?:思い?(?:ます|う)か?|意見|感想|好き|嫌い|人間|ai|ロボット|気持ち|何歳).{0,12}|(?:人間|ai|ロボット|機械)(?:です|なの)か?|(?:(?!何|誰|だれ|どこ|どの|どんな|いつ|は).){0,24}(?:が|のことが)(?:好き|嫌い)(?:です|なの)?か?|(?:(?!は).){0,30}(?:について|のこと)?(?:を|は)?どう思(?:う|います)か?|(?:ご意見|感想)(?:は|を(?:聞かせて|教えて)(?:ください)?)?|冗談を言って(?:ください)?)$/u,
  ],
  [
    'map',
    /^(?:(?:歴訪|行程|訪問先|ルート)の)?(?:地図|マップ)(?:[をがはも]?(?:見せて|見たい|見られますか|見れますか|見る|表示して?|出して|描いて|開いて|ありますか|あります|ある)?(?:です|か|ください|下さい|ほしい)?)?$/u,
  ],
  [
    'sources',
    /^(?:(?:あなたの|この)?(?:情報|回答|答え)の)?(?:出典|情報源|ソース|典拠)(?:一覧)?(?:(?:は|を|って)?(?:何|どこ|なに|教えて|見せて|示して|知りたい|ありますか|一覧)?(?:です|か|ください|下さい)*)?$|^どこから(?:の)?(?:情報|データ)(?:です|を得て(?:いる|い)(?:の|ます)?)?か?$|^(?:その|この)?(?:情報|データ)はどこ(?:から|で)(?:来た|得た|の)?(?:もの|の)?(?:です)?か?$/u,
  ],
];

/** Longer texts say more than a greeting. */
const LONGEST_SMALL_TALK = 120;

/**
 * The kind of small talk that a text is as a whole: a text without letters and digits is a greeting. Null for what may be a
 * question to the documents.
 */
export function smallTalkOf(text: string): SmallTalk | null {
  if (text.length > LONGEST_SMALL_TALK) return null;
  const inWords = (folded: string): string => folded.replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ').trim();
  const english = inWords(fold(text));
  // Folding takes the voicing marks of kana away.
  const japanese = inWords(text.normalize('NFKC').toLowerCase()).replaceAll(' ', '');
  if (japanese === '') return 'greeting';
  for (const [kind, pattern] of SMALL_TALK_EN) if (pattern.test(english)) return kind;
  for (const [kind, pattern] of SMALL_TALK_JA) if (pattern.test(japanese)) return kind;
  if (!MIXED_SMALL_TALK.test(english)) return null;
  return GREETS_FIRST.test(english) ? 'greeting' : 'thanks';
}
