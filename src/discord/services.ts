import type { Client } from 'discord.js';
import { LRUCache } from 'lru-cache';
import { MeetingNames, findMeetings } from '../answer/meeting-texts.ts';
import type { Answer } from '../answer/types.ts';
import type { Config, DiscordConfig } from '../config.ts';
import type { Source } from '../corpus/types.ts';
import type { SharedStore } from '../database/shared-store.ts';
import type { Engine, Snapshot } from '../engine.ts';
import { openJournal } from '../journal/journal.ts';
import { NameFinder, namesOfDate, sourceFinder } from '../language/finder.ts';
import { otherNamesOf } from '../language/names.ts';
import { fold } from '../language/words.ts';
import { type Logger, Metrics } from '../monitor.ts';
import { ownersOf, shardStates } from './client.ts';
import { Refusal, type RepliableInteraction, type Reply } from './reply.ts';
import {
  AskedQuestions,
  Maintainers,
  RateLimits,
  ServerFigures,
  type SettingsStore,
} from './servers.ts';
import { CommandMentions, dateSpan, escapeLine, textsIn, type Locale } from './text.ts';
import { TourPictures } from './tour-map/pictures.ts';

/** What commands and buttons work with. One object for the life of the process. */
export type BotServices = Readonly<ReturnType<typeof createServices>>;

/** One interaction, with what its handler needs. */
export interface InteractionContext<
  I extends RepliableInteraction = RepliableInteraction,
> extends Reader {
  readonly interaction: I;
  readonly services: BotServices;
  /** The snapshot in use when the interaction arrived: one reply never mixes two. */
  readonly snapshot: Snapshot;
  readonly reply: Reply;
  /** Whether a command that does not say otherwise is answered to the asker alone. */
  readonly isPrivateByDefault: boolean;
  readonly log: Logger;
}

/** A question, and the ids of the meeting and the source that it is limited to. */
export interface AskRequest {
  readonly question: string;
  readonly meeting: string | null;
  readonly source: string | null;
}

/** Runs a few tasks at a time, with turns of the event loop between: a burst must not delay the next acknowledgement. */
export class WorkQueue {
  readonly #most: { readonly concurrency: number; readonly capacity: number };
  readonly #waiting: (() => Promise<void>)[] = [];
  #active = 0;

  /** `capacity`: the most tasks that wait. */
  constructor(most: { readonly concurrency: number; readonly capacity: number }) {
    this.#most = most;
  }

  /** Tasks that wait or run. */
  get waiting(): number {
    return this.#waiting.length + this.#active;
  }

  /**
   * The task's result. Tasks start in the order of arrival.
   *
   * @throws Refusal when the queue is full
   */
  run<T>(task: () => Promise<T>): Promise<T> {
    if (this.#waiting.length >= this.#most.capacity) {
      return Promise.reject(new Refusal((texts) => texts.busy));
    }
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push(() => task().then(resolve, reject));
      this.#startNext();
    });
  }

  #startNext(): void {
    if (this.#active >= this.#most.concurrency || this.#waiting.length === 0) return;
    this.#active += 1;
    setImmediate(() => {
      const start = this.#waiting.shift();
      void (start?.() ?? Promise.resolve()).finally(() => {
        this.#active -= 1;
        this.#startNext();
      });
    });
  }
}

/**
 * Answers through the queue. The latest answers are cached, because pages, context and feedback of one answer ask
 * for it again. The cache holds questions and excerpts, in memory only.
 */
export class Answers {
  readonly #queue: WorkQueue;
  readonly #cache: LRUCache<string, Promise<Answer>>;

  /** `cached`: the most answers kept, of about ten kilobytes each. */
  constructor({ queue, cached }: { queue: WorkQueue; cached: number }) {
    this.#queue = queue;
    this.#cache = new LRUCache({ max: cached });
  }

  /** Questions that wait or are being answered. */
  get waiting(): number {
    return this.#queue.waiting;
  }

