import { parse as parseToml, TomlDate, TomlError } from 'smol-toml';
import {
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  type Document as YamlDocument,
} from 'yaml';
import { z } from 'zod';
import { messageOf } from '../../errors.ts';
import { problem } from '../problems.ts';
import type { Person, Problem } from '../types.ts';

const text = z.string().trim().min(1);
const isoDate = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/, 'expected a date such as 2024-01-12')
  .refine(isDay, 'expected a day that exists');
/** The date of a timestamp, which other programs write as the date. */
function dayOfTime(written: string): string {
  return written.trim().replace(/^(\d{4}-\d{2}-\d{2})[T ]\d.*$/, '$1');
}

function isDay(iso: string): boolean {
  const time = Date.parse(`${iso}T00:00:00Z`);
  // February 30 is parsed as March 1.
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(iso);
}

const documentId = z
  .string()
  .regex(
    /^[a-z0-9]+(?:-[a-z0-9]+)*$/,
    'expected lower-case words joined by hyphens, such as press-conference',
  );

const person = z.strictObject({
  name: text,
  title: text.nullish(),
  organisation: text.nullish(),
  otherSpellings: z.array(text).default([]),
  ja: text.optional(),
});

const japaneseNames = z.strictObject({
  title: text.optional(),
  city: text.optional(),
  country: text.optional(),
  venue: text.optional(),
});

/** Of our own documents. */
const ownFields = {
  id: documentId,
  title: text,
  related: z.array(documentId).default([]),
  ja: japaneseNames.optional(),
};

const meetingFields = z.strictObject({
  ...ownFields,
  kind: z.literal('meeting'),
  order: z.int().positive(),
  date: isoDate.nullable(),
  localStart: text.nullish(),
  timeZone: z.string().refine(isTimeZone, 'expected a time zone such as Europe/Paris').nullish(),
  localStartAlternative: text.nullish(),
  durationMinutes: z.number().positive().nullish(),
  durationAlternativeMinutes: z.number().positive().nullish(),
  city: text,
  country: text,
  coordinates: z.tuple([z.number().min(-90).max(90), z.number().min(-180).max(180)]),
  venue: text.nullish(),
  people: z.array(person).min(1),
  topics: z.array(text),
  sources: z.array(text),
});

const backgroundFields = z.strictObject({
  ...ownFields,
  kind: z.literal('background'),
  date: isoDate.nullish(),
  people: z.array(person).default([]),
  topics: z.array(text).default([]),
  sources: z.array(text).default([]),
});

/** Front matter of other programs is read where its fields match. */
const otherFields = z.looseObject({
  id: documentId.optional().catch(undefined),
  title: text.nullish().catch(null),
  date: z.string().transform(dayOfTime).pipe(isoDate).nullish().catch(null),
  people: z.array(person).catch([]).default([]),
  topics: z.array(text).catch([]).default([]),
  sources: z.array(text).catch([]).default([]),
});

export type MeetingFields = z.infer<typeof meetingFields>;
export type BackgroundFields = z.infer<typeof backgroundFields>;
export type OtherFields = z.infer<typeof otherFields>;
export type Fields =
  MeetingFields | BackgroundFields | (OtherFields & { readonly kind?: undefined });

/** Lines of the front matter, for problems that are found later. */
export interface FrontMatterLines {
  readonly keys: ReadonlyMap<string, number>;
  /** Line of each id in the list of sources. */
  readonly sources: ReadonlyMap<string, number>;
}

export const NO_LINES: FrontMatterLines = { keys: new Map(), sources: new Map() };

