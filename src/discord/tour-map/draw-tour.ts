import type { Meeting } from '../../corpus/types.ts';
import { altText } from './alt-text.ts';
import { cardSvg, type Card } from './card.ts';
import { worldGeography } from './geography.ts';
import { journeyOf, type Journey } from './journey.ts';
import { bundledMeasure, renderPng, renderPngInBackground } from './render.ts';
import type { Locale } from './wording.ts';

export interface TourRequest {
  readonly meetings: readonly Meeting[];
  /** ISO date of the day to highlight; one that is not part of the tour highlights nothing. */
  readonly day?: string | null;
  readonly locale: Locale;
}

export interface TourPicture {
  readonly png: Buffer;
  /** At most 1024 characters, in the reader's language. */
  readonly alt: string;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
}

function compose({ meetings, day, locale }: TourRequest): Card & { alt: string } {
  const journey = journeyOf(meetings);
  const chosen = dayOf(journey, day ?? null);
  const card = cardSvg({
    journey,
    geography: worldGeography(),
    day: chosen,
    locale,
    measure: bundledMeasure(),
  });
  return { ...card, alt: altText(journey, chosen, locale) };
}

/** The day when it is one of the journey's, else null. */
function dayOf(journey: Journey, day: string | null): string | null {
  return journey.days.some(({ date }) => date === day) ? day : null;
}

/** Draws the journey as a PNG. Takes a fraction of a second, during which nothing else runs. */
export function drawTour(request: TourRequest): TourPicture {
  const { svg, alt, width, height } = compose(request);
  return { png: renderPng(svg), alt, width, height };
}

/** The same picture, rendered on another thread so that the event loop stays free for others. */
export async function drawTourInBackground(request: TourRequest): Promise<TourPicture> {
  const { svg, alt, width, height } = compose(request);
  return { png: await renderPngInBackground(svg), alt, width, height };
}
