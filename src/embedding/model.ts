/** The embedding model: what an embedder does, how each model is used, where its files are, how texts become vectors. */
import path from 'node:path';
import { DragomanError } from '../errors.ts';

/** A passage as the model reads it. */
export interface PassageText {
  /** Read before the sentences: title and headings. '' for none. */
  readonly header: string;
  readonly sentences: readonly string[];
}

export interface PassageVectors {
  readonly passage: Float32Array;
  /** Unit vectors, one per sentence, each in the context of the whole passage. */
  readonly sentences: readonly Float32Array[];
}

export interface QuestionVectors {
  readonly question: Float32Array;
  /**
   * Unit vectors, the means of the states after earlier layers, of a model whose graph gives them. The last layer tells what a
   * question is about; how it is put is in those before it.
   */
  readonly layers: readonly Float32Array[];
}

/**
 * What a model has learned besides vectors: when a question stands before a passage, in its header, the sentence vectors tell
 * which of them answers it. Weights of a linear layer on a sentence vector; its result is the log-odds against "no sentence answers".
 */
export interface ReadingHead {
  readonly weights: readonly number[];
  readonly bias: number;
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
  /** Null for a model that has not learned to read. */
  readonly head: ReadingHead | null;
  /** One vector per question, also for expected questions. */
  embedQuestions(texts: readonly string[]): Promise<Float32Array[]>;
  embedQuestion(text: string): Promise<QuestionVectors>;
  /** @param options `isAsked`: they are read with a question that somebody waits for, ahead of everything else */
  embedPassages(
    passages: readonly PassageText[],
    options?: { readonly isAsked?: boolean },
  ): Promise<PassageVectors[]>;
  close(): Promise<void>;
}

export interface EmbedderOptions {
  /** `bundled`, a hub model as `owner/name`, or the path of a folder (starting with `.` or absolute). */
  readonly model: string;
  readonly modelFolder: string;
  /** Where models from the hub are stored. Not inside node_modules, which the next install deletes. */
  readonly cacheFolder: string;
  /** Commit, tag or branch on the hub. Default: the pinned one of a known model, else `main`. */
  readonly revision?: string | undefined;
  /** Address of the hub or of a mirror, with a slash at its end. */
  readonly hub?: string | undefined;
  /** That the model computes with; they do not change its vectors. Default: one per core. */
  readonly threads?: number | undefined;
  /** Called while a file is downloaded from the hub; never for a local model. */
  readonly onProgress?: (progress: DownloadProgress) => void;
  /** Called when the model's process has died with a text, or has not answered, before another one gets the text. */
  readonly onRestart?: (problem: unknown) => void;
}

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

export type ModelLocation = Readonly<ReturnType<typeof locateModel>>;

/** `owner/name`, the form of every model on a hub. */
const HUB_ID = /^[A-Za-z0-9][\w.-]*\/[A-Za-z0-9][\w.-]*$/;

/**
 * Where a model's files are, or will be once they are downloaded, by its name in the settings: `bundled` is the model folder of
 * the project, a path that starts with `.` or is absolute a folder of the same layout, and `owner/name` a model on the hub.
 *
 * @returns its folder; for the library, its name below `parent`; the hub, null for a local model
 * @throws DragomanError MODEL when the name has none of these forms
 */
export function locateModel({
  model,
  modelFolder,
  cacheFolder,
  revision = profileOf(model).revision,
  hub = 'https://huggingface.co/',
}: EmbedderOptions) {
  if (model === 'bundled' || model.startsWith('.') || path.isAbsolute(model)) {
    const folder = path.resolve(model === 'bundled' ? modelFolder : model);
    const { dir: parent, base: name } = path.parse(folder);
    return { folder, name, parent, hub: null, revision };
  }
  if (!HUB_ID.test(model)) {
    throw modelError(
      `Expected an embedding model as "bundled", as owner/name on the hub or as a path that starts with "./" or "/", found "${model}".`,
      'Set EMBEDDING_MODEL=bundled, or for example EMBEDDING_MODEL=Xenova/all-MiniLM-L6-v2.',
    );
  }
  const parent = path.resolve(cacheFolder);
  // In its cache the library names a folder by the revision, except for the default branch.
  const folder = path.join(parent, model, revision === 'main' ? '' : revision);
  return { folder, name: model, parent, hub, revision };
}

export interface ModelToOpen extends Pick<EmbedderOptions, 'model' | 'threads'> {
  readonly location: ModelLocation;
  readonly profile: ModelProfile;
}

export type OpenedModel = Pick<Embedder, 'digest' | 'dimensions' | 'head'>;

/** One run of the graph. */
export type Task =
  | { readonly kind: 'question'; readonly text: string }
  | { readonly kind: 'passage'; readonly passage: PassageText };

export function modelError(message: string, hint: string, cause?: unknown): DragomanError {
  return new DragomanError('MODEL', message, { hint, cause });
}

/**
 * Version of the way from a text to its vector: token sequences, their limits, pooling. Part of the model's digest, so
 * raise it with every change that changes vectors, and change `joined` in tools/model/fine_tune.py too.
 */
export const ENCODING_VERSION = 1;

/** Longer questions are cut, special tokens included, because they would delay others. */
const MAX_QUESTION_TOKENS = 128;

export interface TokenRules {
  readonly tokenise: (text: string) => readonly number[];
  /** Id of the token before every sequence: `<s>` or `[CLS]`. */
  readonly first: number;
  /** Id of the token after every sequence: `</s>` or `[SEP]`. */
  readonly last: number;
  /** Longest sequence the model takes, special tokens included. */
  readonly maxTokens: number;
  readonly profile: Pick<ModelProfile, 'questionPrefix' | 'passagePrefix'>;
}

