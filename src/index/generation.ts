/** Loads a generation and checks every file of it. */
import { join } from 'node:path';
import type { Document, Meeting, Passage, Source, Span } from '../corpus/types.ts';
import { DragomanError, isMissing } from '../errors.ts';
import { readWhole, sha256 } from '../files.ts';
import { decodeRows } from './file-formats.ts';
import { generationFolder, readPointer, type Pointer } from './index-folder.ts';
import {
  GENERATION_FILES,
  corrupt,
  readManifest,
  type GenerationFile,
  type Manifest,
} from './manifest.ts';
import { readGraph, type Graph, type VectorTable } from './vectors.ts';

/**
 * One complete, immutable result of a build, in memory. The ordinal of a passage is its position in `passages`; vectors,
 * graph and word index use the same ordinals.
 */
export interface Generation {
  readonly id: string;
  readonly manifest: Manifest;
  /** By id, in the order of the corpus. */
  readonly documents: ReadonlyMap<string, Document>;
  readonly passages: readonly Passage[];
  /** By id, in the order of the tour. */
  readonly meetings: ReadonlyMap<string, Meeting>;
  /** By id. */
  readonly sources: ReadonlyMap<string, Source>;
  /** Unit vectors: one row per passage, then one per expected question. */
  readonly vectors: VectorTable;
  readonly graph: Graph;
  /** For LexicalIndex. */
  readonly lexical: Uint8Array<ArrayBuffer>;
  /** For PassageParts. */
  readonly parts: Uint8Array<ArrayBuffer>;
  /** For SentenceVectors. */
  readonly sentences: Uint8Array<ArrayBuffer>;
}

export interface ModelIdentity {
  readonly id: string;
  readonly digest: string;
}

/**
 * Loads the current generation.
 *
 * @param options.model the model that will embed questions
 * @throws DragomanError `INDEX_MISSING` when nothing has been published, `INDEX_CORRUPT` when a file differs from what
 *   was published, `INDEX_MODEL_MISMATCH` when another model made the vectors
 */
export async function loadGeneration(
  indexFolder: string,
  options: { readonly model?: ModelIdentity } = {},
): Promise<Generation> {
  for (;;) {
    const pointer = await publishedPointer(indexFolder);
    try {
      return await loadFolder(generationFolder(indexFolder, pointer.generation), options.model);
    } catch (error) {
      // Two builds in a row may delete what is being loaded; then there is a newer one to load.
      const now = await readPointer(indexFolder);
      if (now?.generation === pointer.generation) throw error;
    }
  }
}

/**
 * The manifest of the current generation, read without loading it.
 *
 * @throws DragomanError `INDEX_MISSING` when nothing has been published, `INDEX_CORRUPT` when it cannot be read
 */
export async function publishedManifest(indexFolder: string): Promise<Manifest> {
  const { generation } = await publishedPointer(indexFolder);
  return readManifest(generationFolder(indexFolder, generation));
}

async function publishedPointer(indexFolder: string): Promise<Pointer> {
  const pointer = await readPointer(indexFolder);
  if (pointer !== null) return pointer;
  throw new DragomanError('INDEX_MISSING', `There is no index in ${indexFolder}.`, {
    hint: 'Run `npm run build:index` to build it.',
  });
}

/** As `loadGeneration`, for the folder of one generation, published or not. */
export async function loadFolder(folder: string, model?: ModelIdentity): Promise<Generation> {
  const manifest = await readManifest(folder);
  if (model !== undefined) assertSameModel(manifest, model);

  const read = (file: GenerationFile): Promise<Uint8Array<ArrayBuffer>> =>
    readVerified(folder, file, manifest);
  const rows = async <Row>(file: GenerationFile): Promise<Row[]> =>
    (await decodeRows(await read(file))) as Row[];

  const documents = await rows<Document>('documents');
  const passages = (await rows<PassageRow>('passages')).map((row) => {
    const document = documents[row.d];
    if (document === undefined) throw corrupt(`A passage in ${folder} belongs to no document.`);
    return decodePassage(row, document);
  });
  const meetings = await rows<Meeting>('meetings');
  const sources = await rows<Source>('sources');
  const lexical = await read('lexical');
  const parts = await read('parts');
  const sentences = await read('sentences');
  const { dimensions } = manifest.model;
  const vectorBytes = await read('vectors');
  await read('graph');

  const vectorRows = passages.length + manifest.counts.expected;
  const found = {
    documents: documents.length,
    passages: passages.length,
    expected: manifest.counts.expected,
    meetings: meetings.length,
    sources: sources.length,
  };
  if (
    JSON.stringify(found) !== JSON.stringify(manifest.counts) ||
    vectorBytes.length !== vectorRows * dimensions * Float32Array.BYTES_PER_ELEMENT
  ) {
    throw corrupt(`The files in ${folder} do not have the counts of their manifest.`);
  }
  return {
    id: manifest.id,
    manifest,
    documents: byId(documents),
    passages,
    meetings: byId(meetings),
    sources: byId(sources),
    vectors: { data: new Float32Array(vectorBytes.buffer), dimensions },
    graph: await readGraph(join(folder, GENERATION_FILES.graph), {
      count: vectorRows,
      dimensions,
    }),
    lexical,
    parts,
    sentences,
  };
}

