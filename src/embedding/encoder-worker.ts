/**
 * Entry of the process that loads the model and runs it. It lives as long as its parent and ignores signals to the whole
 * process group (Ctrl-C in a terminal, a stopping service), because the parent may still be answering.
 */
import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { PreTrainedModel, PreTrainedTokenizer, Tensor } from '@xenova/transformers';
import { DragomanError, isMissing, messageOf } from '../errors.ts';
import { makeFolder, partsOf } from '../files.ts';
import {
  type Encoder,
  encoderOf,
  ENCODING_VERSION,
  type GraphOutput,
  type LoadedModel,
  modelError,
  type ModelLocation,
  type ModelProfile,
  type ModelToOpen,
  type OpenedModel,
  type ReadingHead,
} from './model.ts';
import {
  type EncoderMessage,
  type EncoderRequest,
  type EncoderResult,
  toSentError,
} from './open-embedder.ts';

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
  answer(message as EncoderRequest).then(
    (result) => send({ result }),
    (error: unknown) => send({ error: toSentError(error) }),
  );
});

function send(message: EncoderMessage): void {
  // The parent may have ended.
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
}

async function answer(task: EncoderRequest): Promise<EncoderResult> {
  if (task.kind === 'open') return open(task.open);
  if (encoder === null) throw new Error('Expected an open model, found none.');
  return task.kind === 'question' ? encoder.question(task.text) : encoder.passage(task.passage);
}

async function open({ model, location, profile, threads }: ModelToOpen): Promise<OpenedModel> {
  const { folder, hub } = location;
  if (hub === null) await readModelFile(folder, 'config.json');
  else {
    // The library would retry forever if the folder cannot be created.
    await makeFolder(folder).catch((cause: unknown) => {
      throw modelError(
        `The folder of the model cannot be created: ${messageOf(cause)}`,
        'Set MODEL_CACHE_DIR to a writable folder.',
        cause,
      );
    });
  }
  const loaded = await loadModel(location, threads);
  const digest = await digestOf(folder, profile);
  const dimensions = dimensionsOf(await readModelFile(folder, 'config.json'), model);
  encoder = encoderOf(loaded, profile, { model, dimensions });
  // A first run now warms the model up and reveals a mismatch before anything depends on it.
  await encoder.question('Who?');
  return { digest, dimensions, head: await readHead(folder, dimensions) };
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
    const content = file.endsWith(GRAPH) ? [] : await readFile(file).catch(() => null);
    return content === null
      ? undefined
      : { arrayBuffer: () => Promise.resolve(new Uint8Array(content).buffer) };
  },
  put: (): Promise<void> => Promise.resolve(),
};

const OTHER_ENCODER = 'Choose a sentence encoder of the BERT family, or "bundled".';

function dimensionsOf(config: Buffer, model: string): number {
  const { hidden_size: size } = JSON.parse(config.toString('utf8')) as { hidden_size?: unknown };
  if (typeof size === 'number') return size;
  throw modelError(`The config.json of the model ${model} has no hidden_size.`, OTHER_ENCODER);
}

/**
 * Loads tokeniser and graph with @xenova/transformers, once: the library has global settings.
 *
 * @throws DragomanError MODEL_UNREACHABLE when the model must be downloaded and the hub cannot be reached, MODEL when it
 *   cannot be loaded
 */
