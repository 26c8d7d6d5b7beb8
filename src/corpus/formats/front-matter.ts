/** What a text begins with: front matter, which `---`, `+++` or braces enclose, or lines of fields; YAML with its places. */
import { parse as parseToml, TomlDate, TomlError } from 'smol-toml';
import { isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import * as z from 'zod';
import { messageOf } from '../../errors.ts';
import { firstIsoDate } from '../../language/dates.ts';
import { placeOfError, Unreadable, type ParsedBody } from './block.ts';
import {
  documentId,
  isoDate,
  japaneseSchema,
  meetingSchema,
  personSchema,
  problem,
  textSchema,
  type Place,
  type Problem,
} from '../types.ts';

/** The date of a timestamp, or a date in words or with other signs, which other programs write as the date. */
function dayOfTime(written: string): string {
  const parts = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)/.exec(written.trim())?.slice(1);
  return parts?.map((part) => part.padStart(2, '0')).join('-') ?? firstIsoDate(written) ?? written;
}

const texts = z.array(textSchema);
const people = z.array(personSchema);

/** What our own documents may have in addition. */
const additions = { related: z.array(documentId).default([]), ja: japaneseSchema.optional() };

const meetingFields = meetingSchema.extend({
  kind: z.literal('meeting'),
  ...additions,
});

const backgroundFields = z.strictObject({
  id: documentId,
  title: textSchema,
  ...additions,
  kind: z.literal('background'),
  date: isoDate.nullish(),
  people: people.default([]),
  topics: texts.default([]),
  sources: texts.default([]),
});

/** Front matter of other programs is read where its fields match. */
const otherFields = z.looseObject({
  id: documentId.optional().catch(undefined),
  title: z
    .union([textSchema, z.number().transform(String)])
    .nullish()
    .catch(null),
  date: z.string().transform(dayOfTime).pipe(isoDate).nullish().catch(null),
  people: people.catch([]).default([]),
  topics: texts.catch([]).default([]),
  sources: texts.catch([]).default([]),
});

export type MeetingFields = z.infer<typeof meetingFields>;
export type Fields =
  | MeetingFields
  | z.infer<typeof backgroundFields>
  | (z.infer<typeof otherFields> & { readonly kind?: undefined });

/** Lines of the front matter, for problems that are found later. */
export interface FrontMatterLines {
  readonly keys: ReadonlyMap<string, number>;
  /** Line of each id in the list of sources. */
  readonly sources: ReadonlyMap<string, number>;
}

export const NO_LINES: FrontMatterLines = { keys: new Map(), sources: new Map() };

interface FrontMatter {
  /** Null where the file has none. */
  readonly fields: Fields | null;
  /** Offset of the body in the decoded file. */
  readonly bodyStart: number;
  readonly lines: FrontMatterLines;
  readonly problems: readonly Problem[];
  /** Of front matter of other programs that was read only in part. */
  readonly warnings: readonly Problem[];
}