/**
 * Checks every file of a generation against its manifest without loading it.
 *
 * @throws DragomanError `INDEX_CORRUPT` when one differs
 */
export async function verifyFolder(folder: string): Promise<Manifest> {
  const manifest = await readManifest(folder);
  for (const file of Object.keys(GENERATION_FILES) as GenerationFile[]) {
    await readVerified(folder, file, manifest);
  }
  return manifest;
}

async function readVerified(
  folder: string,
  file: GenerationFile,
  manifest: Manifest,
): Promise<Uint8Array<ArrayBuffer>> {
  const path = join(folder, GENERATION_FILES[file]);
  const expected = manifest.files[file];
  let data: Uint8Array<ArrayBuffer>;
  try {
    data = await readWhole(path);
  } catch (error) {
    if (!isMissing(error)) throw error;
    throw corrupt(`${path} is missing.`, error);
  }
  if (data.length !== expected.bytes) {
    throw corrupt(`Expected ${expected.bytes} bytes in ${path}, found ${data.length}.`);
  }
  if (sha256(data) !== expected.sha256) {
    throw corrupt(`The sha256 of ${path} differs from that of its manifest.`);
  }
  return data;
}

function assertSameModel(manifest: Manifest, model: ModelIdentity): void {
  if (manifest.model.digest === model.digest) return;
  const name = ({ id, digest }: ModelIdentity): string => `${id} (${digest.slice(0, 12)})`;
  throw new DragomanError(
    'INDEX_MODEL_MISMATCH',
    `The index was built with the model ${name(manifest.model)}, but the model in use is ${name(model)}.`,
    {
      hint:
        'Run `npm run build:index` to build it with the model in use, ' +
        `or set EMBEDDING_MODEL=${manifest.model.id}.`,
    },
  );
}

function byId<Item extends { readonly id: string }>(items: readonly Item[]): Map<string, Item> {
  return new Map(items.map((item) => [item.id, item]));
}

/** A passage on disk: with short keys and without its text, which is a slice of its document's. */
interface PassageRow {
  /** Position of the document in `documents.jsonl`. */
  readonly d: number;
  /** Headings. */
  readonly h: readonly string[];
  /** Start and end in the document's text. */
  readonly s: readonly [number, number];
  /** Lines. */
  readonly l: readonly [number, number];
  /** Starts and ends of the sentences in the passage's text, alternating. */
  readonly n: readonly number[];
  /** Meetings. */
  readonly m: readonly string[];
  /** Sources. */
  readonly f: readonly string[];
  /** Search header. */
  readonly p: string;
}

/** @throws Error when the passage is not a slice of its document's text, which is a defect */
export function encodePassage(passage: Passage, document: Document, position: number): PassageRow {
  if (document.text.slice(passage.start, passage.end) !== passage.text) {
    throw new Error(
      `Passage ${passage.start}-${passage.end} of ${document.path} is not a slice of its text.`,
    );
  }
  return {
    d: position,
    h: passage.headings,
    s: [passage.start, passage.end],
    l: passage.lines,
    n: passage.sentences.flatMap((sentence) => [sentence.start, sentence.end]),
    m: passage.meetings,
    f: passage.sources,
    p: passage.header,
  };
}

function decodePassage(row: PassageRow, document: Document): Passage {
  const [start, end] = row.s;
  const sentences: Span[] = [];
  for (let i = 0; i + 1 < row.n.length; i += 2) {
    sentences.push({ start: row.n[i] ?? 0, end: row.n[i + 1] ?? 0 });
  }
  return {
    documentId: document.id,
    headings: row.h,
    start,
    end,
    lines: row.l,
    text: document.text.slice(start, end),
    sentences,
    meetings: row.m,
    sources: row.f,
    header: row.p,
  };
}
