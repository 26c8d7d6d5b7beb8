import type { SourceKind } from '../../corpus/types.ts';
import type { AnswerKind } from '../../language/answer-kinds.ts';
import type { Verdict } from '../../answer/types.ts';

const VERDICTS: Readonly<Record<Verdict, string>> = {
  answered: 'Answered',
  weak: 'Uncertain',
  not_found: 'Not found',
};

const KINDS: Readonly<Record<SourceKind, string>> = {
  official: 'official',
  agency: 'news agency',
  press: 'press',
  commentary: 'commentary',
};

const ASKED_FOR: Readonly<Record<AnswerKind, string>> = {
  person: 'a person',
  time: 'a date or a time',
  duration: 'a length of time',
  amount: 'a number',
  place: 'a place',
  reason: 'a reason',
  clock: 'a time of day',
  money: 'an amount of money',
  percentage: 'a percentage',
};

function list(words: readonly string[], conjunction: string): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} ${conjunction} ${last}`;
}

function count(number: number, one: string, many = `${one}s`): string {
  return `${number.toLocaleString('en-GB')} ${number === 1 ? one : many}`;
}

/** Every fixed text that a reader sees. Arguments are inert already: they are put in as they are. */
export const en = {
  commands: {
    ask: {
      name: 'ask',
      description: 'Ask about the tour: cited, word-for-word excerpts, never a made-up answer',
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
      description: 'Look up one meeting of the tour, or ask about it',
      options: {
        meeting: {
          name: 'meeting',
          description: 'A person, place, country, date or title: "blinken", "jan 11"',
        },
        question: {
          name: 'question',
          description: 'Answer this from the meeting alone, up to 300 characters',
        },
        private: { name: 'private', description: 'Show the reply only to me' },
      },
    },
    tour: {
      name: 'tour',
      description: 'The journey as a map and a timeline, with every stop',
      options: { day: { name: 'day', description: 'Only this day, for example "jan 11"' } },
    },
    sources: {
      name: 'sources',
      description: 'The bibliography: where every fact comes from, with links',
      options: {
        meeting: { name: 'meeting', description: 'Only the sources of this meeting' },
        kind: { name: 'kind', description: 'Only sources of this kind' },
      },
    },
    about: {
      name: 'about',
      description: 'What this bot is and is not, and what it keeps about you',
      options: {},
    },
    admin: {
      name: 'admin',
      description: 'For keepers: the state of the bot, what it could not answer, feedback',
      options: {
        reload: { name: 'reload', description: 'Look for a newer index now' },
        status: {
          name: 'status',
          description: 'The index in use, the last change of it, and load',
        },
        unanswered: {
          name: 'unanswered',
          description: 'Questions most often left without an answer',
        },
        feedback: { name: 'feedback', description: 'The latest thumbs up and down, with reasons' },
      },
    },
    askMessage: { name: 'Ask the tour', description: '', options: {} },
  },

  verdict: (verdict: Verdict) => VERDICTS[verdict],
  sourceKind: (kind: SourceKind) => KINDS[kind],
  certainty: (percent: number) => `certainty ${percent}%`,
  unmentioned: (names: readonly string[]) => `No document mentions ${list(names, 'or')}.`,
  apart: (names: readonly string[]) =>
    `The documents mention ${list(names, 'and')}, but not in connection with the rest of the question.`,
  kindMissing: (kind: AnswerKind) =>
    `The passages found are near the question, but none clearly gives ${ASKED_FOR[kind]}.`,
  vague: 'The passages found are near the question, but none clearly answers it.',
  unrelated: 'Nothing in the documents is close to this question.',
  quotedName: (name: string) => `“${name}”`,
  notFoundHint:
    'Try other words or a name, `/meeting` for one stop, or `/sources` for what is covered.',
  onlyMeeting: (title: string) => `Only from: ${title}`,
  onlySource: (title: string) => `Only from the source: ${title}`,
  nearest: 'The nearest passages, which may not answer the question:',
  shortened: '… shortened; the button below shows it in context',
  shortenedCard: '… shortened',
  linesOf: (path: string, first: number, last: number) =>
    first === last ? `${path}, line ${first}` : `${path}, lines ${first}–${last}`,
  undated: 'undated',
  moreSources: (number: number) => `and ${count(number, 'more source')}`,
  alsoReportedBy: (titles: string) => `Also reported by: ${titles}`,
  openSource: 'Source',
  pageOf: (page: number, pages: number) => `Page ${page} of ${pages}`,
  wordForWord: 'Quoted word for word; nothing is generated',
  questionShortened: 'The message is long: only its beginning was asked.',
  contextButton: (rank: number) => `Context ${rank}`,
  moreButton: 'More excerpts',
  backButton: 'Back',
  shareButton: 'Share',
  nextButton: 'Next',
  previousButton: 'Previous',

  contextTitle: (title: string) => `In context: ${title}`,
  contextCut: '… more stands in the document',
  askAgain: 'This button is from an earlier state of the documents. Please ask again.',
  notYours: 'Shown to you alone, so that the message stays as it was asked for.',

  thanksUp: 'Thank you: noted that this answer helped.',
  thanksDown: 'Thank you: your remark helps the keeper of the documents.',
  feedbackOff: 'Thank you. Nothing was recorded: the journal is switched off here.',
  whyTitle: 'What was wrong?',
  whyLabel: 'What did you expect, or what is missing?',
  whyHint: 'Kept with the question, without your name.',
  whyPlaceholder: 'For example: the date is in another document',

  when: 'When',
  where: 'Where',
  who: 'Who',
  topics: 'Topics',
  outcomes: 'From the documents',
  dateUnknown: 'No source gives the date',
  localTime: (time: string) => `${time} local time`,
  dayParts: {
    morning: 'in the morning',
    noon: 'at noon',
    afternoon: 'in the afternoon',
    evening: 'in the evening',
    night: 'at night',
  },
  yourTime: (stamp: string) => `${stamp} for you`,
  minutes: (minutes: number) => `${minutes} minutes`,
  otherSourcesSay: (what: string) => `other sources say ${what}`,
  sourcesButton: 'Sources',
  andMore: (number: number) => `and ${number} more`,
  whichMeeting: (said: string) =>
    `No meeting matches “${said}”. Choose one from the list while typing, or pick one here:`,
  pickMeeting: 'Open a meeting',
  noSource: (said: string) => `No source matches “${said}”. Choose one from the list while typing.`,

  tourTitle: 'The tour',
  tourOverview: (stops: number, from: string | null, to: string | null) =>
    from === null || to === null
      ? count(stops, 'stop')
      : `${count(stops, 'stop')}, ${from} to ${to}`,
  stopsOfDay: (stops: number) => count(stops, 'stop'),
  noDay: (said: string) =>
    `The tour has no stop on “${said}”. Choose a day from the list while typing.`,
  undatedStops: 'Date not known',
  pickMeetings: (first: number, last: number) => `Open a meeting: stops ${first} to ${last}`,
  noPicture: 'The picture could not be drawn; the stops are below.',
  pictureAlt: 'Map of the route with numbered stops and a timeline of the tour',

  sourcesTitle: 'Sources',
  sourcesCount: (number: number) => count(number, 'source'),
  noSources: 'No source fits.',

  aboutTitle: 'Dragoman',
  aboutIs:
    "I answer questions about Foreign Minister Kamikawa's tour of 5 to 18 January 2024. I find the passages that hold the answer, quote them word for word, mark the sentence that matters and say where it comes from.",
  aboutIsNot:
    'I write nothing of my own: no summary, no opinion, no guess. When the documents do not hold the answer, I say so. I know only these documents, not the web.',
  aboutCorpus: (documents: number, passages: number, meetings: number, sources: number) =>
    `${count(documents, 'document')}, ${count(passages, 'passage')}, ${count(meetings, 'meeting')}, ${count(sources, 'source')}`,
  aboutGeneration: (id: string, built: string) => `Index ${id}, built ${built}`,
  aboutModel: (id: string, dimensions: number) => `Embedding model ${id}, ${dimensions} dimensions`,
  aboutVersion: (version: string) => `Version ${version}`,
  aboutKept: 'What is kept',
  aboutJournalOn:
    'Questions that found no clear answer, and thumbs up or down with what you write, so that documents can be added. Never who asked: no user, server or channel. Names are not kept, and nothing leaves this machine but the replies.',
  aboutJournalOff: 'Nothing: no questions, no feedback, no names.',
  aboutHow: 'Try `/ask`, `/meeting`, `/tour`, or “Apps → Ask the tour” on any message.',

  statusTitle: 'Status',
  statusIndex: (id: string, built: string) => `Index \`${id}\`, built ${built}`,
  statusReloadLoaded: (id: string, at: string) =>
    `Last change: index \`${id}\` taken into use ${at}`,
  statusReloadRefused: (at: string, problem: string) =>
    `Last change **refused** ${at}, the index above stays in use: ${problem}`,
  statusNoReload: 'No newer index since the start',
  statusUptime: (since: string) => `Started ${since}`,
  statusLoad: (handled: number, failed: number, waiting: number) =>
    `${count(handled, 'interaction')} handled, ${failed} failed, ${waiting} waiting`,
  statusMemory: (megabytes: number, ping: number | null) =>
    `${megabytes} MB of memory${ping === null ? '' : `, gateway ${ping} ms`}`,
  statusJournal: (on: boolean) => `Journal ${on ? 'on' : 'off'}`,
  reloadLoaded: (id: string) => `Index \`${id}\` is in use.`,
  reloadSame: (id: string) => `Index \`${id}\` is the newest; it was loaded afresh.`,
  reloadRefused: (problem: string) =>
    `The newer index was refused, the old one stays in use: ${problem}`,
  unansweredTitle: 'Most often unanswered',
  unansweredLine: (times: number, question: string) => `${times} × ${question}`,
  feedbackTitle: 'Latest feedback',
  feedbackCounts: (up: number, down: number) => `👍 ${up} · 👎 ${down}`,
  nothingYet: 'Nothing yet.',
  journalOff: 'The journal is switched off (`JOURNAL=off`).',
  keepersOnly:
    'Only members who can manage the server, and the keepers named in the settings, may do this.',

  emptyQuestion:
    'The question is empty. Ask something, for example: “How long did the meeting with Blinken last?”',
  longQuestion: (length: number, most: number) =>
    `The question has ${length} characters; at most ${most} are read. Please shorten it.`,
  noText: 'That message has no text to ask about.',
  tooMany: (stamp: string) => `That was a lot of questions. Please ask again ${stamp}.`,
  tooManyServer: (stamp: string) => `This server has asked a lot. Please ask again ${stamp}.`,
  busy: 'Too many questions at once. Please ask again in a moment.',
  stopping: 'I am restarting. Please ask again in a moment.',
  failed: (reference: string) =>
    `Something went wrong here, and it is in my log as \`${reference}\`. Please try again.`,
  forbidden: (reference: string) =>
    `I am not allowed to reply here. Ask whoever runs the server to check my permissions (\`${reference}\`).`,
  messageGone: (reference: string) =>
    `The message was deleted before I could change it (\`${reference}\`).`,
  unknownCommand: (reference: string) =>
    `I do not know this command any more. Restart Discord or try another (\`${reference}\`).`,
};

export type Texts = typeof en;
