import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  DiscordAPIError,
  MessageFlags,
  type AutocompleteInteraction,
  type Interaction,
} from 'discord.js';
import { DragomanError } from '../errors.ts';
import { respondWithChoices } from './autocomplete.ts';
import type { Call } from './interaction-context.ts';
import { about } from './commands/about.ts';
import { admin } from './commands/admin.ts';
import { askMessage } from './commands/ask-message.ts';
import { ask } from './commands/ask.ts';
import { meeting } from './commands/meeting.ts';
import { sources } from './commands/sources.ts';
import { tour } from './commands/tour.ts';
import { click } from './components/controls.ts';
import { submit } from './components/feedback.ts';
import { decodeControl } from './custom-ids.ts';
import type { Desk } from './desk.ts';
import { messageBody } from './payload.ts';
import { Refusal } from './refusal.ts';
import { Responder, type Answerable } from './reply.ts';
import { localeOf, textsIn } from './texts/index.ts';
import { failureNotice, isUnreachable } from './views/failure.ts';

const CHAT_COMMANDS = { ask, meeting, tour, sources, about, admin };
type ChatCommand = keyof typeof CHAT_COMMANDS;

/** Hands every interaction to its handler, and sees to it that each ends with a word to the user. */
export class Dispatcher {
  readonly #desk: Desk;
  readonly #inFlight = new Set<Promise<void>>();
  #isStopping = false;

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  /** Never rejects. */
  handle(interaction: Interaction): Promise<void> {
    const handled = this.#handle(interaction).finally(() => this.#inFlight.delete(handled));
    this.#inFlight.add(handled);
    return handled;
  }

  /** From now on, users are told to come back in a moment. Waits for what is in flight, `ms` at most; false when some is left. */
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
    if (!isAnswerable(interaction)) return this.#decline(interaction);
    const { counts, engine, log } = this.#desk;
    const startedAt = performance.now();
    const locale = localeOf(interaction.locale);
    const call: Call = {
      interaction,
      desk: this.#desk,
      edition: engine.current(),
      responder: new Responder(interaction),
      locale,
      texts: textsIn(locale),
      log: log.child({ interaction: interaction.id, action: actionOf(interaction) }),
    };
    try {
      await this.#admit(call);
      await route(call);
      const ms = Math.round(performance.now() - startedAt);
      call.log.debug({ event: 'interaction.handled', ms });
    } catch (error) {
      await this.#explain(call, error);
    } finally {
      counts.handled += 1;
    }
  }

  async #complete(interaction: AutocompleteInteraction): Promise<void> {
    const { engine, log } = this.#desk;
    try {
      const locale = localeOf(interaction.locale);
      if (this.#isStopping) await interaction.respond([]);
      else await respondWithChoices(interaction, { edition: engine.current(), locale });
    } catch (err) {
      log.warn({ event: 'autocomplete.failed', err });
      if (!interaction.responded) await interaction.respond([]).catch(() => undefined);
    }
  }

  /** A command or control of another kind than ours, left over from another version: even that gets a word. */
  async #decline(interaction: Interaction): Promise<void> {
    if (!interaction.isRepliable()) return;
    const { counts, log } = this.#desk;
    const reference = randomBytes(4).toString('hex');
    log.warn({ event: 'interaction.unknown', reference, type: interaction.type });
    counts.handled += 1;
    try {
      const content = textsIn(localeOf(interaction.locale)).unknownCommand(reference);
      await interaction.reply({ ...messageBody({ content }), flags: MessageFlags.Ephemeral });
    } catch (err) {
      log.warn({ event: 'interaction.untold', reference, err });
    }
  }

  /** @throws Refusal when the user or the server asked too much, or the bot is on its way out */
  async #admit({ interaction }: Call): Promise<void> {
    if (this.#isStopping) throw new Refusal((texts) => texts.stopping);
    const permit = await this.#desk.rateLimits.take({
      userId: interaction.user.id,
      serverId: interaction.guildId,
      isQuestion: isQuestion(interaction),
    });
    if (permit.allowed) return;
    const stamp = `<t:${permit.retryAt}:R>`;
    throw new Refusal((texts) =>
      permit.whose === 'user' ? texts.tooMany(stamp) : texts.tooManyServer(stamp),
    );
  }

  /** Tells the user, and the log; what cannot be told is in the log at least. */
  async #explain(call: Call, error: unknown): Promise<void> {
    const { responder, texts, log } = call;
    if (error instanceof Refusal) {
      log.info({ event: 'interaction.refused', why: error.sentence(textsIn('en')) });
      await responder
        .whisper({ content: error.sentence(texts) })
        .catch((err: unknown) => log.warn({ event: 'interaction.untold', err }));
      return;
    }
    this.#desk.counts.failed += 1;
    const reference = randomBytes(4).toString('hex');
    if (isUnreachable(error)) {
      log.warn({ event: 'interaction.unreachable', reference, err: error });
      return;
    }
    const isDiscords = error instanceof DiscordAPIError;
    log[isDiscords ? 'warn' : 'error']({ event: 'interaction.failed', reference, err: error });
    try {
      await responder.whisper(failureNotice(error, reference, texts));
    } catch (err) {
      log.warn({ event: 'interaction.untold', reference, err });
    }
  }
}

function isAnswerable(interaction: Interaction): interaction is Interaction & Answerable {
  return (
    interaction.isChatInputCommand() ||
    interaction.isMessageContextMenuCommand() ||
    interaction.isButton() ||
    interaction.isStringSelectMenu() ||
    interaction.isModalSubmit()
  );
}

async function route(call: Call): Promise<void> {
  const { interaction } = call;
  if (interaction.isChatInputCommand()) {
    const name = interaction.commandName;
    if (!isChatCommand(name)) throw new DragomanError('USAGE', `There is no command "${name}".`);
    return CHAT_COMMANDS[name]({ ...call, interaction });
  }
  if (interaction.isMessageContextMenuCommand()) return askMessage({ ...call, interaction });
  if (interaction.isModalSubmit()) return submit({ ...call, interaction });
  return click({ ...call, interaction });
}

function isChatCommand(name: string): name is ChatCommand {
  return Object.hasOwn(CHAT_COMMANDS, name);
}

/** Whether the core will be asked: that costs more than turning a page. */
function isQuestion(interaction: Answerable): boolean {
  if (interaction.isMessageContextMenuCommand()) return true;
  if (interaction.isChatInputCommand()) {
    return interaction.commandName === 'ask' || interaction.options.getString('question') !== null;
  }
  return false;
}

/** What was done, for the log: a command's or a control's name, never what was written. */
function actionOf(interaction: Answerable): string {
  if (interaction.isCommand()) return interaction.commandName;
  return decodeControl(interaction.customId)?.kind ?? 'unknown control';
}
