/**
 * Every command and every control, and the way of an interaction to its own. They are found in the folders `commands/` and
 * `buttons/`: adding one is a file there, and its texts in both languages.
 */
import { randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import {
  ApplicationCommandType as CommandType,
  DiscordAPIError,
  type AutocompleteInteraction,
  type ChatInputCommandInteraction,
  type Interaction,
  type MessageContextMenuCommandInteraction,
  type RESTPostAPIApplicationCommandsJSONBody,
  type RESTPostAPIChatInputApplicationCommandsJSONBody,
  type RESTPostAPIContextMenuApplicationCommandsJSONBody,
} from 'discord.js';
import type { About } from '../corpus/types.ts';
import type { Snapshot } from '../engine.ts';
import { DragomanError } from '../errors.ts';
import { withinTime } from './client.ts';
import { controlOf, type Control } from './custom-ids.ts';
import {
  ErrorCodes,
  NoQuestion,
  Refusal,
  Reply,
  askAgain,
  hasCode,
  isUnreachable,
  type RepliableInteraction,
} from './reply.ts';
import { privateBody } from './view.ts';
import { assertAnswersHere, type RateLimits } from './servers.ts';
import type { BotServices, Choice, InteractionContext } from './services.ts';
import { localeOf, textsIn, type Locale, type Texts } from './text.ts';

/** A slash command: one file of `commands/`. */
export interface ChatCommand {
  readonly data: RESTPostAPIChatInputApplicationCommandsJSONBody;
  /** Whether it is of use only where there are meetings. */
  readonly needsMeetings?: true;
  /** Whether it works in channels where the bot does not answer too. */
  readonly worksEverywhere?: true;
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

/** What the files of `commands/` and `buttons/` export. */
interface Registry {
  readonly chatCommands: readonly ChatCommand[];
  readonly messageCommands: readonly MessageCommand[];
  readonly controls: readonly Control[];
}

const FOLDERS = ['commands', 'buttons'].map((name) => new URL(`./${name}/`, import.meta.url));

export async function loadRegistry(): Promise<Registry> {
  const files = await Promise.all(
    FOLDERS.map(async (folder) =>
      (await readdir(folder))
        .filter((name) => /\.[jt]s$/.test(name))
        .map((name) => new URL(name, folder).href),
    ),
  );
  const modules = await Promise.all(
    files.flat().map((file) => import(file) as Promise<Record<string, unknown>>),
  );
  const exported = modules.flatMap((module) => Object.values(module));
  return {
    chatCommands: exported.filter((one) => isCommand<ChatCommand>(one, CommandType.ChatInput)),
    messageCommands: exported.filter((one) => isCommand<MessageCommand>(one, CommandType.Message)),
    controls: exported.filter(
      (one): one is Control =>
        typeof one === 'object' && one !== null && 'letter' in one && 'handle' in one,
    ),
  };
}

function isCommand<C extends ChatCommand | MessageCommand>(
  value: unknown,
  type: C['data']['type'],
): value is C {
  if (typeof value !== 'object' || value === null || !('execute' in value)) return false;
  return 'data' in value && (value.data as C['data']).type === type;
}

/** What decides which commands there are, and how they are called. */
interface CommandSubject {
  readonly about: About;
  readonly hasMeetings: boolean;
}

export function subjectOf({
  about,
  meetings,
}: Pick<Snapshot, 'about' | 'meetings'>): CommandSubject {
  return { about, hasMeetings: meetings.length > 0 };
}

/** The commands as Discord registers them for a corpus. */
export function commandDefinitions(
  { chatCommands, messageCommands }: Registry,
  { about, hasMeetings }: CommandSubject,
): RESTPostAPIApplicationCommandsJSONBody[] {
  const offered = chatCommands
    .filter(({ needsMeetings }) => needsMeetings !== true || hasMeetings)
    .map(({ data }) => (hasMeetings ? data : withoutMeetings(data)));
  return [...offered, ...messageCommands.map(({ data }) => data)].map((data) =>
    withTopic(data, about),
  );
}

function withoutMeetings(data: ChatCommand['data']): ChatCommand['data'] {
  const { options } = data;
  if (options === undefined) return data;
  return { ...data, options: options.filter(({ name }) => name !== 'meeting') };
}

/** The definition with the corpus's topic in its names and descriptions, and in those of its options. */
function withTopic<T extends object>(definition: T, about: About): T {
  const fill = (value: unknown, language: keyof About): unknown => {
    if (typeof value === 'string') return value.replaceAll('{topic}', about[language].topic);
    if (Array.isArray(value)) return value.map((item: unknown) => fill(item, language));
    if (typeof value !== 'object' || value === null) return value;
    const fields = Object.entries(value);
    return Object.fromEntries(
      fields.map(([key, field]) => [key, fill(field, key === 'ja' ? 'ja' : language)]),
    );
  };
  return fill(definition, 'en') as T;
}

/** What an interaction calls: a command or a control. */
interface Called {
  /** For the log: the name of a command or a control, never what was written. */
  readonly action: string;
  readonly worksEverywhere: boolean;
  /** Whether the index will be searched: that costs more than turning a page. */
  readonly isQuestion: () => boolean;
  readonly run: (context: InteractionContext) => Promise<void>;
}

/** Passes every interaction to its handler, and makes sure that each is answered. */
export class Dispatcher {
  readonly #services: BotServices;
  readonly #registry: Registry;
  readonly #inFlight = new Set<Promise<void>>();
  #isStopping = false;

  constructor(services: BotServices, registry: Registry) {
    this.#services = services;
    this.#registry = registry;
  }

  /** Never rejects. */
  handle(interaction: Interaction): Promise<void> {
    return this.track(this.#handle(interaction));
  }

  /** Counts work, which must not reject, to what is in flight. */
  track(work: Promise<void>): Promise<void> {
    const handled = work.finally(() => this.#inFlight.delete(handled));
    this.#inFlight.add(handled);
    return handled;
  }

  /**
   * From now on, users are told to come back in a moment. Waits `ms` at most for what is in flight.
   *
   * @returns false when some of it is left
   */
  async drain(ms: number): Promise<boolean> {
    this.#isStopping = true;
    const settled = async (): Promise<true> => {
      while (this.#inFlight.size > 0) await Promise.all(this.#inFlight);
      return true;
    };
    return (await withinTime(ms, settled())) ?? false;
  }

  async #handle(interaction: Interaction): Promise<void> {
    if (interaction.isAutocomplete()) return this.#complete(interaction);
    if (!isRepliable(interaction)) return this.#decline(interaction);
    const services = this.#services;
    const startedAt = performance.now();
    const chosen = services.settings.of(interaction.guildId);
    const locale = chosen.language ?? localeOf(interaction.locale);
    const snapshot = services.engine.current();
    const called = this.#calledBy(interaction, snapshot);
    const context: InteractionContext = {
      ...{ interaction, services, snapshot, locale },
      reply: new Reply(interaction),
      texts: textsIn(locale),
      isPrivateByDefault: chosen.isPrivate,
      log: services.log.child({ interaction: interaction.id, action: called.action }),
    };
    try {
      const { isQuestion, worksEverywhere } = called;
      const { user, guildId: serverId } = interaction;
      await this.admit({ userId: user.id, serverId, isQuestion: isQuestion() });
      if (!worksEverywhere) assertAnswersHere(interaction, services.settings);
      await called.run(context);
      const ms = Math.round(performance.now() - startedAt);
      services.metrics?.handled(ms);
      context.log.debug({ event: 'interaction.handled', ms });
    } catch (error) {
      await this.#explain(context, error);
    } finally {
      services.counts.handled += 1;
    }
  }

  async #complete(interaction: AutocompleteInteraction): Promise<void> {
    const { engine, log, settings, rateLimits, asked } = this.#services;
    try {
      const isAllowed = await rateLimits.takeCompletion(interaction.user.id);
      const option = interaction.options.getFocused(true);
      const snapshot = engine.current();
      const complete = this.#commandOf(interaction, snapshot)?.autocomplete?.[option.name];
      const { language } = settings.of(interaction.guildId);
      const reader = {
        snapshot,
        locale: language ?? localeOf(interaction.locale),
        asked: asked.of(interaction.guildId),
      };
      const isOffered = isAllowed && complete !== undefined && !this.#isStopping;
      await interaction.respond(isOffered ? complete(option.value, reader) : []);
    } catch (err) {
      log.warn({ event: 'autocomplete.failed', err });
      if (!interaction.responded) await interaction.respond([]).catch(() => undefined);
    }
  }

  /** A kind of command or control that only another version of the bot has: it is answered all the same. */
  async #decline(interaction: Interaction): Promise<void> {
    if (!interaction.isRepliable()) return;
    const { counts, log } = this.#services;
    const reference = newReference();
    log.warn({ event: 'interaction.unknown', reference, type: interaction.type });
    counts.handled += 1;
    const content = textsIn(localeOf(interaction.locale)).unknownCommand(reference);
    await interaction
      .reply(privateBody({ content }))
      .catch((err: unknown) => log.warn({ event: 'interaction.untold', reference, err }));
  }

  /** @throws Refusal when the user or the server asked too much, or when the bot is stopping */
  async admit(request: Parameters<RateLimits['admit']>[0]): Promise<void> {
    if (this.#isStopping) throw new Refusal((texts) => texts.stopping);
    await this.#services.rateLimits.admit(request);
  }

  /** Tells the user and the log; where the user cannot be reached, the log alone. */
  async #explain(context: InteractionContext, error: unknown): Promise<void> {
    const { reply, texts, log } = context;
    if (error instanceof Refusal) {
      log.info({ event: 'interaction.refused', why: error.sentence(textsIn('en')) });
      const message =
        error instanceof NoQuestion ? error.reply(context) : { content: error.sentence(texts) };
      await reply
        .sendPrivately(message)
        .catch((err: unknown) => log.warn({ event: 'interaction.untold', err }));
      return;
    }
    this.#services.counts.failed += 1;
    this.#services.metrics?.failed();
    const reference = newReference();
    if (isUnreachable(error)) {
      log.warn({ event: 'interaction.unreachable', reference, err: error });
      return;
    }
    const isDiscords = error instanceof DiscordAPIError;
    log[isDiscords ? 'warn' : 'error']({ event: 'interaction.failed', reference, err: error });
    await reply
      .sendPrivately({ content: failureSentence(error, reference, texts) })
      .catch((err: unknown) => log.warn({ event: 'interaction.untold', reference, err }));
  }

  #calledBy(interaction: RepliableInteraction, snapshot: Snapshot): Called {
    if (interaction.isChatInputCommand()) {
      const command = this.#commandOf(interaction, snapshot);
      const { commandName: action } = interaction;
      return {
        action,
        worksEverywhere: command?.worksEverywhere === true,
        isQuestion: () => command?.isQuestion?.(interaction) ?? false,
        run: (context) => (command ?? unknown(action)).execute({ ...context, interaction }),
      };
    }
    if (interaction.isMessageContextMenuCommand()) {
      const { commandName: action } = interaction;
      const command = this.#registry.messageCommands.find(
        ({ data }) => withTopic(data, snapshot.about).name === action,
      );
      return {
        ...{ action, worksEverywhere: false, isQuestion: () => true },
        run: (context) => (command ?? unknown(action)).execute({ ...context, interaction }),
      };
    }
    const control = controlOf(interaction.customId, this.#registry.controls);
    return {
      action: control?.kind ?? 'unknown control',
      worksEverywhere: control?.worksEverywhere === true,
      isQuestion: () => control?.isQuestion === true,
      run: async (context) => {
        if (control?.isForm !== interaction.isModalSubmit()) throw askAgain();
        await control.handle({ ...context, interaction });
      },
    };
  }

  /** The slash command of an interaction; undefined for one that the corpus does not have. */
  #commandOf(
    { commandName }: { readonly commandName: string },
    { meetings }: Snapshot,
  ): ChatCommand | undefined {
    return this.#registry.chatCommands.find(
      ({ data, needsMeetings }) =>
        data.name === commandName && (needsMeetings !== true || meetings.length > 0),
    );
  }
}

function isRepliable(interaction: Interaction): interaction is Interaction & RepliableInteraction {
  return (
    interaction.isChatInputCommand() ||
    interaction.isMessageContextMenuCommand() ||
    interaction.isButton() ||
    interaction.isStringSelectMenu() ||
    interaction.isChannelSelectMenu() ||
    interaction.isModalSubmit()
  );
}

function unknown(name: string): never {
  throw new DragomanError('USAGE', `There is no command "${name}".`);
}

/** What the user can quote, and the log can be searched for. */
export function newReference(): string {
  return randomBytes(4).toString('hex');
}

/** One sentence about a failure, with the reference under which the log has it. */
export function failureSentence(error: unknown, reference: string, texts: Texts): string {
  const { missingAccess, missingPermissions, unknownMessage } = ErrorCodes;
  if (hasCode(error, missingAccess, missingPermissions)) return texts.forbidden(reference);
  if (hasCode(error, unknownMessage)) return texts.messageGone(reference);
  const isUnknown = error instanceof DragomanError && error.code === 'USAGE';
  return isUnknown ? texts.unknownCommand(reference) : texts.failed(reference);
}