async function loadModel(
  location: ModelLocation,
  threads: number | undefined,
): Promise<LoadedModel> {
  const { folder, name, parent, hub, revision } = location;
  await openGraphFromFile(folder, threads);
  const { AutoModel, AutoTokenizer, Tensor, env } = await library;
  const isLocal = hub === null;
  // By default both folders are inside node_modules, which the next install deletes.
  env.localModelPath = env.cacheDir = parent;
  env.allowLocalModels = isLocal;
  env.allowRemoteModels = !isLocal;
  if (isLocal) {
    Object.assign(env, { useFSCache: false, useCustomCache: true, customCache: LOCAL_FILES });
  } else env.remoteHost = hub;
  const options = {
    quantized: true,
    local_files_only: isLocal,
    ...(!isLocal && { revision, progress_callback: sendProgress }),
  };
  try {
    const [tokenizer, model] = await Promise.all([
      AutoTokenizer.from_pretrained(name, options),
      AutoModel.from_pretrained(name, options),
    ]);
    const int64 = (values: BigInt64Array): Tensor =>
      new Tensor('int64', values, [1, values.length]);
    return { ...tokenRules(tokenizer, model), run: (ids) => run(model, ids, int64) };
  } catch (cause) {
    throw explained(location, cause);
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

/** As tools/model/export_onnx.py names them. */
const MEANS = ['mean_6', 'mean_9'];

async function run(
  model: PreTrainedModel,
  ids: readonly number[],
  int64: (values: BigInt64Array) => Tensor,
): Promise<GraphOutput> {
  const inputs = {
    input_ids: int64(BigInt64Array.from(ids, BigInt)),
    attention_mask: int64(new BigInt64Array(ids.length).fill(1n)),
    // The library drops inputs that the graph does not have.
    token_type_ids: int64(new BigInt64Array(ids.length)),
  };
  const running = model(inputs) as Promise<Readonly<Record<string, Tensor | undefined>>>;
  const output = await running.catch((cause: unknown) => {
    throw modelError(
      `The embedding model cannot be run: ${messageOf(cause)}`,
      'Its files are damaged or do not belong together: download or restore the whole model.',
      cause,
    );
  });
  const states = (output['last_hidden_state'] ?? output['token_embeddings'])?.data;
  const means = MEANS.flatMap((name) => output[name]?.data ?? []) as Float32Array[];
  if (states instanceof Float32Array) return { states, means };
  throw modelError('The embedding model gives no state for each token.', OTHER_ENCODER);
}

function sendProgress(event: unknown): void {
  const { status, file, loaded, total } = event as Record<string, unknown>;
  if (status !== 'progress' || typeof file !== 'string' || typeof loaded !== 'number') return;
  const totalBytes = typeof total === 'number' ? total : 0;
  send({ progress: { file, loadedBytes: loaded, totalBytes } });
}

function explained({ folder, name, hub, revision }: ModelLocation, cause: unknown): DragomanError {
  const message = messageOf(cause);
  if (hub === null) {
    return modelError(
      `The model in ${folder} cannot be loaded: ${message}`,
      'Its files are damaged or are not an ONNX sentence encoder: copy the model folder again.',
      cause,
    );
  }
  if (/Could not locate file|Unauthorized|Forbidden|Bad request/.test(message)) {
    return modelError(
      `The hub ${hub} has no model ${name} at revision ${revision} that can be loaded: ${message}`,
      'Check EMBEDDING_MODEL: it needs a public model with ONNX files, for example Xenova/all-MiniLM-L6-v2, or "bundled".',
      cause,
    );
  }
  if (/fetch failed|error occurred|Service unavailable|Gateway|timeout/i.test(message)) {
    const hint =
      `Connect to the network once so that the model can be downloaded, or copy its files (${FILES.join(', ')}) ` +
      `into ${folder}, or set EMBEDDING_MODEL=bundled, which needs no network.`;
    return new DragomanError(
      'MODEL_UNREACHABLE',
      `The model ${name} is not in ${folder} and the hub ${hub} cannot be reached: ${message}`,
      { hint, cause },
    );
  }
  return modelError(
    `The model ${name} cannot be loaded: ${message}`,
    `A download may have been cut off: delete ${folder} and try again.`,
    cause,
  );
}

/** @throws DragomanError MODEL when the file is there and does not fit the model */
async function readHead(folder: string, dimensions: number): Promise<ReadingHead | null> {
  const file = path.join(folder, 'reading.json');
  let cause: unknown;
  try {
    const head = JSON.parse(await readFile(file, 'utf8')) as ReadingHead;
    const { weights, bias } = head;
    if (weights.length === dimensions && [...weights, bias].every(Number.isFinite)) return head;
  } catch (error) {
    if (isMissing(error)) return null;
    cause = error;
  }
  throw modelError(
    `Expected ${dimensions} weights and a bias in ${file}.`,
    'Restore it, or delete it: without it questions are answered by vectors and words alone.',
    cause,
  );
}

/** The files of a model that its vectors depend on. */
const FILES = ['config.json', 'tokenizer.json', 'tokenizer_config.json', GRAPH];

/**
 * sha256 in hex of the model's files, the profile and the encoding: equal digests give equal vectors.
 *
 * @throws DragomanError MODEL when a file is missing or unreadable
 */
async function digestOf(
  folder: string,
  { pooling, questionPrefix, passagePrefix }: ModelProfile,
): Promise<string> {
  const hash = createHash('sha256');
  const profile = [pooling, questionPrefix, passagePrefix, ''].join('\0');
  hash.update(`encoding ${ENCODING_VERSION}\0${profile}`);
  for (const file of FILES) {
    const place = path.join(folder, file);
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
  return modelError(
    `The embedding model lacks ${place}.`,
    `A model folder holds ${FILES.join(', ')}. The bundled one is part of the repository: restore it with git.`,
    cause,
  );
}
