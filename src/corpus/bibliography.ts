/**
 * The bibliography of a corpus: `sources.yaml`, a key `sources` with a list of entries, and optionally `publishers` with
 * their own hosts and `account`, the name of the corpus's own documents.
 */
import { isMap, isNode, isSeq, LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { messageOf } from '../errors.ts';
import { readFound, type FileFound } from './files.ts';
import { decode } from './formats/decode.ts';
import { problem } from './problems.ts';
import { withinTime } from './time-limit.ts';
import { SOURCE_KINDS, type AccountName, type Problem, type Source } from './types.ts';

const text = z.string().trim().min(1);

const sourceSchema = z.looseObject({
  id: z.string().regex(/^[^\s\]]+$/, 'expected an id without spaces, such as ministry-2024-01-12'),
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
  core: z.boolean().default(false),
});

const accountSchema = z.strictObject({ en: text, ja: text });

const host = z.hostname('expected a host such as example.org');

/** A publisher's own hosts, by its name without remarks in brackets. */
const publishersSchema = z.record(text, z.array(host).min(1));

/** A source with its line in the bibliography. */
export interface ListedSource {
  readonly source: Source;
  readonly line: number;
  /** One of those that the corpus is built around. */
  readonly isCore: boolean;
}

export interface Bibliography {
  /** Null where there is none that can be read. */
  readonly entries: readonly ListedSource[] | null;
  readonly account: AccountName | null;
  readonly problems: readonly Problem[];
}

/** Reads the bibliography of a corpus folder. What is wrong with it, whatever it is, becomes a problem. */
export async function readBibliography(file: FileFound | null): Promise<Bibliography> {
  if (file === null) return failed([]);
  const { path } = file;
  const bytes = await readFound(file);
  if (!(bytes instanceof Uint8Array)) return failed([bytes]);
  const decoded = decode(bytes);
  if (!decoded.ok) {
    const { failure } = decoded;
    return failed([problem(path, failure.message, failure)]);
  }
  try {
    return withinTime(() => parseBibliography(decoded.text, path));
  } catch (error) {
    const message = `expected a list of sources, found: ${messageOf(error)}. Correct the file.`;
    return failed([problem(path, message)]);
  }
}

function failed(problems: readonly Problem[]): Bibliography {
  return { entries: null, account: null, problems };
}

/** A wrong entry becomes a problem and is left out. */
function parseBibliography(decoded: string, path: string): Bibliography {
  const lines = new LineCounter();
  const parsed = parseDocument(decoded, {
    lineCounter: lines,
    prettyErrors: false,
    logLevel: 'silent',
  });
  const placeOf = (offset: number): { line: number; column: number } => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  const [error] = parsed.errors;
  if (error !== undefined) {
    const message = `expected YAML, found: ${error.message}`;
    return failed([problem(path, message, placeOf(error.pos[0]))]);
  }
  const top = isMap(parsed.contents) ? parsed.contents : null;
  const list = top?.get('sources', true);
  if (!isSeq(list)) {
    const message =
      'expected a key "sources" with a list of sources, found none. Start the file with "sources:".';
    return failed([problem(path, message, { line: 1, column: 1 })]);
  }
  const entries: ListedSource[] = [];
  const problems: Problem[] = [];
  /** The value of a key at the top, null where it is missing or wrong. */
  const valueOf = <Value>(key: string, schema: z.ZodType<Value>): Value | null => {
    const node = top?.get(key, true);
    if (node == null) return null;
    const result = schema.safeParse(isNode(node) ? node.toJS(parsed) : node);
    if (result.success) return result.data;
    const where = placeOf(isNode(node) ? (node.range?.[0] ?? 0) : 0);
    for (const issue of result.error.issues) {
      const name = [key, ...issue.path].join('.');
      problems.push(problem(path, `"${name}": ${issue.message}`, where));
    }
    return null;
  };
  const account = valueOf('account', accountSchema);
  const publishers = valueOf('publishers', publishersSchema);
  const linesOfIds = new Map<string, number>();
  for (const item of list.items) {
    const range: unknown =
      typeof item === 'object' && item !== null && 'range' in item ? item.range : null;
    const place = placeOf(Array.isArray(range) ? Number(range[0]) : 0);
    let value: unknown;
    try {
      value = isMap(item) ? item.toJS(parsed) : item;
    } catch (error) {
      // Aliases that unfold without end.
      problems.push(problem(path, `source: expected YAML, found: ${messageOf(error)}`, place));
      continue;
    }
    const result = sourceSchema.safeParse(value);
    if (!result.success) {
      for (const issue of result.error.issues) {
        const key = issue.path.join('.');
        const where = key === '' ? 'source' : `source, "${key}"`;
        problems.push(problem(path, `${where}: ${issue.message}`, place));
      }
      continue;
    }
    const { id, title, publisher, published, url, kind, language, core } = result.data;
    const earlier = linesOfIds.get(id);
    if (earlier !== undefined) {
      const message = `the source "${id}" is already on line ${earlier}. Remove one of the two.`;
      problems.push(problem(path, message, place));
      continue;
    }
    linesOfIds.set(id, place.line);
    const own = publishers?.[publisherName(publisher)];
    if (publishers !== null && own === undefined) {
      const message = `"publishers" names no host of "${publisherName(publisher)}". Add the publisher's own hosts there.`;
      problems.push(problem(path, message, place));
    }
    const { hostname } = new URL(url);
    entries.push({
      source: {
        ...{ id, title, publisher, published, url, kind, language },
        host: hostname.replace(/^www\./, ''),
        copy: own !== undefined && !own.some((known) => isWithin(hostname, known)),
      },
      line: place.line,
      isCore: core,
    });
  }
  return { entries, account, problems };
}

/** A publisher's name without what is said of it in brackets: "Reuters" for "Reuters (via The Gazette)". */
export function publisherName(publisher: string): string {
  return publisher.replace(/\s*\(.*$/s, '') || publisher;
}

/** Whether a host is this one or a subdomain of it. */
function isWithin(hostname: string, known: string): boolean {
  return hostname === known || hostname.endsWith(`.${known}`);
}
