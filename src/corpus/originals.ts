/**
 * Pages of the bibliography's sources that were fetched into the corpus folder. Each has a sidecar, a JSON file next to
 * it, that says where the page comes from. A page is quoted as its publisher's words only while its bytes are those that
 * were fetched.
 */
import { basename, dirname, posix } from 'node:path';
import { z } from 'zod';
import { messageOf } from '../errors.ts';
import { readFound, type FileFound } from './files.ts';
import { problem } from './problems.ts';
import type { Document, Problem } from './types.ts';

/** Where pages are fetched to, below the corpus folder. */
export const ORIGINALS_FOLDER = 'originals';

const sidecarSchema = z.object({
  /** Id of the source. */
  source: z.string().min(1),
  /** Name of the page's file, in the sidecar's folder. */
  file: z.string().refine((name) => name === basename(name), 'expected a name without a folder'),
  /** As the bibliography has it. */
  address: z.url(),
  /** After redirects; of an archived page the archive's, as a browser opens it. */
  finalAddress: z.url({ protocol: /^https?$/ }),
  /** True for the copy of a web archive. */
  archived: z.boolean(),
  /** ISO times: when these bytes came, and when the server last said that they are current. */
  fetchedAt: z.string(),
  checkedAt: z.string(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** HTTP headers. */
  contentType: z.string(),
  etag: z.string().nullable(),
  lastModified: z.string().nullable(),
});

export type Sidecar = Readonly<z.infer<typeof sidecarSchema>>;

/** @throws Error when the text is not a sidecar */
export function parseSidecar(text: string): Sidecar {
  return sidecarSchema.parse(JSON.parse(text));
}

/** Sidecars by the path of their page. One that cannot be read becomes a problem. */
export async function readSidecars(files: readonly FileFound[]): Promise<{
  readonly sidecars: ReadonlyMap<string, Sidecar>;
  readonly problems: readonly Problem[];
}> {
  const sidecars = new Map<string, Sidecar>();
  const problems: Problem[] = [];
  for (const file of files) {
    const bytes = await readFound(file);
    if (!(bytes instanceof Uint8Array)) {
      problems.push(bytes);
      continue;
    }
    try {
      const sidecar = parseSidecar(Buffer.from(bytes).toString('utf8'));
      sidecars.set(posix.join(dirname(file.path), sidecar.file), sidecar);
    } catch (error) {
      const found = error instanceof z.ZodError ? z.prettifyError(error) : messageOf(error);
      const message = `expected what \`npm run corpus:fetch\` writes about a page, found: ${found.replace(/\s+/g, ' ')}. Fetch the page again.`;
      problems.push(problem(file.path, message));
    }
  }
  return { sidecars, problems };
}

/** The charset of a Content-Type header, in lower case; null where it names none. */
export function charsetOf(contentType: string): string | null {
  return /;\s*charset\s*=\s*"?([\w.:-]+)/i.exec(contentType)?.[1]?.toLowerCase() ?? null;
}

/** A document as the page of its source, or the problem that it is no longer the page that was fetched. */
export function asFetchedPage(document: Document, sidecar: Sidecar): Document | Problem {
  const { source, sha256, finalAddress, archived } = sidecar;
  if (document.sha256 !== sha256) {
    const message = `expected the page as it was fetched, found a changed file. Fetch it again with \`npm run corpus:fetch -- --source ${source}\`, or remove its sidecar to keep it as a document of your own.`;
    return problem(document.path, message);
  }
  return { ...document, sources: [source], page: { source, url: finalAddress, archived } };
}
