import { isObject, type Json, type JsonObject } from './json.ts';
import { MessageFlag } from './limits.ts';
import type { Message, SentFile } from './message.ts';
import type { Place, StoredMessage, User } from './world.ts';

export type ExchangeKind = 'command' | 'autocomplete' | 'component' | 'modal';

/** Types of interaction callback. */
export const Callback = {
  reply: 4,
  defer: 5,
  deferUpdate: 6,
  update: 7,
  choices: 8,
  modal: 9,
} as const;

export interface SeenRequest {
  readonly method: string;
  /** Path after `/api/v10`, without the query. */
  readonly path: string;
  readonly json: unknown;
  /** Reading of `performance.now()` at arrival. */
  readonly at: number;
  /** HTTP status of the answer; 0 where the connection was cut in place of one. */
  readonly status: number;
  /** What the server answered: Discord's error where it refused. */
  readonly response: JsonObject | Json[] | null;
}

export interface WaitOptions {
  /** How long to wait, in milliseconds of real time. Default 30 000. */
  readonly timeoutMs?: number;
  /** What to wait for. Default: `settled`. */
  readonly until?: (reply: Exchange) => boolean;
}

/** Thrown when the bot did not do in time what was waited for; says what it did instead. */
class NoAnswerError extends Error {
  override readonly name = 'NoAnswerError';
  readonly reply: Exchange;

  constructor(reply: Exchange, why: string) {
    super(`${reply.label}: ${why}; ${reply.summary()}`);
    this.reply = reply;
  }
}

interface Waiter {
  readonly check: () => void;
  readonly abort: (why: string) => void;
}

/**
 * One interaction and all that the bot did about it. Live: later follow-ups and edits appear in it.
 * Times are from `performance.now()`, from the moment the gateway sent the interaction to the arrival of the request.
 */
export class Exchange {
  readonly id: string;
  readonly token: string;
  readonly kind: ExchangeKind;
  /** What the user did, for messages of failed tests. */
  readonly label: string;
  readonly user: User;
  readonly place: Place;
  readonly channelId: string;
  /** The message whose component was used, or null. */
  readonly source: StoredMessage | null;
  /** Type of the interaction and of each option of a focused autocomplete, as its callback must match. */
  readonly focusedOptionType: number;
  /** Reading of the injected clock at dispatch. */
  readonly bornAt: number;

  sentAt = 0;
  callbackType: number | null = null;
  /** Message of the callback: the reply, or the source for updates. */
  original: StoredMessage | null = null;
  /** The answer after the bot's last change, or null while there is none. */
  messageOrNull: Message | null = null;
  choicesOrNull: JsonObject[] | null = null;
  modalOrNull: JsonObject | null = null;
  files: readonly SentFile[] = [];
  deleted = false;
  readonly followUps: Message[] = [];
  readonly requests: SeenRequest[] = [];
  /** Whether anything followed a deferral. */
  touched = false;

  #ackedAt: number | null = null;
  #finalAt: number | null = null;
  readonly #waiters = new Set<Waiter>();

  constructor(fields: {
    id: string;
    token: string;
    kind: ExchangeKind;
    label: string;
    user: User;
    place: Place;
    channelId: string;
    source: StoredMessage | null;
    focusedOptionType: number;
    bornAt: number;
  }) {
    this.id = fields.id;
    this.token = fields.token;
    this.kind = fields.kind;
    this.label = fields.label;
    this.user = fields.user;
    this.place = fields.place;
    this.channelId = fields.channelId;
    this.source = fields.source;
    this.focusedOptionType = fields.focusedOptionType;
    this.bornAt = fields.bornAt;
  }

  /**
   * The answer in its present state; what followed it where it was deleted. Throws NoAnswerError while there is none, as
   * do `choices` and `modal`.
   */
  get message(): Message {
    const replacement = this.deleted ? (this.followUps[0] ?? null) : null;
    return this.#shown(replacement ?? this.messageOrNull, 'no message was shown');
  }

  get choices(): JsonObject[] {
    return this.#shown(this.choicesOrNull, 'no choices were offered');
  }

  get modal(): JsonObject {
    return this.#shown(this.modalOrNull, 'no modal was opened');
  }

