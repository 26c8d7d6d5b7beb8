import type {
  ApplicationCommandOptionChoiceData,
  ChatInputCommandInteraction,
  MessageContextMenuCommandInteraction,
  RESTPostAPIChatInputApplicationCommandsJSONBody,
  RESTPostAPIContextMenuApplicationCommandsJSONBody,
} from 'discord.js';
import type { LRUCache } from 'lru-cache';
import type { Snapshot, Engine } from '../engine-types.ts';
import type { Journal } from '../journal/journal.ts';
import type { Logger } from '../log.ts';
import type { Metrics } from '../monitor.ts';
import type { Answers, AskedQuestions } from './answers.ts';
import type { CommandMentions } from './command-mentions.ts';
import type { ServerFigures } from './figures.ts';
import type { Keepers } from './keepers.ts';
import type { RateLimits } from './rate-limits.ts';
import type { RepliableInteraction, Reply } from './reply.ts';
import type { ServerSettingsStore } from './server-settings.ts';
import type { Locale, Texts } from './texts/index.ts';
import type { TourPictures } from './tour-map/pictures.ts';

/** What commands and buttons work with. One object for the life of the process. */
export interface BotServices {
  readonly engine: Engine;
  readonly answers: Answers;
  readonly asked: AskedQuestions;
  readonly journal: Journal;
  readonly rateLimits: RateLimits;
  readonly settings: ServerSettingsStore;
  /** Whether Discord lets the bot read messages that do not mention it. */
  readonly readsMessages: boolean;
  readonly pictures: TourPictures;
  readonly log: Logger;
  /** Names of commands that readers can tap. */
  readonly mentions: CommandMentions;
  readonly keepers: Keepers;
  readonly figures: ServerFigures;
  /** Ids of private messages that were shared. */
  readonly shared: LRUCache<string, true>;
  readonly version: string;
  readonly startedAt: Date;
  /** Figures for Prometheus; null where nobody asks for them. */
  readonly metrics: Metrics | null;
  readonly counts: { handled: number; failed: number };
  /** Milliseconds of the last heartbeat; null while unknown. */
  readonly ping: () => number | null;
}

/** One interaction, with what its handler needs. */
export interface InteractionContext<I extends RepliableInteraction = RepliableInteraction> {
  readonly interaction: I;
  readonly services: BotServices;
  /** The snapshot in use when the interaction arrived: one reply never mixes two. */
  readonly snapshot: Snapshot;
  readonly reply: Reply;
  readonly locale: Locale;
  readonly texts: Texts;
  /** Whether a command that does not say otherwise is answered to the asker alone. */
  readonly isPrivateByDefault: boolean;
  readonly log: Logger;
}

/** What a question is answered with: an interaction, or a message to the bot. */
export type Asking = Pick<InteractionContext, 'services' | 'snapshot' | 'locale' | 'log'> & {
  /** The server where it was asked; null in direct messages. */
  readonly interaction: { readonly guildId: string | null };
  readonly reply: Pick<Reply, 'fill' | 'fillPrivately' | 'canBePrivate'>;
};

/** A slash command: one file of `commands/`. */
export interface ChatCommand {
  /** As Discord registers it. */
  readonly data: RESTPostAPIChatInputApplicationCommandsJSONBody;
  /** Whether it is of use only where there are meetings. */
  readonly needsMeetings?: true;
  /** Whether this use of the command searches the index, which costs more of the rate limit. Never by default. */
  readonly isQuestion?: (interaction: ChatInputCommandInteraction) => boolean;
  /** What to offer while an option is typed, by the option's name. */
  readonly autocomplete?: Readonly<Record<string, Autocomplete>>;
  readonly execute: (context: InteractionContext<ChatInputCommandInteraction>) => Promise<void>;
}

/** A command in the menu of a message. It always searches the index. */
export interface MessageCommand {
  readonly data: RESTPostAPIContextMenuApplicationCommandsJSONBody;
  readonly execute: (
    context: InteractionContext<MessageContextMenuCommandInteraction>,
  ) => Promise<void>;
}

/** At most 25 choices with different names. */
export type Autocomplete = (
  typed: string,
  options: {
    readonly snapshot: Snapshot;
    readonly locale: Locale;
    /** Questions that were answered in public on this server, the latest first. */
    readonly asked: readonly string[];
  },
) => Choice[];

export type Choice = ApplicationCommandOptionChoiceData<string>;
