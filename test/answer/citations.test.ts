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
import { passagesOf } from '../../src/corpus/passages.ts';
import { fileOffset } from '../../src/corpus/types.ts';
import { readSound } from '../corpus/read.ts';
import { foundBy } from './text-directive.ts';

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
  describeQuoted(quotedOf(document, sources, { start: 0, end: 7 }), language);

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
    const url = (document: Document) => quotedOf(document, [cited('ferry')], { start: 0, end: 7 });
    expect(url(page)).toMatchObject({ url: 'https://www.herald.example/ferry#:~:text=A%20text.' });
    expect(url({ ...page, path: 'originals/ferry.pdf' })).toMatchObject({
      url: 'https://www.herald.example/ferry',
    });
  });
});

/** The words that a browser looks for, without those before them that only tell the place. */
function partsOf(link: string): string[] {
  const [, directive] = link.split(':~:text=');
  const parts = directive?.split(',') ?? [];
  return parts.filter((part) => !part.endsWith('-')).map(decodeURIComponent);
}

/** The link to a whole text. */
const linkTo = (text: string, url = 'https://a.example/'): string =>
  sentenceLink(url, plainDocument('a', text), { start: 0, end: text.length });

/** A page that a program for documents wrote, of which nothing is left out as furniture. */
const written = (body: string): string =>
  `<html><head><meta name="generator" content="pandoc"></head><body>${body}</body></html>`;

/** The parts of the link to the sentence of a page that begins so. */
async function partsTo(body: string, sentence: string): Promise<string[]> {
  const read = await readSound('page.html', written(body));
  const spans = passagesOf(read, []).flatMap(({ start, sentences }) =>
    sentences.map((span) => ({ start: start + span.start, end: start + span.end })),
  );
  const span = spans.find(({ start }) => read.text.startsWith(sentence, start));
  if (span === undefined) throw new Error(`no sentence “${sentence}” in “${read.text}”`);
  return partsOf(sentenceLink('https://a.example/', read, span));
}

