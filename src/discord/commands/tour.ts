import type { ChatInputCommandInteraction } from 'discord.js';
import type { Call } from '../interaction-context.ts';
import { dayNamed } from '../lookup.ts';
import { clip, inertLine, oneLine } from '../escape.ts';
import type { TourPicture } from '../tour-map/draw-tour.ts';
import { Refusal } from '../refusal.ts';
import { tourView } from '../views/tour.ts';

/** `/tour [day]` */
export async function tour(call: Call<ChatInputCommandInteraction>): Promise<void> {
  const { interaction, edition, locale, responder } = call;
  const said = interaction.options.getString('day');
  const day = said === null ? null : dayNamed(edition, said);
  if (said !== null && day === null) {
    throw new Refusal((texts) => texts.noDay(inertLine(clip(oneLine(said), 60))));
  }
  await responder.defer({ isPrivate: false });
  const drawn = await draw(call, day);
  await responder.fill(tourView({ edition, locale, day, drawn }));
}

/** The stops are worth reading without the picture too. */
async function draw(call: Call, day: string | null): Promise<TourPicture | null> {
  const { desk, edition, locale, log } = call;
  try {
    return await desk.pictures.picture(edition, { day, locale });
  } catch (err) {
    log.error({ event: 'tour.picture-failed', err });
    return null;
  }
}
