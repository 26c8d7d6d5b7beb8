import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { InferenceSession, Tensor } from 'onnxruntime-node';
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
  unigramTokeniser,
} from './model.ts';
import { DragomanError, messageOf } from '../errors.ts';
import { makeFolder } from '../files.ts';

/**
 * Entry of the process that loads the model and runs it. It lives as long as its parent and ignores signals to the whole
 * process group (Ctrl-C in a terminal, a stopping service), because the parent may still be answering.
 */
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
process.on('disconnect', () => process.exit());

// The library prints its errors before it throws them, with the tokens of the user's question.
console.warn = console.error = () => undefined;

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
  const loaded = await loadModel(location, threads, (progress) =>
    send({ kind: 'progress', progress }),
  );
  const digest = await digestOf(location, profile);
  const config = await readJson<Config>(location.folder, 'config.json');
  const tokeniser = await readJson<TokeniserConfig>(location.folder, 'tokenizer_config.json');
  const limits = [config.max_position_embeddings, tokeniser.model_max_length];
  const maxTokens = Math.min(...limits.filter((limit) => typeof limit === 'number'));
  const dimensions = dimensionsOf(config, model);
  encoder = new Encoder({ ...loaded, maxTokens }, profile, { model, dimensions });
  // A first run now warms the model up and reveals a mismatch before anything depends on it.
  await encoder.question('Who?');
  return { digest, dimensions };
}

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

interface Config {
  readonly hidden_size?: unknown;
  readonly max_position_embeddings?: unknown;
}

interface TokeniserConfig {
  readonly model_max_length?: unknown;
}

function dimensionsOf({ hidden_size: size }: Config, model: string): number {
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
 * Opens tokeniser and graph, once.
 *
 * @throws DragomanError MODEL_UNREACHABLE when the model must be downloaded and the hub cannot be reached, MODEL when it
 *   cannot be loaded
 */
async function loadModel(
  location: ModelLocation,
  threads: number | undefined,
  onProgress: (progress: DownloadProgress) => void,
): Promise<Omit<LoadedModel, 'maxTokens'>> {
  const onnx = (await import('onnxruntime-node')).default;
  const create = onnx.InferenceSession.create.bind(onnx.InferenceSession);
  const graph = path.join(location.folder, 'onnx/model_quantized.onnx');
  const openGraph = (): Promise<InferenceSession> =>
    create(graph, threads === undefined ? {} : { intraOpNumThreads: threads });
  try {
    const own =
      location.kind === 'folder'
        ? unigramTokeniser(await readJson(location.folder, 'tokenizer.json'))
        : null;
    if (own !== null) {
      const session = await openGraph();
      return { ...own, run: (ids) => run(session, ids, onnx.Tensor) };
    }
    // Otherwise the library would read the whole graph into memory first.
    Object.assign(onnx.InferenceSession, { create: openGraph });
    const { tokens, session } = await throughLibrary(location, onProgress);
    return { ...tokens, run: (ids) => run(session, ids, onnx.Tensor) };
  } catch (cause) {
    throw explain(location, cause);
  }
}

/** A model of the hub, or with a tokeniser of another kind than the bundled one has. The library has global settings. */
async function throughLibrary(
  location: ModelLocation,
  onProgress: (progress: DownloadProgress) => void,
): Promise<{
  tokens: Pick<LoadedModel, 'tokenise' | 'first' | 'last'>;
  session: InferenceSession;
}> {
  const { AutoModel, AutoTokenizer, env } = await import('@xenova/transformers');
  const isLocal = location.kind === 'folder';
  // By default both folders are inside node_modules, which the next install deletes.
  env.localModelPath = location.parent;
  env.cacheDir = location.cacheFolder;
  env.allowLocalModels = isLocal;
  env.allowRemoteModels = !isLocal;
  if (location.kind === 'hub') env.remoteHost = location.hub;
  const options = {
    quantized: true,
    local_files_only: isLocal,
    ...(location.kind === 'hub' ? { revision: location.revision } : {}),
    ...(isLocal ? {} : { progress_callback: forward(onProgress) }),
  };
  const [tokenizer, { session }] = await Promise.all([
    AutoTokenizer.from_pretrained(location.name, options),
    AutoModel.from_pretrained(location.name, options) as Promise<{ session: InferenceSession }>,
  ]);
  prependSpace((tokenizer as unknown as { pre_tokenizer: PreTokeniser | null }).pre_tokenizer);
  const [first, last, ...more] = tokenizer.encode('');
  if (first === undefined || last === undefined || more.length > 0) {
    throw new Error('its tokeniser does not put one special token at each end of a text');
  }
  const tokenise = (text: string): number[] =>
    tokenizer.encode(text, null, { add_special_tokens: false });
  return { tokens: { tokenise, first, last }, session };
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
  session: InferenceSession,
  ids: readonly number[],
  Int64: typeof Tensor,
): Promise<Float32Array> {
  const inputs = {
    input_ids: BigInt64Array.from(ids, BigInt),
    attention_mask: new BigInt64Array(ids.length).fill(1n),
    token_type_ids: new BigInt64Array(ids.length),
  };
  const feeds = Object.entries(inputs)
    .filter(([name]) => session.inputNames.includes(name))
    .map(([name, values]) => [name, new Int64('int64', values, [1, ids.length])] as const);
  let output: InferenceSession.OnnxValueMapType;
  try {
    output = await session.run(Object.fromEntries(feeds));
  } catch (cause) {
    throw new DragomanError('MODEL', `The embedding model cannot be run: ${messageOf(cause)}`, {
      hint: 'Its files are damaged or do not belong together: download or restore the whole model.',
      cause,
    });
  }
  const states = (output['last_hidden_state'] ?? output['token_embeddings'])?.data;
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

/** The files of a model that its vectors depend on. */
const FILES = [
  'config.json',
  'tokenizer.json',
  'tokenizer_config.json',
  'onnx/model_quantized.onnx',
];

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
    const content = await readModelFile(location.folder, file);
    hash.update(`${file}\0${content.byteLength}\0`).update(content);
  }
  return hash.digest('hex');
}

async function readJson<Content>(folder: string, file: string): Promise<Content> {
  return JSON.parse((await readModelFile(folder, file)).toString('utf8')) as Content;
}

/** @throws DragomanError MODEL when the file is missing or unreadable */
async function readModelFile(folder: string, file: string): Promise<Buffer> {
  try {
    return await readFile(path.join(folder, file));
  } catch (cause) {
    throw new DragomanError('MODEL', `The embedding model lacks ${path.join(folder, file)}.`, {
      hint: `A model folder holds ${FILES.join(', ')}. The bundled one is part of the repository: restore it with git.`,
      cause,
    });
  }
}
