/**
 * Questions written as messages: mentions in channels and threads, direct messages, and channels where a server's managers want
 * no mention. Messages come as Discord sends them, not as objects of discord.js, because those need a cache of servers.
 */
import {
  ChannelType,
  MessageReferenceType,
  MessageType,
  Routes,
  type APIMessage,
  type Client,
  type GatewayGuildCreateDispatchData,
  type GatewayReadyDispatchData,
} from 'discord.js';
import { LRUCache } from 'lru-cache';
import { smallTalkOf, type SmallTalk } from '../language/answer-kinds.ts';
import { languageOf } from '../language/words.ts';
import { answerQuestion, type Asking } from './buttons/answer.ts';
import type { IncomingMessage } from './client.ts';
import {
  answerFollowUp,
  isLikeQuestion,
  questionFromText,
  requestIn,
  textOfMessage,
} from './commands/ask.ts';
import { smallTalkReply, welcomeView } from './commands/help.ts';
import { failureSentence, newReference, type Dispatcher } from './dispatcher.ts';
import { MessageReply, Refusal, isForbidden } from './reply.ts';
import { readerOf, type AskRequest, type BotServices } from './services.ts';
import { localeOf, textsIn, type Locale } from './text.ts';

/** Channels and messages whose state is remembered, in memory. */
const REMEMBERED = 1_000;

interface MessagesOptions {
  readonly services: BotServices;
  readonly client: Client;
  readonly joins: Joins;
  readonly dispatcher: Dispatcher;
}

/** Answers messages that are addressed to the bot, as replies to them. */
export class Messages {
  readonly #options: MessagesOptions;
  /** Messages that were answered: after a lost connection, Discord may send some again. */
  readonly #answered = new LRUCache<string, true>({ max: REMEMBERED });
  /** Channels where the bot may not speak, so that each is logged once. */
  readonly #closed = new LRUCache<string, true>({ max: REMEMBERED });
  readonly #places = new LRUCache<string, readonly string[]>({ max: REMEMBERED });
  /** Users who were told that they asked too much, until they may ask again. */
  readonly #told = new LRUCache<string, true>({ max: REMEMBERED, ttl: 60_000 });

  constructor(options: MessagesOptions) {
    this.#options = options;
  }

  /** Never rejects. */
  async handle(message: IncomingMessage): Promise<void> {
    const { services, client, dispatcher } = this.#options;
    const log = services.log.child({ message: message.id, action: 'message' });
    const startedAt = performance.now();
    const reply = new MessageReply(client.rest, message);
    let locale: Locale = 'en';
    try {
      const address = await this.#addressOf(message);
      if (address === null || this.#answered.has(message.id)) return;
      this.#answered.set(message.id, true);
      const asked = await this.#askedIn(message);
      locale = this.#localeOf(message, asked.text);
      const snapshot = services.engine.current();
      const serverId = message.guild_id ?? null;
      const asking: Asking = {
        ...readerOf(snapshot, locale),
        ...{ services, snapshot, reply, log },
        interaction: { guildId: serverId },
      };
      if (address === 'open' && asked.talk !== null) return;
      // Where people also talk to each other, what is not a question is answered only where the answer is clear.
      const isDoubtful = address === 'open' && !isLikeQuestion(asked.request.question);
      try {
        const userId = message.author?.id ?? '';
        await dispatcher.admit({ userId, serverId, isQuestion: true });
      } catch (error) {
        // People who talk to each other are not told that they ask too much.
        if (isDoubtful && error instanceof Refusal) return;
        throw error;
      }
      if (isDoubtful) {
        const { verdict } = await services.answers.answer(snapshot, asked.request);
        if (verdict !== 'answered') return;
      }
      await reply.type();
      await answer(asked, asking);
      const ms = Math.round(performance.now() - startedAt);
      services.metrics?.handled(ms);
      log.debug({ event: 'message.handled', ms });
    } catch (error) {
      await this.#explain(error, { message, reply, locale });
    }
    services.counts.handled += 1;
  }

  /** How a message is addressed to the bot: by a mention or directly, or as any message of its channel; null when it is not. */
  async #addressOf(message: IncomingMessage): Promise<'direct' | 'open' | null> {
    const { author, type = MessageType.Default, mentions = [], guild_id: serverId } = message;
    const { settings, readsMessages } = this.#options.services;
    const botId = this.#options.client.user?.id ?? null;
    const isWritten = type === MessageType.Default || type === MessageType.Reply;
    if (botId === null || author === undefined || !isWritten) return null;
    if (author.bot === true || author.system === true || message.webhook_id !== undefined)
      return null;
    if (message.mention_everyone === true) return null;
    if (serverId === undefined) return 'direct';
    const isMentioned = mentions.some(({ id }) => id === botId);
    const { channels, mentionFree } = settings.of(serverId);
    if (!isMentioned && (!readsMessages || mentionFree.length === 0)) return null;
    const isLimited = channels.length > 0 || mentionFree.length > 0;
    const places = isLimited ? await this.#placesOf(message.channel_id) : [message.channel_id];
    if (!settings.mayAnswer(serverId, places)) return null;
    if (isMentioned) return 'direct';
    const isOpen = places.some((id) => mentionFree.includes(id));
    const repliedTo = message.referenced_message?.author.id;
    const isToOthers =
      mentions.length > 0 ||
      (message.mention_roles ?? []).length > 0 ||
      (message.message_reference !== undefined && repliedTo !== botId);
    return isOpen && !isToOthers ? 'open' : null;
  }

