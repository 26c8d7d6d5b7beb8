/** The bibliography of a corpus: `sources.yaml`, a key `sources` with a list of entries. */
import { readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { isMap, isSeq, LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { isMissing } from '../errors.ts';
import { describeFileError, SOURCES_FILE } from './files.ts';
import { decode } from './formats/decode.ts';
import { problem } from './problems.ts';
import { SOURCE_KINDS, type Problem, type Source } from './types.ts';

const text = z.string().trim().min(1);

const sourceSchema = z.looseObject({
  id: z.string().regex(/^[^\s\]]+$/, 'expected an id without spaces, such as mofa-us-fm'),
  title: text,
  publisher: text,
  published: z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2}$/, 'expected a date such as 2024-01-12, or null')
    .nullable()
    .default(null),
  url: z.url({ protocol: /^https?$/ }),
  kind: z.enum(SOURCE_KINDS),
  language: text.default('en'),
});

/** A source with its line in the bibliography. */
export interface ListedSource {
  readonly source: Source;
  readonly line: number;
}

export interface Bibliography {
  readonly entries: readonly ListedSource[];
  readonly problems: readonly Problem[];
}

/** Reads the bibliography of a corpus folder; `entries` is null when there is none. */
export async function readBibliography(
  folder: string,
): Promise<{ entries: readonly ListedSource[] | null; problems: readonly Problem[] }> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(join(await realpath(folder), SOURCES_FILE));
  } catch (error) {
    if (isMissing(error)) return { entries: null, problems: [] };
    return { entries: [], problems: [problem(SOURCES_FILE, describeFileError(error))] };
  }
  const decoded = decode(bytes);
  if (decoded.ok) return parseBibliography(decoded.text, SOURCES_FILE);
  const { failure } = decoded;
  return { entries: [], problems: [problem(SOURCES_FILE, failure.message, failure)] };
}

/** A wrong entry becomes a problem and is left out. */
function parseBibliography(decoded: string, path: string): Bibliography {
  const lines = new LineCounter();
  const parsed = parseDocument(decoded, { lineCounter: lines, prettyErrors: false });
  const placeOf = (offset: number): { line: number; column: number } => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  const [error] = parsed.errors;
  if (error !== undefined) {
    const message = `expected YAML, found: ${error.message}`;
    return { entries: [], problems: [problem(path, message, placeOf(error.pos[0]))] };
  }
  const list = isMap(parsed.contents) ? parsed.contents.get('sources', true) : undefined;
  if (!isSeq(list)) {
    const message =
      'expected a key "sources" with a list of sources, found none. Start the file with "sources:".';
    return { entries: [], problems: [problem(path, message, { line: 1, column: 1 })] };
  }
  const entries: ListedSource[] = [];
  const problems: Problem[] = [];
  const linesOfIds = new Map<string, number>();
  for (const item of list.items) {
    const range: unknown =
      typeof item === 'object' && item !== null && 'range' in item ? item.range : null;
    const place = placeOf(Array.isArray(range) ? Number(range[0]) : 0);
    const result = sourceSchema.safeParse(isMap(item) ? item.toJS(parsed) : item);
    if (!result.success) {
      for (const issue of result.error.issues) {
        const key = issue.path.join('.');
        const where = key === '' ? 'source' : `source, "${key}"`;
        problems.push(problem(path, `${where}: ${issue.message}`, place));
      }
      continue;
    }
    const { id, title, publisher, published, url, kind, language } = result.data;
    const earlier = linesOfIds.get(id);
    if (earlier !== undefined) {
      const message = `the source "${id}" is already on line ${earlier}. Remove one of the two.`;
      problems.push(problem(path, message, place));
      continue;
    }
    linesOfIds.set(id, place.line);
    entries.push({
      source: { id, title, publisher, published, url, kind, language },
      line: place.line,
    });
  }
  return { entries, problems };
}
