import type { ChatInputCommandInteraction } from 'discord.js';
import type { Call } from '../interaction-context.ts';
import { meetingNamed, sourceNamed } from '../lookup.ts';
import { clip, inertLine, oneLine } from '../escape.ts';
import { questionFrom } from '../question.ts';
import { Refusal } from '../refusal.ts';
import { answerQuestion } from '../show-answer.ts';
import { whichMeeting } from './meeting.ts';

/** `/ask question [meeting] [source] [private]` */
export async function ask(call: Call<ChatInputCommandInteraction>): Promise<void> {
  const { options } = call.interaction;
  const question = questionFrom(options.getString('question', true));
  const isPrivate = options.getBoolean('private') ?? false;
  const saidMeeting = options.getString('meeting');
  const meeting = saidMeeting === null ? null : meetingNamed(call.edition, saidMeeting);
  if (saidMeeting !== null && meeting === null) return whichMeeting(call, saidMeeting);
  const source = sourceFrom(call, options.getString('source'));
  await call.responder.defer({ isPrivate });
  const asked = { question, meeting: meeting?.id ?? null, source };
  await answerQuestion(call, asked, { page: 0, isPrivate });
}

function sourceFrom({ edition }: Call, said: string | null): string | null {
  if (said === null) return null;
  const source = sourceNamed(edition, said);
  if (source === null) {
    throw new Refusal((texts) => texts.noSource(inertLine(clip(oneLine(said), 100))));
  }
  return source.id;
}
