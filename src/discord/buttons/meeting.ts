import type { APIButtonComponent } from 'discord.js';
import { MeetingNames } from '../../answer/meeting-texts.ts';
import type { Meeting } from '../../corpus/types.ts';
import type { Snapshot } from '../../engine-types.ts';
import { codeOf, defineControl, itemOf } from '../custom-ids.ts';
import { clip, oneLine } from '../escape.ts';
import { askAgain } from '../failures.ts';
import type { InteractionContext } from '../interaction-context.ts';
import { meetingsById } from '../lookup.ts';
import type { ClickInteraction } from '../reply.ts';
import type { Locale } from '../texts/index.ts';
import { button, buttonRows, type View } from '../views/components.ts';
import { cardId, pickMeetingId, questionMenu } from '../views/controls.ts';
import { meetingView } from '../views/meeting.ts';
import { sourcesButton } from './sources.ts';

/** Changes a card to the previous or the next meeting of the tour. */
export const turnCard = defineControl({
  kind: 'turn',
  letter: 't',
  /** A code of the meeting's id. */
  encode: (meeting: string) => [meeting],
  decode: ([meeting = '']) => (meeting === '' ? null : meeting),
  async run(context: InteractionContext<ClickInteraction>, code) {
    const meeting = itemOf(code, meetingsById(context.snapshot));
    await context.reply.deferUpdate(context.interaction);
    await context.reply.fill(meetingCard(meeting, context));
  },
});

/** Opens the card of the meeting that was chosen from a menu. */
export const pickMeeting = defineControl({
  kind: 'pick',
  ...pickMeetingId,
  async run(context: InteractionContext<ClickInteraction>) {
    const { interaction, snapshot, reply } = context;
    const code = interaction.isStringSelectMenu() ? interaction.values[0] : undefined;
    if (code === undefined) throw askAgain();
    const meeting = itemOf(code, meetingsById(snapshot));
    await reply.send(meetingCard(meeting, context), { isPrivate: true });
  },
});

/** Opens the card of a meeting for the reader alone. */
export const openCard = defineControl({
  kind: 'card',
  ...cardId,
  async run(context: InteractionContext<ClickInteraction>, code) {
    const meeting = itemOf(code, meetingsById(context.snapshot));
    await context.reply.send(meetingCard(meeting, context), { isPrivate: true });
  },
});

interface CardOptions {
  readonly snapshot: Pick<Snapshot, 'meetings' | 'sources' | 'documents'>;
  readonly locale: Locale;
}

/** A longer name of a neighbour leaves no room in the row. */
const NEIGHBOUR = 16;

/** The card of a meeting, what can be asked about it, its neighbours on the tour and its sources. */
export function meetingCard(meeting: Meeting, { snapshot, locale }: CardOptions): View {
  const { meetings } = snapshot;
  const names = new MeetingNames(snapshot);
  const index = meetings.findIndex(({ id }) => id === meeting.id);
  const previous = index > 0 ? meetings[index - 1] : undefined;
  const next = index >= 0 ? meetings[index + 1] : undefined;
  const turnTo = (to: Meeting, emoji: string): APIButtonComponent =>
    button({
      customId: turnCard.encode(codeOf(to.id)),
      label: clip(oneLine(names.short(to, locale)), NEIGHBOUR),
      emoji,
    });
  const rows = [
    questionMenu(meeting, { snapshot, locale }),
    ...buttonRows([
      ...(previous === undefined ? [] : [turnTo(previous, '◀️')]),
      ...(next === undefined ? [] : [turnTo(next, '▶️')]),
      sourcesButton(meeting, locale),
    ]),
  ];
  return meetingView(meeting, { snapshot, locale, rows });
}
