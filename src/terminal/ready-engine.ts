import type { Config } from '../config.ts';
import type { Embedder } from '../embedding/model.ts';
import type { Engine } from '../engine-types.ts';
import { DragomanError } from '../errors.ts';
import type { ProgressView } from './progress.ts';

export interface ReadyOptions {
  readonly config: Config;
  /** Where progress goes. */
  readonly errors: NodeJS.WriteStream;
  /**
   * Whether an index that another model made is built again. Not for a mere question: it would take
   * the index away from a bot that runs with the other model.
   */
  readonly rebuildForModel: boolean;
}

/**
 * Opens the engine, building the index first where there is none. What only a build needs is loaded
 * only for a build: it costs as much as all the rest of the start.
 *
 * @throws DragomanError what opening and building throw
 */
export async function openReadyEngine(options: ReadyOptions): Promise<Engine> {
  const { config, errors, rebuildForModel } = options;
  const { indexFolder, embedding } = config;
  // The model loads in a process of its own, meanwhile the rest of the program here.
  const [embedder, { openEngine }] = await Promise.all([
    openModel(embedding, errors),
    import('../engine.ts'),
  ]);

  try {
    return await openEngine({ indexFolder, embedder });
  } catch (error) {
    if (!(error instanceof DragomanError)) throw error;
    if (error.code === 'INDEX_MISSING') {
      errors.write('There is no index yet: building it from the documents.\n');
    } else if (error.code === 'INDEX_MODEL_MISMATCH' && rebuildForModel) {
      errors.write(`${error.message}\nBuilding it again with the model in use.\n`);
    } else {
      throw error;
    }
  }
  await build(config, embedder, errors);
  return openEngine({ indexFolder, embedder });
}

/** Shows the download of a model of the hub. */
async function openModel(
  embedding: Config['embedding'],
  errors: NodeJS.WriteStream,
): Promise<Embedder> {
  const { openEmbedder } = await import('../embedding/open-embedder.ts');
  if (embedding.model === 'bundled') return openEmbedder(embedding);
  const progress = await progressOn(errors);
  try {
    return await openEmbedder({ ...embedding, onProgress: progress.download });
  } finally {
    progress.stop();
  }
}

async function build(
  { corpusFolder, indexFolder }: Config,
  embedder: Embedder,
  errors: NodeJS.WriteStream,
): Promise<void> {
  const { buildIndex } = await import('../index/build.ts');
  const progress = await progressOn(errors);
  try {
    const report = await buildIndex({
      corpusFolder,
      indexFolder,
      embedder,
      onProgress: progress.build,
    });
    const { documents, passages, seconds } = report;
    progress.stop();
    errors.write(
      `Built the index: ${documents} documents, ${passages} passages in ${seconds.toFixed(1)} s.\n`,
    );
  } finally {
    progress.stop();
  }
}

async function progressOn(errors: NodeJS.WriteStream): Promise<ProgressView> {
  const { showProgress } = await import('./progress.ts');
  return showProgress(errors);
}
