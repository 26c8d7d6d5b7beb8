import type { Snapshot } from '../engine-types.ts';
import type { Locale } from './dates.ts';
import { drawTourInBackground, type TourPicture } from './picture/draw-tour.ts';

/** Days of the tour in two languages, and the whole of it. */
const KEPT = 40;

/** Pictures of the tour. Drawing one takes a fraction of a second, so each is drawn once for an edition. */
export class TourPictures {
  readonly #drawn = new Map<string, Promise<TourPicture>>();

  picture(
    edition: Snapshot,
    { day, locale }: { day: string | null; locale: Locale },
  ): Promise<TourPicture> {
    const key = `${edition.generation} ${day ?? 'all'} ${locale}`;
    const known = this.#drawn.get(key);
    if (known !== undefined) return known;
    const picture = drawTourInBackground({ meetings: edition.meetings, locale, day });
    this.#drawn.set(key, picture);
    picture.catch(() => this.#drawn.delete(key));
    for (const oldest of this.#drawn.keys()) {
      if (this.#drawn.size <= KEPT) break;
      this.#drawn.delete(oldest);
    }
    return picture;
  }
}
