import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { PreTrainedModel, PreTrainedTokenizer, Tensor } from '@xenova/transformers';
import {
  type ModelToOpen,
  type OpenedModel,
  toSentError,
  type WorkerMessage,
  type WorkerRequest,
} from './encoder-process.ts';
import {
  type DownloadProgress,
  Encoder,
  ENCODING_VERSION,
  type LoadedModel,
  type ModelLocation,
  type ModelProfile,
  type ReadingHead,
} from './model.ts';
import { DragomanError, messageOf } from '../errors.ts';
import { makeFolder, partsOf } from '../files.ts';

/**
 * Entry of the process that loads the model and runs it. It lives as long as its parent and ignores signals to the whole
 * process group (Ctrl-C in a terminal, a stopping service), because the parent may still be answering.
 */
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
process.on('disconnect', () => process.exit());

// The library prints its errors before it throws them, with the tokens of the user's question.
console.warn = console.error = () => undefined;

/** Loaded from the start, for whatever model will be opened. */
const library = import('@xenova/transformers');
// Told by the request that needs it.
library.catch(() => undefined);

let encoder: Encoder | null = null;

process.on('message', (message) => {
  const request = message as WorkerRequest;
  answer(request).then(send, (error: unknown) => {
    send({ kind: 'failed', id: request.id, error: toSentError(error) });
  });
});

async function answer(request: WorkerRequest): Promise<WorkerMessage> {
  const { id } = request;
  if (request.kind === 'open') return { kind: 'opened', id, opened: await open(request.open) };
  if (encoder === null) throw new Error('Expected an open model, found none.');
  const vectors =
    request.kind === 'question'
      ? await encoder.question(request.text)
      : await encoder.passage(request.passage);
  return { kind: 'vectors', id, vectors };
}

async function open({ model, location, profile, threads }: ModelToOpen): Promise<OpenedModel> {
  if (location.kind === 'folder') await readModelFile(location.folder, 'config.json');
  else await makeModelFolder(location.folder);
  const loaded = await loadModel({ location, threads }, (progress) =>
    send({ kind: 'progress', progress }),
  );
  const digest = await digestOf(location, profile);
  const dimensions = dimensionsOf(await readModelFile(location.folder, 'config.json'), model);
  encoder = new Encoder(loaded, profile, { model, dimensions });
  // A first run now warms the model up and reveals a mismatch before anything depends on it.
  await encoder.question('Who?');
  return { digest, dimensions, head: await readHead(location.folder, dimensions) };
}

const GRAPH = 'onnx/model_quantized.onnx';

/**
 * Has the runtime load the graph from its file, which is faster: the library gives it the graph's bytes and no options, and with
 * bytes this version of the runtime takes none.
 */
async function openGraphFromFile(folder: string, threads: number | undefined): Promise<void> {
  const { InferenceSession } = (await import('onnxruntime-node')).default;
  const create = InferenceSession.create.bind(InferenceSession);
  const graph = path.join(folder, GRAPH);
  const options = threads === undefined ? {} : { intraOpNumThreads: threads };
  Object.assign(InferenceSession, { create: () => create(graph, options) });
}

/** What the library reads the files of a local model from. By itself it reads each twice, and the graph, which it need not have. */
const LOCAL_FILES = {
  match: async (file: string): Promise<Pick<Response, 'arrayBuffer'> | undefined> => {
    if (file.endsWith(GRAPH)) return { arrayBuffer: () => Promise.resolve(new ArrayBuffer(0)) };
    const content = await readFile(file).catch(() => null);
    return content === null
      ? undefined
      : { arrayBuffer: () => Promise.resolve(new Uint8Array(content).buffer) };
  },
  put: (): Promise<void> => Promise.resolve(),
};

/** The library would retry forever if the folder cannot be created. */
async function makeModelFolder(folder: string): Promise<void> {
  await makeFolder(folder).catch((cause: unknown) => {
    throw new DragomanError(
      'MODEL',
      `The folder of the model cannot be created: ${messageOf(cause)}`,
      {
        hint: 'Set MODEL_CACHE_DIR to a writable folder.',
        cause,
      },
    );
  });
}

function dimensionsOf(config: Buffer, model: string): number {
  const { hidden_size: size } = JSON.parse(config.toString('utf8')) as { hidden_size?: unknown };
  if (typeof size === 'number') return size;
  throw new DragomanError('MODEL', `The config.json of the model ${model} has no hidden_size.`, {
    hint: 'Choose a sentence encoder of the BERT family, or "bundled".',
  });
}

function send(message: WorkerMessage): void {
  // The parent may have ended.
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
}

