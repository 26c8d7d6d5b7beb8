/** Brings the pages of sources into the corpus folder, each with a sidecar (src/corpus/companions.ts). */
import { readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import * as z from 'zod';
import { parseSidecar, SIDECAR_ENDING, type Sidecar } from '../corpus/companions.ts';
import { MAX_FILE_BYTES, startsWith } from '../corpus/files.ts';
import { slug } from '../corpus/read-document.ts';
import { readFiles } from '../corpus/read-files.ts';
import { groupBy, ORIGINALS_FOLDER, type Source } from '../corpus/types.ts';
import { DragomanError, messageOf } from '../errors.ts';
import {
  type Answer,
  fetchError,
  Forbidden,
  type Limits,
  Visitor,
  type VisitorOptions,
} from './visitor.ts';
import { replaceFile, sha256 } from '../files.ts';

/** Half a minute is more than any reader would wait; the size is the largest that the corpus takes. */
const LIMITS: Limits = {
  timeoutMs: 30_000,
  maxBytes: MAX_FILE_BYTES,
  maxRedirects: 5,
  paceMs: 1000,
};

/** A page that was asked for so recently is not asked for again, so that a run that was stopped goes on where it was. */
const RECENT_MS = 24 * 60 * 60 * 1000;

/** Hosts that are visited at the same time. */
const HOSTS_AT_ONCE = 6;

type Outcome =
  /** `path` is relative to the corpus folder. */
  | { readonly kind: 'new' | 'changed' | 'unchanged' | 'recent'; readonly path: string }
  | { readonly kind: 'failed'; readonly reason: string };

export interface SourceOutcome {
  readonly source: Source;
  readonly outcome: Outcome;
}

export interface FetchOptions extends Partial<Pick<VisitorOptions, 'clock' | 'allowsAddress'>> {
  readonly corpusFolder: string;
  readonly sources: readonly Source[];
  /** Ask the Internet Archive for pages that do not come. */
  readonly useArchive: boolean;
  /** Ask again for pages that were asked for a short time ago. */
  readonly askAgain: boolean;
  readonly userAgent: string;
  readonly limits?: Limits;
  readonly archive?: typeof INTERNET_ARCHIVE;
  /** The present; for times in sidecars. */
  readonly today?: () => Date;
  readonly onOutcome?: (outcome: SourceOutcome, done: number) => void;
}

/** Fetches pages, hosts in parallel, the pages of one host one after another. Failures are outcomes; in the order of `sources`. */
export async function fetchOriginals(options: FetchOptions): Promise<SourceOutcome[]> {
  const { sources, limits = LIMITS, onOutcome } = options;
  const visitor = new Visitor({ ...options, limits });
  const outcomes = new Map<string, SourceOutcome>();
  const queues = [...groupBy(sources, ({ host }) => host).values()];
  const work = async (): Promise<void> => {
    for (let queue = queues.shift(); queue !== undefined; queue = queues.shift()) {
      for (const source of queue) {
        const outcome = await fetchOne(source, visitor, options).catch((error: unknown) => {
          if (!(error instanceof DragomanError)) throw error;
          return { kind: 'failed', reason: error.message } as const;
        });
        outcomes.set(source.id, { source, outcome });
        onOutcome?.({ source, outcome }, outcomes.size);
      }
    }
  };
  try {
    await Promise.all(Array.from({ length: HOSTS_AT_ONCE }, work));
  } finally {
    await visitor.close();
  }
  return sources.flatMap(({ id }) => outcomes.get(id) ?? []);
}

async function fetchOne(source: Source, visitor: Visitor, options: FetchOptions): Promise<Outcome> {
  const { corpusFolder, useArchive, askAgain, archive = INTERNET_ARCHIVE } = options;
  const kept = await keptPage(corpusFolder, source);
  const now = options.today?.() ?? new Date();
  const at = now.toISOString();
  if (kept !== null && !askAgain && now.getTime() - Date.parse(kept.checkedAt) < RECENT_MS) {
    return { kind: 'recent', path: `${ORIGINALS_FOLDER}/${kept.file}` };
  }
  let answer: Answer;
  let archived = false;
  try {
    answer = await ownPage(source, kept, visitor);
  } catch (error) {
    // What a site does not want fetched is not fetched by another way either.
    if (!useArchive || !(error instanceof DragomanError) || error instanceof Forbidden) {
      throw error;
    }
    answer = await archivedPage(source, visitor, archive).catch((second: unknown) => {
      throw fetchError(`${error.message} ${messageOf(second)}`);
    });
    archived = true;
  }
  if (answer.status === 304 && kept !== null) {
    await writeSidecar(corpusFolder, { ...kept, checkedAt: at });
    return { kind: 'unchanged', path: `${ORIGINALS_FOLDER}/${kept.file}` };
  }
  return keep(source, answer, { corpusFolder, kept, archived, at });
}

/** @throws DragomanError FETCH when the server answers with anything but a page, or that the one we have is current */
async function ownPage(source: Source, kept: Sidecar | null, visitor: Visitor): Promise<Answer> {
  const asked = kept === null || kept.archived ? null : kept;
  const headers = {
    ...(asked?.etag == null ? {} : { 'if-none-match': asked.etag }),
    ...(asked?.lastModified == null ? {} : { 'if-modified-since': asked.lastModified }),
  };
  const answer = await visitor.get(source.url, { url: asked?.finalAddress ?? '', headers });
  if (answer.status === 200 || (asked !== null && answer.status === 304)) return answer;
  throw fetchError(`HTTP ${answer.status} for ${answer.url}.`);
}

/** The sidecar of a source's page, when the page is there as it was fetched. */
async function keptPage(corpusFolder: string, { id }: Source): Promise<Sidecar | null> {
  const folder = join(corpusFolder, ORIGINALS_FOLDER);
  try {
    const sidecar = parseSidecar(await readFile(pathOf(corpusFolder, id, SIDECAR_ENDING), 'utf8'));
    const bytes = await readFile(join(folder, sidecar.file));
    return sidecar.source === id && sha256(bytes) === sidecar.sha256 ? sidecar : null;
  } catch {
    // Missing or damaged: the page is fetched again.
    return null;
  }
}

/** What is known of a page before its answer is kept; `at` is the present as an ISO time. */
interface Visit extends Pick<FetchOptions, 'corpusFolder'>, Pick<Sidecar, 'archived'> {
  readonly kept: Sidecar | null;
  readonly at: string;
}

async function keep(
  source: Source,
  { url, headers, bytes }: Answer,
  { corpusFolder, kept, archived, at }: Visit,
): Promise<Outcome> {
  const contentType = headers.get('content-type') ?? '';
  const ending = endingOf(contentType, bytes);
  const absolute = pathOf(corpusFolder, source.id, ending);
  const file = basename(absolute);
  const path = `${ORIGINALS_FOLDER}/${file}`;
  const digest = sha256(bytes);
  const isSame = kept?.sha256 === digest && kept.file === file;
  const sidecar: Sidecar = {
    source: source.id,
    file,
    address: source.url,
    finalAddress: url,
    archived,
    fetchedAt: isSame ? kept.fetchedAt : at,
    checkedAt: at,
    sha256: digest,
    contentType,
    etag: headers.get('etag'),
    lastModified: headers.get('last-modified'),
  };
  if (!isSame) {
    // A page without text would stop the next build.
    const page = { path, absolute, format: ending, byteLength: bytes.byteLength };
    const [read] = await readFiles([{ file: page, bytes, sidecar }]);
    if (read?.document == null) {
      throw fetchError(`Not readable: ${read?.problems[0]?.message ?? 'no text'}`);
    }
    // A page without a sidecar would be quoted without its source: at every moment a run can be stopped without one.
    for (const other of ENDINGS) {
      if (other !== ending) await rm(pathOf(corpusFolder, source.id, other), { force: true });
    }
    await writeSidecar(corpusFolder, sidecar);
    await replaceFile(absolute, [bytes]);
  } else await writeSidecar(corpusFolder, sidecar);
  return { kind: isSame ? 'unchanged' : kept === null ? 'new' : 'changed', path };
}

const ENDINGS = ['.html', '.pdf'] as const;

/** @throws DragomanError FETCH for anything but HTML and PDF */
function endingOf(contentType: string, bytes: Uint8Array): (typeof ENDINGS)[number] {
  const type = contentType.replace(/;.*/s, '').trim().toLowerCase();
  if (startsWith(bytes, '%PDF-')) return '.pdf';
  // Some servers name no type.
  const isHtml =
    type === ''
      ? /^\s*<(?:!doctype|html)/i.test(Buffer.from(bytes.subarray(0, 512)).toString())
      : type === 'text/html' || type === 'application/xhtml+xml';
  if (isHtml) return '.html';
  throw fetchError(`Expected HTML or PDF, found ${type === '' ? 'neither' : type}.`);
}

/** File systems take names of 255 bytes, endings included; a letter can take four. */
const LONGEST_NAME = 50;

/** Of a source's file. Its name is the id where it can be one, else words of it that no other id has. */
function pathOf(corpusFolder: string, id: string, ending: string): string {
  const words = Array.from(slug(id)).slice(0, LONGEST_NAME).join('');
  const name = words === id ? id : `${words}-${sha256(id).slice(0, 8)}`;
  return join(corpusFolder, ORIGINALS_FOLDER, `${name}${ending}`);
}

async function writeSidecar(corpusFolder: string, sidecar: Sidecar): Promise<void> {
  const text = `${JSON.stringify(sidecar, null, 2)}\n`;
  await replaceFile(pathOf(corpusFolder, sidecar.source, SIDECAR_ENDING), [text]);
}

/** https://archive.org/help/wayback_api.php */
const INTERNET_ARCHIVE = {
  availability: 'https://archive.org/wayback/available',
  pages: 'https://web.archive.org/web',
};

const availabilitySchema = z.object({
  archived_snapshots: z.object({
    closest: z
      .object({ available: z.boolean(), timestamp: z.string().regex(/^\d{4,14}$/) })
      .optional(),
  }),
});

/**
 * The archived page nearest to the date of publication; without one, the latest.
 *
 * @returns the answer with the bytes as they were archived; its `url` is the copy as a browser opens it
 * @throws DragomanError FETCH when there is no copy, and what {@link Visitor.get} throws
 */
async function archivedPage(
  { url, published }: Source,
  visitor: Visitor,
  archive: typeof INTERNET_ARCHIVE,
): Promise<Answer> {
  const query = new URL(archive.availability);
  query.searchParams.set('url', url);
  if (published !== null) query.searchParams.set('timestamp', published.replaceAll('-', ''));
  const found = await visitor.get(query.href);
  const timestamp = found.status === 200 ? timestampIn(found.bytes) : null;
  if (timestamp === null) throw fetchError('The Internet Archive has no copy.');
  // "id_" asks for the bytes as they came, without the archive's bar above the page.
  const answer = await visitor.get(`${archive.pages}/${timestamp}id_/${url}`);
  if (answer.status !== 200) {
    throw fetchError(`HTTP ${answer.status} for the Internet Archive's copy.`);
  }
  return { ...answer, url: `${archive.pages}/${timestamp}/${url}` };
}

function timestampIn(bytes: Uint8Array): string | null {
  try {
    const text = Buffer.from(bytes).toString('utf8');
    const { closest } = availabilitySchema.parse(JSON.parse(text)).archived_snapshots;
    return closest?.available === true ? closest.timestamp : null;
  } catch {
    return null;
  }
}
