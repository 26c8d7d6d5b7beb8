import type { ChatInputCommandInteraction } from 'discord.js';
import type { Call } from '../interaction-context.ts';
import { meetingNamed } from '../lookup.ts';
import { SELECT_OPTIONS } from '../limits.ts';
import { questionFrom } from '../question.ts';
import { answerQuestion } from '../show-answer.ts';
import { meetingView, whichMeetingNotice } from '../views/meeting.ts';

/** `/meeting meeting [question] [private]` */
export async function meeting(call: Call<ChatInputCommandInteraction>): Promise<void> {
  const { interaction, edition, locale, responder } = call;
  const said = interaction.options.getString('meeting', true);
  const isPrivate = interaction.options.getBoolean('private') ?? false;
  const asked = interaction.options.getString('question');
  const question = asked === null ? null : questionFrom(asked);
  const found = meetingNamed(edition, said);
  if (found === null) return whichMeeting(call, said);
  if (question === null) {
    return responder.reply(meetingView(found, { edition, locale }), { isPrivate });
  }
  await responder.defer({ isPrivate });
  await answerQuestion(call, { question, meeting: found.id, source: null }, { page: 0, isPrivate });
}

/** Asks back which meeting was meant. */
export function whichMeeting({ edition, locale, responder }: Call, said: string): Promise<void> {
  const meetings = edition.meetings.slice(0, SELECT_OPTIONS);
  return responder.reply(whichMeetingNotice(said, { meetings, locale }), { isPrivate: true });
}
