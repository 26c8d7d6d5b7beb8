import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { messageOf, systemCodeOf } from '../errors.ts';
import { sizeProblem } from './formats/decode.ts';
import { problem } from './problems.ts';
import type { Problem } from './types.ts';

export const FORMATS = [
  '.md',
  '.markdown',
  '.txt',
  '.html',
  '.htm',
  '.pdf',
  '.docx',
  '.epub',
] as const;
export type Format = (typeof FORMATS)[number];

/** The format of a file by the ending of its name; null for none that is known. */
export function formatOf(path: string): Format | null {
  return FORMATS.find((known) => known === extname(path).toLowerCase()) ?? null;
}

export interface FileFound {
  /** Relative to the corpus folder, with forward slashes. */
  readonly path: string;
  /** Where to read it. */
  readonly absolute: string;
  readonly byteLength: number;
}

export interface CorpusFile extends FileFound {
  readonly format: Format;
}

export interface SkippedFile {
  readonly path: string;
  readonly reason: string;
}

export interface Walked {
  /** Sorted by path, byte by byte: the same on every machine. */
  readonly files: readonly CorpusFile[];
  /** Files of expected questions, in the order of their folders' listings. */
  readonly questionFiles: readonly FileFound[];
  /** Null where the corpus has none, or one that is no file to be read, which is among the problems. */
  readonly bibliography: FileFound | null;
  /** Files about pages that were fetched, in the same order. */
  readonly sidecarFiles: readonly FileFound[];
  readonly skipped: readonly SkippedFile[];
  readonly problems: readonly Problem[];
}

/** The bibliography at the top of a corpus folder; not a document. */
export const SOURCES_FILE = 'sources.yaml';

/** A file of expected questions has the name of its document, in the same folder, with this ending. */
export const QUESTIONS_ENDING = '.questions';

/** A file about a page that was fetched, next to it; see originals.ts. */
export const SIDECAR_ENDING = '.page.json';

/**
 * Lists the documents of a corpus folder. Links are followed while they stay inside it.
 *
 * @throws the system's error when the folder itself cannot be listed
 */
export async function walkCorpus(folder: string): Promise<Walked> {
  const root = await realpath(folder);
  const files: CorpusFile[] = [];
  const questionFiles: FileFound[] = [];
  const sidecarFiles: FileFound[] = [];
  const skipped: SkippedFile[] = [];
  const problems: Problem[] = [];
  const entered = new Set<string>([root]);
  let bibliography: FileFound | null = null;

  const visit = async (directory: string): Promise<void> => {
    const names = await readdir(directory);
    for (const name of names.sort()) {
      const absolute = join(directory, name);
      const path = relative(root, absolute).split(sep).join('/');
      if (name.startsWith('.')) continue;
      try {
        const real = await realpath(absolute);
        if (real !== root && !real.startsWith(root + sep)) {
          problems.push(
            problem(
              path,
              'expected a file inside the corpus, found a link that leaves it. Copy the file here, or remove the link.',
            ),
          );
          continue;
        }
        const status = await stat(real);
        if (status.isDirectory()) {
          if (entered.has(real)) continue;
          entered.add(real);
          await visit(absolute);
        } else if (!status.isFile()) {
          problems.push(
            problem(
              path,
              'expected a file, found neither a file nor a folder. Remove it from the corpus.',
            ),
          );
        } else if (/^readme(?:\.|$)/i.test(name)) {
          skipped.push({ path, reason: 'a README is not a document' });
        } else {
          const found = { path, absolute, byteLength: status.size };
          const format = formatOf(name);
          if (path === SOURCES_FILE) bibliography = found;
          else if (name.endsWith(QUESTIONS_ENDING)) questionFiles.push(found);
          else if (name.endsWith(SIDECAR_ENDING)) sidecarFiles.push(found);
          else if (format === null) {
            skipped.push({ path, reason: `its ending is none of ${FORMATS.join(', ')}` });
          } else {
            files.push({ ...found, format });
          }
        }
      } catch (error) {
        problems.push(problem(path, describeFileError(error)));
      }
    }
  };
  await visit(root);
  files.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  return { files, questionFiles, bibliography, sidecarFiles, skipped, problems };
}

/** The bytes of a file that the walk found, or the problem with it. */
export async function readFound({
  path,
  absolute,
  byteLength,
}: FileFound): Promise<Uint8Array | Problem> {
  // Checked before reading: a disk image that was copied here by mistake must not fill the memory.
  const sized = sizeProblem(byteLength);
  if (sized !== null) return problem(path, sized);
  try {
    return await readFile(absolute);
  } catch (error) {
    return problem(path, describeFileError(error));
  }
}

/** A system error in words for the maintainer of the corpus. */
export function describeFileError(error: unknown): string {
  switch (systemCodeOf(error)) {
    case 'EACCES':
    case 'EPERM':
      return 'expected a file that can be read, found no permission to read it. Change its permissions.';
    case 'ENOENT':
      return 'expected a file, found a link that leads nowhere. Remove the link.';
    case 'ELOOP':
      return 'expected a file, found a link that leads back to itself. Remove the link.';
    default:
      return `expected a file that can be read, found: ${messageOf(error)}.`;
  }
}
