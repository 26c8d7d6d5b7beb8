import type { Snapshot } from '../engine-types.ts';
import type { Logger } from '../log.ts';
import type { Locale } from './dates.ts';
import type { Desk } from './desk.ts';
import type { Answerable, Responder } from './responder.ts';
import type { Texts } from './texts/index.ts';

/** One interaction, with what its handler needs. */
export interface Call<I extends Answerable = Answerable> {
  readonly interaction: I;
  readonly desk: Desk;
  /** The edition in use when the interaction arrived: one reply never mixes two. */
  readonly edition: Snapshot;
  readonly responder: Responder;
  readonly locale: Locale;
  readonly texts: Texts;
  readonly log: Logger;
}