  /** Milliseconds from dispatch to the accepted callback, or null while there is none. */
  get ackMs(): number | null {
    return this.#ackedAt === null ? null : this.#ackedAt - this.sentAt;
  }

  /** Milliseconds from dispatch to the last accepted change of the answer, or null. */
  get finalMs(): number | null {
    return this.#finalAt === null ? null : this.#finalAt - this.sentAt;
  }

  get deferred(): boolean {
    return this.callbackType === Callback.defer || this.callbackType === Callback.deferUpdate;
  }

  get ephemeral(): boolean {
    const replacement = this.deleted ? this.followUps[0] : undefined;
    const flags = (replacement ?? this.original?.message)?.flags ?? 0;
    return (flags & MessageFlag.ephemeral) !== 0;
  }

  /** Requests about this interaction that the server refused, scripted failures among them. */
  get refused(): SeenRequest[] {
    return this.requests.filter((request) => request.status === 0 || request.status >= 400);
  }

  /** Whether the user sees an answer: a message, choices or a modal; a deferral alone is none, also where it was deleted. */
  get settled(): boolean {
    if (this.callbackType === null) return false;
    return !this.deferred || this.touched;
  }

  acknowledge(type: number, at: number): void {
    this.callbackType = type;
    this.#ackedAt = at;
    if (!this.deferred) this.#finalAt = at;
  }

  /** Takes a message as the answer, after a reply, an edit or an update. */
  show(stored: StoredMessage, at: number): void {
    this.original = stored;
    this.messageOrNull = stored.message;
    this.files = [...stored.files.values()];
    this.touched = true;
    this.#finalAt = at;
  }

  addFollowUp(message: Message, at: number): void {
    this.followUps.push(message);
    this.touched = true;
    this.#finalAt = at;
  }

  replaceFollowUp(message: Message, at: number): void {
    const index = this.followUps.findIndex((item) => item.id === message.id);
    if (index !== -1) this.followUps[index] = message;
    this.#finalAt = at;
  }

  /** Called once the answer to each request is on its way. */
  record(request: SeenRequest): void {
    this.requests.push(request);
    for (const waiter of [...this.#waiters]) waiter.check();
  }

  /** Ends every wait: the server goes away. */
  abort(why: string): void {
    for (const waiter of [...this.#waiters]) waiter.abort(why);
  }

  /** Resolves with this once the condition holds. Rejects with NoAnswerError at the end of the wait. */
  async until(condition: (reply: Exchange) => boolean, timeoutMs = 120_000): Promise<this> {
    if (condition(this)) return this;
    return new Promise<this>((resolve, reject) => {
      const end = (): void => {
        clearTimeout(timer);
        this.#waiters.delete(waiter);
      };
      const waiter: Waiter = {
        check: () => {
          try {
            if (!condition(this)) return;
            resolve(this);
          } catch (error) {
            reject(error instanceof Error ? error : new Error(String(error)));
          }
          end();
        },
        abort: (why) => {
          end();
          reject(new NoAnswerError(this, why));
        },
      };
      const timer = setTimeout(() => waiter.abort(`no answer within ${timeoutMs} ms`), timeoutMs);
      this.#waiters.add(waiter);
    });
  }

  /** Resolves once the user has an answer, or the given condition holds. */
  async finished(options: WaitOptions = {}): Promise<this> {
    return this.until(options.until ?? ((reply) => reply.settled), options.timeoutMs);
  }

  #shown<T>(value: T | null, why: string): T {
    if (value === null) throw new NoAnswerError(this, why);
    return value;
  }

  /** One line on what the bot did, for messages of failed tests. */
  summary(): string {
    if (this.requests.length === 0) return 'the bot sent nothing';
    const seen = this.requests.map((request) => {
      const path = request.path.replace(this.token, ':token');
      const why =
        request.response === null || request.status < 400
          ? ''
          : ` ${JSON.stringify(request.response)}`;
      const type = isObject(request.json) ? request.json['type'] : undefined;
      const kind = typeof type === 'number' ? ` type ${type}` : '';
      return `${request.method} ${path}${kind} -> ${request.status}${why}`;
    });
    return `the bot sent ${seen.join(', ')}`;
  }
}
