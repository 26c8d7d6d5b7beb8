/** What a generation consists of: tells documents apart by keys, encodes a segment, and writes its files. */
import { createHash } from 'node:crypto';
import { link, copyFile, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Corpus, Document, Passage } from '../corpus/types.ts';
import { digestOfFile, programDigest, sha256, syncFolder, writeDurably } from '../files.ts';
import { namesOf } from '../language/names.ts';
import { LexicalBuilder, type PlacedQuestion } from './build-lexical.ts';
import type { Embedded, EverydayNearest } from './embed.ts';
import { encodePassage, encodeRows } from './file-formats.ts';
import {
  FILES,
  INDEX_FORMAT,
  MANIFEST_FILE,
  segmentFile,
  type GenerationFile,
  type Manifest,
  type SegmentManifest,
} from './manifest.ts';
import { EXACT_LIMIT, writeGraph } from './vectors.ts';

/** A row of the file of keys: the key of a document and the number of its passages. */
export type KeyRow = readonly [key: string, passages: number];

/**
 * sha256 of everything that determines what becomes of a document but the document itself: the program, the model, the names and
 * the meetings that texts are tied to.
 */
export async function contextKey(
  { documents, meetings }: Corpus,
  model: { readonly digest: string; readonly dimensions: number },
  chunkerVersion: string,
): Promise<string> {
  // Only other spellings of a name change how texts are read.
  const people = documents.flatMap((document) =>
    document.people.filter(({ otherSpellings }) => otherSpellings.length > 0),
  );
  const { digest, dimensions } = model;
  const program = [INDEX_FORMAT, await programDigest(), chunkerVersion];
  return sha256(JSON.stringify([program, digest, dimensions, people, meetings]));
}

/** sha256 of everything that an index has of a document, in the same context. */
export function documentKey(document: Document): string {
  const hash = createHash('sha256').update(document.text);
  return hash.update(JSON.stringify({ ...document, ...DERIVED })).digest('hex');
}

/** What follows from the bytes and the text of a document. */
const DERIVED = { text: null, sections: null, footnotes: null, origin: null };

/** sha256 of everything that determines a generation. */
export function contentKey(
  { about, sources }: Corpus,
  context: string,
  keys: readonly string[],
): string {
  return sha256(JSON.stringify([context, about, sources, keys]));
}

/** The content of the files of a segment that do not depend on the model, in chunks. */
export type SegmentContent = Readonly<
  Record<Exclude<GenerationFile, 'graph' | 'vectors' | 'sentences'>, readonly Uint8Array[]>
>;

export interface SegmentParts {
  /** Of the segment, with their keys. */
  readonly documents: readonly Document[];
  readonly keys: readonly string[];
  readonly passages: readonly Passage[];
  readonly expected: readonly PlacedQuestion[];
  /** Passages of the base that are gone. */
  readonly removed: readonly Passage[];
}

/** Passages read before other work gets a turn: the lease of the build's lock is renewed meanwhile. */
const PASSAGES_PER_TURN = 500;

/**
 * Encodes what a segment contains apart from vectors. The same corpus gives the same bytes.
 *
 * @param onProgress told now and then how many passages have been read
 */
export async function encodeContent(
  corpus: Corpus,
  { documents, keys, passages, expected, removed }: SegmentParts,
  onProgress: (done: number) => void = () => undefined,
): Promise<SegmentContent> {
  const positions = new Map(
    documents.map((document, position) => [document.id, { document, position }]),
  );
  const counts = new Uint32Array(documents.length);
  const rows = passages.map((passage) => {
    const owner = positions.get(passage.documentId);
    if (owner === undefined) throw new Error(`No document has the id ${passage.documentId}.`);
    counts[owner.position] = (counts[owner.position] ?? 0) + 1;
    return encodePassage(passage, owner.document, owner.position);
  });
  const lexical = new LexicalBuilder(namesOf(corpus));
  for (const [position, passage] of passages.entries()) {
    if (position % PASSAGES_PER_TURN === 0) {
      onProgress(position);
      await nextTurn();
    }
    lexical.add(passage);
  }
  for (const passage of removed) lexical.remove(passage);
  return {
    documents: encodeRows(documents),
    passages: encodeRows(rows),
    meetings: encodeRows(corpus.meetings),
    sources: encodeRows(corpus.sources),
    keys: encodeRows(keys.map((key, at): KeyRow => [key, counts[at] ?? 0])),
    lexical: [lexical.finish(expected)],
  };
}

export interface WriteOptions {
  /** Of the generation. */
  readonly folder: string;
  /** 0 for a base, 1 for an addition. */
  readonly segment: number;
  readonly counts: SegmentManifest['counts'];
  readonly content: SegmentContent;
  readonly vectors: Pick<Embedded, 'vectors' | 'packed' | 'sentences'>;
  readonly everyday: EverydayNearest;
  readonly onGraph: (done: number) => void;
  /** Called after each file, and when the folder itself is on the disk. */
  readonly onWritten: (done: number, total: number) => void;
}

/** Writes every file of a segment and waits until all of it is on the disk. */
export async function writeSegment(options: WriteOptions): Promise<SegmentManifest> {
  const { folder, segment, counts, content, onGraph, onWritten } = options;
  const { vectors, packed, sentences } = options.vectors;
  const total = FILES.length + 1;
  let done = 0;
  const written = (): void => onWritten((done += 1), total);
  const pathOf = (file: GenerationFile): string => join(folder, segmentFile(segment, file));
  await mkdir(dirname(pathOf('graph')), { recursive: true });

  const rows = counts.passages + counts.expected;
  // All rows of an addition are compared: it stays small, and is written again with each change.
  if (segment === 0 && rows > EXACT_LIMIT) {
    await writeGraph(pathOf('graph'), vectors, onGraph);
  } else await writeDurably(pathOf('graph'), []);
  onGraph(rows);
  const files = { graph: await digestOfFile(pathOf('graph')) } as SegmentManifest['files'];
  written();
  const rest = { ...content, vectors: [packed], sentences: [sentences] };
  for (const file of FILES) {
    if (file === 'graph') continue;
    files[file] = await writeDurably(pathOf(file), rest[file]);
    written();
  }
  await syncFolder(dirname(pathOf('graph')));
  written();
  return { counts, files, everyday: options.everyday };
}

/** Gives a generation the files of another one's base, which is not copied where the file system can do without. */
export async function linkBase(
  from: string,
  folder: string,
  files: readonly GenerationFile[] = FILES,
): Promise<void> {
  for (const file of files) {
    const name = segmentFile(0, file);
    await link(join(from, name), join(folder, name)).catch(() =>
      copyFile(join(from, name), join(folder, name)),
    );
  }
}

/** The last file of a generation: with it the folder is complete. */
export async function writeManifest(folder: string, manifest: Manifest): Promise<void> {
  await writeDurably(join(folder, MANIFEST_FILE), [`${JSON.stringify(manifest, null, 2)}\n`]);
  await syncFolder(folder);
}
