import {
  ApplicationCommandOptionType,
  ApplicationCommandType,
  ApplicationIntegrationType,
  InteractionContextType,
  PermissionFlagsBits,
  type APIApplicationCommandBasicOption,
  type APIApplicationCommandSubcommandOption,
  type RESTPostAPIApplicationCommandsJSONBody,
} from 'discord.js';
import type { SourceKind } from '../../corpus/types.ts';
import { LONGEST_QUESTION } from '../../engine.ts';
import { textsIn } from '../texts/index.ts';

interface Named {
  readonly name: string;
  readonly description: string;
}

const en = textsIn('en');
const ja = textsIn('ja');

/** Everywhere that Discord has: servers, direct messages with the bot, conversations between users. */
const EVERYWHERE = {
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

const SOURCE_KINDS: readonly SourceKind[] = ['official', 'agency', 'press', 'commentary'];

function named(english: Named, japanese: Named) {
  return {
    name: english.name,
    name_localizations: { ja: japanese.name },
    description: english.description,
    description_localizations: { ja: japanese.description },
  };
}

function textOption(
  english: Named,
  japanese: Named,
  rest: { required?: boolean; autocomplete?: true; max_length?: number } = {},
): APIApplicationCommandBasicOption {
  const { autocomplete, ...others } = rest;
  const option = {
    ...named(english, japanese),
    type: ApplicationCommandOptionType.String as const,
  };
  return autocomplete === true
    ? { ...option, ...others, autocomplete: true }
    : { ...option, ...others };
}

function privateOption(english: Named, japanese: Named): APIApplicationCommandBasicOption {
  return { ...named(english, japanese), type: ApplicationCommandOptionType.Boolean };
}

function kindOption(english: Named, japanese: Named): APIApplicationCommandBasicOption {
  return {
    ...named(english, japanese),
    type: ApplicationCommandOptionType.String,
    choices: SOURCE_KINDS.map((kind) => ({
      name: en.sourceKind(kind),
      name_localizations: { ja: ja.sourceKind(kind) },
      value: kind,
    })),
  };
}

function subcommand(english: Named, japanese: Named): APIApplicationCommandSubcommandOption {
  return { ...named(english, japanese), type: ApplicationCommandOptionType.Subcommand };
}

/** The commands as Discord registers them. */
export function commandDefinitions(): RESTPostAPIApplicationCommandsJSONBody[] {
  const e = en.commands;
  const j = ja.commands;
  const question = { max_length: LONGEST_QUESTION };
  const autocomplete = { autocomplete: true } as const;
  return [
    {
      ...named(e.ask, j.ask),
      ...EVERYWHERE,
      type: ApplicationCommandType.ChatInput,
      options: [
        textOption(e.ask.options.question, j.ask.options.question, { required: true, ...question }),
        textOption(e.ask.options.meeting, j.ask.options.meeting, autocomplete),
        textOption(e.ask.options.source, j.ask.options.source, autocomplete),
        privateOption(e.ask.options.private, j.ask.options.private),
      ],
    },
    {
      ...named(e.meeting, j.meeting),
      ...EVERYWHERE,
      type: ApplicationCommandType.ChatInput,
      options: [
        textOption(e.meeting.options.meeting, j.meeting.options.meeting, {
          required: true,
          ...autocomplete,
        }),
        textOption(e.meeting.options.question, j.meeting.options.question, question),
        privateOption(e.meeting.options.private, j.meeting.options.private),
      ],
    },
    {
      ...named(e.tour, j.tour),
      ...EVERYWHERE,
      type: ApplicationCommandType.ChatInput,
      options: [textOption(e.tour.options.day, j.tour.options.day, autocomplete)],
    },
    {
      ...named(e.sources, j.sources),
      ...EVERYWHERE,
      type: ApplicationCommandType.ChatInput,
      options: [
        textOption(e.sources.options.meeting, j.sources.options.meeting, autocomplete),
        kindOption(e.sources.options.kind, j.sources.options.kind),
      ],
    },
    {
      ...named(e.about, j.about),
      ...EVERYWHERE,
      type: ApplicationCommandType.ChatInput,
    },
    {
      ...named(e.admin, j.admin),
      ...EVERYWHERE,
      type: ApplicationCommandType.ChatInput,
      default_member_permissions: String(PermissionFlagsBits.ManageGuild),
      options: [
        subcommand(e.admin.options.reload, j.admin.options.reload),
        subcommand(e.admin.options.status, j.admin.options.status),
        subcommand(e.admin.options.unanswered, j.admin.options.unanswered),
        subcommand(e.admin.options.feedback, j.admin.options.feedback),
      ],
    },
    {
      name: e.askMessage.name,
      name_localizations: { ja: j.askMessage.name },
      ...EVERYWHERE,
      type: ApplicationCommandType.Message,
    },
  ];
}
