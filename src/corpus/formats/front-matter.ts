/** What a text begins with: front matter, which `---`, `+++` or braces enclose, or lines of fields; YAML with its places. */
import { parse as parseToml, TomlDate, TomlError } from 'smol-toml';
import { isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import * as z from 'zod';
import { messageOf } from '../../errors.ts';
import { firstIsoDate } from '../../language/dates.ts';
import { boundedDistance } from '../../language/words.ts';
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
  type Span,
} from '../types.ts';
import { placeOfError, Unreadable, type LeftOutSpan, type ParsedBody } from './block.ts';

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
  kind: z
    .unknown()
    .optional()
    .transform(() => undefined),
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

/** What can be told of front matter of this corpus with problems; null: not known because of them. */
const partialFields = z.object({
  id: documentId.nullable().catch(null),
  sources: texts.default([]).nullable().catch(null),
  related: z.array(documentId).catch([]),
  /** Undefined for a document that is of no meeting. */
  order: z.int().nullish().catch(null),
});
export type PartialFields = Readonly<z.infer<typeof partialFields>>;

export type MeetingFields = z.infer<typeof meetingFields>;
export type Fields = MeetingFields | z.infer<typeof backgroundFields> | z.infer<typeof otherFields>;

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
  /** Of fields with problems, those that can be read; null where there are no such problems, or nothing else can be told. */
  readonly partial: PartialFields | null;
  /** Offset of the body in the decoded file. */
  readonly bodyStart: number;
  readonly lines: FrontMatterLines;
  readonly problems: readonly Problem[];
  /** Of front matter of other programs that was read only in part. */
  readonly warnings: readonly Problem[];
}

