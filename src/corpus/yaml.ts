/** YAML with the places of its parts, and the two YAML files at the top of a corpus: `sources.yaml` and `about.yaml`. */
import { isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { messageOf } from '../errors.ts';
import { problem, readText, withinTime, type FileFound } from './files.ts';
import { SOURCE_KINDS, type About, type AccountName, type Problem, type Source } from './types.ts';

/** In a file, counted from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** A text that is no YAML or TOML. */
export class Misread extends Error {
  readonly place: Place;

  constructor(message: string, place: Place) {
    super(message);
    this.place = place;
  }
}

/** The place that an error of reading names; none for any other error. */
export function placeOfError(error: unknown): Partial<Place> {
  return error instanceof Misread ? error.place : {};
}

export type Path = readonly PropertyKey[];

/** A YAML text. Values are made one by one, so that an endless one spoils no other. */
export class Yaml {
  readonly #document;
  readonly #counter = new LineCounter();
  readonly #linesBefore: number;

  /**
   * @param linesBefore lines of the file above the text
   * @throws Error with a place ({@link placeOfError}) for a text that is no YAML
   */
  constructor(text: string, linesBefore = 0) {
    this.#linesBefore = linesBefore;
    // Silent: a template such as "{{ title }}" is a key that is a map, about which the library warns on the terminal.
    this.#document = parseDocument(text, {
      lineCounter: this.#counter,
      prettyErrors: false,
      logLevel: 'silent',
    });
    const [first] = this.#document.errors;
    if (first !== undefined) throw new Misread(first.message, this.#placeAt(first.pos[0]));
  }

  /**
   * The value at a path; undefined where there is none.
   *
   * @throws Error for aliases that expand endlessly
   */
  value(path: Path): unknown {
    const node = this.#node(path);
    return isNode(node) ? node.toJS(this.#document) : node;
  }

  /** Items of the list at a path; null where there is no list. */
  lengthOf(path: Path): number | null {
    const node = this.#node(path);
    return isSeq(node) ? node.items.length : null;
  }

  /** Place of a key of the map at a path, else of the innermost part of the path that the text has. */
  place(path: Path, key?: string): Place {
    const map = this.#node(path);
    const found = isMap(map)
      ? map.items.find((item) => isScalar(item.key) && item.key.value === key)?.key
      : undefined;
    if (isScalar(found)) return this.#placeAt(found.range?.[0] ?? 0);
    for (let length = path.length; length > 0; length--) {
      const node = this.#node(path.slice(0, length));
      if (isNode(node) && node.range != null) return this.#placeAt(node.range[0]);
    }
    return this.#placeAt(0);
  }

  #node(path: Path): unknown {
    return path.length === 0 ? this.#document.contents : this.#document.getIn(path, true);
  }

  #placeAt(offset: number): Place {
    const { line, col } = this.#counter.linePos(offset);
    return { line: line + this.#linesBefore, column: col };
  }
}

/** What is wrong with a value, in words for people who write YAML. */
export function wordsOf({ message }: Pick<z.core.$ZodIssue, 'message'>): string {
  return message
    .replace(/^Invalid input: /, '')
    .replace('received undefined', 'found nothing')
    .replace('received', 'found');
}

/** Types of a schema in words. */
const KINDS: Readonly<Record<string, string>> = {
  array: 'a list',
  number: 'a number',
  object: 'keys with values',
  string: 'a text',
  tuple: '[latitude, longitude]',
};

/** What is wrong with front matter, and what to do. */
export function describeIssue(issue: z.core.$ZodIssue): string {
  const key = issue.path
    .map((part, index) =>
      typeof part === 'number' ? `[${part}]` : `${index === 0 ? '' : '.'}${String(part)}`,
    )
    .join('');
  const where = key === '' ? 'front matter' : `front matter, "${key}"`;
  if (issue.code === 'unrecognized_keys') {
    return `${where}: found the unknown key ${issue.keys.map((name) => `"${name}"`).join(', ')}. Correct its spelling or remove it.`;
  }
  const missing = issue.code === 'invalid_type' && issue.message.endsWith('received undefined');
  if (missing)
    return `${where}: expected ${KINDS[issue.expected] ?? issue.expected}, found nothing. Add the key.`;
  return `${where}: ${wordsOf(issue)}. Correct the value.`;
}

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

/**
 * Reads `sources.yaml`: a key `sources` with a list of entries, and optionally `publishers` with their own hosts and
 * `account`, the name of the corpus's own documents. What is wrong with it, whatever it is, becomes a problem; a wrong entry
 * is left out.
 */
export async function readBibliography(file: FileFound | null): Promise<Bibliography> {
  if (file === null) return { entries: null, account: null, problems: [] };
  const text = await readText(file);
  if (typeof text !== 'string') return { entries: null, account: null, problems: [text] };
  try {
    return withinTime(() => bibliographyIn(new Yaml(text), file.path));
  } catch (error) {
    const message = `expected a list of sources, found: ${messageOf(error)}. Correct the file.`;
    const found = problem(file.path, message, placeOfError(error));
    return { entries: null, account: null, problems: [found] };
  }
}

