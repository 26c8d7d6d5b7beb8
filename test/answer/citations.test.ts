import { describe, expect, it } from 'vitest';
import {
  type Library,
  citeDocument,
  citeMeeting,
  citeSources,
  describeQuoted,
  highlightOf,
  quotedOf,
  sentenceLink,
} from '../../src/answer/citations.ts';
import type { Document, Meeting, Passage, Source } from '../../src/corpus/types.ts';
import { plainDocument } from '../../tools/evaluation/plain-document.ts';
import fc from 'fast-check';
import type { Ranked } from '../../src/search/search.ts';
import type { CitedSource } from '../../src/answer/types.ts';

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

const cited = (id: string, more: Partial<CitedSource> = {}): CitedSource => ({
  id,
  title: 'Ferry talks end',
  publisher: 'The Gazette (via The Herald)',
  published: null,
  url: 'https://herald.example/ferry',
  kind: 'press',
  host: 'herald.example',
  copy: true,
  ...more,
});

const plain = plainDocument('notes', 'A text.');
const account: Document = {
  ...plain,
  kind: 'background',
  account: { en: "The club's account", ja: 'クラブの記録' },
};
const page: Document = {
  ...plain,
  kind: 'other',
  path: 'originals/ferry.html',
  page: { source: 'ferry', url: 'https://www.herald.example/ferry', archived: false },
};

const say = (document: Document, sources: readonly CitedSource[], language: 'en' | 'ja' = 'en') =>
  describeQuoted(quotedOf(document, sources, 'A text.'), language);

describe('what is quoted', () => {
  it('is an account that names whom it follows, each publisher once', () => {
    const publishers = ['The Gazette', 'Reuters', 'Reuters (via The Herald)', 'AFP', 'NHK'];
    const sources = publishers.map((publisher) => cited('x', { publisher }));
    expect(say(account, sources)).toBe("The club's account, after The Gazette, Reuters and 2 more");
    expect(say(account, sources, 'ja')).toBe('クラブの記録（出典：The Gazette、Reutersほか2件）');
    expect(say(account, sources.slice(0, 2))).toBe(
      "The club's account, after The Gazette and Reuters",
    );
    expect(say(account, [])).toBe("The club's account");
  });

  it('is an account of the meeting where the document is of one', () => {
    const meeting = { ...account, meeting: {} } as Document;
    expect(say(meeting, [])).toBe("The club's account of the meeting");
    expect(say(meeting, [], 'ja')).toBe('会談についてのクラブの記録');
  });

  it('is an account without a name where the bibliography gives none', () => {
    expect(say({ ...plain, kind: 'meeting' }, [])).toBe('An account of this corpus');
  });

  it('is a page of its publisher, and says where only a copy could be quoted', () => {
    const own = cited('ferry', { copy: false });
    expect(say(page, [own])).toBe('The page “Ferry talks end” by The Gazette, word for word');
    expect(say(page, [cited('ferry')])).toBe(
      'The page “Ferry talks end” by The Gazette, word for word (copy on herald.example)',
    );
    expect(say(page, [cited('ferry')], 'ja')).toBe(
      'The Gazetteのページ「Ferry talks end」の原文（herald.exampleの転載）',
    );
    const archived = {
      ...page,
      page: { source: 'ferry', url: 'https://web.archive.org/web/2024/x', archived: true },
    };
    expect(say(archived, [own])).toContain('(copy on web.archive.org)');
  });

  it('is the document itself where it has no source', () => {
    expect(say({ ...plain, kind: 'other', title: 'Notes' }, [])).toBe(
      'The page “Notes”, word for word',
    );
  });

  it('has a link to the sentence on a page, and to the file of a PDF', () => {
    const url = (document: Document) => quotedOf(document, [cited('ferry')], 'A text.');
    expect(url(page)).toMatchObject({ url: 'https://www.herald.example/ferry#:~:text=A%20text.' });
    expect(url({ ...page, path: 'originals/ferry.pdf' })).toMatchObject({
      url: 'https://www.herald.example/ferry',
    });
  });
});

/** The words that a browser looks for: a whole text, or its beginning and its end. */
function directiveOf(link: string): string[] {
  const [, directive = ''] = link.split(':~:text=');
  return directive.split(',').map(decodeURIComponent);
}

describe('sentenceLink', () => {
  it('percent-encodes what separates the parts of a text directive', () => {
    expect(sentenceLink('https://a.example/', 'Well-known, new & 100 %')).toBe(
      'https://a.example/#:~:text=Well%2Dknown%2C%20new%20%26%20100%20%25',
    );
  });

  it('keeps a fragment of the address', () => {
    expect(sentenceLink('https://a.example/#top', 'Yes.')).toBe(
      'https://a.example/#top:~:text=Yes.',
    );
  });

  it('names the beginning and the end of a long sentence, in Japanese too', () => {
    const long = `The minister said on Monday that ${'very '.repeat(60)}much was done.`;
    const [first = '', last = ''] = directiveOf(sentenceLink('https://a.example/', long));
    expect(long.startsWith(first) && long.endsWith(last)).toBe(true);
    expect(first).toMatch(/^The minister said on Monday that/);
    const japanese = `${'外務大臣は会談で協力を確認した。'.repeat(9)}以上。`;
    const [start = '', end = ''] = directiveOf(sentenceLink('https://a.example/', japanese));
    expect(start.length > 3 && japanese.startsWith(start) && japanese.endsWith(end)).toBe(true);
  });

  it('is a valid address of words of the sentence, and short, whatever the sentence', () => {
    const words = fc.array(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }), {
      minLength: 1,
      maxLength: 60,
    });
    fc.assert(
      fc.property(words, (parts) => {
        const sentence = parts.join(' ').replace(/\s+/gu, ' ').trim();
        const link = sentenceLink('https://a.example/', sentence);
        expect(URL.canParse(link)).toBe(true);
        const found = directiveOf(link);
        expect(found.length).toBeLessThanOrEqual(2);
        if (sentence === '') return;
        const text = sentence.replace(/[\ud800-\udfff]/gu, '\ufffd');
        expect(text.startsWith(found[0] ?? '')).toBe(true);
        expect(text.endsWith(found.at(-1) ?? '')).toBe(true);
      }),
    );
  });
});

const twoSentences = {
  start: 100,
  end: 130,
  sentences: [
    { start: 0, end: 12 },
    { start: 13, end: 30 },
  ],
} as unknown as Passage;

const ranked = (best: { at: number; score: number } | null): Ranked =>
  ({ best }) as unknown as Ranked;

describe('highlightOf', () => {
  it('is the best sentence, in offsets of the document', () => {
    expect(highlightOf(twoSentences, ranked({ at: 1, score: 0.9 }))).toEqual({
      start: 113,
      end: 130,
    });
  });

  it('is nothing where there is no sentence', () => {
    expect(highlightOf(twoSentences, ranked(null))).toBeNull();
    expect(highlightOf(twoSentences, ranked({ at: 2, score: 0.9 }))).toBeNull();
  });
});