export interface FrontMatter {
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
const OPENING = /^(---|\+\+\+)[ \t]*\r?\n/;
const CLOSING_YAML = /^(?:---|\.\.\.)[ \t]*\r?$/m;
const CLOSING_TOML = /^\+\+\+[ \t]*\r?$/m;
/** A first line that is a key, after comments and empty lines. */
const BEGINS_WITH_KEY =
  /^\s*(?:#[^\n]*\n\s*)*["']?[A-Za-z_][\w-]*(?: [\w-]+){0,8}["']?[ \t]{0,8}[:=](?:\s|$)/;
/** UTF-16 characters. Longer ones are no front matter; reading YAML takes much longer than reading text. */
const LONGEST = 64 * 1024;

interface Place {
  readonly line: number;
  readonly column: number;
}

/**
 * Reads the YAML between the `---` lines, or the TOML between the `+++` lines, at the beginning of a file. In a file
 * whose first `---` has no closing line or no key after it, that line is a horizontal rule and the file has no front
 * matter. Front matter that cannot be parsed is a problem where it is of this corpus, else a warning.
 */
export function readFrontMatter(decoded: string, path: string): FrontMatter {
  const [opening, fence] = OPENING.exec(decoded) ?? [];
  if (opening === undefined) return NO_FRONT_MATTER;
  const rest = decoded.slice(opening.length);
  const closing = (fence === '---' ? CLOSING_YAML : CLOSING_TOML).exec(rest);
  const beginsWithKey = BEGINS_WITH_KEY.test(rest.slice(0, LONGEST));
  const written = rest.slice(0, closing?.index ?? LONGEST);
  const isOurs = /^kind[ \t]*:[ \t]*["']?(?:meeting|background)\b/m.test(written.slice(0, LONGEST));
  const unread = (message: string, place: Place, bodyStart: number): FrontMatter => {
    const found = [problem(path, `front matter: ${message}`, place)];
    if (isOurs) return { ...NO_FRONT_MATTER, problems: found };
    const fields = otherFields.parse(plainFields(written.slice(0, LONGEST)));
    return {
      ...NO_FRONT_MATTER,
      fields: bodyStart > 0 ? fields : null,
      bodyStart,
      warnings: found,
    };
  };
  if (closing === null) {
    const message = `expected a closing line "${fence ?? ''}", found none. Add it below the last key.`;
    return beginsWithKey ? unread(message, { line: 1, column: 1 }, 0) : NO_FRONT_MATTER;
  }
  const lineEnd = decoded.indexOf('\n', opening.length + closing.index);
  const bodyStart = lineEnd === -1 ? decoded.length : lineEnd + 1;
  if (written.length > LONGEST) {
    const message = `expected at most ${LONGEST / 1024} KiB, found ${Math.ceil(written.length / 1024)} KiB. Shorten it.`;
    return beginsWithKey ? unread(message, { line: 1, column: 1 }, bodyStart) : NO_FRONT_MATTER;
  }
  const parsed = fence === '---' ? parseYaml(written) : parseTomlFields(written);
  if (!parsed.ok) {
    return beginsWithKey ? unread(parsed.message, parsed.place, bodyStart) : NO_FRONT_MATTER;
  }
  const { value, placeOf, lines } = parsed;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return NO_FRONT_MATTER;
  }
  const result = schemaFor(value).safeParse(value);
  if (result.success) {
    return { ...NO_FRONT_MATTER, fields: result.data as Fields, bodyStart, lines };
  }
  const problems = result.error.issues.map((issue) =>
    problem(path, describeIssue(issue), placeOf(issue)),
  );
  return { ...NO_FRONT_MATTER, bodyStart, problems };
}

type Parsed =
  | {
      readonly ok: true;
      readonly value: unknown;
      readonly placeOf: (issue: z.core.$ZodIssue) => Place;
      readonly lines: FrontMatterLines;
    }
  | { readonly ok: false; readonly message: string; readonly place: Place };

function parseYaml(yaml: string): Parsed {
  const counter = new LineCounter();
  // Silent: a template such as "{{ title }}" is a key that is a map, about which the library warns on the terminal.
  const parsed = parseDocument(yaml, {
    lineCounter: counter,
    prettyErrors: false,
    logLevel: 'silent',
  });
  const placeOf = (offset: number): Place => {
    const { line, col } = counter.linePos(offset);
    return { line: line + 1, column: col };
  };
  const [first] = parsed.errors;
  if (first !== undefined) {
    const message = `expected YAML, found: ${first.message}`;
    return { ok: false, message, place: placeOf(first.pos[0]) };
  }
  try {
    return {
      ok: true,
      value: parsed.toJS() as unknown,
      placeOf: (issue) => placeOf(offsetOf(parsed, issue)),
      lines: linesOfKeys(parsed, (offset) => placeOf(offset).line),
    };
  } catch (error) {
    // Aliases that unfold without end.
    return { ok: false, message: `expected YAML, found: ${messageOf(error)}`, place: placeOf(0) };
  }
}

function parseTomlFields(toml: string): Parsed {
  const top: Place = { line: 2, column: 1 };
  try {
    const value = Object.entries(parseToml(toml)).map(
      ([key, field]) => [key, field instanceof TomlDate ? field.toISOString() : field] as const,
    );
    return { ok: true, value: Object.fromEntries(value), placeOf: () => top, lines: NO_LINES };
  } catch (error) {
    const place = error instanceof TomlError ? { line: error.line + 1, column: error.column } : top;
    // The library's message goes on with a picture of the place.
    const [found] = messageOf(error).split('\n');
    return { ok: false, message: `expected TOML, found: ${found ?? ''}`, place };
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

function linesOfKeys(parsed: YamlDocument, lineOf: (offset: number) => number): FrontMatterLines {
  const keys = new Map<string, number>();
  const sources = new Map<string, number>();
  if (!isMap(parsed.contents)) return NO_LINES;
  for (const { key, value } of parsed.contents.items) {
    if (!isScalar(key)) continue;
    keys.set(String(key.value), lineOf(key.range?.[0] ?? 0));
    if (key.value !== 'sources' || !isSeq(value)) continue;
    for (const item of value.items) {
      if (isScalar(item)) sources.set(String(item.value), lineOf(item.range?.[0] ?? 0));
    }
  }
  return { keys, sources };
}

function schemaFor(value: object): z.ZodType {
  const kind: unknown = 'kind' in value ? value.kind : undefined;
  if (kind === 'meeting') return meetingFields;
  if (kind === 'background') return backgroundFields;
  return otherFields;
}

/** Types of the schema in words for people who write YAML. */
const KINDS: Readonly<Record<string, string>> = {
  array: 'a list',
  number: 'a number',
  object: 'keys with values',
  string: 'a text',
  tuple: '[latitude, longitude]',
};

function describeIssue(issue: z.core.$ZodIssue): string {
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
  return `${where}: ${issue.message.replace(/^Invalid input: /, '').replace('received', 'found')}. Correct the value.`;
}

/** Offset in the YAML of the value of an issue, or of the innermost existing value around it. */
function offsetOf(parsed: YamlDocument, issue: z.core.$ZodIssue): number {
  const path = issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part));
  if (issue.code === 'unrecognized_keys') {
    const parent = path.length === 0 ? parsed.contents : parsed.getIn(path, true);
    if (isMap(parent)) {
      const pair = parent.items.find(
        (item) => isScalar(item.key) && item.key.value === issue.keys[0],
      );
      if (isScalar(pair?.key)) return pair.key.range?.[0] ?? 0;
    }
  }
  for (let length = path.length; length > 0; length--) {
    const node: unknown = parsed.getIn(path.slice(0, length), true);
    if (typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range)) {
      return Number(node.range[0]);
    }
  }
  return 0;
}

/** The people of the front matter as the corpus has them. */
export function peopleOf(fields: Fields): Person[] {
  return fields.people.map(({ name, title, organisation, otherSpellings, ja }) => ({
    name,
    title: title ?? null,
    organisation: organisation ?? null,
    otherSpellings,
    ...(ja === undefined ? {} : { ja }),
  }));
}

/** Whether it names a zone of the IANA database. */
function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
