import { isAbsolute, relative } from 'node:path';
import type { Config } from '../config.ts';
import type { Snapshot } from '../engine-types.ts';
import type { View } from './render-answer.ts';
import { columnsOf, styleFor, type Output } from './style.ts';

/** How answers of an edition are shown on an output. */
export function viewOf(
  { documents }: Pick<Snapshot, 'documents'>,
  { config, output, folder }: { config: Config; output: Output; folder: string },
): View {
  return {
    style: styleFor(output, config),
    width: columnsOf(output),
    corpusLabel: corpusLabel(config.corpusFolder, folder),
    documentOf: (id) => documents.get(id) ?? null,
  };
}

/** The corpus folder as seen from the folder a command runs in; in full when it lies elsewhere. */
function corpusLabel(corpusFolder: string, folder: string): string {
  const path = relative(folder, corpusFolder);
  if (path === '') return '.';
  return path.startsWith('..') || isAbsolute(path) ? corpusFolder : path;
}
