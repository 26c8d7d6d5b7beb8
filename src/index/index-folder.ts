import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type * as Zod from 'zod';
import { z } from '../zod.ts';
import { DragomanError } from '../errors.ts';
import { replaceDurably } from '../files.ts';

/**
 * The index folder holds generations and one small file that names the current one. Publishing is the
 * rename of that file and nothing else: whatever the pointer does not name is rubbish, at any instant.
 *
 *     current.json            the pointer
 *     <time>-<content>/       a generation
 *     building-<id>/          a generation that is being written
 *     cache/                  vectors of earlier builds
 *     build.lock              there is a build
 */

const POINTER_FILE = 'current.json';
const BUILDING = 'building-';
const LEFTOVER_FILE = /^(current\.json\.next|build\.lock\.[0-9a-f-]{36})$/;
const GENERATION_ID = /^\d{8}T\d{9}Z-[0-9a-f]{12}$/;

const pointerSchema = z.object({
  generation: z.string().regex(GENERATION_ID),
  /** Kept because a running reader may still be loading it. */
  previous: z.string().regex(GENERATION_ID).nullable(),
});

export type Pointer = Zod.infer<typeof pointerSchema>;

/**
 * Id of a generation: UTC time to the millisecond, so that ids sort by age, and the start of the
 * content's sha256.
 */
export function generationId(createdAt: Date, contentSha256: string): string {
  const time = createdAt.toISOString().replace(/[-:.]/g, '');
  return `${time}-${contentSha256.slice(0, 12)}`;
}

export function generationFolder(indexFolder: string, id: string): string {
  return join(indexFolder, id);
}

export function buildingFolder(indexFolder: string, id: string): string {
  return join(indexFolder, `${BUILDING}${id}`);
}

/**
 * What the pointer names, or null when nothing has been published.
 *
 * @throws DragomanError `INDEX_CORRUPT` when the pointer is not one
 */
export async function readPointer(indexFolder: string): Promise<Pointer | null> {
  const path = join(indexFolder, POINTER_FILE);
  let content: string;
  try {
    content = await readFile(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
  try {
    return pointerSchema.parse(JSON.parse(content));
  } catch (cause) {
    throw new DragomanError('INDEX_CORRUPT', `${path} does not name a generation.`, {
      hint: 'Run `npm run build:index` to build the index again.',
      cause,
    });
  }
}

export async function publish(indexFolder: string, pointer: Pointer): Promise<void> {
  const path = join(indexFolder, POINTER_FILE);
  await replaceDurably(path, [`${JSON.stringify(pointer, null, 2)}\n`]);
}

/**
 * Removes what killed builds left behind and, where a pointer is given, every generation that it does
 * not name. Only names that a build gives are touched, in case the folder is shared with something
 * else. The caller holds the build lock.
 */
export async function prune(indexFolder: string, pointer: Pointer | null): Promise<void> {
  const kept = new Set([pointer?.generation, pointer?.previous]);
  for (const entry of await readdir(indexFolder)) {
    const isLeftover =
      LEFTOVER_FILE.test(entry) ||
      (entry.startsWith(BUILDING) && GENERATION_ID.test(entry.slice(BUILDING.length)));
    const isOld = pointer !== null && GENERATION_ID.test(entry) && !kept.has(entry);
    if (isLeftover || isOld) await rm(join(indexFolder, entry), { recursive: true, force: true });
  }
}

export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