describe('sentenceLink', () => {
  it('percent-encodes what separates the parts of a text directive', () => {
    expect(linkTo('Well-known, new & 100 %')).toBe(
      'https://a.example/#:~:text=Well%2Dknown%2C%20new%20%26%20100%20%25',
    );
  });

  it('keeps a fragment of the address', () => {
    expect(linkTo('Yes.', 'https://a.example/#top')).toBe('https://a.example/#top:~:text=Yes.');
  });

  it('leads to the page where there is no word to look for', () => {
    expect(linkTo('…')).toBe('https://a.example/');
  });

  it('names the beginning and the end of a long sentence, in Japanese too', () => {
    const long = `The minister said on Monday that ${'very '.repeat(60)}much was done.`;
    const [first = '', last = ''] = partsOf(linkTo(long));
    expect(long.startsWith(first) && long.endsWith(last)).toBe(true);
    expect(first).toMatch(/^The minister said on Monday that/);
    const japanese = `${'外務大臣は会談で協力を確認した。'.repeat(9)}以上。`;
    const [start = '', end = ''] = partsOf(linkTo(japanese));
    expect(start.length > 3 && japanese.startsWith(start) && japanese.endsWith(end)).toBe(true);
  });

  it('begins and ends beside the marks of notes, and before a word that one runs into', async () => {
    const body =
      '<p>The old ferry was sold<sup>[1]</sup> to a yard in Lund<sup>[2]</sup> in 2004.<sup><a href="#n">3</a></sup> It rusts.</p>';
    expect(await partsTo(body, 'The old')).toEqual(['The old ferry was sold', 'to a yard in Lund']);
    expect(await partsTo(body, 'It rusts')).toEqual(['It rusts.']);
    expect(await partsTo('<p>It is 10<sup>3</sup> metres wide today.</p>', 'It is')).toEqual([
      'metres wide today.',
    ]);
  });

  it('goes over no line break and no edge of a cell', async () => {
    expect(
      await partsTo('<p>Boats left at noon<br>and came back<br>in the evening.</p>', 'Boats'),
    ).toEqual(['Boats left at noon', 'in the evening.']);
    const row =
      '<table><tr><td>Lund harbour office</td><td>12</td><td>open daily</td></tr></table>';
    expect(await partsTo(row, 'Lund')).toEqual(['Lund harbour office', 'open daily']);
  });

  it('knows a row whose cells stand elsewhere too by two of them', async () => {
    const cells = (...texts: string[]): string =>
      `<tr>${texts.map((text) => `<td>${text}</td>`).join('')}</tr>`;
    const body = `<p>From Lund to Malmby at 09:40.</p><table>${cells('09:40', 'Lund')}${cells('09:40', 'Malmby')}</table>`;
    const read = await readSound('page.html', written(body));
    const start = read.text.lastIndexOf('09:40');
    expect(sentenceLink('https://a.example/', read, { start, end: read.text.length })).toBe(
      'https://a.example/#:~:text=09%3A40-,Malmby',
    );
  });

  it('begins where its words stand nowhere before', async () => {
    const body =
      '<p>The ferry office was closed.</p><p>The ferry office<sup>[1]</sup> opened again in spring.</p>';
    expect(await partsTo(body, 'The ferry office opened')).toEqual(['opened again in spring.']);
  });

  it('is a valid address of words of the sentence, and short, whatever the sentence', () => {
    const words = fc.array(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }), {
      minLength: 1,
      maxLength: 60,
    });
    fc.assert(
      fc.property(words, (parts) => {
        const sentence = parts.join(' ').replace(/\s+/gu, ' ').trim();
        const link = linkTo(sentence);
        expect(URL.canParse(link)).toBe(true);
        expect(link.length).toBeLessThan(340);
        const found = partsOf(link);
        expect(found.length).toBeLessThanOrEqual(2);
        const text = sentence.replace(/[\ud800-\udfff]/gu, '\ufffd');
        expect(text.startsWith(found[0] ?? '')).toBe(true);
        expect(text.endsWith(found[1] ?? '')).toBe(true);
      }),
    );
  });

  it('leads a browser to the sentence, whatever stands in it and around it', async () => {
    const word = fc.constantFrom(
      ...'ferry harbour Lund reopened 2004 12.5 in the and 会談 協力を確認し 港'.split(' '),
    );
    const inside = fc.oneof(
      { weight: 8, arbitrary: word.map((text) => ` ${text}`) },
      { weight: 2, arbitrary: word },
      word.map((text) => ` <b>${text}</b>`),
      fc.constantFrom(
        '<sup>[3]</sup>',
        ' <sup><a href="#n">3</a></sup>',
        '<sup>7</sup>',
        '<sup>ferry</sup>',
        '<br>',
        '<span aria-hidden="true">x</span>',
        '<button>2</button>',
        ' <span style="display: block">ferry</span>',
        '\u00ad',
        '\n',
      ),
    );
    const line = fc
      .array(inside, { minLength: 1, maxLength: 40 })
      .map((parts) => `The${parts.join('')}`);
    const block = fc.oneof(
      fc.array(line, { minLength: 1, maxLength: 3 }).map((lines) => `<p>${lines.join('. ')}.</p>`),
      line.map((text) => `<ul><li>${text}</li></ul>`),
      fc
        .array(fc.array(line, { minLength: 2, maxLength: 3 }), { minLength: 1, maxLength: 3 })
        .map((rows) => {
          const cells = rows.map((row) => `<td>${row.join('</td><td>')}</td>`);
          return `<table><tr>${cells.join('</tr><tr>')}</tr></table>`;
        }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(block, { minLength: 1, maxLength: 6 }), async (blocks) => {
        const source = written(blocks.join(''));
        const read = await readSound('page.html', source);
        for (const { start, sentences } of passagesOf(read, []))
          for (const span of sentences) {
            const sentence = { start: start + span.start, end: start + span.end };
            const link = sentenceLink('https://a.example/', read, sentence);
            if (!link.includes('#')) continue;
            const found = foundBy(link, source);
            expect(found, link).not.toBeNull();
            const place = found?.start ?? 0;
            const isThere =
              place >= fileOffset(read, sentence.start) &&
              (found?.end ?? 0) <= fileOffset(read, sentence.end - 1) + 1;
            // A whole sentence may stand in two places.
            const whole = read.text.slice(sentence.start, sentence.end);
            if (!isThere) expect(partsOf(link)).toEqual([whole]);
          }
      }),
      { numRuns: 60 },
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
