import type { ChatCommand } from '../registry.ts';
import type { Snapshot } from '../../engine-types.ts';
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
import { slashCommand } from '../registry.ts';

/** `/about` */
export const about: ChatCommand = {
  data: slashCommand(({ commands }) => commands.about),
  async execute({ services, snapshot, locale, reply, isPrivateByDefault }) {
    const { version, journal } = services;
    const view = aboutView({ snapshot, locale, version, hasJournal: journal.enabled });
    await reply.send(view, { isPrivate: isPrivateByDefault });
  },
};

interface AboutViewOptions {
  readonly snapshot: Pick<
    Snapshot,
    'about' | 'generation' | 'builtAt' | 'model' | 'counts' | 'meetings' | 'sources'
  >;
  readonly locale: Locale;
  readonly version: string;
  readonly hasJournal: boolean;
}

/** What the bot is and is not, what it knows, and what it stores. */
function aboutView({ snapshot, locale, version, hasJournal }: AboutViewOptions): View {
  const texts = textsIn(locale);
  const { generation, builtAt, model, counts, meetings, sources } = snapshot;
  const { subject, topic } = snapshot.about[locale];
  const intro = [
    texts.aboutIs(escapeLine(subject)),
    texts.aboutIsNot,
    texts.aboutHow(escapeLine(topic), meetings.length > 0),
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
