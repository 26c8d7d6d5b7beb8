/** The Internet Archive's copy of a page, for a page that its own server no longer gives. */
import { z } from 'zod';
import { DragomanError } from '../errors.ts';
import type { Answer, Visitor } from './visitor.ts';

/** Where archived pages are looked up, and where they are. */
export interface ArchiveAddresses {
  readonly availability: string;
  readonly pages: string;
}

/** https://archive.org/help/wayback_api.php */
export const INTERNET_ARCHIVE: ArchiveAddresses = {
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
 * The archived page nearest to a date.
 *
 * @param published ISO date, or null for the latest copy
 * @returns the answer with the bytes as they were archived; its `url` is the copy as a browser opens it
 * @throws DragomanError FETCH when there is no copy, and what {@link Visitor.get} throws
 */
export async function archivedPage(
  url: string,
  published: string | null,
  { visitor, archive }: { readonly visitor: Visitor; readonly archive: ArchiveAddresses },
): Promise<Answer> {
  const query = new URL(archive.availability);
  query.searchParams.set('url', url);
  if (published !== null) query.searchParams.set('timestamp', published.replaceAll('-', ''));
  const found = await visitor.get(query.href);
  const timestamp = found.status === 200 ? timestampIn(found.bytes) : null;
  if (timestamp === null) throw new DragomanError('FETCH', 'The Internet Archive has no copy.');
  // "id_" asks for the bytes as they came, without the archive's bar above the page.
  const answer = await visitor.get(`${archive.pages}/${timestamp}id_/${url}`);
  if (answer.status !== 200) {
    throw new DragomanError('FETCH', `HTTP ${answer.status} for the Internet Archive's copy.`);
  }
  return { ...answer, url: `${archive.pages}/${timestamp}/${url}` };
}

function timestampIn(bytes: Uint8Array): string | null {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return null;
  }
  const closest = availabilitySchema.safeParse(value).data?.archived_snapshots.closest;
  return closest?.available === true ? closest.timestamp : null;
}
