/** What the bot is, what can be asked and how: the welcome card, `/help` and `/about`. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { exampleQuestions } from '../../answer/meeting-texts.ts';
import { PROJECT_FOLDER } from '../../config.ts';
import { type Snapshot, LONGEST_QUESTION } from '../../engine.ts';
import { smallTalkOf, type SmallTalk } from '../../language/answer-kinds.ts';
import { fold, isJapanese } from '../../language/words.ts';
import { answerQuestion } from '../buttons/answer.ts';
import { defineControl, numberField } from '../custom-ids.ts';
import { slashCommand, type Autocomplete, type ChatCommand } from '../registry.ts';
import {
  NoQuestion,
  PLAIN_COLOUR,
  Refusal,
  SELECT_OPTION_TEXT,
  buttonRows,
  chosenFrom,
  container,
  menuRow,
  separator,
  text,
  timestamp,
  type Notice,
  type View,
} from '../reply.ts';
import { CHOICES, CHOICE_TEXT, directoryOf, distinct, spanOf } from '../services.ts';
import {
  clip,
  escapeLine,
  oneLine,
  textsIn,
  withoutMarks,
  type CommandMentions,
  type Locale,
} from '../text.ts';
import { mapButton } from './tour.ts';

/**
 * A question as it is asked and shown: on one line, without invisible characters.
 *
 * @throws NoQuestion when it is empty or small talk; Refusal when it is too long
 */
export function questionFromInput(input: string): string {
  const question = oneLine(input);
  const length = Array.from(question).length;
  const talk = length === 0 ? 'greeting' : smallTalkOf(question);
  if (talk !== null) throw new NoQuestion(talk);
  if (length > LONGEST_QUESTION) {
    throw new Refusal((texts) => texts.longQuestion(length, LONGEST_QUESTION));
  }
  return question;
}

/** The beginning of somebody's text as a question; null when it has no visible text. */
export function questionFromText(text: string): { question: string; isCut: boolean } | null {
  const whole = withoutMarks(text);
  if (whole === '') return null;
  return { question: clip(whole, LONGEST_QUESTION), isCut: whole.length > LONGEST_QUESTION };
}

/** Whether a text has the form of a question. */
export function isLikeQuestion(text: string): boolean {
  return /[?？]|^(?:who|whom|whose|what|when|where|why|which|how|did|does|do|was|were|is|are|has|have|can|could|will|would|tell me)\b|か[。.！!]*$/iu.test(
    text,
  );
}

/** Questions that were answered before: asked in public on this server, or expected by the documents. */
export const questionChoices: Autocomplete = (typed, { snapshot, locale, asked }) => {
  const { questions } = directoryOf(snapshot);
  const isEmpty = typed.trim() === '';
  const inJapanese = isJapanese(typed) || (isEmpty && locale === 'ja');
  const known = [...asked, ...exampleQuestions(snapshot, locale), ...questions];
  const words = fold(typed)
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);
  const fits = (question: string): boolean => {
    const own = fold(question).split(/[^\p{L}\p{N}]+/u);
    if (inJapanese)
      return isJapanese(question) && words.every((word) => fold(question).includes(word));
    if (isEmpty) return !isJapanese(question);
    return words.every((word) => own.some((each) => each.startsWith(word)));
  };
  const seen = new Set<string>();
  const isNew = (question: string): boolean => {
    const key = fold(question).replace(/[^\p{L}\p{N}]/gu, '');
    return !seen.has(key) && seen.add(key).has(key);
  };
  return distinct(
    known
      .filter((question) => question.length <= CHOICE_TEXT && fits(question) && isNew(question))
      .slice(0, CHOICES)
      .map((question) => ({ name: question, value: question })),
  );
};

/** `/help` */
export const help: ChatCommand = {
  data: slashCommand(({ commands }) => commands.help),
  async execute({ snapshot, locale, reply, services }) {
    const view = welcomeView({ snapshot, locale, mentions: services.mentions });
    await reply.send(view, { isPrivate: true });
  },
};

/** Answers the question that was chosen from the welcome card, to whoever chose it. */
export const tryExample = defineControl({
  kind: 'example',
  isQuestion: true,
  letter: 'e',
  /** The number only keeps the ids of one message apart. */
  encode: (number: number) => [number],
  decode: ([number]) => numberField(number),
  async run(context) {
    const { interaction, reply } = context;
    const question = chosenFrom(interaction);
    await reply.defer({ isPrivate: true });
    const request = { question, meeting: null, source: null };
    await answerQuestion(context, request, { isPrivate: true });
  },
});

interface WelcomeOptions {
  readonly snapshot: Pick<Snapshot, 'about' | 'counts' | 'meetings' | 'sources' | 'documents'>;
  readonly locale: Locale;
  readonly mentions: Pick<CommandMentions, 'of'>;
}

