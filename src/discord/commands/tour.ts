import { tourMessage } from '../buttons/tour.ts';
import { escapeLine } from '../escape.ts';
import { Refusal } from '../failures.ts';
import type { ChatCommand } from '../interaction-context.ts';
import { dayChoices } from '../lookup.ts';
import { tourPart } from '../tour-part.ts';
import { autocompletedOption, slashCommand } from './options.ts';

/** `/tour [day]` */
export const tour: ChatCommand = {
  data: {
    ...slashCommand(({ commands }) => commands.tour),
    options: [autocompletedOption(({ commands }) => commands.tour.options.day)],
  },
  autocomplete: { day: dayChoices },
  async execute(context) {
    const { interaction, snapshot, locale, reply } = context;
    const input = interaction.options.getString('day');
    const part = input === null ? null : tourPart(snapshot, input, locale);
    if (input !== null && part === null) {
      throw new Refusal((texts) => texts.reply.noStop(escapeLine(input, 60)));
    }
    await reply.defer({ isPrivate: context.isPrivateByDefault });
    await reply.fill(await tourMessage(context, part));
  },
};