  /** @throws Refusal when too many questions wait; DragomanError QUESTION for a question that the engine refuses */
  answer(snapshot: Snapshot, { question, meeting, source }: AskRequest): Promise<Answer> {
    const key = JSON.stringify([snapshot.generation, snapshot.builtAt, question, meeting, source]);
    const cached = this.#cache.get(key);
    if (cached !== undefined) return cached;
    const within = {
      ...(meeting === null ? {} : { meeting }),
      ...(source === null ? {} : { source }),
    };
    const answer = this.#queue.run(() => snapshot.ask(question, { k: MOST_EXCERPTS, ...within }));
    this.#cache.set(key, answer);
    answer.catch(() => this.#cache.delete(key));
    return answer;
  }

  /** Those of some questions that have a clear answer: each is tried before it is offered. */
  async clear<Request extends AskRequest>(
    snapshot: Snapshot,
    requests: readonly Request[],
  ): Promise<Request[]> {
    const tried = await Promise.all(
      requests.map(async (request) => {
        const answer = await this.answer(snapshot, request).catch(() => null);
        return answer?.verdict === 'answered' || answer?.versions != null ? [request] : [];
      }),
    );
    return tried.flat();
  }
}

/** Excerpts of one answer over all its pages. */
const MOST_EXCERPTS = 12;
/** A question takes some milliseconds of the processor; a few overlap while the encoder's process computes. */
const QUEUE = { concurrency: 4, capacity: 1_000 };
/** Of some ten kilobytes each. */
const CACHED_ANSWERS = 1000;
/** A private message can be used for fifteen minutes. */
const SHARED_MESSAGES = 1000;

export interface BotOptions {
  readonly engine: Engine;
  /** What this bot shares with others; null: it keeps everything in its folders. */
  readonly store: SharedStore | null;
  readonly config: Pick<Config, 'journal' | 'healthFile'> & {
    readonly discord: DiscordConfig;
  };
  readonly log: Logger;
}

export function createServices({
  engine,
  store,
  config: { discord, journal },
  log,
  client,
  settings,
}: BotOptions & { readonly client: Client; readonly settings: SettingsStore }) {
  const { folder } = journal;
  const answers = new Answers({ queue: new WorkQueue(QUEUE), cached: CACHED_ANSWERS });
  const onJournal = (err: Error | null): void => {
    if (err === null) log.info({ event: 'journal.back' });
    else log.warn({ event: 'journal.failed', err });
  };
  const figures = {
    queued: () => answers.waiting,
    shards: () => shardStates(client),
    isDatabaseUp: store === null ? null : () => store.database.problem === null,
  };
  const askDiscord = (): Promise<readonly string[]> => ownersOf(client);
  return {
    engine,
    log,
    answers,
    journal: store !== null && journal.enabled ? store.journal : openJournal(journal, onJournal),
    /** Figures for Prometheus; null where nobody asks for them. */
    metrics: discord.monitor === null ? null : new Metrics(figures),
    asked: new AskedQuestions(),
    rateLimits: new RateLimits(discord.rateLimits, store?.database ?? null),
    settings,
    /** Whether Discord lets the bot read messages that do not mention it. */
    readsMessages: discord.messageContent,
    mentions: new CommandMentions(),
    pictures: new TourPictures(),
    maintainers: new Maintainers({ folder, named: discord.adminUserIds, askDiscord, log }),
    figures: new ServerFigures(),
    /** Ids of private messages that were shared. */
    shared: new LRUCache<string, true>({ max: SHARED_MESSAGES }),
    startedAt: new Date(),
    counts: { handled: 0, failed: 0 },
    /** Milliseconds of the last heartbeat; null until the first was answered. */
    ping: () => (client.ws.ping >= 0 ? Math.round(client.ws.ping) : null),
  };
}

type SnapshotPart = Pick<Snapshot, 'meetings' | 'sources' | 'documents'> &
  Partial<Pick<Snapshot, 'about'>>;

type Directory = ReturnType<typeof buildDirectory>;

/** One directory a snapshot, dropped with it. */
const directories = new WeakMap<SnapshotPart, Directory>();

/** What lookups in a snapshot need. Asked for when the snapshot is loaded, so that the first user does not wait for it. */
export function directoryOf(snapshot: SnapshotPart): Directory {
  const directory = directories.get(snapshot) ?? buildDirectory(snapshot);
  directories.set(snapshot, directory);
  return directory;
}

function buildDirectory(snapshot: SnapshotPart) {
  const { meetings, sources, documents } = snapshot;
  const days = [...new Set(meetings.flatMap(({ date }) => date ?? []))].sort();
  const names = new MeetingNames(snapshot);
  const groups = new Map<string, Source[]>();
  for (const source of sources.values()) {
    const key = fold(source.publisher);
    groups.set(key, [...(groups.get(key) ?? []), source]);
  }
  return {
    names,
    meetings: findMeetings(meetings, names),
    meetingById: new Map(meetings.map((meeting) => [meeting.id, meeting])),
    sources: sourceFinder([...sources.values()], ({ publisher }) => [names.named(publisher, 'ja')]),
    /** Sources by the folded name of their publisher; publishers of most sources first. */
    byPublisher: new Map([...groups].sort(([, a], [, b]) => b.length - a.length)),
    /** ISO dates, ascending. */
    days,
    dayFinder: new NameFinder(days.map((value) => ({ value, names: namesOfDate(value) }))),
    /** Meetings by their cities, and by their countries. */
    places: new NameFinder(
      meetings.flatMap((meeting) => {
        const { city, country } = meeting;
        const { city: aliases, country: ofCountry, regions: wider } = otherNamesOf(meeting);
        const inCity = [city, names.city(meeting, 'ja')];
        const inCountry = [country, names.country(meeting, 'ja')];
        return [
          { value: { meeting, isCity: true }, names: inCity, aliases },
          { value: { meeting, isCity: false }, names: inCountry, aliases: ofCountry, wider },
        ];
      }),
    ),
    /** Questions that are known to have an answer. */
    questions: [...documents.values()].flatMap(({ expected }) =>
      expected.map((one) => one.question),
    ),
  };
}

/** The first and the last day of the events, for a text of Discord; null where no event has a date. */
export function spanOf({ directory: { days }, locale }: Reader): string | null {
  const [first, last] = [days[0], days.at(-1)];
  if (first === undefined || last === undefined) return null;
  return escapeLine(dateSpan(first, last, locale));
}

/** A reader of a snapshot, with the fixed texts in the reader's language. */
export type Reader = Readonly<ReturnType<typeof readerOf<SnapshotPart>>>;

export function readerOf<S extends SnapshotPart>(snapshot: S, locale: Locale) {
  return { snapshot, directory: directoryOf(snapshot), locale, texts: textsIn(locale) };
}
