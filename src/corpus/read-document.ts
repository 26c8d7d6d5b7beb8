import { createHash } from 'node:crypto';
import { assemble } from './assemble.ts';
import { flattened, type Block } from './block.ts';
import { decode, sizeProblem, startsWith } from './decode.ts';
import { peopleOf, readFrontMatter, type Fields, type MeetingFields } from './front-matter.ts';
import { readMarkdown, type Link } from './markdown.ts';
import { placeInFile } from './place.ts';
import { readPlainText } from './plain-text.ts';
import { problem } from './problem.ts';
import { titleOf } from './title.ts';
import type { Document, Meeting, Problem } from './types.ts';
import type { Format } from './walk.ts';

export interface DocumentLink {
  readonly url: string;
  readonly line: number;
  readonly column: number;
}

export interface ReadDocument {
  /** Null when a problem keeps the file out. `id` is the front matter's, or made from the path. */
  readonly document: Document | null;
  /** True when the front matter names the id, so that it may not change to avoid another's. */
  readonly namesItself: boolean;
  readonly links: readonly DocumentLink[];
  readonly problems: readonly Problem[];
}

export interface FileToRead {
  readonly path: string;
  readonly format: Format;
  readonly bytes: Uint8Array;
}

function refused(problems: readonly Problem[]): ReadDocument {
  return { document: null, namesItself: false, links: [], problems };
}

/** Reads one file of the corpus. Never throws for what the file holds. */
export async function readDocument({ path, format, bytes }: FileToRead): Promise<ReadDocument> {
  const sized = sizeProblem(bytes.byteLength);
  if (sized !== null) return refused([problem(path, sized)]);
  const decoded = decode(bytes);
  if (!decoded.ok) return refused([problem(path, decoded.failure.message, decoded.failure)]);
  const { text } = decoded;
  const { fields, bodyStart, problems } = readFrontMatter(text, path);
  if (problems.length > 0) return refused(problems);
  const body = text.slice(bodyStart);
  let raw: readonly Block[];
  let links: readonly Link[] = [];
  if (format === '.md' || format === '.markdown') {
    const markdown = readMarkdown(body, bodyStart);
    raw = markdown.blocks;
    links = markdown.links;
  } else {
    raw = readPlainText(body, bodyStart);
  }
  await Promise.resolve();
  void startsWith;
  const blocks = raw.map(flattened);
  if (blocks.every(({ kind }) => kind === 'heading')) {
    return refused([problem(path, 'expected text, found none. Write some, or remove the file.')]);
  }
  const { title, block: titleBlock } = titleOf(blocks, {
    given: fields?.title ?? null,
    fallback: path,
    isDateline: () => false,
  });
  const assembled = assemble(blocks, { decoded: text, titleBlock, opens: () => false });
  const document: Document = {
    id: fields?.id ?? idFromPath(path),
    kind: fields?.kind ?? 'other',
    title,
    path,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    ...assembled,
    sources: fields?.sources ?? [],
    topics: fields?.topics ?? [],
    people: fields === null ? [] : peopleOf(fields),
    meeting: meetingOf(fields),
    date: fields?.date ?? null,
  };
  return {
    document,
    namesItself: fields?.id !== undefined,
    links: links.map(({ url, fileOffset }) => ({ url, ...placeInFile(assembled.origin.lineStarts, fileOffset) })),
    problems: [],
  };
}

/** "press-conference" for "pages/Press Conference.html". */
export function idFromPath(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1).replace(/\.[^.]*$/, '');
  return slug(name);
}

export function slug(text: string): string {
  const words = text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '');
  return words === '' ? 'document' : words;
}

function meetingOf(fields: Fields | null): Meeting | null {
  if (fields?.kind !== 'meeting') return null;
  return meetingFrom(fields);
}

function meetingFrom(fields: MeetingFields): Meeting {
  const { localStartAlternative, durationAlternativeMinutes } = fields;
  return {
    id: fields.id,
    title: fields.title,
    order: fields.order,
    date: fields.date,
    localStart: fields.localStart ?? null,
    durationMinutes: fields.durationMinutes ?? null,
    ...(localStartAlternative == null ? {} : { localStartAlternative }),
    ...(durationAlternativeMinutes == null ? {} : { durationAlternativeMinutes }),
    city: fields.city,
    country: fields.country,
    coordinates: fields.coordinates,
    venue: fields.venue ?? null,
    people: peopleOf(fields),
    topics: fields.topics,
    sources: fields.sources,
  };
}