const NO_FRONT_MATTER: FrontMatter = {
  fields: null,
  partial: null,
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
const OUR_KIND = /^kind[ \t]*:[ \t]*["']?(meeting|background)\b/m;
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
  const ours = OUR_KIND.exec(written)?.[1];
  let parsed: ParsedFields;
  try {
    if (closing === null)
      throw new Error(`a closing line "${fence}", found none. Add it below the last key.`);
    if (closing.index > LONGEST) {
      const found = Math.ceil(closing.index / 1024);
      throw new Error(`at most ${LONGEST / 1024} KiB, found ${found} KiB. Shorten it.`);
    }
    const parts = ours === undefined ? () => [] : fieldsAmong;
    parsed = parseFields(written, fence, { linesBefore, parts });
  } catch (error) {
    if (!BEGINS_WITH_KEY.test(written)) return NO_FRONT_MATTER;
    const place = placeOfError(error) ?? { line: 1, column: 1 };
    const found = [problem(path, `front matter: expected ${messageOf(error)}`, place)];
    if (ours !== undefined) return { ...NO_FRONT_MATTER, problems: found };
    const fields = closing === null ? null : otherFields.parse(plainFields(written));
    return { ...NO_FRONT_MATTER, fields, bodyStart, warnings: found };
  }
  const { value, place, wrong } = parsed;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return NO_FRONT_MATTER;
  const broken = wrong.map(({ first }) => /[\w-]+/.exec(first)?.[0] ?? '');
  const kind = broken.includes('kind') ? ours : 'kind' in value ? kindMeantBy(value.kind) : null;
  const own = kind === 'background' ? backgroundFields : otherFields;
  const schema = kind === 'meeting' ? meetingFields : own;
  const result = schema.safeParse(value, { reportInput: true });
  const linesOf = (sources: readonly string[] | null): FrontMatterLines => ({
    keys: new Map(Object.keys(value).map((key) => [key, place([], key).line])),
    sources: new Map(sources?.map((id, index) => [id, place(['sources', index]).line])),
  });
  if (result.success && wrong.length === 0) {
    const fields: Fields = result.data;
    return { ...NO_FRONT_MATTER, fields, bodyStart, lines: linesOf(fields.sources) };
  }
  const issues = (result.error?.issues ?? []).filter(
    (issue) => !broken.includes(String(issue.path[0])),
  );
  const wrongKeys = [...broken, ...issues.flatMap((issue) => String(issue.path[0] ?? []))];
  const unknown = Object.fromEntries(wrongKeys.map((key) => [key, null]));
  const partial = partialFields.parse({ ...value, ...unknown });
  const name = (inside: Path): string => nameOf('front matter', inside);
  return {
    ...{ ...NO_FRONT_MATTER, partial, bodyStart, lines: linesOf(partial.sources) },
    problems: [
      ...wrong.map(({ error }) =>
        problem(path, `front matter: expected ${messageOf(error)}`, placeOfError(error)),
      ),
      ...problemsOf(issues, path, { place, name }),
    ],
  };
}

/** The kind of this corpus that a value is, or of which it is a misspelling. */
function kindMeantBy(value: unknown): string | undefined {
  const written = String(value).toLowerCase();
  return ['meeting', 'background'].find((kind) => boundedDistance(written, kind, 2) <= 2);
}

interface ParsedFields {
  readonly value: unknown;
  readonly place: Yaml['place'];
  readonly wrong: readonly WrongPart[];
}

/**
 * @param parts of YAML that are read one by one where it cannot be read as a whole
 * @throws Unreadable whose message says what was expected
 */
function parseFields(
  written: string,
  fence: string,
  { linesBefore, parts }: { readonly linesBefore: number; readonly parts: PartsOf },
): ParsedFields {
  const top = { line: linesBefore + 1, column: 1 };
  try {
    if (fence === '+++') {
      const fields = Object.entries(parseToml(written)).map(
        ([key, field]) => [key, field instanceof TomlDate ? field.toISOString() : field] as const,
      );
      return { value: Object.fromEntries(fields), place: () => top, wrong: [] };
    }
    const text = fence === '{' ? `{${written}}` : written;
    const { yaml, wrong } = readYamlInParts(text, parts, linesBefore);
    return {
      value: yaml.value([]) ?? (wrong.length > 0 ? {} : null),
      place: yaml.place,
      wrong: wrong.map((part) => ({ ...part, error: notYaml(part.error, top) })),
    };
  } catch (error) {
    if (fence !== '+++') throw notYaml(error, top);
    const place =
      error instanceof TomlError ? { line: error.line + linesBefore, column: error.column } : top;
    // The library's message goes on with a picture of the place.
    const [found = ''] = messageOf(error).split('\n');
    throw new Unreadable(`TOML, found: ${found}. Correct it.`, { place });
  }
}

function notYaml(error: unknown, top: Place): Unreadable {
  const message = `YAML, found: ${messageOf(error)}. Correct it; a value with a colon, tab or other sign goes in quotes.`;
  return new Unreadable(message, { place: placeOfError(error) ?? top });
}

/** Lines of each key at the outer edge with its value. */
const fieldsAmong: PartsOf = (lines) => {
  const starts = [...lines.keys()].filter((index) =>
    /^["']?[A-Za-z_][\w-]*["']?[ \t]*:(?:\s|$)/.test(lines[index] ?? ''),
  );
  return starts.map((start, index) => ({ start, end: starts[index + 1] ?? lines.length }));
};

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

/** Spans of lines. */
type PartsOf = (lines: readonly string[]) => Span[];

/** A part of a text that is no YAML. */
interface WrongPart {
  /** Its first line, and the number of that. */
  readonly first: string;
  readonly line: number;
  readonly error: unknown;
}

/**
 * The text as YAML. Where it is none, without those of its parts that are none alone: one quote too few would take all
 * others along.
 *
 * @throws Unreadable with a place where none of the parts is to blame
 */
export function readYamlInParts(
  text: string,
  partsOf: PartsOf,
  linesBefore = 0,
): { yaml: Yaml; wrong: WrongPart[] } {
  try {
    return { yaml: readYaml(text, linesBefore), wrong: [] };
  } catch (error) {
    const wrong: WrongPart[] = [];
    const lines = text.split('\n');
    const parts = partsOf(lines);
    const blame = ({ start, end }: Span, inPart: unknown): void => {
      wrong.push({ first: lines[start] ?? '', line: linesBefore + start + 1, error: inPart });
      lines.fill('', start, end);
    };
    for (const part of parts) {
      try {
        readYaml(lines.slice(part.start, part.end).join('\n'), linesBefore + part.start);
      } catch (inPart) {
        blame(part, inPart);
      }
    }
    // A key that is there twice.
    const at = (placeOfError(error)?.line ?? 0) - linesBefore - 1;
    const second = parts.find(({ start, end }) => start <= at && at < end);
    if (wrong.length === 0 && second !== undefined) blame(second, error);
    if (wrong.length === 0) throw error;
    return { yaml: readYaml(lines.join('\n'), linesBefore), wrong };
  }
}

/** What schemas expect, in words for people who write YAML. */
const KINDS: Readonly<Record<string, string>> = {
  array: 'a list',
  boolean: 'true or false',
  int: 'a whole number',
  number: 'a number',
  object: 'keys with values',
  record: 'keys with values',
  string: 'a text',
  tuple: '[latitude, longitude]',
};
const BOUNDS: Readonly<Record<string, string>> = {
  '<=': 'at most',
  '>=': 'at least',
  '>': 'more than',
};
/** UTF-16 characters of a value in a message. */
const LONGEST_SHOWN = 60;

/**
 * What is wrong with values that a schema, parsed with `reportInput`, refused: what it expects, what it found, what to do.
 *
 * @param name of a value by its keys
 * @param at keys of the value that was parsed
 */
export function problemsOf(
  issues: readonly z.core.$ZodIssue[],
  path: string,
  { place, name, at = [] }: { place: Yaml['place']; name: (inside: Path) => string; at?: Path },
): Problem[] {
  return issues.map((issue) => {
    const where = name(issue.path);
    const keys = [...at, ...issue.path];
    if (issue.code === 'unrecognized_keys') {
      const unknown = issue.keys.map((key) => `"${key}"`).join(', ');
      const message = `${where}: found the unknown key ${unknown}. Correct its spelling or remove it.`;
      return problem(path, message, place(keys, issue.keys[0]));
    }
    const remedy = issue.input === undefined ? 'Add the key' : 'Correct the value';
    const message = `${where}: ${expectedBy(issue)}, found ${foundIn(issue.input)}. ${remedy}.`;
    return problem(path, message, place(keys));
  });
}

/** `source, "publisher"`; either may be empty. */
export function nameOf(what: string, path: Path): string {
  const keys = path.map((key, index) =>
    typeof key === 'number' ? `[${key}]` : `${index === 0 ? '' : '.'}${String(key)}`,
  );
  const quoted = keys.length === 0 ? [] : [`"${keys.join('')}"`];
  return [what, ...quoted].filter((part) => part !== '').join(', ');
}

function expectedBy(issue: z.core.$ZodIssue): string {
  const { code, input, message } = issue;
  if (code === 'invalid_type') return `expected ${KINDS[issue.expected] ?? issue.expected}`;
  if (code === 'invalid_value') return `expected ${issue.values.map(String).join(' or ')}`;
  if (code === 'invalid_key' || input === '') return 'expected a text';
  return message.replace(
    /^.*expected \w+ to (?:be|have) ([<>]=?)/,
    (_, sign: string) => `expected ${BOUNDS[sign] ?? sign} `,
  );
}

function foundIn(input: unknown): string {
  if (input === undefined) return 'nothing';
  if (input === null || input === '') return 'an empty value';
  if (Array.isArray(input)) return input.length === 0 ? 'an empty list' : 'a list';
  if (typeof input === 'object') return 'keys with values';
  const shown = JSON.stringify(input);
  return shown.length > LONGEST_SHOWN ? `${shown.slice(0, LONGEST_SHOWN)} …` : shown;
}

/** A line that names what the text is, as mails and plain notes begin; `% title` is pandoc's. */
const FIELD = /^(?:#\+)?([\p{L}][\p{L}\p{N} -]{0,39})[:：]{1,2}\s*(.*)$/u;
const SUBJECTS = /^(?:subject|件名|betreff|objet|asunto|assunto|oggetto|onderwerp)$/iu;
const ABOUT = new RegExp(`${SUBJECTS.source}|^(?:received|message-id)$`, 'iu');
const TITLES = /^(?:title|題名|タイトル|標題|titel|titre|título|titolo)$/iu;
const DATES = /^(?:date|sent|日時|日付|送信日時|datum|gesendet|fecha|data)$/iu;
const SENDERS = /^(?:from|差出人|von|de|da|van)$/iu;
const AUTHORS = /^(?:author|作成者|著者|autor|auteur)$/iu;

/** UTF-16 characters. Servers put long lines above a mail. */
const LONGEST_HEAD = 64 * 1024;

/** The fields that the first lines of a text are, long ones over several lines; null where a line is none. */
function fieldsOf(text: string): [name: string, value: string][] | null {
  const start = text.slice(0, LONGEST_HEAD).trimStart();
  const [top = ''] = start.split(/\n[ \t>]*\r?\n/);
  const fields = top
    .replace(/^(?:> ?)+/gm, '')
    // What is above a mail that was sent on.
    .replace(/^-{2,}.*-{2,}[ \t]*\r?\n/, '')
    .replace(/\r?\n[ \t]+(?![ \t]|\p{L}[\p{L}\p{N} -]{0,39}[:：])/gu, ' ')
    .split('\n')
    .map((line) => FIELD.exec(line.trim()));
  if (!fields.every((field) => field !== null)) return null;
  return fields.map(([, name = '', value = '']) => [name.trim(), value]);
}

/** Whether a paragraph is what a mail begins with, which says nothing that could be quoted. */
function isHeadOfMail(paragraph: string): boolean {
  const names = fieldsOf(paragraph)?.map(([name]) => name) ?? [];
  return [SENDERS, ABOUT].every((form) => names.some((name) => form.test(name)));
}

/** A text with spaces in place of the heads of mails, also of quoted ones, so that all else stays where it is. */
export function withoutHeadsOfMails(text: string, offset: number) {
  const leftOut: LeftOutSpan[] = [];
  let end = offset;
  const parts = text.split(/(\n[ \t>\r]*(?=\n))/).map((part) => {
    end += part.length;
    if (!isHeadOfMail(part)) return part;
    leftOut.push({ start: end - part.trimStart().length, end, why: 'the head of a mail' });
    return part.replace(/[^\n]/g, ' ');
  });
  return { kept: parts.join(''), leftOut };
}

/** Title, date and author of a text whose first lines are fields. Those of a mail are no text of it, others are. */
export function fieldsAtTop(body: string): Pick<ParsedBody, 'title' | 'date' | 'author'> {
  const start = body.slice(0, 2000).trimStart();
  const [top = ''] = start.split(/\n\s*\n/);
  const lines = top.split('\n').map((line) => line.trim());
  if (lines.every((line) => /^%(?!%)/.test(line)))
    return { title: lines[0]?.slice(1).trim() || null };
  const fields = fieldsOf(body) ?? [];
  // In code for sending, a value is no words.
  const valueOf = (...forms: RegExp[]): string | null =>
    fields.find(
      ([name, value]) => !/^$|=\?/.test(value) && forms.some((form) => form.test(name)),
    )?.[1] ?? null;
  return {
    title: valueOf(TITLES, SUBJECTS),
    date: firstIsoDate(valueOf(DATES) ?? ''),
    author: valueOf(SENDERS, AUTHORS)?.replace(/\s*<[^<>]*>$/, '') ?? null,
  };
}
