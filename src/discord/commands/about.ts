import type { Snapshot } from '../../engine-types.ts';
import type { CommandMentions } from '../registration.ts';
import { slashCommand, type ChatCommand } from '../registry.ts';
import { escapeLine } from '../text.ts';
import { textsIn, type Locale } from '../texts/index.ts';
import {
  PLAIN_COLOUR,
  container,
  separator,
  text,
  timestamp,
  type View,
} from '../views/components.ts';

/** `/about` */
export const about: ChatCommand = {
  data: slashCommand(({ commands }) => commands.about),
  async execute({ services, snapshot, locale, reply, isPrivateByDefault }) {
    const { version, journal, mentions } = services;
    const hasJournal = journal.enabled;
    const view = aboutView({ snapshot, locale, mentions, version, hasJournal });
    await reply.send(view, { isPrivate: isPrivateByDefault });
  },
};

interface AboutViewOptions {
  readonly snapshot: Pick<
    Snapshot,
    'about' | 'generation' | 'builtAt' | 'model' | 'counts' | 'meetings' | 'sources'
  >;
  readonly locale: Locale;
  readonly mentions: Pick<CommandMentions, 'of'>;
  readonly version: string;
  readonly hasJournal: boolean;
}

/** What the bot is and is not, what it knows, and what it stores. */
function aboutView(options: AboutViewOptions): View {
  const { snapshot, locale, mentions, version, hasJournal } = options;
  const texts = textsIn(locale);
  const { generation, builtAt, model, counts, meetings, sources } = snapshot;
  const { subject, topic } = snapshot.about[locale];
  const names = meetings.length > 0 ? (['ask', 'meeting', 'tour'] as const) : (['ask'] as const);
  const ways = names.map((name) => mentions.of(name, locale));
  const intro = [
    texts.aboutIs(escapeLine(subject)),
    texts.aboutIsNot,
    texts.aboutHow(ways, escapeLine(topic)),
  ].join('\n\n');
  const facts = [
    texts.aboutCorpus(counts.documents, counts.passages, meetings.length, sources.size),
    texts.aboutGeneration(`\`${generation.replaceAll('`', '')}\``, timestamp(builtAt)),
    texts.aboutModel(escapeLine(model.id), model.dimensions),
    texts.aboutVersion(escapeLine(version)),
  ];
  return {
    components: [
      container(PLAIN_COLOUR, [
        text(`## ${texts.aboutTitle}\n${intro}`),
        separator(),
        text(
          `**${texts.aboutStored}**\n${hasJournal ? texts.aboutJournalOn : texts.aboutJournalOff}`,
        ),
        separator(),
        text(facts.map((fact) => `-# ${fact}`).join('\n')),
      ]),
    ],
  };
}
