/**
 * Every command and every control, and the way of an interaction to its own. They are found in the folders `commands/` and
 * `buttons/`: adding one is a file there, and its texts in both languages.
 */
import { randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import {
  ApplicationCommandType as CommandType,
  DiscordAPIError,
  RESTJSONErrorCodes as ErrorCodes,
  type AutocompleteInteraction,
  type Interaction,
} from 'discord.js';
import type { Snapshot } from '../engine.ts';
import { DragomanError } from '../errors.ts';
import { withinTime } from './client.ts';
import { smallTalkReply } from './commands/help.ts';
import { controlOf, type Control } from './custom-ids.ts';
import { withTopic, type ChatCommand, type Commands, type MessageCommand } from './register.ts';
import {
  NoQuestion,
  Refusal,
  Reply,
  askAgain,
  hasCode,
  isUnreachable,
  type RepliableInteraction,
} from './reply.ts';
import { assertAnswersHere, type RateLimits } from './servers.ts';
import { readerOf, type BotServices, type InteractionContext } from './services.ts';
import { localeOf, textsIn, type Texts } from './text.ts';
import { privateBody } from './view.ts';

/** What the files of `commands/` and `buttons/` export. */
interface Registry extends Commands {
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
      ...readerOf(snapshot, locale),
      ...{ interaction, services },
      reply: new Reply(interaction),
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
      const reader = readerOf(snapshot, language ?? localeOf(interaction.locale));
      const isOffered = isAllowed && complete !== undefined && !this.#isStopping;
      const context = { ...reader, asked: asked.of(interaction.guildId) };
      await interaction.respond(isOffered ? complete(option.value, context) : []);
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
        error instanceof NoQuestion
          ? smallTalkReply(error.talk, context)
          : { content: error.sentence(texts) };
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
  const { MissingAccess, MissingPermissions, UnknownMessage } = ErrorCodes;
  if (hasCode(error, MissingAccess, MissingPermissions)) return texts.forbidden(reference);
  if (hasCode(error, UnknownMessage)) return texts.messageGone(reference);
  const isUnknown = error instanceof DragomanError && error.code === 'USAGE';
  return isUnknown ? texts.unknownCommand(reference) : texts.failed(reference);
}
