import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  holdsKind,
  spansOfKind,
  asksYesOrNo,
  kindAsked,
  smallTalkOf,
  type AnswerKind,
  type SmallTalk,
  kindAskedInJapanese,
} from '../../src/language/answer-kinds.ts';

const QUESTIONS: Readonly<Record<AnswerKind | 'none', readonly string[]>> = {
  person: [
    'Who met her at the station?',
    'who is swedens foreign minister',
    'Which judge joined the talk with employees?',
    'which Japanese judge sits there',
    'What is the name of the prosecutor?',
    'With whom did she dine?',
    'head of the sea tribunal?',
    'Whose hand did she shake first?',
    'do you know who received her in Ankara',
    'Who presided over the court when she came?',
    'kamikawa in hamburg met who?',
    'Which of her predecessors went to the war zone?',
  ],
  topic: [
    'what did she and the president talk about',
    'stockholm dinner topics',
    'What was discussed over lunch?',
    'The session with lawmakers: what was it about',
    'what came up at the meeting with the mayor',
  ],
  transport: [
    'how did she get to Kyiv?',
    'How did the party cross the border',
    'by what means did they travel',
  ],
  time: [
    'When did she arrive in Kyiv?',
    'since when has she been minister',
    'What year did the war begin?',
    'On what day did they publish the plan?',
    'in which month was the conference held',
    'How long ago was the first visit?',
    'date of her birth',
    'she left tokyo when?',
    'Could you tell me when the plane took off?',
  ],
  clock: [
    'What time did the talks begin?',
    'at what hour did she see the prime minister',
    'Until what time was she at the ministry?',
    'how early did she leave',
  ],
  duration: [
    'How long did the talks last?',
    'kuleba talks how long?',
    'for how many minutes did they speak',
    'how much time did she spend with Duda',
    'length of the working lunch',
    'how soon must the two sides consult?',
    'minutes spent with the Canadian minister',
  ],
  money: [
    'How much did Japan pledge to the fund?',
    'how much money for drones',
    'What did the generators cost?',
    'cost of the military build-up',
    'What were exports to Russia worth over the year?',
    'military budget in dollars',
  ],
  percentage: [
    'By what percentage did spending go up?',
    'what share of firms left',
    'by how much did trade with Russia shrink?',
  ],
  amount: [
    'How big a delegation came with her?',
    'How many generators were handed over?',
    'number of judges in Hamburg',
    'how often did she raise the subject',
    'how strong was the earthquake',
    'how old is she',
    'How many people who escaped were hurt?',
  ],
  place: [
    'Where did she lay flowers?',
    'In which building did they talk?',
    'at which monument did she stop',
    'Which countries did she visit?',
    'What part of Japan does she represent?',
    'where did she study',
    'What burnt-out building did they notice?',
  ],
  reason: [
    'Why did she go to Kyiv?',
    'For what reason was the plan changed?',
    'she went down to a shelter, but why?',
    'what caused the fire',
  ],
  none: [
    'What happened?',
    'What happened when the alarm went off?',
    'What did the minister say?',
    'What did the judge who presided say to her?',
    'how did the agencies react when she spoke',
    'How did the Financial Times describe it?',
    'Did Ukraine say thanks for the planes?',
    'Did she see the man who runs the fund?',
    "what deal did the president's office hope to sign",
    'What was in the house where they met?',
    'What did the 20% rise pay for?',
    'name of the ship',
    'WHAT DID THEY AGREE ON',
    '',
    '🙂',
  ],
};

