import type { Snapshot } from '../../engine-types.ts';
import { defineControl } from '../custom-ids.ts';
import { askAgain } from '../failures.ts';
import type { InteractionContext } from '../interaction-context.ts';
import type { ClickInteraction } from '../reply.ts';
import { tourPart } from '../tour-part.ts';
import type { TourPicture } from '../tour-map/pictures.ts';
import type { View } from '../views/components.ts';
import { mapId } from '../views/controls.ts';
import { pickDayId, tourView, type TourPart } from '../views/tour.ts';

/** Opens the whole tour for the reader alone. */
export const openTour = defineControl({
  kind: 'map',
  ...mapId,
  async run(context: InteractionContext<ClickInteraction>) {
    await context.reply.defer({ isPrivate: true });
    await context.reply.fill(await tourMessage(context, null));
  },
});

/** Changes the tour to the events of the day that was chosen. */
export const pickDay = defineControl({
  kind: 'day',
  ...pickDayId,
  async run(context: InteractionContext<ClickInteraction>) {
    const { interaction, snapshot, locale, reply } = context;
    const date = interaction.isStringSelectMenu() ? interaction.values[0] : undefined;
    const part = date === undefined ? null : tourPart(snapshot, date, locale);
    if (part === null) throw askAgain();
    await reply.deferUpdate(interaction);
    await reply.fill(await tourMessage(context, part));
  },
});

/** The tour or a part of it, with its picture. */
export async function tourMessage(
  context: InteractionContext,
  part: TourPart | null,
): Promise<View> {
  const { snapshot, locale } = context;
  const drawn = await draw(context, snapshot, part?.day ?? null);
  return tourView({ snapshot, locale, part, drawn });
}

/** Null when the picture cannot be drawn: the list of stops is useful without it. */
async function draw(
  { services, locale, log }: InteractionContext,
  snapshot: Snapshot,
  day: string | null,
): Promise<TourPicture | null> {
  try {
    return await services.pictures.draw(snapshot, { day, locale });
  } catch (err) {
    log.error({ event: 'tour.picture-failed', err });
    return null;
  }
}
