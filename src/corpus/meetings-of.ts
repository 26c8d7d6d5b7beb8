import type { Document, Meeting } from './types.ts';

/** Ties of one document: asks for a passage which meetings it belongs to. */
export interface DocumentTies {
  /** Meetings of a passage, the surest first. */
  forPassage(text: string, headings: readonly string[]): readonly Meeting[];
}

/** What ties texts to meetings, prepared once for all documents. */
export class MeetingTies {
  constructor(meetings: readonly Meeting[]) {
    void meetings;
  }

  of(document: Document): DocumentTies {
    const own = document.meeting === null ? [] : [document.meeting];
    return { forPassage: () => own };
  }
}