function bibliographyIn(yaml: Yaml, path: string): Bibliography {
  const problems: Problem[] = [];
  /** The value at a path; null where it is missing or wrong, which becomes problems. */
  const read = <Value>(at: Path, schema: z.ZodType<Value>): Value | null => {
    const name = (inside: Path): string => {
      if (at.length === 1) return `"${[...at, ...inside].join('.')}"`;
      return inside.length === 0 ? 'source' : `source, "${inside.join('.')}"`;
    };
    const refuse = (message: string): void =>
      void problems.push(problem(path, message, yaml.place(at)));
    try {
      const value = yaml.value(at);
      if (value === undefined) return null;
      const result = schema.safeParse(value);
      for (const issue of result.error?.issues ?? []) {
        refuse(`${name(issue.path)}: ${wordsOf(issue)}. Correct the entry.`);
      }
      return result.data ?? null;
    } catch (error) {
      // Aliases that expand endlessly.
      refuse(`${name([])}: expected YAML, found: ${messageOf(error)}`);
      return null;
    }
  };
  const count = yaml.lengthOf(['sources']);
  if (count === null) {
    const message =
      'expected a key "sources" with a list of sources, found none. Start the file with "sources:".';
    problems.push(problem(path, message, { line: 1, column: 1 }));
    return { entries: null, account: null, problems };
  }
  const account = read(['account'], accountSchema);
  const publishers = read(['publishers'], publishersSchema);
  const entries = new Map<string, ListedSource>();
  for (let index = 0; index < count; index++) {
    const entry = read(['sources', index], sourceSchema);
    if (entry === null) continue;
    const { id, title, publisher, published, url, kind, language, core } = entry;
    const place = yaml.place(['sources', index]);
    const earlier = entries.get(id);
    if (earlier !== undefined) {
      const message = `the source "${id}" is already on line ${earlier.line}. Remove one of the two.`;
      problems.push(problem(path, message, place));
      continue;
    }
    const own = publishers?.[publisherName(publisher)];
    if (publishers !== null && own === undefined) {
      const message = `"publishers" names no host of "${publisherName(publisher)}". Add the publisher's own hosts there.`;
      problems.push(problem(path, message, place));
    }
    const { hostname } = new URL(url);
    const copy = own !== undefined && !own.some((known) => isWithin(hostname, known));
    const source = { id, title, publisher, published, url, kind, language };
    entries.set(id, {
      source: { ...source, host: hostname.replace(/^www\./, ''), copy },
      line: place.line,
      isCore: core,
    });
  }
  return { entries: [...entries.values()], account, problems };
}

/** A publisher's name without what is said of it in brackets: "Reuters" for "Reuters (via The Gazette)". */
export function publisherName(publisher: string): string {
  return publisher.replace(/\s*\(.*$/s, '') || publisher;
}

/** Whether a host is this one or a subdomain of it. */
function isWithin(hostname: string, known: string): boolean {
  return hostname === known || hostname.endsWith(`.${known}`);
}

/** Lengths in UTF-16 units. A topic is part of a command's name, which Discord limits to 32. */
const phrase = (most: number) => z.string().trim().min(1).max(most);
const words = z.strictObject({ subject: phrase(200), topic: phrase(24) });
const japaneseWords = words.extend({ names: z.record(phrase(200), phrase(200)).optional() });

export const aboutSchema = z.object({ en: words, ja: japaneseWords });

/** Of a corpus that says nothing of itself. */
export const UNNAMED: About = {
  en: { subject: 'the documents that I was given', topic: 'the documents' },
  ja: { subject: '与えられた文書', topic: '文書' },
};

const aboutFileSchema = z.strictObject({ en: words.optional(), ja: japaneseWords.optional() });

/**
 * Reads `about.yaml`: what a corpus says of itself, in the words in which the bot presents itself and its commands. A
 * language that it leaves out, or all without a file, has the words of `UNNAMED`.
 */
export async function readAbout(
  file: FileFound | null,
): Promise<{ readonly about: About; readonly problems: readonly Problem[] }> {
  if (file === null) return { about: UNNAMED, problems: [] };
  const text = await readText(file);
  if (typeof text !== 'string') return { about: UNNAMED, problems: [text] };
  try {
    const { en = UNNAMED.en, ja = UNNAMED.ja } = aboutFileSchema.parse(new Yaml(text).value([]));
    return { about: { en, ja }, problems: [] };
  } catch (error) {
    const message =
      error instanceof z.ZodError
        ? error.issues.map((issue) => `"${issue.path.join('.')}": ${wordsOf(issue)}`).join('; ')
        : `expected YAML, found: ${messageOf(error)}`;
    return {
      about: UNNAMED,
      problems: [problem(file.path, `${message}. Correct the file.`, placeOfError(error))],
    };
  }
}
