import { reasonFor } from '../../answer/verdict.ts';
import type { Texts } from './en.ts';

export const ja: Texts = {
  commands: {
    ask: {
      name: '質問',
      description: '{topic}について質問する。出典つきの原文の引用で答え、文章の生成はしません',
      options: {
        question: { name: '質問文', description: '知りたいこと(300文字まで)' },
        meeting: { name: '会談', description: 'この会談からだけ探す(題名・人名・場所・日付)' },
        source: { name: '出典', description: 'この出典からだけ探す(題名・発行元)' },
        private: { name: '非公開', description: '自分だけに表示する' },
      },
    },
    meeting: {
      name: '会談',
      description: '会談を一つ調べる、またはその会談について質問する',
      options: {
        meeting: { name: '会談名', description: '人名・場所・国・日付・題名' },
        question: { name: '質問文', description: 'この会談だけから答える質問(300文字まで)' },
        private: { name: '非公開', description: '自分だけに表示する' },
      },
    },
    tour: {
      name: '歴訪',
      description: '行程を地図と年表で見る。すべての訪問先つき',
      options: {
        day: { name: '日付', description: 'この日・曜日・場所だけ' },
      },
    },
    sources: {
      name: '出典一覧',
      description: '出典の一覧。すべての事実の根拠をリンクつきで示す',
      options: {
        meeting: { name: '会談', description: 'この会談の出典だけ' },
        kind: { name: '種類', description: 'この種類の出典だけ' },
      },
    },
    help: { name: 'ヘルプ', description: '質問できることと、その方法' },
    about: {
      name: 'このボットについて',
      description: 'このボットにできること、できないこと、記録すること',
    },
    admin: {
      name: '管理',
      description: '管理者用: ボットの状態、答えられなかった質問、意見',
      options: {
        reload: { name: '再読込', description: '新しい索引を今すぐ探す' },
        status: { name: '状態', description: '使用中の索引、最後の更新、負荷' },
        unanswered: { name: '未回答', description: '答えられないことが多かった質問' },
        feedback: { name: '意見', description: '最近の👍と👎とその理由' },
      },
    },
    settings: { name: '設定', description: 'サーバー管理者用: 答える場所、答え方、言語' },
    askMessage: { name: '{topic}について調べる' },
  },

  verdicts: {
    answered: '回答あり',
    weak: '不確か',
    not_found: '該当なし',
  },
  sourceKinds: {
    official: '公式発表',
    agency: '通信社',
    press: '報道',
    commentary: '論評',
  },
  doubt: (doubt) => reasonFor(doubt, 'ja'),
  onlyMeeting: (title) => `対象の会談: ${title}`,
  onlySource: (title) => `対象の出典: ${title}`,
  shortened: '… 省略あり。下のボタンで前後を表示します',
  linesOf: (path, first, last) =>
    first === last ? `${path} ${first}行目` : `${path} ${first}–${last}行目`,
  undated: '日付なし',
  copyOn: (host: string) => `${host}の転載`,
  alsoReportedBy: (titles) => `同じ内容を伝える文書: ${titles}`,
  pageOf: (page, pages) => `${pages}ページ中${page}ページ`,
  wordForWord: '原文のままの引用です。文章は生成していません',
  questionShortened: 'メッセージが長いため、冒頭だけを質問しました。',
  shareButton: '共有',
  nextButton: '次へ',
  previousButton: '前へ',

  contextTitle: (title) => `前後の文章: ${title}`,
  contextCut: '… 文書には続きがあります',
  askAgain: 'このボタンは以前の文書のものです。もう一度質問してください。',

  thanksUp: 'ありがとうございます。役に立ったと記録しました。',
  takeBackButton: '取り消す',
  tookBack: '取り消しました。この評価は数えません。',
  tellButton: '管理者に伝える',
  told: 'ありがとうございます。文書で答えられない質問として、お名前なしで記録しました。',
  sharedBy: (user) => `${user}が共有しました`,
  sharedAlready: 'この回答はすでに共有しました。',
  thanksDown: 'ありがとうございます。文書の改善に役立てます。',
  feedbackOff: 'ありがとうございます。ここでは記録を取らない設定のため、何も記録していません。',
  whyTitle: 'どこが良くなかったですか',
  whyLabel: '期待した内容や足りないもの',
  whyHint: '質問とともに記録します(非公開の質問を除く)。お名前は記録しません。',
  whyPlaceholder: '例: 日付は別の文書にあります',

  dateUnknown: '日付を示す出典はありません',
  dayParts: {
    morning: '午前',
    noon: '正午',
    afternoon: '午後',
    evening: '夕方から夜',
    night: '夜',
  },
  yourTime: (stamp) => `あなたの時刻では${stamp}`,
  duration: (minutes) =>
    minutes >= 120 && minutes % 60 === 0 ? `${minutes / 60}時間` : `${minutes}分`,
  otherSourcesSay: (what) => `別の出典では${what}`,
  andMore: (number) => `ほか${number}件`,
  noSource: (input) =>
    `「${input}」に当てはまる出典はありません。入力中に出る候補から選んでください。`,

  tourTitle: '行程',
  undatedStops: '日付不明',
  noPicture: '地図を描けませんでした。行程は下のとおりです。',
  pictureAlt: '番号つきの訪問先を結ぶ経路の地図と、年表',
  map: {
    countries: (number) => `${number}か国`,
    stops: (number) => `${number}地点`,
    eventsUnit: () => '件',
    opening: (span) => `行程（${span}）の地図と日程。訪問順：`,
    stop: (number, city, details) => `${number} ${city}（${details}）`,
    stopSeparator: '、',
    more: (number) => `ほか${number}地点`,
    closing: '。',
    chosen: (date, cities, events) => `強調表示：${date}、${cities}、${events}。`,
  },

  sourcesTitle: '出典一覧',
  sourcesCount: (number) => `${number}件`,
  noSources: '当てはまる出典はありません。',

  aboutTitle: 'Dragoman',
  aboutIs: (subject) =>
    `${subject}についての質問に答えます。答えのある箇所を探し、原文のまま引用し、要となる一文を示し、出典を伝えます。`,
  aboutIsNot:
    '自分では何も書きません。要約も意見も推測もしません。文書に答えがなければ、そう伝えます。知っているのはこの文書だけで、ウェブは検索しません。文書は英語です。',
  aboutCorpus: (documents, passages, meetings, sources) =>
    [
      `文書${documents}件、箇所${passages}件`,
      ...(meetings === 0 ? [] : [`会談${meetings}件`]),
      ...(sources === 0 ? [] : [`出典${sources}件`]),
    ].join('、'),
  aboutGeneration: (id, built) => `索引 ${id}、作成 ${built}`,
  aboutModel: (id, dimensions) => `埋め込みモデル ${id}、${dimensions}次元`,
  aboutVersion: (version) => `バージョン ${version}`,
  aboutStored: '記録するもの',
  aboutJournalOn:
    '公開の場でのはっきり答えられなかった質問と、👍👎とそこに書かれた言葉だけを、文書を増やすために記録します。非公開の質問は「管理者に伝える」を押したときだけ記録します。誰が、どのサーバーやチャンネルで尋ねたかは記録せず、メンション、メールアドレス、電話番号は取り除きます。返信のほかには何もこの機械から出ません。',
  aboutJournalOff: '何も記録しません。質問も意見も名前も残しません。',
  aboutHow: (commands, topic) =>
    `${commands.join('、')}、またはメッセージの「アプリ → ${topic}について調べる」をお試しください。`,

  statusTitle: '状態',
  statusIndex: (id, built) => `索引 \`${id}\`、作成 ${built}`,
  statusReloadLoaded: (id, at) => `最後の更新: 索引 \`${id}\` を${at}から使用`,
  statusReloadRefused: (at, failures, problem) =>
    `最後の更新は${at}に**拒否**され（${failures}回目）、上の索引を使い続けながら再試行します: ${problem}`,
  statusNoReload: '起動後に新しい索引はありません',
  statusUptime: (since) => `稼働開始 ${since}`,
  statusLoad: (handled, failed, waiting) => `処理${handled}件、失敗${failed}件、待ち${waiting}件`,
  statusMemory: (megabytes, ping) =>
    `メモリ ${megabytes} MB${ping === null ? '' : `、ゲートウェイ ${ping} ms`}`,
  statusJournal: (on) => `記録 ${on ? 'オン' : 'オフ'}`,
  reloadLoaded: (id) => `索引 \`${id}\` を使っています。`,
  reloadSame: (id) => `索引 \`${id}\` が最新です。読み込み直しました。`,
  reloadRefused: (problem) => `新しい索引は拒否され、これまでの索引を使い続けています: ${problem}`,
  unansweredTitle: '答えられないことが多かった質問',
  unansweredLine: (times, question) => `${times}回 ${question}`,
  feedbackTitle: '最近の意見',
  feedbackCounts: (up, down) => `👍 ${up} · 👎 ${down}`,
  nothingYet: 'まだありません。',
  journalOff: '記録を取らない設定です(`JOURNAL=off`)。',
  adminsOnly:
    'ボットの管理者(アプリの所有者かチーム、設定に書かれた人)だけが使えます。サーバーを管理できるメンバーは `/管理 状態` でサーバーの数字を見られます。',
  serverFigures: {
    title: 'このサーバーでの質問',
    since: (stamp) => `${stamp}の起動から。数だけをメモリーに置いています。`,
    line: (answered, weak, notFound) =>
      `回答あり${answered}件 · 不確か${weak}件 · 該当なし${notFound}件`,
  },
  doneMenu: '対応済みにする',
  alsoAsked: (wordings) => `ほかの言い方: ${wordings}`,
  privateQuestion: '(非公開の質問)',
  digest: {
    title: '今週の質問',
    summary: (questions, up, down) =>
      `はっきり答えられなかった質問${questions}件 · 👍 ${up} · 👎 ${down}`,
    hint: '全体は `/管理 未回答`。`WEEKLY_DIGEST=off` で止められます。',
  },

  settings: {
    title: 'このサーバーの設定',
    managersOnly: 'サーバーを管理できるメンバーだけが変更できます。',
    serversOnly: '設定はサーバーにだけあります。',
    channels: '**答える場所**',
    channelsHint: 'すべてのチャンネル。選ぶとそこだけで答えます',
    mentionFree: '**メンションなしで答える場所**',
    mentionFreeHint: 'なし。選んだ場所ではすべての発言を質問として扱います',
    needsContent:
      'まだ働きません。ボットの運営者が開発者ポータルで「Message Content Intent」を有効にし、`DISCORD_MESSAGE_CONTENT=on` を設定する必要があります。',
    language: '**返信の言語**',
    languages: { own: '読む人の言語', en: '英語', ja: '日本語' },
    privacy: (isPrivate) =>
      isPrivate
        ? '**回答**は質問した人だけに見えます。共有もできます。'
        : '**回答**は全員に見えます。非公開を選んだ場合を除きます。',
    makePrivate: '非公開を標準にする',
    makePublic: '公開を標準にする',
    notHere: (channels) => `このサーバーでは ${channels} で答えます。`,
  },

  reply: {
    comma: '、',
    closest: '最も近い箇所(答えではないかもしれません):',
    versions: (versions, publishers) => {
      const [first, ...others] = publishers;
      const count = `**${versions}つの説**`;
      if (first === undefined) return count;
      if (others.length === 0) return `${count}(いずれも${first})`;
      return `${count}: ${[first, ...others].join('と')}で異なります`;
    },
    nothing: ({ reason, events, span }) => {
      const covered = span === null ? '' : `文書が扱うのは${span}の予定${events}件です。`;
      return `**文書に答えがありません。**${reason}${covered}次のような質問ができます:`;
    },
    languages: '質問は日本語か英語で書いてください。',
    onlyYou: (sources) => `あなただけに表示しています。${sources}で出典を見られます。`,
    fromEvents: (events) => `文書にある日付つきの予定${events}件から`,
    inMenu: (left) => `ほか${left}件はメニューに`,
    also: (names) => `同じ内容: ${names.join('、')}`,
    copy: '転載',
    readAround: '前後を読む',
    readAroundBrief: '前後',
    contextOf: (rank) => `前後 ${rank}`,
    more: (number) => `ほか${number}件`,
    closestButton: (number) => `近い${number}件`,
    passagesTitle: '**該当箇所の全文**',
    card: 'カード',
    openMeeting: '会談を開く',
    showMap: '地図',
    askMeeting: 'この会談について質問する',
    somethingElse: 'そのほか …',
    yourQuestion: '質問文',
    sources: (number) => `出典${number}件`,
    topic: (topic) => `${topic}について何が話されましたか`,
    pickDay: '日を選ぶ',
    events: (number) => `${number}件`,
    noStop: (input) =>
      `「${input}」の日程はありません。日付、曜日、場所のいずれかを指定してください。入力中に候補が出ます。`,
  },

  longQuestion: (length, most) =>
    `質問が${length}文字あります。読めるのは${most}文字までです。短くしてください。`,
  noText: 'そのメッセージには質問にできる文章がありません。',
  tooMany: (stamp) => `質問が続いています。${stamp}にもう一度お試しください。`,
  tooManyServer: (stamp) =>
    `このサーバーからの質問が続いています。${stamp}にもう一度お試しください。`,
  busy: '質問が集中しています。少し待ってからもう一度お試しください。',
  stopping: '再起動しています。少し待ってからもう一度お試しください。',
  failed: (reference) =>
    `こちらで問題が起きました。記録番号は \`${reference}\` です。もう一度お試しください。`,
  forbidden: (reference) =>
    `ここでは返信が許可されていません。サーバーの管理者に権限の確認を頼んでください(\`${reference}\`)。`,
  messageGone: (reference) => `変更する前にメッセージが削除されました(\`${reference}\`)。`,
  unknownCommand: (reference) =>
    `このコマンドはもうありません。Discordを再起動するか、別のコマンドをお試しください(\`${reference}\`)。`,

  talk: {
    askOn: '続けて質問',
    askOnTitle: 'この答えに続けて質問する',
    askOnLabel: '質問',
    askOnPlaceholder: '例: 他に誰がいましたか',
    understood: (typed) => `「${typed}」を前の質問の続きとして読みました`,
    several: (number, input) => `「${input}」に当てはまる会談は${number}件あります。どれですか。`,
    none: (input) => `「${input}」に当てはまる会談はありません。この中にありますか。`,
    severalSources: (number, input) =>
      `「${input}」に当てはまる出典は${number}件あります。どれですか。`,
    pickMeeting: '会談を選ぶ',
    pickDay: '日を選ぶ',
    pickSource: '出典を選ぶ',
    welcomeTitle: (topic, period) =>
      `${topic}${period === null ? '' : `(${period})`}について質問できます`,
    welcomeIs:
      '答えのある一文を文書から原文のまま引用し、出典を伝えます。自分では何も書きません。文書に答えがなければ、そう伝えます。',
    thanks: 'どういたしまして。またいつでも質問してください。',
    noOpinion: (help) =>
      `意見や感想は述べません。文書を原文のまま引用するだけです。質問できることは${help}で確かめられます。`,
    sources: (sources) =>
      `どの答えにも、引用した文の下に出典があります。一覧は${sources}で見られます。`,
    map: (tour) => `${tour}で行程を地図と一日ごとの一覧で見られます。`,
    tryQuestion: '質問の例',
    ways: ({ ask, meeting, tour }) =>
      [
        `${ask} 質問する`,
        ...(meeting === undefined ? [] : [`${meeting} 会談を見る`]),
        ...(tour === undefined ? [] : [`${tour} 地図を見る`]),
      ].join(' · '),
    mentionWay: 'メッセージで私にメンションするか、ダイレクトメッセージを送っても質問できます。',
  },
};
