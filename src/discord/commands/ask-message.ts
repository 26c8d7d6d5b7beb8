import { ApplicationCommandType } from 'discord.js';
import { answerQuestion } from '../buttons/answer.ts';
import { Refusal } from '../failures.ts';
import type { MessageCommand } from '../interaction-context.ts';
import { questionFromText } from '../question.ts';
import { EVERYWHERE, localizedName } from './options.ts';

/** "Ask the tour" on a message. The answer is private, because somebody else wrote the message; it can be shared. */
export const askMessage: MessageCommand = {
  data: {
    ...localizedName(({ commands }) => commands.askMessage.name),
    ...EVERYWHERE,
    type: ApplicationCommandType.Message,
  },
  async execute(context) {
    const { interaction, reply, texts } = context;
    const { content, embeds } = interaction.targetMessage;
    const inEmbeds = embeds.map((embed) => embed.description ?? embed.title ?? '').join(' ');
    const asked = questionFromText(content || inEmbeds);
    if (asked === null) throw new Refusal(({ noText }) => noText);
    await reply.defer({ isPrivate: true });
    await answerQuestion(
      context,
      { question: asked.question, meeting: null, source: null },
      { isPrivate: true, ...(asked.isCut ? { note: texts.questionShortened } : {}) },
    );
  },
};
