import type { FeatureExtractionPipeline, Tensor } from '@xenova/transformers';

import { DragomanError } from '../errors.ts';
import { ContextualEmbedder } from './contextual-embedder.ts';
import { loadPipeline } from './load-pipeline.ts';
import type { DownloadProgress } from './load-pipeline.ts';
import { digestOf, locateModel, readModelFile } from './model-location.ts';
import { profileOf } from './model-profile.ts';
import { StaticEmbedder } from './static-embedder.ts';
import type { Embedder } from './types.ts';
import { WordPiece } from './word-piece.ts';

export interface EmbedderOptions {
  /** `bundled`, a hub model as `owner/name`, or the path of a folder (starting with `.` or absolute). */
  readonly model: string;
  /** Folder of the bundled model. */
  readonly modelFolder: string;
  /** Where models from the hub are kept. Outside node_modules, or the next install deletes them. */
  readonly cacheFolder: string;
  /** Commit, tag or branch on the hub; by default the pinned one of a known model, else `main`. */
  readonly revision?: string;
  /** Address of the hub or of a mirror, with the slash at its end. */
  readonly hub?: string;
  /** Called while a file is fetched from the hub; never for a local model. */
  readonly onProgress?: (progress: DownloadProgress) => void;
}

const DEFAULT_HUB = 'https://huggingface.co/';

/**
 * Opens a model for the life of the process (the runtime never gives its memory back, so open it once).
 *
 * @throws DragomanError MODEL when the model is unknown, incomplete or damaged
 * @throws DragomanError MODEL_UNREACHABLE when it has to be fetched and the hub does not answer
 */
export async function openEmbedder(options: EmbedderOptions): Promise<Embedder> {
  const profile = profileOf(options.model);
  const location = locateModel({
    ...options,
    revision: options.revision ?? profile.revision,
    hub: options.hub ?? DEFAULT_HUB,
  });
  if (location.kind === 'folder') await readModelFile(location.folder, 'config.json');
  const pipeline = await loadPipeline(location, options.onProgress);
  const digest = await digestOf(location, profile);
  const config = readConfig(await readModelFile(location.folder, 'config.json'), options.model);
  const model = { id: options.model, digest, dimensions: config.dimensions };
  if (!config.isStatic) return new ContextualEmbedder({ ...model, pipeline, profile });
  return new StaticEmbedder({
    ...model,
    rows: await allRows(pipeline, config, options.model),
    wordPiece: wordPieceOf(pipeline, options.model),
    specialIds: new Set(pipeline.tokenizer.all_special_ids),
  });
}

interface ModelConfig {
  readonly dimensions: number;
  readonly tokens: number;
  /** Our own mark in config.json: a token's vector does not depend on its neighbours. */
  readonly isStatic: boolean;
}

function readConfig(file: Buffer, model: string): ModelConfig {
  const config = JSON.parse(file.toString('utf8')) as Record<string, unknown>;
  const { hidden_size: dimensions, vocab_size: tokens, static_embedding: mark } = config;
  if (typeof dimensions !== 'number' || (mark === true && typeof tokens !== 'number')) {
    throw new DragomanError(
      'MODEL',
      `The config.json of the model ${model} states no hidden_size.`,
      {
        hint: 'Choose a sentence encoder of the BERT family, or "bundled".',
      },
    );
  }
  return { dimensions, tokens: typeof tokens === 'number' ? tokens : 0, isStatic: mark === true };
}

/** One run of the graph over every token there is gives the table from which texts are summed. */
async function allRows(
  pipeline: FeatureExtractionPipeline,
  config: ModelConfig,
  model: string,
): Promise<Float32Array> {
  const { Tensor } = await import('@xenova/transformers');
  const shape = [1, config.tokens];
  const ids = BigInt64Array.from({ length: config.tokens }, (_, i) => BigInt(i));
  const ones = new BigInt64Array(config.tokens).fill(1n);
  try {
    const output = (await pipeline.model({
      input_ids: new Tensor('int64', ids, shape),
      attention_mask: new Tensor('int64', ones, shape),
      token_type_ids: new Tensor('int64', new BigInt64Array(config.tokens), shape),
    })) as { last_hidden_state: Tensor };
    const rows = output.last_hidden_state.data as Float32Array;
    const expected = config.tokens * config.dimensions;
    if (rows.length !== expected) throw new Error(`${rows.length} numbers, not ${expected}`);
    return rows;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DragomanError(
      'MODEL',
      `The static model ${model} has not the ${config.tokens} tokens of its config.json: ${reason}`,
      { hint: 'Its files do not belong together: restore the model folder as a whole.', cause },
    );
  }
}

function wordPieceOf(pipeline: FeatureExtractionPipeline, model: string): WordPiece {
  const {
    tokens_to_ids: ids,
    unk_token_id: unknownId,
    config,
  } = pipeline.tokenizer.model as {
    tokens_to_ids: Map<string, number>;
    unk_token_id?: number;
    config: { type?: string; max_input_chars_per_word?: number };
  };
  if (config.type !== 'WordPiece' || unknownId === undefined) {
    throw new DragomanError('MODEL', `The static model ${model} has no WordPiece tokeniser.`, {
      hint: 'Make it with scripts/train-embedder, or choose "bundled".',
    });
  }
  return new WordPiece(ids, unknownId, config.max_input_chars_per_word ?? 100);
}
