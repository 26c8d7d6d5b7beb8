import {
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  type Document as YamlDocument,
} from 'yaml';
import { z } from 'zod';
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
    'expected lower-case words joined by hyphens, such as presser-kyiv',
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
}

const NO_FRONT_MATTER: FrontMatter = { fields: null, bodyStart: 0, lines: NO_LINES, problems: [] };
const OPENING = /^---[ \t]*\r?\n/;
const CLOSING = /^(?:---|\.\.\.)[ \t]*$/m;

/**
 * Reads the YAML between the `---` lines at the beginning of a file. In a file whose first `---` has no closing line or
 * no key after it, that line is a horizontal rule and the file has no front matter.
 */
export function readFrontMatter(decoded: string, path: string): FrontMatter {
  const opening = OPENING.exec(decoded)?.[0];
  if (opening === undefined) return NO_FRONT_MATTER;
  const rest = decoded.slice(opening.length);
  const closing = CLOSING.exec(rest.replaceAll('\r\n', ' \n'));
  const beginsWithKey = /^\s*(?:#[^\n]*\n\s*)*["']?[A-Za-z_][\w -]*["']?\s*:(?:\s|$)/.test(rest);
  if (closing === null) {
    if (!beginsWithKey) return NO_FRONT_MATTER;
    return broken(
      path,
      'front matter: expected a closing line "---", found none. Add it below the last key.',
      {
        line: 1,
        column: 1,
      },
    );
  }
  const yaml = rest.slice(0, closing.index);
  const lines = new LineCounter();
  const parsed = parseDocument(yaml, { lineCounter: lines, prettyErrors: false });
  const placeOf = (offset: number): { line: number; column: number } => {
    const { line, col } = lines.linePos(offset);
    return { line: line + 1, column: col };
  };
  const [first] = parsed.errors;
  if (first !== undefined) {
    if (!beginsWithKey) return NO_FRONT_MATTER;
    return broken(
      path,
      `front matter: expected YAML, found: ${first.message}`,
      placeOf(first.pos[0]),
    );
  }
  const value: unknown = parsed.toJS();
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return NO_FRONT_MATTER;
  }
  const lineEnd = decoded.indexOf('\n', opening.length + closing.index);
  const bodyStart = lineEnd === -1 ? decoded.length : lineEnd + 1;
  const result = schemaFor(value).safeParse(value);
  if (result.success) {
    const found = linesOfKeys(parsed, (offset) => placeOf(offset).line);
    return { fields: result.data as Fields, bodyStart, lines: found, problems: [] };
  }
  const problems = result.error.issues.map((issue) =>
    problem(path, describeIssue(issue), placeOf(offsetOf(parsed, issue))),
  );
  return { fields: null, bodyStart, lines: NO_LINES, problems };
}

function broken(
  path: string,
  message: string,
  place: { line: number; column: number },
): FrontMatter {
  return { ...NO_FRONT_MATTER, problems: [problem(path, message, place)] };
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