  /** Ids of a channel, and of the channel that it is a thread of. */
  async #placesOf(channelId: string): Promise<readonly string[]> {
    const known = this.#places.get(channelId);
    if (known !== undefined) return known;
    const channel = (await this.#options.client.rest
      .get(Routes.channel(channelId))
      .catch(() => null)) as Place | null;
    const parent = THREADS.has(channel?.type ?? 0) ? (channel?.parent_id ?? null) : null;
    const places = parent === null ? [channelId] : [channelId, parent];
    if (channel !== null) this.#places.set(channelId, places);
    return places;
  }

  async #askedIn(message: IncomingMessage): Promise<Asked> {
    const botId = this.#options.client.user?.id ?? null;
    const snapshot = this.#options.services.engine.current();
    const own = textOfMessage(message);
    const before = await this.#referenced(message);
    if (before?.author.id === botId) {
      return { ...readText(own), before: requestIn(before.components ?? [], snapshot) };
    }
    // A mention in reply to somebody's question asks that question, or asks on from it.
    const said = before === null || before.author.bot === true ? '' : textOfMessage(before);
    if (own === '') return { ...readText(said), before: null };
    const { request, talk } = readText(said);
    const isQuestion = talk === null && isLikeQuestion(request.question);
    return { ...readText(own), before: isQuestion ? request : null };
  }

  /** The message that a message replies to; null when there is none, or when it cannot be read. */
  async #referenced({
    message_reference: reference,
    referenced_message: message,
  }: IncomingMessage): Promise<APIMessage | null> {
    if (message != null) return message;
    // Null says that it was deleted; Discord leaves it out where it did not look.
    const isForward = reference?.type === MessageReferenceType.Forward;
    if (message === null || reference?.message_id === undefined || isForward) return null;
    const route = Routes.channelMessage(reference.channel_id, reference.message_id);
    return this.#options.client.rest.get(route).catch(() => null) as Promise<APIMessage | null>;
  }

  #localeOf({ guild_id: serverId }: IncomingMessage, text: string): Locale {
    const { services, joins } = this.#options;
    const { language } = services.settings.of(serverId ?? null);
    if (language !== null) return language;
    if (text !== '') return languageOf(text);
    return serverId === undefined ? 'en' : joins.localeOf(serverId);
  }

  /** Tells the user and the log; where the bot may not speak, the log alone and once. */
  async #explain(
    error: unknown,
    { message, reply, locale }: { message: IncomingMessage; reply: MessageReply; locale: Locale },
  ): Promise<void> {
    const { log, counts, metrics } = this.#options.services;
    if (isForbidden(error)) {
      if (this.#closed.has(message.channel_id)) return;
      this.#closed.set(message.channel_id, true);
      log.info({ event: 'message.not-allowed', channel: message.channel_id, code: error.code });
      return;
    }
    const tell = (content: string): Promise<void> =>
      reply.fill({ content }).catch((err: unknown) => log.warn({ event: 'message.untold', err }));
    if (error instanceof Refusal) {
      log.info({ event: 'message.refused', why: error.sentence(textsIn('en')) });
      const userId = message.author?.id ?? '';
      if (this.#told.has(userId)) return;
      this.#told.set(userId, true);
      return tell(error.sentence(textsIn(locale)));
    }
    counts.failed += 1;
    metrics?.failed();
    const reference = newReference();
    log.error({ event: 'message.failed', reference, err: error });
    await tell(failureSentence(error, reference, textsIn(locale)));
  }

  /** A welcome in the system channel of a server that the bot was added to. */
  async welcome(server: IncomingServer): Promise<void> {
    const { services, client } = this.#options;
    const channelId = server.system_channel_id ?? null;
    if (channelId === null || !services.settings.mayAnswer(server.id, [channelId])) return;
    const locale = localeOf(server.preferred_locale);
    const view = welcomeView({ ...readerOf(services.engine.current(), locale), services });
    try {
      await new MessageReply(client.rest, { channel_id: channelId }).fill(view);
      services.log.info({ event: 'server.welcomed' });
    } catch (err) {
      const level = isForbidden(err) ? 'info' : 'warn';
      services.log[level]({ event: 'server.not-welcomed', err });
    }
  }
}

export type IncomingServer = Pick<GatewayGuildCreateDispatchData, 'id'> &
  Partial<
    Pick<GatewayGuildCreateDispatchData, 'unavailable' | 'system_channel_id' | 'preferred_locale'>
  >;

/**
 * Tells servers that the bot was added to from those that it is in: Discord sends both in the same way, but lists the
 * latter at each login. Keeps ids and languages.
 */
export class Joins {
  readonly #locales = new Map<string, Locale>();

  loggedIn({ guilds }: Partial<Pick<GatewayReadyDispatchData, 'guilds'>>): void {
    for (const { id } of guilds ?? []) this.#locales.set(id, this.localeOf(id));
  }

  /** Whether the bot was just added to the server. */
  isNew(server: IncomingServer): boolean {
    const isKnown = this.#locales.has(server.id);
    this.#locales.set(server.id, localeOf(server.preferred_locale));
    return !isKnown && server.unavailable !== true;
  }

  /** An unavailable server is not left: it comes back after Discord's outage. */
  left({ id, unavailable }: { readonly id: string; readonly unavailable?: boolean }): void {
    if (unavailable !== true) this.#locales.delete(id);
  }

  /** English where it is not known. */
  localeOf(serverId: string): Locale {
    return this.#locales.get(serverId) ?? 'en';
  }
}

interface Place {
  readonly type?: number;
  readonly parent_id?: string | null;
}

/** What a message asks, and what was asked in the answer that it replies to. */
interface Asked {
  readonly text: string;
  readonly request: AskRequest;
  readonly isCut: boolean;
  /** Null for a question. */
  readonly talk: SmallTalk | null;
  readonly before: AskRequest | null;
}

function readText(text: string): Omit<Asked, 'before'> {
  const { question, isCut } = questionFromText(text) ?? { question: '', isCut: false };
  const talk = question === '' ? 'greeting' : smallTalkOf(question);
  return { text, request: { question, meeting: null, source: null }, isCut, talk };
}

async function answer({ request, isCut, talk, before }: Asked, asking: Asking): Promise<void> {
  if (talk !== null) return asking.reply.fill(smallTalkReply(talk, asking));
  if (before === null) {
    const note = isCut ? asking.texts.questionShortened : '';
    return answerQuestion(asking, request, { isPrivate: false, note });
  }
  await answerFollowUp(asking, request.question, before, { isPrivate: false });
}

const THREADS: ReadonlySet<number> = new Set([
  ChannelType.AnnouncementThread,
  ChannelType.PublicThread,
  ChannelType.PrivateThread,
]);
