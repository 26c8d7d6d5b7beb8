import type { FeatureExtractionPipeline } from '@xenova/transformers';

import { DragomanError } from '../errors.ts';
import type { ModelLocation } from './model-location.ts';

/** How far the download of one file of a model is. */
export interface DownloadProgress {
  readonly file: string;
  readonly loadedBytes: number;
  /** 0 when the hub does not say. */
  readonly totalBytes: number;
}

/**
 * The library keeps its settings in one global object and reads it again at every file, so models are opened one
 * after the other.
 */
let previous: Promise<unknown> = Promise.resolve();

/**
 * Loads tokeniser and graph through @xenova/transformers. Imported only here and only now: it takes about 200 ms
 * (onnxruntime, its web twin and sharp come along).
 *
 * @throws DragomanError MODEL_UNREACHABLE, MODEL
 */
export function loadPipeline(
  location: ModelLocation,
  onProgress?: (progress: DownloadProgress) => void,
): Promise<FeatureExtractionPipeline> {
  const loaded = previous.then(() => load(location, onProgress));
  previous = loaded.catch(() => undefined);
  return loaded;
}

async function load(
  location: ModelLocation,
  onProgress?: (progress: DownloadProgress) => void,
): Promise<FeatureExtractionPipeline> {
  const { env, pipeline } = await import('@xenova/transformers');
  const isLocal = location.kind === 'folder';
  // The defaults of both folders lie inside node_modules and vanish with the next install.
  env.localModelPath = location.parent;
  env.cacheDir = location.cacheFolder;
  env.allowLocalModels = isLocal;
  env.allowRemoteModels = !isLocal;
  if (location.kind === 'hub') env.remoteHost = location.hub;
  try {
    return await pipeline('feature-extraction', location.name, {
      quantized: true,
      local_files_only: isLocal,
      ...(location.kind === 'hub' ? { revision: location.revision } : {}),
      ...(isLocal || onProgress === undefined ? {} : { progress_callback: forward(onProgress) }),
    });
  } catch (cause) {
    throw explain(location, cause);
  }
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
  const message = cause instanceof Error ? cause.message : String(cause);
  if (location.kind === 'folder') {
    return new DragomanError(
      'MODEL',
      `The model in ${location.folder} cannot be loaded: ${message}`,
      {
        hint: 'Its files are damaged or are not an ONNX sentence encoder: copy the model folder anew.',
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
          `Connect to the network once so that the model can be fetched, or copy its files (config.json, tokenizer.json, ` +
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
