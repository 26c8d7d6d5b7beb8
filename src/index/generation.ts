import { join } from 'node:path';
import type { Document, Meeting, Passage, Source } from '../corpus/types.ts';
import { DragomanError } from '../errors.ts';
import { readWhole, sha256 } from '../files.ts';
import { readGraph, type Graph, type VectorTable } from './graph.ts';
import {
  GENERATION_FILES,
  corrupt,
  readManifest,
  type GenerationFile,
  type Manifest,
} from './manifest.ts';
import { generationFolder, isMissing, readPointer } from './index-folder.ts';
import { decodePassage, decodeRows, type PassageRow } from './rows.ts';

/**
 * One complete, immutable result of a build, in memory. A passage's ordinal is its position in
 * `passages`; the first rows of the vectors, their graph labels and the lexical index go by the same ordinals.
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
  /** Unit vectors: one row for each passage, then one for each expected question. */
  readonly vectors: VectorTable;
  readonly graph: Graph;
  /** Bytes of the lexical index, the units and the sentence vectors, each alone in its buffer. */
  readonly lexical: Uint8Array<ArrayBuffer>;
  readonly units: Uint8Array<ArrayBuffer>;
  readonly sentences: Uint8Array<ArrayBuffer>;
}

export interface ModelIdentity {
  readonly id: string;
  readonly digest: string;
}

/**
 * Loads the current generation, every file of it checked against the manifest's sha256.
 *
 * @param options.model - the model that questions will be embedded with
 * @throws DragomanError `INDEX_MISSING` when nothing has been published, `INDEX_CORRUPT` when a file is
 *   not what was published, `INDEX_MODEL_MISMATCH` when another model made the vectors
 */
export async function loadGeneration(
  indexFolder: string,
  options: { readonly model?: ModelIdentity } = {},
): Promise<Generation> {
  for (;;) {
    const pointer = await readPointer(indexFolder);
    if (pointer === null) {
      throw new DragomanError('INDEX_MISSING', `There is no index in ${indexFolder}.`, {
        hint: 'Run `npm run build:index` to build it.',
      });
    }
    try {
      return await loadFolder(generationFolder(indexFolder, pointer.generation), options.model);
    } catch (error) {
      // Two builds in a row may prune what is being loaded; then there is a newer one to load.
      const now = await readPointer(indexFolder);
      if (now?.generation === pointer.generation) throw error;
    }
  }
}

/** As `loadGeneration`, of one generation's folder, published or not. */
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
    if (document === undefined) throw corrupt(`${folder}: a passage belongs to no document.`);
    return decodePassage(row, document);
  });
  const meetings = await rows<Meeting>('meetings');
  const sources = await rows<Source>('sources');
  const lexical = await read('lexical');
  const units = await read('units');
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
    throw corrupt(`${folder}: the files do not hold what the manifest counts.`);
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
    units,
    sentences,
  };
}

/**
 * Checks every file of a generation against its manifest without loading it.
 *
 * @throws DragomanError `INDEX_CORRUPT`
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
    throw corrupt(`${path} has ${data.length} bytes where ${expected.bytes} were published.`);
  }
  if (sha256(data) !== expected.sha256) {
    throw corrupt(`${path} is not what was published: its sha256 differs from the manifest's.`);
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
