/** What the bot is, what can be asked and how: the welcome card, `/help` and `/about`. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { exampleQuestions } from '../../answer/meeting-texts.ts';
import { PROJECT_FOLDER } from '../../config.ts';
import { LONGEST_QUESTION } from '../../engine.ts';
import { smallTalkOf, type SmallTalk } from '../../language/answer-kinds.ts';
import { answerNow } from '../buttons/answer.ts';
import { defineControl, numberForm } from '../custom-ids.ts';
import { slashCommand, type ChatCommand } from '../register.ts';
import { NoQuestion, Refusal, chosenFrom } from '../reply.ts';
import {
  buttonRows,
  fittingMenu,
  framed,
  menuRow,
  separator,
  type Notice,
  type View,
} from '../view.ts';
import { spanOf, type BotServices, type InteractionContext, type Reader } from '../services.ts';
import { clip, escapeLine, oneLine, timestamp, type Mentioned } from '../text.ts';
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

export const help: ChatCommand = {
  data: slashCommand('help', {}),
  execute: (context) => context.reply.send(welcomeView(context), { isPrivate: true }),
};

/** Answers the question that was chosen from the welcome card, to whoever chose it. */
export const tryExample = defineControl({
  kind: 'example',
  isQuestion: true,
  ...numberForm('e'),
  async run(context) {
    const question = chosenFrom(context.interaction);
    await answerNow(context, { question, meeting: null, source: null }, { isPrivate: true });
  },
});

type TalkContext = Pick<InteractionContext, keyof Reader> & {
  readonly services: Pick<BotServices, 'mentions'>;
};

/** What can be asked, and how: for whoever meets the bot. */
export function welcomeView(context: TalkContext): View {
  const { snapshot, locale, texts } = context;
  const { about, counts, meetings, sources } = snapshot;
  const { talk } = texts;
  const examples = fittingMenu(exampleQuestions(snapshot, locale));
  const choices = [...new Set(examples)].map((question) => ({ label: question, value: question }));
  const topic = escapeLine(about[locale].topic);
  const title = clip(talk.welcomeTitle(topic, spanOf(context)), 200);
  const command = (name: Mentioned): string => context.services.mentions.of(name, locale);
  const ways = [
    talk.ways({
      ask: command('ask'),
      ...(meetings.length === 0 ? {} : { meeting: command('meeting'), tour: command('tour') }),
    }),
    talk.mentionWay,
    `-# ${texts.aboutCorpus(counts.documents, counts.passages, meetings.length, sources.size)} · ${command('about')}`,
  ];
  return framed([
    `### ${title}\n${talk.welcomeIs}`,
    ...(choices.length === 0 ? [] : [menuRow(tryExample.encode(0), talk.tryQuestion, choices)]),
    ways.join('\n'),
  ]);
}

/** What small talk is answered with: the welcome card, or a sentence. */
export function smallTalkReply(talk: SmallTalk, context: TalkContext): View | Notice {
  const { locale, snapshot, texts } = context;
  const { mentions } = context.services;
  const { thanks, noOpinion, map, sources } = texts.talk;
  switch (talk) {
    case 'greeting':
      return welcomeView(context);
    case 'thanks':
      return { content: thanks };
    case 'opinion':
      return { content: noOpinion(mentions.of('help', locale)) };
    case 'sources':
      return { content: sources(mentions.of('sources', locale)) };
    case 'map':
      // Documents that tell of no meetings have no map.
      return snapshot.meetings.length === 0
        ? welcomeView(context)
        : { content: map(mentions.of('tour', locale)), rows: buttonRows([mapButton(texts)]) };
  }
}

const { version } = createRequire(import.meta.url)(join(PROJECT_FOLDER, 'package.json')) as {
  version: string;
};

export const about: ChatCommand = {
  data: slashCommand('about', {}),
  async execute(context) {
    await context.reply.send(aboutView(context), { isPrivate: context.isPrivateByDefault });
  },
};

function aboutView({ snapshot, locale, texts, services }: InteractionContext): View {
  const { generation, builtAt, model, counts, meetings, sources } = snapshot;
  const { subject, topic } = snapshot.about[locale];
  const names = meetings.length > 0 ? (['ask', 'meeting', 'tour'] as const) : (['ask'] as const);
  const ways = names.map((name) => services.mentions.of(name, locale));
  const intro = [
    texts.aboutIs(escapeLine(subject)),
    texts.aboutIsNot,
    texts.aboutHow(ways, escapeLine(topic)),
  ];
  const facts = [
    texts.aboutCorpus(counts.documents, counts.passages, meetings.length, sources.size),
    texts.aboutGeneration(`\`${generation.replaceAll('`', '')}\``, timestamp(builtAt)),
    texts.aboutModel(escapeLine(model.id), model.dimensions),
    texts.aboutVersion(escapeLine(version)),
  ];
  const stored = services.journal.enabled ? texts.aboutJournalOn : texts.aboutJournalOff;
  return framed([
    `## ${texts.aboutTitle}\n${intro.join('\n\n')}`,
    separator(),
    `**${texts.aboutStored}**\n${stored}`,
    separator(),
    facts.map((fact) => `-# ${fact}`).join('\n'),
  ]);
}
