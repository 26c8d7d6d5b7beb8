/** The embedding model as the program sees it: what an embedder does, how each model is used, where its files are. */
import path from 'node:path';
import { DragomanError } from '../errors.ts';

/** A passage as the model reads it. */
export interface PassageText {
  /** Read before the sentences: title and headings. '' for none. */
  readonly header: string;
  readonly sentences: readonly string[];
}

export interface PassageVectors {
  /** Unit vector of header and sentences together. */
  readonly passage: Float32Array;
  /** Unit vectors, one per sentence, each in the context of the whole passage. */
  readonly sentences: readonly Float32Array[];
}

/**
 * Embeds texts as unit vectors of `dimensions` finite numbers. Questions and passages differ because some models (E5,
 * BGE) need different words before them.
 */
export interface Embedder {
  /** Model id as written in the settings, for example `bundled` or `Xenova/all-MiniLM-L6-v2`. */
  readonly id: string;
  /** sha256 in hex of the model's files and the encoding: embedders with equal digests give equal vectors. */
  readonly digest: string;
  readonly dimensions: number;
  /** One vector per question, also for expected questions. */
  embedQuestions(texts: readonly string[]): Promise<Float32Array[]>;
  embedPassages(passages: readonly PassageText[]): Promise<PassageVectors[]>;
  /** Ends the process of the model; pending calls reject. */
  close(): Promise<void>;
}

/** Progress of the download of one file of a model. */
export interface DownloadProgress {
  readonly file: string;
  readonly loadedBytes: number;
  /** 0 when the hub does not say. */
  readonly totalBytes: number;
}

/**
 * How to use a model, beyond its files: the tested revision, the words before a question or a passage, and the pooling of
 * token states. A wrong value costs accuracy and gives no error.
 */
export interface ModelProfile {
  /** Commit of the model's repository on the hub; `main`, which can change, only for models not listed below. */
  readonly revision: string;
  readonly questionPrefix: string;
  readonly passagePrefix: string;
  readonly pooling: 'mean' | 'cls';
}

const PLAIN: ModelProfile = {
  revision: 'main',
  questionPrefix: '',
  passagePrefix: '',
  pooling: 'mean',
};

/** https://huggingface.co/intfloat/multilingual-e5-small: trained with "query: " and "passage: ". */
const E5: ModelProfile = { ...PLAIN, questionPrefix: 'query: ', passagePrefix: 'passage: ' };

/** https://huggingface.co/BAAI/bge-small-en-v1.5: an instruction before questions only, the state of the first token. */
const BGE: ModelProfile = {
  ...PLAIN,
  questionPrefix: 'Represent this sentence for searching relevant passages: ',
  pooling: 'cls',
};

const PINNED = new Map<string, ModelProfile>([
  // Fine-tuned from multilingual-e5-small (tools/model).
  ['bundled', E5],
  ['Xenova/all-MiniLM-L6-v2', { ...PLAIN, revision: '751bff37182d3f1213fa05d7196b954e230abad9' }],
  ['Xenova/bge-small-en-v1.5', { ...BGE, revision: 'ea104dacec62c0de699686887e3f920caeb4f3e3' }],
  ['Xenova/multilingual-e5-small', { ...E5, revision: '761b726dd34fb83930e26aab4e9ac3899aa1fa78' }],
]);

/** Profile of a model by its name in the settings; other models of a known family get the prefixes of the family. */
export function profileOf(model: string): ModelProfile {
  const pinned = PINNED.get(model);
  if (pinned !== undefined) return pinned;
  const name = model.split(/[\\/]/).at(-1) ?? model;
  if (/(^|[-_])e5([-_]|$)/i.test(name)) return E5;
  if (/^bge-.*-en/i.test(name)) return BGE;
  return PLAIN;
}

interface Place {
  /** Name for the library. */
  readonly name: string;
  /** Parent of the folder of a local model. */
  readonly parent: string;
  /** Folder of the model's files, also before they are downloaded. */
  readonly folder: string;
  readonly cacheFolder: string;
}

/** Where a model's files come from. */
export type ModelLocation =
  | (Place & { readonly kind: 'folder' })
  | (Place & { readonly kind: 'hub'; readonly hub: string; readonly revision: string });

/** `owner/name`, the form of every model on a hub. */
const HUB_ID = /^[A-Za-z0-9][\w.-]*\/[A-Za-z0-9][\w.-]*$/;

/**
 * Where a model is, by its name in the settings: `bundled` is the model folder of the project, a path that starts with
 * `.` or is absolute a folder of the same layout, and `owner/name` a model on the hub.
 *
 * @throws DragomanError MODEL when the name has none of these forms
 */
export function locateModel(options: {
  model: string;
  modelFolder: string;
  cacheFolder: string;
  revision: string;
  hub: string;
}): ModelLocation {
  const { model } = options;
  const cacheFolder = path.resolve(options.cacheFolder);
  if (model === 'bundled' || model.startsWith('.') || path.isAbsolute(model)) {
    const folder = path.resolve(model === 'bundled' ? options.modelFolder : model);
    const parent = path.dirname(folder);
    return { kind: 'folder', name: path.basename(folder), parent, folder, cacheFolder };
  }
  if (!HUB_ID.test(model)) {
    throw new DragomanError(
      'MODEL',
      `Expected an embedding model as "bundled", as owner/name on the hub or as a path that starts with "./" or "/", found "${model}".`,
      {
        hint: 'Set EMBEDDING_MODEL=bundled, or for example EMBEDDING_MODEL=Xenova/all-MiniLM-L6-v2.',
      },
    );
  }
  const { hub, revision } = options;
  // In its cache the library names a folder by the revision, except for the default branch.
  const inCache = revision === 'main' ? [model] : [model, revision];
  const folder = path.join(cacheFolder, ...inCache);
  return { kind: 'hub', name: model, parent: cacheFolder, folder, cacheFolder, hub, revision };
}
