/**
 * What a button or menu does, written into its custom id. Nothing is kept in the process, so controls work
 * after a restart and after a rebuild. A question too long for the hundred characters is left out and read
 * back from the message that carries the control (`read-back.ts`).
 */
import { createHash } from 'node:crypto';
import type { LineRange, SourceKind } from '../corpus/types.ts';
import { CUSTOM_ID } from './limits.ts';

/** A question with its filters. Ids of meeting and source are codes, see `codeOf`. */
export interface AskedCode {
  /** Null: it stands in the message. */
  readonly question: string | null;
  readonly meeting: string | null;
  readonly source: string | null;
}

export type Control =
  | { readonly kind: 'page' | 'share'; readonly page: number; readonly asked: AskedCode }
  | { readonly kind: 'up' | 'down' | 'why'; readonly asked: AskedCode }
  | {
      readonly kind: 'context';
      readonly rank: number;
      readonly document: string;
      readonly lines: LineRange;
      /** Start of the document's sha256: lines of a changed document mean something else. */
      readonly digest: string;
    }
  /** `turn` changes the card that carries the button; `card` opens a new one. */
  | { readonly kind: 'card' | 'turn'; readonly meeting: string }
  | { readonly kind: 'pick'; readonly part: number }
  | {
      /** `sources` turns the list that carries the button; `list` opens one. */
      readonly kind: 'sources' | 'list';
      readonly page: number;
      readonly meeting: string | null;
      readonly sourceKind: SourceKind | null;
    };

/** Changes when the meaning of the fields does: an id of another version is answered with "ask again". */
const VERSION = '1';
const SEPARATOR = '|';
const INLINE = '=';
const IN_MESSAGE = '^';

const LONGEST_PLAIN_CODE = 24;
const PLAIN = new RegExp(`^[\\w.-]{1,${LONGEST_PLAIN_CODE}}$`);
const HASHED = '~';

const SOURCE_KINDS: readonly SourceKind[] = ['official', 'agency', 'press', 'commentary'];

const LETTERS = {
  page: 'p',
  share: 's',
  up: 'u',
  down: 'd',
  why: 'w',
  context: 'x',
  card: 'm',
  turn: 't',
  pick: 'k',
  sources: 'b',
  list: 'l',
} as const satisfies Record<Control['kind'], string>;

/** An id short enough for a custom id: itself, or a digest of it. */
export function codeOf(id: string): string {
  if (PLAIN.test(id)) return id;
  return HASHED + createHash('sha256').update(id).digest('base64url').slice(0, 12);
}

/** The id that a code stands for, among those known; null when it is gone. */
export function idOf(code: string, known: ReadonlyMap<string, unknown>): string | null {
  if (!code.startsWith(HASHED)) return known.has(code) ? code : null;
  for (const id of known.keys()) if (codeOf(id) === code) return id;
  return null;
}

/** At most 100 characters, whatever the control holds. */
export function encodeControl(control: Control): string {
  const head = [VERSION, LETTERS[control.kind]];
  switch (control.kind) {
    case 'page':
    case 'share':
      return withQuestion([...head, String(control.page)], control.asked);
    case 'up':
    case 'down':
    case 'why':
      return withQuestion(head, control.asked);
    case 'context':
      return [
        ...head,
        control.rank,
        control.document,
        control.lines.join('-'),
        control.digest,
      ].join(SEPARATOR);
    case 'card':
    case 'turn':
      return [...head, control.meeting].join(SEPARATOR);
    case 'pick':
      return [...head, control.part].join(SEPARATOR);
    case 'sources':
    case 'list':
      return [...head, control.page, control.meeting ?? '', control.sourceKind ?? ''].join(
        SEPARATOR,
      );
  }
}

function withQuestion(head: readonly string[], asked: AskedCode): string {
  const start = [...head, asked.meeting ?? '', asked.source ?? ''].join(SEPARATOR) + SEPARATOR;
  if (asked.question === null) return start + IN_MESSAGE;
  const whole = start + INLINE + asked.question;
  return whole.length <= CUSTOM_ID ? whole : start + IN_MESSAGE;
}

/** Null for an id that this version did not write. */
export function decodeControl(customId: string): Control | null {
  const [version, letter, ...fields] = customId.split(SEPARATOR);
  if (version !== VERSION) return null;
  switch (letter) {
    case LETTERS.page:
    case LETTERS.share: {
      const [page, ...rest] = fields;
      const number = wholeNumber(page);
      const asked = askedIn(rest);
      if (number === null || asked === null) return null;
      return { kind: letter === LETTERS.page ? 'page' : 'share', page: number, asked };
    }
    case LETTERS.up:
    case LETTERS.down:
    case LETTERS.why: {
      const asked = askedIn(fields);
      if (asked === null) return null;
      const kind = letter === LETTERS.up ? 'up' : letter === LETTERS.down ? 'down' : 'why';
      return { kind, asked };
    }
    case LETTERS.context:
      return contextIn(fields);
    case LETTERS.card:
    case LETTERS.turn: {
      const meeting = fields[0] ?? '';
      if (meeting === '') return null;
      return { kind: letter === LETTERS.card ? 'card' : 'turn', meeting };
    }
    case LETTERS.pick: {
      const part = wholeNumber(fields[0]);
      return part === null ? null : { kind: 'pick', part };
    }
    case LETTERS.sources:
    case LETTERS.list: {
      const page = wholeNumber(fields[0]);
      if (page === null) return null;
      return {
        kind: letter === LETTERS.list ? 'list' : 'sources',
        page,
        meeting: orNull(fields[1]),
        sourceKind: SOURCE_KINDS.find((kind) => kind === fields[2]) ?? null,
      };
    }
    default:
      return null;
  }
}

/** The question comes last because it may hold the separator. */
function askedIn([meeting, source, ...rest]: readonly string[]): AskedCode | null {
  const question = rest.join(SEPARATOR);
  if (question !== IN_MESSAGE && !question.startsWith(INLINE)) return null;
  return {
    question: question === IN_MESSAGE ? null : question.slice(INLINE.length),
    meeting: orNull(meeting),
    source: orNull(source),
  };
}

function contextIn(fields: readonly string[]): Control | null {
  const [rank, document = '', lines = '', digest = ''] = fields;
  const [first, last] = lines.split('-').map(wholeNumber);
  const number = wholeNumber(rank);
  if (number === null || typeof first !== 'number' || typeof last !== 'number') return null;
  return { kind: 'context', rank: number, document, lines: [first, last], digest };
}

function wholeNumber(field: string | undefined): number | null {
  return field !== undefined && /^\d{1,9}$/.test(field) ? Number(field) : null;
}

function orNull(field: string | undefined): string | null {
  return field === undefined || field === '' ? null : field;
}
