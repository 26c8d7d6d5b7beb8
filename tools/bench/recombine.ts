import { createHash } from 'node:crypto';
import { UNNAMED } from '../../src/corpus/companions.ts';
import { headerOf } from '../../src/corpus/passages.ts';
import { linesOf, type Document, type Passage, type Span } from '../../src/corpus/types.ts';
import { type Embedder, type PassageVectors, toUnitVector } from '../../src/embedding/model.ts';
import type { SplitCorpus } from '../../src/index/build.ts';
import { passageText } from '../../src/index/embed.ts';
import { seeded } from '../evaluation/noisy-questions.ts';

/** About as long as the tour's own passages are with their headers. */
export const WORDS_A_PASSAGE = 76;
export const PASSAGES_A_DOCUMENT = 10;

export interface RecombineOptions {
  /** How many passages, exactly. */
  readonly passages: number;
  /** The same seed gives the same documents. */
  readonly seed: number;
}

export interface Recombined extends Omit<SplitCorpus, 'passagesOf'> {
  /** Grouped by document, in the order of the documents. */
  readonly passages: readonly Passage[];
}

/**
 * A corpus of any size in the words of another: each passage is a row of its sentences drawn by lot, each document
 * has its own title, drawn from the titles and numbered. No meetings and no sources.
 *
 * @throws Error when there is no sentence or no title to draw from
 */
export function recombine(
  from: {
    readonly passages: readonly Passage[];
    readonly documents: readonly Pick<Document, 'title'>[];
  },
  { passages: wanted, seed }: RecombineOptions,
): Recombined {
  const random = seeded(seed);
  const sentences = distinctSentences(from.passages);
  const titleWords = from.documents.flatMap(({ title }) => title.split(/\s+/).filter(Boolean));
  if (sentences.length === 0 || titleWords.length === 0) {
    throw new Error('There is nothing to recombine.');
  }
  const draw = <Item>(items: readonly Item[]): Item =>
    items[Math.floor(random() * items.length)] as Item;

  const documents: Document[] = [];
  const passages: Passage[] = [];
  while (passages.length < wanted) {
    const number = documents.length + 1;
    const title = `${Array.from({ length: 5 }, () => draw(titleWords)).join(' ')} ${number}`;
    const count = Math.min(PASSAGES_A_DOCUMENT, wanted - passages.length);
    const paragraphs = Array.from({ length: count }, () => rowOfSentences(() => draw(sentences)));
    const document = documentOf({ id: `recombined-${number}`, title, paragraphs });
    documents.push(document);
    passages.push(...passagesOfParagraphs(document, paragraphs));
  }
  return {
    corpus: { about: UNNAMED, documents, meetings: [], sources: [] },
    passages,
    chunkerVersion: 'recombined',
    problems: [],
    warnings: [],
    skipped: [],
  };
}

function distinctSentences(passages: readonly Passage[]): string[] {
  const sentences = passages.flatMap(({ text, sentences: spans }) =>
    spans.map(({ start, end }) => text.slice(start, end)),
  );
  return [...new Set(sentences)];
}

function countWords(text: string): number {
  return text.match(/\S+/g)?.length ?? 0;
}

/** Whole sentences until the passage is long enough; the last one only if it brings the length nearer. */
function rowOfSentences(draw: () => string): string[] {
  const row: string[] = [];
  let words = 0;
  while (words < WORDS_A_PASSAGE) {
    const sentence = draw();
    const more = countWords(sentence);
    const over = words + more - WORDS_A_PASSAGE;
    if (row.length > 0 && over > WORDS_A_PASSAGE - words) break;
    row.push(sentence);
    words += more;
  }
  return row;
}

function documentOf(parts: {
  readonly id: string;
  readonly title: string;
  readonly paragraphs: readonly (readonly string[])[];
}): Document {
  const lines = parts.paragraphs.map((sentences) => sentences.join(' '));
  const blocks: Span[] = [];
  const lineStarts: number[] = [];
  let at = 0;
  for (const line of lines) {
    blocks.push({ start: at, end: at + line.length });
    lineStarts.push(at);
    at += line.length + 1;
  }
  const text = lines.join('\n');
  return {
    id: parts.id,
    kind: 'other',
    title: parts.title,
    path: `${parts.id}.txt`,
    sha256: createHash('sha256').update(text).digest('hex'),
    text,
    sections: [{ headings: [], blocks }],
    footnotes: [],
    sources: [],
    topics: [],
    people: [],
    meeting: null,
    date: null,
    expected: [],
    origin: { runs: [{ textStart: 0, fileStart: 0 }], lineStarts },
  };
}

/** One passage a paragraph, cut here and not by the chunker, so that their number is exact. */
function passagesOfParagraphs(
  document: Document,
  paragraphs: readonly (readonly string[])[],
): Passage[] {
  const header = headerOf(document, [], undefined);
  return (document.sections[0]?.blocks ?? []).map(({ start, end }, at) => {
    const sentences: Span[] = [];
    let from = 0;
    for (const sentence of paragraphs[at] ?? []) {
      sentences.push({ start: from, end: from + sentence.length });
      from += sentence.length + 1;
    }
    return {
      documentId: document.id,
      headings: [],
      start,
      end,
      lines: linesOf(document, start, end),
      text: document.text.slice(start, end),
      sentences,
      meetings: [],
      sources: [],
      header,
    };
  });
}

/**
 * Gives sentences of recombined passages the vectors that they have in the passages they were drawn from, and a passage
 * the mean of its sentences': 100,000 passages would keep the encoder busy for an hour, and its speed is measured by
 * itself. Questions are embedded as ever.
 */
export async function recombinedEmbedder(
  embedder: Embedder,
  from: {
    readonly passages: readonly Passage[];
    readonly documents: readonly Pick<Document, 'id' | 'title'>[];
  },
): Promise<Embedder> {
  const { id, digest, dimensions } = embedder;
  const titles = new Map(from.documents.map((document) => [document.id, document.title]));
  const texts = from.passages.map((passage) =>
    passageText(passage, titles.get(passage.documentId) ?? ''),
  );
  const known = new Map<string, Float32Array>();
  (await embedder.embedPassages(texts)).forEach(({ sentences: vectors }, at) => {
    vectors.forEach((vector, i) => known.set(texts[at]?.sentences[i] ?? '', vector));
  });
  const vectorsOf = (sentences: readonly string[]): PassageVectors => {
    const vectors = sentences.map((sentence) => {
      const vector = known.get(sentence);
      if (vector === undefined) throw new Error(`No passage has the sentence "${sentence}".`);
      return vector;
    });
    const sum = new Float32Array(dimensions);
    for (const vector of vectors) {
      vector.forEach((component, i) => (sum[i] = (sum[i] ?? 0) + component));
    }
    return { passage: toUnitVector(sum, { model: id, dimensions }), sentences: vectors };
  };
  return {
    id,
    digest,
    dimensions,
    head: null,
    embedQuestion: (question) => embedder.embedQuestion(question),
    embedQuestions: (questions) => embedder.embedQuestions(questions),
    embedPassages: (passages) =>
      Promise.resolve(passages.map(({ sentences }) => vectorsOf(sentences))),
    close: () => embedder.close(),
  };
}