export type PassageTokens = Readonly<ReturnType<typeof passageTokens>>;

/** Token ids of a question: at least the two special ones, at most `MAX_QUESTION_TOKENS` or what the model takes. */
export function questionTokens(text: string, rules: TokenRules): number[] {
  const words = rules.tokenise(rules.profile.questionPrefix + text);
  const room = Math.min(MAX_QUESTION_TOKENS, rules.maxTokens) - 2;
  return [rules.first, ...words.slice(0, room), rules.last];
}

/**
 * Token ids of a passage, cut at what the model takes. Header and sentences are tokenised separately, so that every token
 * belongs to one of them.
 */
export function passageTokens({ header, sentences }: PassageText, rules: TokenRules) {
  const { passagePrefix } = rules.profile;
  const before = header === '' ? passagePrefix.trim() : `${passagePrefix}${header}.`;
  const end = rules.maxTokens - 1;
  const ids = [rules.first, ...(before === '' ? [] : rules.tokenise(before))];
  const spans = sentences.map((sentence) => {
    const start = ids.length;
    // Tokens after the cut are not needed, and a passage can have any length.
    if (start < end) for (const id of rules.tokenise(sentence)) ids.push(id);
    // [start, end) of its tokens; empty when it has none or was cut.
    return { start: Math.min(start, end), end: Math.min(ids.length, end) };
  });
  return { ids: [...ids.slice(0, end), rules.last], spans };
}

/** What the graph gives for one sequence. */
export interface GraphOutput {
  /** Of each token, [tokens × dimensions], row-major. */
  readonly states: Float32Array;
  /** Mean states after earlier layers. */
  readonly means: readonly Float32Array[];
}

export interface LoadedModel extends Omit<TokenRules, 'profile'> {
  readonly run: (ids: readonly number[]) => Promise<GraphOutput>;
}

/**
 * Questions and passages to unit vectors. One text per run: with a quantised model the padding of a batch changes the
 * vectors in it (https://github.com/microsoft/onnxruntime/issues/8625), and a question must always get the same one.
 *
 * The vector of a sentence is pooled from the states of its tokens in the run of the whole passage ("late chunking",
 * Günther et al. 2024, https://arxiv.org/abs/2409.04701), so it includes what "he" refers to and needs no run of its own.
 */
export function encoderOf(model: LoadedModel, profile: ModelProfile, expected: Expected) {
  const rules = { ...model, profile };
  /** The mean of the states in the span, scaled to length 1: that is their sum, scaled. */
  const pooled = (
    states: Float32Array,
    tokens: number,
    { start, end }: PassageTokens['spans'][number],
  ) => {
    // Not the configured size, so that toUnitVector notices a graph with another one.
    const sum = new Float32Array(Math.floor(states.length / tokens));
    let offset = start * sum.length;
    for (let token = start; token < end; token++) {
      for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] ?? 0) + (states[offset++] ?? NaN);
    }
    return toUnitVector(sum, expected);
  };
  const whole = (states: Float32Array, tokens: number): Float32Array =>
    pooled(states, tokens, { start: 0, end: profile.pooling === 'cls' ? 1 : tokens });

  return {
    /**
     * Unit vectors [(1 + means) × dimensions], row-major: of a question, then of each mean.
     *
     * @throws DragomanError MODEL when the graph does not give finite states of the model's dimensions
     */
    question: async (text: string): Promise<Float32Array> => {
      const ids = questionTokens(text, rules);
      const { states, means } = await model.run(ids);
      return joined([
        whole(states, ids.length),
        ...means.map((mean) => toUnitVector(mean, expected)),
      ]);
    },
    /**
     * Unit vectors [(1 + sentences) × dimensions], row-major: of the passage, then of each sentence. A sentence without
     * tokens gets the vector of the passage.
     *
     * @throws DragomanError MODEL as `question`
     */
    passage: async (passage: PassageText): Promise<Float32Array> => {
      const { ids, spans } = passageTokens(passage, rules);
      const { states } = await model.run(ids);
      const own = whole(states, ids.length);
      const ofSentences = spans.map((span) =>
        span.start === span.end ? own : pooled(states, ids.length, span),
      );
      return joined([own, ...ofSentences]);
    },
  };
}

function joined(rows: readonly Float32Array[]): Float32Array {
  const width = rows[0]?.length ?? 0;
  const table = new Float32Array(rows.length * width);
  rows.forEach((row, at) => table.set(row, at * width));
  return table;
}

export type Encoder = ReturnType<typeof encoderOf>;

/** What a graph is expected to give; the model's name is for messages. */
interface Expected {
  readonly model: string;
  readonly dimensions: number;
}

/**
 * Scales a vector to length 1, in place.
 *
 * @throws DragomanError MODEL when it has other dimensions, a component that is not finite, or zeros only
 */
export function toUnitVector(vector: Float32Array, { model, dimensions }: Expected): Float32Array {
  if (vector.length !== dimensions) {
    throw modelError(
      `Expected a vector of ${dimensions} numbers of the model ${model}, found ${vector.length}.`,
      'Its files do not belong together: download the model again.',
    );
  }
  let squares = 0;
  for (const component of vector) squares += component * component;
  if (!Number.isFinite(squares)) {
    throw modelError(
      `The model ${model} gave a vector with a component that is not finite.`,
      'Its files are damaged or its quantisation overflows: download it again or choose another.',
    );
  }
  if (squares === 0) {
    throw modelError(
      `The model ${model} gave a vector of zeros.`,
      'Its files are damaged: download it again or choose another.',
    );
  }
  const scale = 1 / Math.sqrt(squares);
  for (let i = 0; i < vector.length; i++) vector[i] = (vector[i] ?? 0) * scale;
  return vector;
}