describe('kindAsked', () => {
  it.each(
    Object.entries(QUESTIONS).flatMap(([kind, questions]) =>
      questions.map((question) => [question, kind] as const),
    ),
  )('takes %j for a question after: %s', (question, kind) => {
    expect(kindAsked(question) ?? 'none').toBe(kind);
  });

  it('does not mind case or full-width letters', () => {
    expect(kindAsked('HOW LONG DID IT TAKE?')).toBe('duration');
    expect(kindAsked('ｗｈｏ was there')).toBe('person');
  });

  it('reads hostile questions in a moment', () => {
    const hostile = [
      'how much '.repeat(40),
      'what '.repeat(60),
      `how much ${'a '.repeat(200)}`,
      `name of ${'the '.repeat(80)}`,
      `which ${"a-b'".repeat(80)}`,
      'what did '.repeat(40),
      'a'.repeat(4000),
      ' '.repeat(4000),
      '!?-'.repeat(1000),
    ];
    const before = process.cpuUsage();
    for (const text of hostile) kindAsked(text);
    const { user } = process.cpuUsage(before);
    expect(user / 1000).toBeLessThan(500);
  });

  it('gives a kind or null for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (text) => {
        const kind = kindAsked(text);
        expect(kind === null || kind in QUESTIONS).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});

describe('asksYesOrNo', () => {
  it.each([
    'Did he sign it?',
    'and is there a lift',
    'has anybody seen the king',
    'can goats swim',
  ])('does: “%s”', (question) => {
    expect(asksYesOrNo(question)).toBe(true);
  });

  it.each(['what did he sign?', 'can you tell me when it began', 'will someone say why', 'island'])(
    'does not: “%s”',
    (question) => {
      expect(asksYesOrNo(question)).toBe(false);
    },
  );
});

describe('holdsKind', () => {
  it.each([
    ['time', 'They met on January 7th.'],
    ['time', 'They met on the 7th of January.'],
    ['time', 'Dated 2024-01-07.'],
    ['clock', 'The talks began at 13:30.'],
    ['duration', 'The talks took half an hour.'],
    ['duration', 'A 40-minute call.'],
    ['money', 'Japan pledged 37 million dollars.'],
    ['percentage', 'It fell by 12 percent.'],
    ['amount', 'Seven generators were handed over on January 7.'],
    ['person', 'She was received by Łukasz Nowak.'],
    ['place', 'The plane landed at Warsaw.'],
    ['reason', 'She did so because the sirens sounded.'],
  ] as const)('finds %s in %j', (kind, text) => {
    expect(holdsKind(text, kind)).toBe(true);
  });

  it.each([
    ['time', 'They met and spoke.'],
    ['clock', 'They met on January 7.'],
    ['duration', 'They met on January 7.'],
    ['money', 'They met 37 officials.'],
    ['percentage', 'They met 37 officials.'],
    ['amount', 'They met on 7 January 2024, at 10:30.'],
    ['amount', 'They met on the 7th of January.'],
    ['person', 'The Prime Minister spoke at the United Nations.'],
    ['place', 'They met and spoke.'],
  ] as const)('finds no %s in %j', (kind, text) => {
    expect(holdsKind(text, kind)).toBe(false);
  });
});

describe('kindAskedInJapanese', () => {
  it.each([
    ['会談は何分続きましたか', 'duration'],
    ['夕食会は何時に始まりましたか', 'clock'],
    ['いつ到着しましたか', 'time'],
    ['支援はいくらですか', 'money'],
    ['何人と会いましたか', 'amount'],
    ['会談の場所はどこですか', 'place'],
    ['誰が出迎えましたか', 'person'],
    ['なぜ延期されたのですか', 'reason'],
    ['会談について教えて', null],
  ])('reads what "%s" asks for', (question, kind) => {
    expect(kindAskedInJapanese(question)).toBe(kind);
  });
});

describe('smallTalkOf', () => {
  it.each<[SmallTalk, string[]]>([
    [
      'greeting',
      [
        'hi there',
        'Hello!',
        'HELP',
        'who are you?',
        'hi! how are you?',
        '使い方',
        'こんにちは！',
        '',
        '???',
        '🙂',
      ],
    ],
    [
      'thanks',
      [
        'thanks!',
        'Thanks a lot, good bot!',
        'ok',
        'great, thanks 🙏',
        'you’re the best',
        'lol',
        'bye!',
      ].concat(['ありがとうございました', 'なるほど、ありがとう', 'すごいですね！', '了解です']),
    ],
    [
      'opinion',
      [
        'do you like her?',
        'How are you today?',
        'what do you think about the war?',
        'are you an AI?',
      ].concat([
        '彼女のことが好きですか',
        '戦争についてどう思いますか',
        'あなたはどう思う？',
        '元気ですか',
      ]),
    ],
    [
      'sources',
      ['What are your sources?', 'who are the sources', 'Where do you get your information from?']
        .concat(['How do you know?', 'show me the sources please'])
        .concat(['出典は何ですか', '情報源はどこですか？', '出典を見せてください', 'ソースは？']),
    ],
  ])('knows %s', (kind, texts) => {
    for (const text of texts) expect(smallTalkOf(text), text).toBe(kind);
  });

  it('leaves questions to the documents, greetings before them included', () => {
    for (const text of [
      'why?',
      'and in Warsaw?',
      'next',
      'Hello, how long did the lunch last?',
      'thanks! and in Warsaw?',
      'What did she thank him for?',
      'do you know when she met the minister?',
      'who is the minister?',
      'Did he like the gift?',
      'she is great',
      'ありがとう、ワルシャワでは？',
      '大臣は戦争についてどう思いますか',
      '大臣は何が好きですか',
      '次は？',
      'What are the sources of energy in Ukraine?',
      'How do you know that she was there?',
      'エネルギー源は何ですか',
    ]) {
      expect(smallTalkOf(text), text).toBeNull();
    }
  });
});

describe('Japanese texts', () => {
  it.each([
    ['駅からバスで25分です。', 'duration', true, '25分'],
    ['1923年(大正12年)に開いた。', 'time', true, '1923年'],
    ['開場は午前9時半です。', 'clock', true, '午前9時半'],
    ['工事には三千万円かかった。', 'money', true, '三千万円'],
    ['参加者は40人でした。', 'amount', true, '40人'],
    ['会議は町で開かれた。', 'duration', false, ''],
    ['会議は町で開かれた。', 'money', false, ''],
  ] as const)('“%s” holds a %s: %s', (text, kind, expected, found) => {
    expect(holdsKind(text, kind)).toBe(expected);
    const [span] = spansOfKind(text, kind);
    expect(text.slice(...(span ?? [0, 0]))).toBe(found);
  });
});
