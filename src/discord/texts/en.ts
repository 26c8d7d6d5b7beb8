import type { Doubt } from '../../answer/types.ts';
import { reasonFor } from '../../answer/verdict.ts';

function count(number: number, one: string, many = `${one}s`): string {
  return `${number.toLocaleString('en-GB')} ${number === 1 ? one : many}`;
}

/** Every fixed text that a reader sees. Arguments are inserted as they are: escaped by the caller. */
export const en = {
  commands: {
    ask: {
      name: 'ask',
      description: 'Ask about {topic}: word-for-word excerpts with sources, no generated text',
      options: {
        question: { name: 'question', description: 'What you want to know, up to 300 characters' },
        meeting: {
          name: 'meeting',
          description: 'Only from this meeting: a title, person, place or date',
        },
        source: { name: 'source', description: 'Only from this source: a title or publisher' },
        private: { name: 'private', description: 'Show the answer only to me' },
      },
    },
    meeting: {
      name: 'meeting',
      description: 'Look up one meeting, or ask about it',
      options: {
        meeting: { name: 'meeting', description: 'A person, place, country, date or title' },
        question: {
          name: 'question',
          description: 'A question about this meeting only, up to 300 characters',
        },
        private: { name: 'private', description: 'Show the reply only to me' },
      },
    },
    tour: {
      name: 'tour',
      description: 'The route as a map and a timeline, with every stop',
      options: {
        day: { name: 'day', description: 'Only this day, weekday or place: "jan 11", "thursday"' },
      },
    },
    sources: {
      name: 'sources',
      description: 'All sources, with links',
      options: {
        meeting: { name: 'meeting', description: 'Only the sources of this meeting' },
        kind: { name: 'kind', description: 'Only sources of this kind' },
      },
    },
    help: { name: 'help', description: 'What can be asked, and how' },
    about: { name: 'about', description: 'What this bot can and cannot do, and what it stores' },
    admin: {
      name: 'admin',
      description: 'For admins: status of the bot, unanswered questions, feedback',
      options: {
        reload: { name: 'reload', description: 'Look for a newer index now' },
        status: { name: 'status', description: 'The index in use, the last reload, and the load' },
        unanswered: { name: 'unanswered', description: 'Questions most often left unanswered' },
        feedback: { name: 'feedback', description: 'The latest thumbs up and down, with reasons' },
      },
    },
    settings: {
      name: 'settings',
      description: 'For managers of this server: where, how and in which language I answer here',
    },
    askMessage: { name: 'Ask {topic}' },
  },

  verdicts: {
    answered: 'Answered',
    weak: 'Uncertain',
    not_found: 'Not found',
  },
  sourceKinds: {
    official: 'official',
    agency: 'news agency',
    press: 'press',
    commentary: 'commentary',
  },
  /** Repeats words of the question: the sentence as a whole has to be escaped. */
  doubt: (doubt: Doubt) => reasonFor(doubt),
  onlyMeeting: (title: string) => `Only from: ${title}`,
  onlySource: (title: string) => `Only from the source: ${title}`,
  shortened: '… shortened; the button below shows it in context',
  linesOf: (path: string, first: number, last: number) =>
    first === last ? `${path}, line ${first}` : `${path}, lines ${first}–${last}`,
  undated: 'undated',
  copyOn: (host: string) => `copy on ${host}`,
  alsoReportedBy: (titles: string) => `Also reported by: ${titles}`,
  pageOf: (page: number, pages: number) => `Page ${page} of ${pages}`,
  wordForWord: 'Quoted word for word; nothing is generated',
  questionShortened: 'The message is long: only its beginning was asked.',
  shareButton: 'Share',
  nextButton: 'Next',
  previousButton: 'Previous',

  contextTitle: (title: string) => `In context: ${title}`,
  contextCut: '… the document continues',
  askAgain: 'This button belongs to an earlier version of the documents. Please ask again.',

  thanksUp: 'Thank you. Recorded: this answer helped.',
  takeBackButton: 'Take it back',
  tookBack: 'Taken back: your feedback does not count any more.',
  tellButton: 'Tell the maintainer',
  told: 'Thank you. The question is in the list of what the documents do not answer, without your name.',
  sharedBy: (user: string) => `Shared by ${user}`,
  sharedAlready: 'You have shared this answer already.',
  thanksDown: 'Thank you. Your feedback helps to improve the documents.',
  feedbackOff: 'Thank you. Nothing was recorded: the journal is switched off here.',
  whyTitle: 'What was wrong?',
  whyLabel: 'What did you expect, or what is missing?',
  whyHint: 'Stored without your name, and with the question unless you asked in private.',
  whyPlaceholder: 'For example: the date is in another document',

  dateUnknown: 'No source gives the date',
  dayParts: {
    morning: 'in the morning',
    noon: 'at noon',
    afternoon: 'in the afternoon',
    evening: 'in the evening',
    night: 'at night',
  },
  yourTime: (stamp: string) => `${stamp} on your clock`,
  /** As sources say it: in minutes unless it is a round number of hours. */
  duration: (minutes: number) =>
    minutes >= 120 && minutes % 60 === 0 ? `${minutes / 60} hours` : `${minutes} minutes`,
  otherSourcesSay: (what: string) => `other sources say ${what}`,
  andMore: (number: number) => `and ${number} more`,
  noSource: (input: string) =>
    `No source matches “${input}”. Choose one from the list while typing.`,

  tourTitle: 'The route',
  undatedStops: 'Date not known',
  noPicture: 'The map could not be drawn; the stops are below.',
  pictureAlt: 'Map of the route with numbered stops and a timeline',
  map: {
    countries: (number: number) => count(number, 'country', 'countries'),
    stops: (number: number) => count(number, 'stop'),
    /** Follows a number of events that is drawn by itself. */
    eventsUnit: (number: number): string => (number === 1 ? 'event' : 'events'),
    /** The picture in words: how it begins, each stop, how many more there are, the end, the day that is set off. */
    opening: (span: string) => `Map and calendar of the route, ${span}. The stops: `,
    stop: (number: number, city: string, details: string) => `${number} ${city} (${details})`,
    stopSeparator: '; ',
    more: (number: number) => `${number} more`,
    closing: '.',
    chosen: (date: string, cities: string, events: string) =>
      ` Highlighted: ${date}, ${cities}, ${events}.`,
  },

  sourcesTitle: 'Sources',
  sourcesCount: (number: number) => count(number, 'source'),
  noSources: 'No source matches.',

  aboutTitle: 'Dragoman',
  aboutIs: (subject: string) =>
    `I answer questions about ${subject}. I find the passages that contain the answer, quote them word for word, highlight the sentence that answers and name the sources.`,
  aboutIsNot:
    'I write nothing of my own: no summary, no opinion, no guess. When the documents do not contain the answer, I say so. I know only these documents, not the web.',
  aboutCorpus: (documents: number, passages: number, meetings: number, sources: number) =>
    [
      count(documents, 'document'),
      count(passages, 'passage'),
      ...(meetings === 0 ? [] : [count(meetings, 'meeting')]),
      ...(sources === 0 ? [] : [count(sources, 'source')]),
    ].join(', '),
  aboutGeneration: (id: string, built: string) => `Index ${id}, built ${built}`,
  aboutModel: (id: string, dimensions: number) => `Embedding model ${id}, ${dimensions} dimensions`,
  aboutVersion: (version: string) => `Version ${version}`,
  aboutStored: 'What is stored',
  aboutJournalOn:
    'Questions without a clear answer that were asked in public, and 👍 or 👎 with your comment, so that documents can be added. Private questions only if you press “Tell the maintainer”. Never who asked: no user, server or channel; mentions, mail addresses and telephone numbers are taken out. Nothing but the replies leaves this machine.',
  aboutJournalOff: 'Nothing: no questions, no feedback, no names.',
  aboutHow: (commands: readonly string[], topic: string) =>
    `Try ${commands.join(', ')} or “Apps → Ask ${topic}” on any message.`,

  statusTitle: 'Status',
  statusIndex: (id: string, built: string) => `Index \`${id}\`, built ${built}`,
  statusReloadLoaded: (id: string, at: string) => `Last reload: switched to index \`${id}\` ${at}`,
  statusReloadRefused: (at: string, failures: number, problem: string) =>
    `Last reload **refused** ${at}${failures === 1 ? '' : `, attempt ${failures}`}; the index above stays in use, and the bot tries again: ${problem}`,
  statusNoReload: 'No new index since the start',
  statusUptime: (since: string) => `Started ${since}`,
  statusLoad: (handled: number, failed: number, waiting: number) =>
    `${count(handled, 'interaction')} handled, ${failed} failed, ${waiting} waiting`,
  statusMemory: (megabytes: number, ping: number | null) =>
    `${megabytes} MB of memory${ping === null ? '' : `, gateway ${ping} ms`}`,
  statusJournal: (on: boolean) => `Journal ${on ? 'on' : 'off'}`,
  reloadLoaded: (id: string) => `Index \`${id}\` is in use.`,
  reloadSame: (id: string) => `Index \`${id}\` is the newest; it was loaded again.`,
  reloadRefused: (problem: string) =>
    `The new index was refused; the old one stays in use: ${problem}`,
  unansweredTitle: 'Most often unanswered',
  unansweredLine: (times: number, question: string) => `${times} × ${question}`,
  feedbackTitle: 'Latest feedback',
  feedbackCounts: (up: number, down: number) => `👍 ${up} · 👎 ${down}`,
  nothingYet: 'Nothing yet.',
  journalOff: 'The journal is switched off (`JOURNAL=off`).',
  adminsOnly:
    'Only the bot’s maintainers can use this: the owner or team of the application, and the users named in its settings. Members who can manage the server see its figures with `/admin status`.',
  serverFigures: {
    title: 'Questions in this server',
    since: (stamp: string) => `Since I was started ${stamp}; numbers only, kept in memory.`,
    line: (answered: number, weak: number, notFound: number) =>
      `${answered} answered · ${weak} uncertain · ${notFound} not found`,
  },
  doneMenu: 'Mark as done',
  alsoAsked: (wordings: string) => `also: ${wordings}`,
  privateQuestion: '(a private question)',
  digest: {
    title: 'The week in questions',
    summary: (questions: number, up: number, down: number) =>
      `${count(questions, 'question')} without a clear answer · 👍 ${up} · 👎 ${down}`,
    hint: 'The whole list: `/admin unanswered`. Turn this off with `WEEKLY_DIGEST=off`.',
  },

  settings: {
    title: 'Settings of this server',
    managersOnly: 'Only members who can manage the server can change this.',
    serversOnly: 'Only servers have settings.',
    channels: '**Where I answer**',
    channelsHint: 'In all channels; choose some to answer only there',
    mentionFree: '**Where no mention is needed**',
    mentionFreeHint: 'Nowhere; choose channels where every message is a question',
    needsContent:
      'Has no effect yet: whoever runs the bot must allow “Message Content Intent” in the Developer Portal and set `DISCORD_MESSAGE_CONTENT=on`.',
    language: '**Language of my replies**',
    languages: { own: 'Each reader’s own', en: 'English', ja: 'Japanese' },
    privacy: (isPrivate: boolean): string =>
      isPrivate
        ? '**Answers** are seen by the asker alone, and can be shared.'
        : '**Answers** are seen by everybody, unless asked for in private.',
    makePrivate: 'Make private by default',
    makePublic: 'Make public by default',
    notHere: (channels: string) => `In this server I answer in ${channels}.`,
  },

  /** Replies that are read in one glance. */
  reply: {
    comma: ', ',
    closest: 'Closest, perhaps not an answer:',
    /** `publishers`: of each version, each once. */
    versions: (versions: number, publishers: readonly string[]) => {
      const count = versions === 2 ? 'Two' : String(versions);
      const [first, ...others] = publishers;
      if (first === undefined) return `**${count} versions**`;
      if (others.length === 0) return `**${count} versions** of one publisher: ${first}`;
      return `**${count} versions**: ${first} and ${others.join(', ')} differ`;
    },
    /** `reason`: why nothing was found, or empty; `span`: first and last day of the events. */
    nothing: (about: { reason: string; events: number; span: string | null }) => {
      const covered =
        about.span === null
          ? ''
          : ` ${about.reason === '' ? 'They' : 'The documents'} are about ${count(about.events, 'event')}, ${about.span}.`;
      const reason = about.reason === '' ? '' : ` ${about.reason}`;
      return `**Not in these documents.**${reason}${covered} You can ask:`;
    },
    languages: 'I read questions in English and in Japanese.',
    onlyYou: (sources: string) => `Only you see this. ${sources} shows what is covered.`,
    fromEvents: (events: number) => `from the ${count(events, 'dated event')} of the documents`,
    inMenu: (left: number) => `and ${left} more in the menu`,
    also: (names: readonly string[]) => `also ${names.join(', ')}`,
    copy: 'copy',
    readAround: 'Read around it',
    readAroundBrief: 'Context',
    contextOf: (rank: number) => `Context ${rank}`,
    more: (number: number) => `${number} more`,
    closestButton: (number: number) => `${number} closest`,
    passagesTitle: '**The passages as a whole**',
    card: 'Card',
    openMeeting: 'Open a meeting',
    showMap: 'Map',
    askMeeting: 'Ask about this meeting',
    somethingElse: 'Something else …',
    yourQuestion: 'Your question',
    sources: (number: number) => count(number, 'source'),
    topic: (topic: string) => `What was said about ${topic}?`,
    pickDay: 'Pick a day',
    events: (number: number) => count(number, 'event'),
    noStop: (input: string) =>
      `There is no stop on or in “${input}”. Give a day, a weekday or a place, for example from the list while typing.`,
  },

  longQuestion: (length: number, most: number) =>
    `The question has ${length} characters; at most ${most} are read. Please shorten it.`,
  noText: 'That message has no text to ask about.',
  tooMany: (stamp: string) => `That was a lot of questions. Please ask again ${stamp}.`,
  tooManyServer: (stamp: string) => `This server has asked a lot. Please ask again ${stamp}.`,
  busy: 'Too many questions at once. Please ask again in a moment.',
  stopping: 'I am restarting. Please ask again in a moment.',
  failed: (reference: string) =>
    `Something went wrong. Please try again. It is in my log as \`${reference}\`.`,
  forbidden: (reference: string) =>
    `I am not allowed to reply here. Ask whoever runs the server to check my permissions (\`${reference}\`).`,
  messageGone: (reference: string) =>
    `The message was deleted before I could change it (\`${reference}\`).`,
  unknownCommand: (reference: string) =>
    `This command no longer exists. Restart Discord, or try another command (\`${reference}\`).`,

  talk: {
    askOn: 'Ask on',
    askOnTitle: 'Ask on from this answer',
    askOnLabel: 'Your question',
    askOnPlaceholder: 'For example: who else was there?',
    understood: (typed: string) => `“${typed}”, understood from the previous question`,
    several: (number: number, input: string) => `${number} meetings fit “${input}”. Which one?`,
    none: (input: string) => `No meeting matches “${input}”. Is it one of these?`,
    severalSources: (number: number, input: string) =>
      `${number} sources fit “${input}”. Which one?`,
    pickMeeting: 'Choose a meeting',
    pickDay: 'Choose a day',
    pickSource: 'Choose a source',
    welcomeTitle: (topic: string, period: string | null) =>
      `Ask about ${topic}${period === null ? '' : `, ${period}`}`,
    welcomeIs:
      'I answer with the sentence from the documents that contains the answer, and its source. I write nothing myself; when the documents do not say, I tell you.',
    thanks: 'You are welcome. Ask on whenever you like.',
    noOpinion: (help: string) =>
      `I have no opinions: I quote documents, word for word. ${help} shows what can be asked.`,
    sources: (sources: string) =>
      `Every answer names its source below the sentence. ${sources} lists all of them, with links.`,
    map: (tour: string) => `${tour} shows the route as a map, with a line for each day.`,
    tryQuestion: 'Try a question',
    ways: ({ ask, meeting, tour }: { ask: string; meeting?: string; tour?: string }) =>
      [
        `${ask} a question`,
        ...(meeting === undefined ? [] : [`${meeting} one stop`]),
        ...(tour === undefined ? [] : [`${tour} the map`]),
      ].join(' · '),
    mentionWay: 'Or mention me in a message, or write to me in private.',
  },
};

export type Texts = typeof en;
