/** A thread that draws, one picture after the other: started by `pictures.ts`. */
import { parentPort } from 'node:worker_threads';
import { messageOf } from '../../errors.ts';
import { drawTour, type TourPicture, type TourRequest } from './draw-tour.ts';

/** To the thread. */
export interface DrawRequest {
  readonly id: number;
  readonly request: TourRequest;
}

/** From the thread: the picture, or what was wrong. */
export type DrawReply =
  | { readonly id: number; readonly picture: TourPicture }
  | { readonly id: number; readonly problem: string };

parentPort?.on('message', ({ id, request }: DrawRequest) => {
  parentPort?.postMessage(replyTo(id, request));
});

function replyTo(id: number, request: TourRequest): DrawReply {
  try {
    return { id, picture: drawTour(request) };
  } catch (error) {
    return { id, problem: messageOf(error) };
  }
}