/** What can be asked, and how: for whoever meets the bot. */
export function welcomeView({ snapshot, locale, mentions }: WelcomeOptions): View {
  const { about, counts, meetings, sources } = snapshot;
  const texts = textsIn(locale);
  const { talk } = texts;
  const period = spanOf({ snapshot, locale });
  const examples = exampleQuestions(snapshot, locale)
    .map((question) => oneLine(question))
    .filter((question) => question !== '' && question.length <= SELECT_OPTION_TEXT);
  const choices = [...new Set(examples)].map((question) => ({ label: question, value: question }));
  const command = (name: Parameters<CommandMentions['of']>[0]): string => mentions.of(name, locale);
  const ways = [
    talk.ways({
      ask: command('ask'),
      ...(meetings.length === 0 ? {} : { meeting: command('meeting'), tour: command('tour') }),
    }),
    talk.mentionWay,
    `-# ${texts.aboutCorpus(counts.documents, counts.passages, meetings.length, sources.size)} · ${command('about')}`,
  ];
  return {
    components: [
      container(PLAIN_COLOUR, [
        text(
          `### ${clip(talk.welcomeTitle(escapeLine(about[locale].topic), period), 200)}\n${talk.welcomeIs}`,
        ),
        ...(choices.length === 0 ? [] : [menuRow(tryExample.encode(0), talk.tryQuestion, choices)]),
        text(ways.join('\n')),
      ]),
    ],
  };
}

/** What small talk is answered with: the welcome card, or a sentence. */
export function smallTalkReply(talk: SmallTalk, options: WelcomeOptions): View | Notice {
  const { locale, mentions } = options;
  const { thanks, noOpinion, map, sources } = textsIn(locale).talk;
  switch (talk) {
    case 'greeting':
      return welcomeView(options);
    case 'thanks':
      return { content: thanks };
    case 'opinion':
      return { content: noOpinion(mentions.of('help', locale)) };
    case 'sources':
      return { content: sources(mentions.of('sources', locale)) };
    case 'map':
      // Documents that tell of no meetings have no map.
      return options.snapshot.meetings.length === 0
        ? welcomeView(options)
        : { content: map(mentions.of('tour', locale)), rows: buttonRows([mapButton(locale)]) };
  }
}

const { version } = createRequire(import.meta.url)(join(PROJECT_FOLDER, 'package.json')) as {
  version: string;
};

/** `/about` */
export const about: ChatCommand = {
  data: slashCommand(({ commands }) => commands.about),
  async execute({ services, snapshot, locale, reply, isPrivateByDefault }) {
    const { journal, mentions } = services;
    const view = aboutView({ snapshot, locale, mentions, hasJournal: journal.enabled });
    await reply.send(view, { isPrivate: isPrivateByDefault });
  },
};

interface AboutViewOptions {
  readonly snapshot: Pick<
    Snapshot,
    'about' | 'generation' | 'builtAt' | 'model' | 'counts' | 'meetings' | 'sources'
  >;
  readonly locale: Locale;
  readonly mentions: Pick<CommandMentions, 'of'>;
  readonly hasJournal: boolean;
}

/** What the bot is and is not, what it knows, and what it stores. */
function aboutView(options: AboutViewOptions): View {
  const { snapshot, locale, mentions, hasJournal } = options;
  const texts = textsIn(locale);
  const { generation, builtAt, model, counts, meetings, sources } = snapshot;
  const { subject, topic } = snapshot.about[locale];
  const names = meetings.length > 0 ? (['ask', 'meeting', 'tour'] as const) : (['ask'] as const);
  const ways = names.map((name) => mentions.of(name, locale));
  const intro = [
    texts.aboutIs(escapeLine(subject)),
    texts.aboutIsNot,
    texts.aboutHow(ways, escapeLine(topic)),
  ].join('\n\n');
  const facts = [
    texts.aboutCorpus(counts.documents, counts.passages, meetings.length, sources.size),
    texts.aboutGeneration(`\`${generation.replaceAll('`', '')}\``, timestamp(builtAt)),
    texts.aboutModel(escapeLine(model.id), model.dimensions),
    texts.aboutVersion(escapeLine(version)),
  ];
  return {
    components: [
      container(PLAIN_COLOUR, [
        text(`## ${texts.aboutTitle}\n${intro}`),
        separator(),
        text(
          `**${texts.aboutStored}**\n${hasJournal ? texts.aboutJournalOn : texts.aboutJournalOff}`,
        ),
        separator(),
        text(facts.map((fact) => `-# ${fact}`).join('\n')),
      ]),
    ],
  };
}
