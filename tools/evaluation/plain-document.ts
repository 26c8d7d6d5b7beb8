import { createHash } from 'node:crypto';
import type { Document } from '../../src/corpus/types.ts';

/** A document made of one paragraph that is in no file: for measuring on texts from elsewhere. */
export function plainDocument(id: string, paragraph: string): Document {
  const text = paragraph.replace(/\s+/g, ' ').trim();
  return {
    id,
    title: '',
    path: `${id}.txt`,
    sha256: createHash('sha256').update(text).digest('hex'),
    text,
    sections: [{ headings: [], blocks: [{ start: 0, end: text.length }] }],
    footnotes: [],
    sources: [],
    topics: [],
    people: [],
    meeting: null,
    date: null,
    expected: [],
    origin: { runs: [{ textStart: 0, fileStart: 0 }], lineStarts: [0] },
  };
}
