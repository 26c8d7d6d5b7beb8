import { describe, expect, it } from 'vitest';
import { citeDocument, citeMeeting, citeSources, type Library } from '../../src/answer/cite.ts';
import type { Document, Meeting, Passage, Source } from '../../src/corpus/types.ts';
import { plainDocument } from '../../tools/evaluation/plain-document.ts';

const source = (id: string): Source => ({
  id,
  title: `Title of ${id}`,
  publisher: 'The Gazette',
  published: null,
  url: `https://example.org/${id}`,
  kind: 'press',
  language: 'en',
  host: 'example.org',
  copy: true,
});

const meeting = (id: string): Meeting =>
  ({ id, title: `Meeting ${id}`, date: '2024-01-07', city: 'Kyiv', country: 'Ukraine' }) as Meeting;

const TEXT = 'One fact. Another fact. A third.';
const mark = (offset: number, sourceId: string) => ({ offset, sourceId, line: 1 });

const document: Document = {
  ...plainDocument('notes', TEXT),
  title: 'Notes',
  footnotes: [mark(9, 'a'), mark(23, 'b'), mark(23, 'c'), mark(32, 'gone')],
};
const own: Document = { ...plainDocument('kyiv', TEXT), meeting: meeting('kyiv') };

const library: Library = {
  documents: new Map([document, own].map((each) => [each.id, each])),
  meetings: new Map(['kyiv', 'oslo'].map((id) => [id, meeting(id)])),
  sources: new Map(['a', 'b', 'c'].map((id) => [id, source(id)])),
};

const passage = (documentId: string, meetings: readonly string[]): Passage =>
  ({ documentId, meetings, sources: ['a', 'b', 'c', 'gone'] }) as unknown as Passage;

describe('citeDocument', () => {
  it('gives the lines of the file that the span stands on', () => {
    expect(citeDocument(document, { start: 0, end: 9 })).toEqual({
      id: 'notes',
      title: 'Notes',
      path: 'notes.txt',
      lines: [1, 1],
    });
  });
});

describe('citeMeeting', () => {
  const idOf = (documentId: string, meetings: readonly string[], asked: string | null) =>
    citeMeeting(library, passage(documentId, meetings), asked)?.id ?? null;

  it("is the document's own before the one asked for, before the passage's only one", () => {
    expect(idOf('kyiv', ['kyiv', 'oslo'], 'oslo')).toBe('kyiv');
    expect(idOf('notes', ['kyiv', 'oslo'], 'oslo')).toBe('oslo');
    expect(idOf('notes', ['oslo'], null)).toBe('oslo');
  });

  it('is none where a passage speaks of several, of none, or of one that is not known', () => {
    expect(idOf('notes', ['kyiv', 'oslo'], null)).toBeNull();
    expect(idOf('notes', [], null)).toBeNull();
    expect(idOf('notes', ['minsk'], null)).toBeNull();
  });

  it('names title, date and place', () => {
    expect(citeMeeting(library, passage('kyiv', []), null)).toEqual({
      id: 'kyiv',
      title: 'Meeting kyiv',
      date: '2024-01-07',
      place: 'Kyiv, Ukraine',
    });
  });
});

describe('citeSources', () => {
  const idsOf = (highlight: { start: number; end: number } | null) =>
    citeSources(library, [passage('notes', [])], highlight).map(({ id }) => id);

  it('puts those of the highlighted sentence first, each once', () => {
    expect(idsOf({ start: 10, end: 23 })).toEqual(['b', 'c', 'a']);
    expect(idsOf({ start: 0, end: 9 })).toEqual(['a', 'b', 'c']);
    expect(idsOf(null)).toEqual(['a', 'b', 'c']);
  });

  it('gives a mark between two sentences to the one before it', () => {
    expect(idsOf({ start: 9, end: 22 })).toEqual(['a', 'b', 'c']);
  });

  it('tells of a source what a reader needs', () => {
    expect(citeSources(library, [passage('notes', [])], null)[0]).toEqual({
      id: 'a',
      title: 'Title of a',
      publisher: 'The Gazette',
      published: null,
      url: 'https://example.org/a',
      kind: 'press',
      host: 'example.org',
      copy: true,
    });
  });

  it('cites nothing for nothing', () => {
    expect(citeSources(library, [], null)).toEqual([]);
    expect(citeSources(library, [passage('gone', [])], null)).toEqual([]);
  });
});
