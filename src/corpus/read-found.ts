import { readFile } from 'node:fs/promises';
import { sizeProblem } from './formats/decode.ts';
import { problem } from './problems.ts';
import type { Problem } from './types.ts';
import { describeFileError, type FileFound } from './files.ts';

/** The bytes of a file that the walk found, or why there are none. */
export async function readFound({
  path,
  absolute,
  byteLength,
}: FileFound): Promise<Uint8Array | Problem> {
  // The size is asked before reading: a disk image dropped in by mistake must not fill the memory.
  const sized = sizeProblem(byteLength);
  if (sized !== null) return problem(path, sized);
  try {
    return await readFile(absolute);
  } catch (error) {
    return problem(path, describeFileError(error));
  }
}
