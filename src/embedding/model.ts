import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';

import { DragomanError } from '../errors.ts';
import type { ModelProfile } from './model-profile.ts';
import { ENCODING_VERSION } from './token-sequences.ts';

interface Place {
  /** Name under which the library asks for the model. */
  readonly name: string;
  /** Folder above a local model's. */
  readonly parent: string;
  /** Where the model's files are, or will be once they are fetched. */
  readonly folder: string;
  readonly cacheFolder: string;
}

/** Where a model's files come from. */
export type ModelLocation =
  | (Place & { readonly kind: 'folder' })
  | (Place & { readonly kind: 'hub'; readonly hub: string; readonly revision: string });

const FILES = [
  'config.json',
  'tokenizer.json',
  'tokenizer_config.json',
  'onnx/model_quantized.onnx',
];

/** `owner/name`, the only form in which a hub knows a model. */
const HUB_ID = /^[A-Za-z0-9][\w.-]*\/[A-Za-z0-9][\w.-]*$/;

/**
 * `bundled` is the model folder of the project, a path that starts with `.` or is absolute is a folder of the same
 * layout, and `owner/name` a model on the hub.
 *
 * @throws DragomanError MODEL when the name is none of these
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
  // The library leaves the default branch out of the names in its cache.
  const inCache = revision === 'main' ? [model] : [model, revision];
  const folder = path.join(cacheFolder, ...inCache);
  return { kind: 'hub', name: model, parent: cacheFolder, folder, cacheFolder, hub, revision };
}

/**
 * sha256, hex, over the model's files and over what is done around them: equal digests give equal vectors.
 *
 * @throws DragomanError MODEL when a file is missing or unreadable
 */
export async function digestOf(location: ModelLocation, profile: ModelProfile): Promise<string> {
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

/** @throws DragomanError MODEL when the file is missing or unreadable */
export async function readModelFile(folder: string, file: string): Promise<Buffer> {
  try {
    return await readFile(path.join(folder, file));
  } catch (cause) {
    throw new DragomanError('MODEL', `The embedding model lacks ${path.join(folder, file)}.`, {
      hint: `A model folder holds ${FILES.join(', ')}. The bundled one is part of the repository: restore it with git.`,
      cause,
    });
  }
}