/**
 * Loads tokeniser and graph with @xenova/transformers, once: the library has global settings.
 *
 * @throws DragomanError MODEL_UNREACHABLE when the model must be downloaded and the hub cannot be reached, MODEL when it
 *   cannot be loaded
 */
async function loadModel(
  { location, threads }: Pick<ModelToOpen, 'location' | 'threads'>,
  onProgress: (progress: DownloadProgress) => void,
): Promise<LoadedModel> {
  await openGraphFromFile(location.folder, threads);
  const { AutoModel, AutoTokenizer, Tensor, env } = await library;
  const isLocal = location.kind === 'folder';
  // By default both folders are inside node_modules, which the next install deletes.
  env.localModelPath = location.parent;
  env.cacheDir = location.cacheFolder;
  env.allowLocalModels = isLocal;
  env.allowRemoteModels = !isLocal;
  if (isLocal)
    Object.assign(env, { useFSCache: false, useCustomCache: true, customCache: LOCAL_FILES });
  if (location.kind === 'hub') env.remoteHost = location.hub;
  const options = {
    quantized: true,
    local_files_only: isLocal,
    ...(location.kind === 'hub' ? { revision: location.revision } : {}),
    ...(isLocal ? {} : { progress_callback: forward(onProgress) }),
  };
  try {
    const [tokenizer, model] = await Promise.all([
      AutoTokenizer.from_pretrained(location.name, options),
      AutoModel.from_pretrained(location.name, options),
    ]);
    const int64 = (values: BigInt64Array): Tensor =>
      new Tensor('int64', values, [1, values.length]);
    return { ...tokenRules(tokenizer, model), run: (ids) => run(model, ids, int64) };
  } catch (cause) {
    throw explain(location, cause);
  }
}

function tokenRules(
  tokenizer: PreTrainedTokenizer,
  model: PreTrainedModel,
): Omit<LoadedModel, 'run'> {
  prependSpace((tokenizer as unknown as { pre_tokenizer: PreTokeniser | null }).pre_tokenizer);
  const [first, last, ...more] = tokenizer.encode('');
  if (first === undefined || last === undefined || more.length > 0) {
    throw new Error('its tokeniser does not put one special token at each end of a text');
  }
  const limits = [
    (tokenizer as unknown as { model_max_length?: number }).model_max_length,
    (model.config as { max_position_embeddings?: number }).max_position_embeddings,
  ];
  return {
    tokenise: (text) => tokenizer.encode(text, null, { add_special_tokens: false }),
    first,
    last,
    maxTokens: Math.min(...limits.filter((limit) => typeof limit === 'number')),
  };
}

/** The part of the library's pre-tokenisers that is used; it exports no type. */
interface PreTokeniser {
  addPrefixSpace?: boolean | undefined;
  readonly prepend_scheme?: string;
  readonly tokenizers?: readonly PreTokeniser[];
}

/**
 * Newer tokenizer.json files have `prepend_scheme` only, which the library (2.17.2) ignores: it puts no "▁" before the
 * first word and tokenises it as the inside of a word, unlike the tokenisers that the models were trained with.
 */
function prependSpace(preTokeniser: PreTokeniser | null): void {
  if (preTokeniser === null) return;
  preTokeniser.tokenizers?.forEach(prependSpace);
  if (preTokeniser.prepend_scheme !== undefined) preTokeniser.addPrefixSpace ??= true;
}

async function run(
  model: PreTrainedModel,
  ids: readonly number[],
  int64: (values: BigInt64Array) => Tensor,
): Promise<Float32Array> {
  const inputs = {
    input_ids: int64(BigInt64Array.from(ids, BigInt)),
    attention_mask: int64(new BigInt64Array(ids.length).fill(1n)),
    // The library drops inputs that the graph does not have.
    token_type_ids: int64(new BigInt64Array(ids.length)),
  };
  let output: { last_hidden_state?: Tensor; token_embeddings?: Tensor };
  try {
    output = (await model(inputs)) as typeof output;
  } catch (cause) {
    throw new DragomanError('MODEL', `The embedding model cannot be run: ${messageOf(cause)}`, {
      hint: 'Its files are damaged or do not belong together: download or restore the whole model.',
      cause,
    });
  }
  const states = (output.last_hidden_state ?? output.token_embeddings)?.data;
  if (!(states instanceof Float32Array)) {
    throw new DragomanError('MODEL', 'The embedding model gives no state for each token.', {
      hint: 'Choose a sentence encoder of the BERT family, or "bundled".',
    });
  }
  return states;
}

