import type { ChatInputCommandInteraction } from 'discord.js';
import type { Meeting, Source, SourceKind } from '../../corpus/types.ts';
import type { Snapshot } from '../../engine-types.ts';
import type { Call } from '../call.ts';
import { meetingNamed } from '../directory.ts';
import { sourcesView } from '../views/sources.ts';
import { whichMeeting } from './meeting.ts';

/** `/sources [meeting] [kind]` */
export async function sources(call: Call<ChatInputCommandInteraction>): Promise<void> {
  const { interaction, edition, locale, responder } = call;
  const said = interaction.options.getString('meeting');
  const meeting = said === null ? null : meetingNamed(edition, said);
  if (said !== null && meeting === null) return whichMeeting(call, said);
  const wanted = interaction.options.getString('kind');
  const sourceKind = (['official', 'agency', 'press', 'commentary'] as const).find(
    (kind) => kind === wanted,
  );
  const filter = { meeting, sourceKind: sourceKind ?? null };
  await responder.reply(
    sourcesView({ sources: sourcesFor(edition, filter), ...filter, page: 0, locale }),
    { isPrivate: false },
  );
}

/** The bibliography's entries that fit, in its order. */
export function sourcesFor(
  edition: Pick<Snapshot, 'sources'>,
  { meeting, sourceKind }: { meeting: Meeting | null; sourceKind: SourceKind | null },
): Source[] {
  const ofMeeting = meeting === null ? null : new Set(meeting.sources);
  return [...edition.sources.values()].filter(
    ({ id, kind }) =>
      (ofMeeting === null || ofMeeting.has(id)) && (sourceKind === null || kind === sourceKind),
  );
}
