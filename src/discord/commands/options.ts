/** Parts of command definitions, with their names and descriptions in both languages. */
import {
  ApplicationCommandOptionType,
  ApplicationCommandType,
  ApplicationIntegrationType,
  InteractionContextType,
  type APIApplicationCommandBooleanOption,
  type APIApplicationCommandStringOption,
  type APIApplicationCommandSubcommandOption,
} from 'discord.js';
import { LONGEST_QUESTION } from '../../engine.ts';
import { textsIn, type Texts } from '../texts/index.ts';

/** In servers, in direct messages with the bot, and in conversations between users. */
export const EVERYWHERE = {
  contexts: [
    InteractionContextType.Guild,
    InteractionContextType.BotDM,
    InteractionContextType.PrivateChannel,
  ],
  integration_types: [
    ApplicationIntegrationType.GuildInstall,
    ApplicationIntegrationType.UserInstall,
  ],
};

/** Picks a text in each language. */
type Localized<T> = (texts: Texts) => T;
type Named = Localized<{ readonly name: string; readonly description: string }>;

export function localizedName(pick: Localized<string>) {
  return { name: pick(textsIn('en')), name_localizations: { ja: pick(textsIn('ja')) } };
}

function named(pick: Named) {
  return {
    ...localizedName((texts) => pick(texts).name),
    description: pick(textsIn('en')).description,
    description_localizations: { ja: pick(textsIn('ja')).description },
  };
}

/** A slash command; its options are added to it. */
export function slashCommand(pick: Named) {
  return { ...named(pick), ...EVERYWHERE, type: ApplicationCommandType.ChatInput as const };
}

/** A question, completed from questions that were answered before. */
export function questionOption(
  pick: Named,
  rest: { required?: true } = {},
): APIApplicationCommandStringOption {
  return { ...autocompletedOption(pick, rest), max_length: LONGEST_QUESTION };
}

/** A text for which choices are offered while it is typed, see `ChatCommand.autocomplete`. */
export function autocompletedOption(
  pick: Named,
  rest: { required?: true } = {},
): APIApplicationCommandStringOption {
  const type = ApplicationCommandOptionType.String as const;
  return { ...named(pick), type, autocomplete: true, ...rest };
}

/** A text out of a fixed list. */
export function choiceOption<T extends string>(
  pick: Named,
  values: readonly T[],
  nameOf: (value: T) => Localized<string>,
): APIApplicationCommandStringOption {
  const choices = values.map((value) => ({ ...localizedName(nameOf(value)), value }));
  return { ...named(pick), type: ApplicationCommandOptionType.String, choices };
}

export function switchOption(pick: Named): APIApplicationCommandBooleanOption {
  return { ...named(pick), type: ApplicationCommandOptionType.Boolean };
}

export function subcommand(pick: Named): APIApplicationCommandSubcommandOption {
  return { ...named(pick), type: ApplicationCommandOptionType.Subcommand };
}
