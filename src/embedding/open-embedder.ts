import { locateModel } from './model.ts';
import { profileOf } from './model-profile.ts';
import type { DownloadProgress, Embedder } from './types.ts';
import { WorkerEmbedder } from './worker-embedder.ts';

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
 * Opens a model in a process of its own. Without `close` that process ends with this one.
 *
 * @throws DragomanError MODEL when the model is unknown, incomplete or damaged
 * @throws DragomanError MODEL_UNREACHABLE when it has to be fetched and the hub does not answer
 */
export async function openEmbedder(options: EmbedderOptions): Promise<Embedder> {
  const { model, onProgress } = options;
  const profile = profileOf(model);
  const location = locateModel({
    ...options,
    revision: options.revision ?? profile.revision,
    hub: options.hub ?? DEFAULT_HUB,
  });
  return WorkerEmbedder.open({ model, location, profile }, onProgress ?? (() => undefined));
}
