import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  DiscordAPIError,
  MessageFlags,
  type AutocompleteInteraction,
  type Interaction,
} from 'discord.js';
import { DragomanError } from '../errors.ts';
import { ErrorCodes, isUnreachable } from './client.ts';
import { smallTalkReply } from './commands/help.ts';
import { controlOf, type ControlInteraction } from './custom-ids.ts';
import {
  subjectOf,
  withTopic,
  type ChatCommand,
  type CommandSubject,
  type MessageCommand,
  type Registry,
} from './registry.ts';
import {
  NoQuestion,
  Refusal,
  Reply,
  askAgain,
  messageBody,
  type RepliableInteraction,
} from './reply.ts';
import { assertAnswersHere, type RateLimits } from './servers.ts';
import type { BotServices, InteractionContext } from './services.ts';
import { localeOf, textsIn, type Texts } from './text.ts';

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
    const stop = new AbortController();
    const late = sleep(ms, false, { signal: stop.signal }).catch(() => false);
    const done = this.#settled().then(() => true);
    const isDone = await Promise.race([done, late]);
    stop.abort();
    return isDone;
  }

  async #settled(): Promise<void> {
    while (this.#inFlight.size > 0) await Promise.all(this.#inFlight);
  }

  async #handle(interaction: Interaction): Promise<void> {
    if (interaction.isAutocomplete()) return this.#complete(interaction);
    if (!isRepliable(interaction)) return this.#decline(interaction);
    const { counts, engine, log } = this.#services;
    const startedAt = performance.now();
    const chosen = this.#services.settings.of(interaction.guildId);
    const locale = chosen.language ?? localeOf(interaction.locale);
    const context: InteractionContext = {
      interaction,
      services: this.#services,
      snapshot: engine.current(),
      reply: new Reply(interaction),
      locale,
      texts: textsIn(locale),
      isPrivateByDefault: chosen.isPrivate,
      log: log.child({ interaction: interaction.id, action: this.#actionOf(interaction) }),
    };
    try {
      await this.#admit(context);
      await this.#route(context);
      const ms = Math.round(performance.now() - startedAt);
      this.#services.metrics?.handled(ms);
      context.log.debug({ event: 'interaction.handled', ms });
    } catch (error) {
      await this.#explain(context, error);
    } finally {
      counts.handled += 1;
    }
  }

  async #complete(interaction: AutocompleteInteraction): Promise<void> {
    const { engine, log, settings, rateLimits, asked } = this.#services;
    try {
      const isAllowed = await rateLimits.takeCompletion(interaction.user.id);
      const option = interaction.options.getFocused(true);
      const complete = this.#commandOf(interaction)?.autocomplete?.[option.name];
      const { language } = settings.of(interaction.guildId);
      const reader = {
        snapshot: engine.current(),
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
    try {
      const content = textsIn(localeOf(interaction.locale)).unknownCommand(reference);
      await interaction.reply({ ...messageBody({ content }), flags: MessageFlags.Ephemeral });
    } catch (err) {
      log.warn({ event: 'interaction.untold', reference, err });
    }
  }

  /** @throws Refusal when the user or the server asked too much, or when the bot is stopping */
  async #admit({ interaction }: InteractionContext): Promise<void> {
    await this.admit({
      userId: interaction.user.id,
      serverId: interaction.guildId,
      isQuestion: this.#isQuestion(interaction),
    });
    if (!this.#worksEverywhere(interaction))
      assertAnswersHere(interaction, this.#services.settings);
  }

  /** @throws Refusal when the user or the server asked too much, or when the bot is stopping */
  async admit(request: Parameters<RateLimits['admit']>[0]): Promise<void> {
    if (this.#isStopping) throw new Refusal((texts) => texts.stopping);
    await this.#services.rateLimits.admit(request);
  }

  /** Tells the user and the log; where the user cannot be reached, the log alone. */
  async #explain(context: InteractionContext, error: unknown): Promise<void> {
    const { reply, texts, log, snapshot, locale, services } = context;
    if (error instanceof Refusal) {
      log.info({ event: 'interaction.refused', why: error.sentence(textsIn('en')) });
      const message =
        error instanceof NoQuestion
          ? smallTalkReply(error.talk, { snapshot, locale, mentions: services.mentions })
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
    try {
      await reply.sendPrivately({ content: failureSentence(error, reference, texts) });
    } catch (err) {
      log.warn({ event: 'interaction.untold', reference, err });
    }
  }

  async #route(context: InteractionContext): Promise<void> {
    const { interaction, snapshot } = context;
    const subject = subjectOf(snapshot);
    const registry = this.#registry;
    if (interaction.isChatInputCommand()) {
      const { commandName } = interaction;
      const command = chatCommandOf(commandName, registry, subject) ?? unknown(commandName);
      return command.execute({ ...context, interaction });
    }
    if (interaction.isMessageContextMenuCommand()) {
      const { commandName } = interaction;
      const command = messageCommandOf(commandName, registry, subject) ?? unknown(commandName);
      return command.execute({ ...context, interaction });
    }
    if (interaction.isModalSubmit()) {
      const control = controlOf(interaction.customId, registry.formControls);
      if (control === undefined) throw askAgain();
      return control.handle({ ...context, interaction });
    }
    const control = controlOf(interaction.customId, registry.clickControls);
    if (control === undefined) throw askAgain();
    return control.handle({ ...context, interaction });
  }

  #commandOf({ commandName }: { readonly commandName: string }): ChatCommand | undefined {
    return this.#registry.chatCommands.find(({ data }) => data.name === commandName);
  }

  #controlOf({ customId }: ControlInteraction) {
    const { clickControls, formControls } = this.#registry;
    return controlOf(customId, [...clickControls, ...formControls]);
  }

  #worksEverywhere(interaction: RepliableInteraction): boolean {
    if (interaction.isMessageContextMenuCommand()) return false;
    const called = interaction.isChatInputCommand()
      ? this.#commandOf(interaction)
      : this.#controlOf(interaction);
    return called?.worksEverywhere === true;
  }

  /** Whether the index will be searched: that costs more than turning a page. */
  #isQuestion(interaction: RepliableInteraction): boolean {
    if (interaction.isMessageContextMenuCommand()) return true;
    if (!interaction.isChatInputCommand()) return this.#controlOf(interaction)?.isQuestion === true;
    return this.#commandOf(interaction)?.isQuestion?.(interaction) ?? false;
  }

  /** What was done, for the log: the name of a command or a control, never what was written. */
  #actionOf(interaction: RepliableInteraction): string {
    if (interaction.isCommand()) return interaction.commandName;
    return this.#controlOf(interaction)?.kind ?? 'unknown control';
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
  if (error instanceof DiscordAPIError) {
    switch (error.code) {
      case ErrorCodes.missingAccess:
      case ErrorCodes.missingPermissions:
        return texts.forbidden(reference);
      case ErrorCodes.unknownMessage:
        return texts.messageGone(reference);
    }
  }
  if (error instanceof DragomanError && error.code === 'USAGE') {
    return texts.unknownCommand(reference);
  }
  return texts.failed(reference);
}

/** The slash command of a name; undefined for one that the corpus does not have. */
function chatCommandOf(
  name: string,
  { chatCommands }: Registry,
  { hasMeetings }: CommandSubject,
): ChatCommand | undefined {
  return chatCommands.find(
    ({ data, needsMeetings }) => data.name === name && (needsMeetings !== true || hasMeetings),
  );
}

/** As `chatCommandOf`, for the menu of a message. */
function messageCommandOf(
  name: string,
  { messageCommands }: Registry,
  { about }: CommandSubject,
): MessageCommand | undefined {
  return messageCommands.find(({ data }) => withTopic(data, about).name === name);
}
