import type { APIButtonComponent } from 'discord.js';
import type { Meeting } from '../../corpus/types.ts';
import type { Snapshot } from '../../engine-types.ts';
import { codeOf, defineControl, itemOf, numberField } from '../custom-ids.ts';
import { clip, oneLine } from '../escape.ts';
import { askAgain } from '../failures.ts';
import type { InteractionContext } from '../interaction-context.ts';
import { meetingsById, stopName } from '../lookup.ts';
import type { ClickInteraction } from '../reply.ts';
import { type Locale } from '../texts/index.ts';
import { button, buttonRows, menuRow, type Row, type View } from '../views/components.ts';
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
  letter: 'k',
  /** The number of the menu, which only keeps the ids of one message apart. */
  encode: (part: number) => [part],
  decode: ([part]) => numberField(part),
  async run(context: InteractionContext<ClickInteraction>) {
    const { interaction, snapshot, reply } = context;
    const code = interaction.isStringSelectMenu() ? interaction.values[0] : undefined;
    if (code === undefined) throw askAgain();
    const meeting = itemOf(code, meetingsById(snapshot));
    await reply.send(meetingCard(meeting, context), { isPrivate: true });
  },
});

interface CardOptions {
  readonly snapshot: Pick<Snapshot, 'meetings' | 'sources' | 'documents'>;
  readonly locale: Locale;
}

/** The card of a meeting with buttons for its neighbours on the tour and for its sources. */
export function meetingCard(meeting: Meeting, { snapshot, locale }: CardOptions): View {
  const { meetings } = snapshot;
  const index = meetings.findIndex(({ id }) => id === meeting.id);
  const previous = index > 0 ? meetings[index - 1] : undefined;
  const next = index >= 0 ? meetings[index + 1] : undefined;
  const turnTo = (to: Meeting, emoji: string): APIButtonComponent =>
    button({
      customId: turnCard.encode(codeOf(to.id)),
      label: clip(stopName(to, locale), 60),
      emoji,
    });
  const rows = buttonRows([
    ...(previous === undefined ? [] : [turnTo(previous, '◀️')]),
    ...(next === undefined ? [] : [turnTo(next, '▶️')]),
    sourcesButton(meeting, locale),
  ]);
  return meetingView(meeting, { snapshot, locale, rows });
}

/** A menu of at most 25 meetings. `part`: its number among the menus of the message. */
export function meetingMenu(
  meetings: readonly Meeting[],
  { part, placeholder, locale }: { part: number; placeholder: string; locale: Locale },
): Row {
  return menuRow(
    pickMeeting.encode(part),
    placeholder,
    meetings.map((meeting) => ({
      label: stopName(meeting, locale) || meeting.id,
      value: codeOf(meeting.id),
      description: oneLine(`${meeting.city}, ${meeting.country}`),
    })),
  );
}