function forward(onProgress: (progress: DownloadProgress) => void): (event: unknown) => void {
  return (event) => {
    const { status, file, loaded, total } = event as Record<string, unknown>;
    if (status === 'progress' && typeof file === 'string' && typeof loaded === 'number') {
      onProgress({ file, loadedBytes: loaded, totalBytes: typeof total === 'number' ? total : 0 });
    }
  };
}

function explain(location: ModelLocation, cause: unknown): DragomanError {
  const message = messageOf(cause);
  if (location.kind === 'folder') {
    return new DragomanError(
      'MODEL',
      `The model in ${location.folder} cannot be loaded: ${message}`,
      {
        hint: 'Its files are damaged or are not an ONNX sentence encoder: copy the model folder again.',
        cause,
      },
    );
  }
  if (/Could not locate file|Unauthorized|Forbidden|Bad request/.test(message)) {
    return new DragomanError(
      'MODEL',
      `The hub ${location.hub} has no model ${location.name} at revision ${location.revision} that can be loaded: ${message}`,
      {
        hint: 'Check EMBEDDING_MODEL: it needs a public model with ONNX files, for example Xenova/all-MiniLM-L6-v2, or "bundled".',
        cause,
      },
    );
  }
  if (
    /fetch failed|Error occurred|error occurred|Service unavailable|Gateway|timeout/i.test(message)
  ) {
    return new DragomanError(
      'MODEL_UNREACHABLE',
      `The model ${location.name} is not in ${location.folder} and the hub ${location.hub} cannot be reached: ${message}`,
      {
        hint:
          `Connect to the network once so that the model can be downloaded, or copy its files (config.json, tokenizer.json, ` +
          `tokenizer_config.json, onnx/model_quantized.onnx) into ${location.folder}, or set EMBEDDING_MODEL=bundled, ` +
          `which needs no network.`,
        cause,
      },
    );
  }
  return new DragomanError('MODEL', `The model ${location.name} cannot be loaded: ${message}`, {
    hint: `A download may have been cut off: delete ${location.folder} and try again.`,
    cause,
  });
}

/** @throws DragomanError MODEL when the file is there and does not fit the model */
async function readHead(folder: string, dimensions: number): Promise<ReadingHead | null> {
  const file = path.join(folder, 'reading.json');
  const content = await readFile(file, 'utf8').catch((error: unknown) => {
    if ((error as { code?: unknown }).code === 'ENOENT') return null;
    throw error;
  });
  if (content === null) return null;
  const head = parsedHead(content);
  if (head?.weights.length === dimensions) return head;
  throw new DragomanError('MODEL', `Expected ${dimensions} weights and a bias in ${file}.`, {
    hint: 'Restore it, or delete it: without it questions are answered by vectors and words alone.',
  });
}

function parsedHead(content: string): ReadingHead | null {
  try {
    const { weights, bias } = JSON.parse(content) as { weights?: unknown; bias?: unknown };
    const isNumber = (value: unknown): value is number => Number.isFinite(value);
    const isWhole = Array.isArray(weights) && weights.every(isNumber) && isNumber(bias);
    return isWhole ? { weights, bias } : null;
  } catch {
    return null;
  }
}

/** The files of a model that its vectors depend on. */
const FILES = ['config.json', 'tokenizer.json', 'tokenizer_config.json', GRAPH];

/**
 * sha256 in hex of the model's files, the profile and the encoding: equal digests give equal vectors.
 *
 * @throws DragomanError MODEL when a file is missing or unreadable
 */
async function digestOf(location: ModelLocation, profile: ModelProfile): Promise<string> {
  const hash = createHash('sha256');
  hash.update(
    `encoding ${ENCODING_VERSION}\0${profile.pooling}\0${profile.questionPrefix}\0${profile.passagePrefix}\0`,
  );
  for (const file of FILES) {
    const place = path.join(location.folder, file);
    try {
      hash.update(`${file}\0${(await stat(place)).size}\0`);
      for await (const part of partsOf(place)) hash.update(part);
    } catch (cause) {
      throw lacking(place, cause);
    }
  }
  return hash.digest('hex');
}

/** @throws DragomanError MODEL when the file is missing or unreadable */
async function readModelFile(folder: string, file: string): Promise<Buffer> {
  const place = path.join(folder, file);
  return readFile(place).catch((cause: unknown) => {
    throw lacking(place, cause);
  });
}

function lacking(place: string, cause: unknown): DragomanError {
  return new DragomanError('MODEL', `The embedding model lacks ${place}.`, {
    hint: `A model folder holds ${FILES.join(', ')}. The bundled one is part of the repository: restore it with git.`,
    cause,
  });
}
