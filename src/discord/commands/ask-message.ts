import { ApplicationCommandType, type Message, type MessageSnapshot } from 'discord.js';
import { answerQuestion } from '../buttons/answer.ts';
import { Refusal } from '../failures.ts';
import type { MessageCommand } from '../interaction-context.ts';
import { questionFromText, textOfMessage } from '../question.ts';
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
    const asked = questionFromText(textOfMessage(shownIn(interaction.targetMessage)));
    if (asked === null) throw new Refusal(({ noText }) => noText);
    await reply.defer({ isPrivate: true });
    await answerQuestion(
      context,
      { question: asked.question, meeting: null, source: null },
      { isPrivate: true, ...(asked.isCut ? { note: texts.questionShortened } : {}) },
    );
  },
};

type Shown = Pick<MessageSnapshot, 'content' | 'embeds' | 'components'>;

/** A message of discord.js as Discord sends it. A forwarded one is inside. */
function shownIn(message: Shown & Partial<Pick<Message, 'messageSnapshots'>>) {
  const dataOf = ({ content, embeds, components }: Shown) => ({
    content,
    embeds: embeds.map(({ title, description }) => ({ title, description })),
    components: components.map((component) => component.toJSON()),
  });
  const forwarded = [...(message.messageSnapshots?.values() ?? [])];
  return {
    ...dataOf(message),
    message_snapshots: forwarded.map((each) => ({ message: dataOf(each) })),
  };
}