const NO_FRONT_MATTER: FrontMatter = {
  fields: null,
  bodyStart: 0,
  lines: NO_LINES,
  problems: [],
  warnings: [],
};
/** Of YAML, of TOML, and of JSON, which is YAML too. */
const OPENING = /^(?:[ \t]*\r?\n){0,9}(?:(---|\+\+\+)[ \t]*\r?\n|(\{)(?=[ \t]*\r?\n\s*"))/;
const CLOSING: Readonly<Record<string, RegExp>> = {
  '---': /^(?:---|\.\.\.)[ \t]*(?:\r?\n|$)/m,
  '+++': /^\+\+\+[ \t]*(?:\r?\n|$)/m,
  '{': /^\}[ \t]*(?:\r?\n|$)/m,
};
/** A first line that is a key, after comments and empty lines. */
const BEGINS_WITH_KEY =
  /^\s*(?:#[^\n]*\n\s*)*["']?[A-Za-z_][\w-]*(?: [\w-]+){0,8}["']?[ \t]{0,8}[:=](?:\s|$)/;
const IS_OURS = /^kind[ \t]*:[ \t]*["']?(?:meeting|background)\b/m;
/** UTF-16 characters. Longer ones are not front matter; reading YAML takes much longer than reading text. */
const LONGEST = 64 * 1024;

/**
 * Reads the YAML between the `---` lines, the TOML between the `+++` lines, or the JSON, at the beginning of a file. In a file
 * whose first `---` has no closing line or no key after it, that line is a horizontal rule and the file has no front
 * matter. Front matter that cannot be parsed is a problem where it is of this corpus, else a warning.
 */
export function readFrontMatter(decoded: string, path: string): FrontMatter {
  const [opening = '', line, brace] = OPENING.exec(decoded) ?? [];
  const fence = line ?? brace;
  if (fence === undefined) return NO_FRONT_MATTER;
  const linesBefore = opening.split('\n').length - 1;
  const rest = decoded.slice(opening.length);
  const closing = CLOSING[fence]?.exec(rest) ?? null;
  const written = rest.slice(0, Math.min(closing?.index ?? LONGEST, LONGEST));
  const bodyStart = closing === null ? 0 : opening.length + closing.index + closing[0].length;
  let parsed: ParsedFields;
  try {
    if (closing === null)
      throw new Error(`a closing line "${fence}", found none. Add it below the last key.`);
    if (closing.index > LONGEST) {
      const found = Math.ceil(closing.index / 1024);
      throw new Error(`at most ${LONGEST / 1024} KiB, found ${found} KiB. Shorten it.`);
    }
    parsed = parseFields(written, fence, linesBefore);
  } catch (error) {
    if (!BEGINS_WITH_KEY.test(written)) return NO_FRONT_MATTER;
    const place = placeOfError(error) ?? { line: 1, column: 1 };
    const found = [problem(path, `front matter: expected ${messageOf(error)}`, place)];
    if (IS_OURS.test(written)) return { ...NO_FRONT_MATTER, problems: found };
    const fields = closing === null ? null : otherFields.parse(plainFields(written));
    return { ...NO_FRONT_MATTER, fields, bodyStart, warnings: found };
  }
  const { value, place } = parsed;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return NO_FRONT_MATTER;
  const kind = 'kind' in value ? value.kind : undefined;
  const own = kind === 'background' ? backgroundFields : otherFields;
  const result = (kind === 'meeting' ? meetingFields : own).safeParse(value);
  if (!result.success) {
    const problems = result.error.issues.map((issue) => {
      const key = issue.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
      return problem(path, describeIssue(issue), place(issue.path, key));
    });
    return { ...NO_FRONT_MATTER, bodyStart, problems };
  }
  const fields: Fields = result.data;
  const lines: FrontMatterLines = {
    keys: new Map(Object.keys(value).map((key) => [key, place([], key).line])),
    sources: new Map(fields.sources.map((id, index) => [id, place(['sources', index]).line])),
  };
  return { ...NO_FRONT_MATTER, fields, bodyStart, lines };
}

interface ParsedFields {
  readonly value: unknown;
  readonly place: (path: Path, key?: string) => Place;
}

/** @throws Unreadable whose message says what was expected */
function parseFields(written: string, fence: string, linesBefore: number): ParsedFields {
  const top = { line: linesBefore + 1, column: 1 };
  try {
    if (fence === '+++') {
      const fields = Object.entries(parseToml(written)).map(
        ([key, field]) => [key, field instanceof TomlDate ? field.toISOString() : field] as const,
      );
      return { value: Object.fromEntries(fields), place: () => top };
    }
    const { value, place } = readYaml(fence === '{' ? `{${written}}` : written, linesBefore);
    return { value: value([]), place };
  } catch (error) {
    const found = messageOf(error);
    if (fence !== '+++') {
      const message = `YAML, found: ${found}. Correct it; a value with a colon, tab or other sign goes in quotes.`;
      throw new Unreadable(message, { place: placeOfError(error) ?? top });
    }
    const place =
      error instanceof TomlError ? { line: error.line + linesBefore, column: error.column } : top;
    // The library's message goes on with a picture of the place.
    throw new Unreadable(`TOML, found: ${found.split('\n')[0] ?? ''}. Correct it.`, { place });
  }
}

/** What can be told of front matter that cannot be parsed: a title and a date on lines of their own. */
function plainFields(written: string): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const [, key = '', value = ''] of written.matchAll(
    /^[ \t]*(title|date)[ \t]*[:=][ \t]*([^\r\n]*)/gm,
  )) {
    const plain = value.trim().replace(/^(["'])(.*)\1$/, '$2');
    if (!/\{[{%]/.test(plain)) fields[key] ??= plain;
  }
  return fields;
}

export type Path = readonly PropertyKey[];

export type Yaml = ReturnType<typeof readYaml>;

/**
 * A YAML text. Values are made one by one, so that an endless one spoils no other.
 *
 * @param linesBefore lines of the file above the text
 * @throws Unreadable with a place for a text that is not valid YAML
 */
export function readYaml(text: string, linesBefore = 0) {
  const lineCounter = new LineCounter();
  // Silent: a template such as "{{ title }}" is a key that is a map, about which the library warns on the terminal.
  const document = parseDocument(text, { lineCounter, prettyErrors: false, logLevel: 'silent' });
  const nodeAt = (path: Path): unknown =>
    path.length === 0 ? document.contents : document.getIn(path, true);
  const placeAt = (offset: number): Place => {
    const { line, col } = lineCounter.linePos(offset);
    return { line: line + linesBefore, column: col };
  };
  const [first] = document.errors;
  if (first !== undefined) throw new Unreadable(first.message, { place: placeAt(first.pos[0]) });
  return {
    /**
     * The value at a path; undefined where there is none.
     *
     * @throws Error for aliases that expand endlessly
     */
    value: (path: Path): unknown => {
      const node = nodeAt(path);
      return isNode(node) ? node.toJS(document) : node;
    },
    /** Items of the list at a path; null where there is no list. */
    lengthOf: (path: Path): number | null => {
      const node = nodeAt(path);
      return isSeq(node) ? node.items.length : null;
    },
    /** Place of a key of the map at a path, else of the innermost part of the path that the text has. */
    place: (path: Path, key?: string): Place => {
      const map = nodeAt(path);
      const found = isMap(map)
        ? map.items.find((item) => isScalar(item.key) && item.key.value === key)?.key
        : undefined;
      if (isScalar(found)) return placeAt(found.range?.[0] ?? 0);
      const around = path.map((_, at) => nodeAt(path.slice(0, path.length - at)));
      const inner = around.find((node) => isNode(node) && node.range != null);
      return placeAt(isNode(inner) ? (inner.range?.[0] ?? 0) : 0);
    },
  };
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

function describeIssue(issue: z.core.$ZodIssue): string {
  const key = z.core.toDotPath(issue.path);
  const where = key === '' ? 'front matter' : `front matter, "${key}"`;
  if (issue.code === 'unrecognized_keys') {
    return `${where}: found the unknown key ${issue.keys.map((name) => `"${name}"`).join(', ')}. Correct its spelling or remove it.`;
  }
  const missing = issue.code === 'invalid_type' && issue.message.endsWith('received undefined');
  if (missing)
    return `${where}: expected ${KINDS[issue.expected] ?? issue.expected}, found nothing. Add the key.`;
  return `${where}: ${wordsOf(issue)}. Correct the value.`;
}

/** A line that names what the text is, as mails and plain notes begin; `% title` is pandoc's. */
const FIELD = /^(?:#\+)?([\p{L}][\p{L} -]{0,24})[:：]{1,2}\s*(\S.*)$/u;
const TITLES =
  /^(?:title|subject|件名|題名|タイトル|標題|betreff|titel|objet|titre|asunto|título|oggetto|titolo)$/iu;
const DATES = /^(?:date|sent|日時|日付|送信日時|datum|gesendet|fecha|data)$/iu;
const AUTHORS = /^(?:from|author|差出人|作成者|著者|von|autor|auteur|de)$/iu;

/** Title, date and author of a text whose first lines are fields. The lines stay text. */
export function fieldsAtTop(body: string): Pick<ParsedBody, 'title' | 'date' | 'author'> {
  const start = body.slice(0, 2000).trimStart();
  const [top = ''] = start.split(/\n\s*\n/);
  const lines = top.split('\n').map((line) => line.trim());
  if (lines.every((line) => /^%(?!%)/.test(line)))
    return { title: lines[0]?.slice(1).trim() || null };
  const fields = lines.map((line) => FIELD.exec(line));
  if (!fields.every((field) => field !== null)) return {};
  const valueOf = (names: RegExp): string | null =>
    fields.find((field) => names.test(field[1] ?? ''))?.[2] ?? null;
  return {
    title: valueOf(TITLES),
    date: firstIsoDate(valueOf(DATES) ?? ''),
    author: valueOf(AUTHORS)?.replace(/\s*<[^<>]*>$/, '') ?? null,
  };
}
