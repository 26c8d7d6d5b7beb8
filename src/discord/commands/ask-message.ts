import type { MessageContextMenuCommandInteraction } from 'discord.js';
import type { Call } from '../interaction-context.ts';
import { questionFromMessage } from '../question.ts';
import { Refusal } from '../refusal.ts';
import { answerQuestion } from '../show-answer.ts';

/** "Ask the tour" on a message: private, since somebody else wrote the message; it can be shared. */
export async function askMessage(call: Call<MessageContextMenuCommandInteraction>): Promise<void> {
  const { interaction, responder, texts } = call;
  const { content, embeds } = interaction.targetMessage;
  const written =
    content || embeds.map((embed) => embed.description ?? embed.title ?? '').join(' ');
  const asked = questionFromMessage(written);
  if (asked === null) throw new Refusal(({ noText }) => noText);
  await responder.defer({ isPrivate: true });
  await answerQuestion(
    call,
    { question: asked.question, meeting: null, source: null },
    { page: 0, isPrivate: true, ...(asked.isCut ? { note: texts.questionShortened } : {}) },
  );
}
