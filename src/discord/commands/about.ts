import type { ChatCommand } from '../interaction-context.ts';
import type { Snapshot } from '../../engine-types.ts';
import { escapeLine } from '../escape.ts';
import { textsIn, type Locale } from '../texts/index.ts';
import {
  container,
  PLAIN_COLOUR,
  separator,
  text,
  timestamp,
  type View,
} from '../views/components.ts';
import { slashCommand } from './options.ts';

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
    'generation' | 'builtAt' | 'model' | 'counts' | 'meetings' | 'sources'
  >;
  readonly locale: Locale;
  readonly version: string;
  readonly hasJournal: boolean;
}

/** What the bot is and is not, what it knows, and what it stores. */
function aboutView({ snapshot, locale, version, hasJournal }: AboutViewOptions): View {
  const texts = textsIn(locale);
  const { generation, builtAt, model, counts, meetings, sources } = snapshot;
  const intro = `${texts.aboutIs}\n\n${texts.aboutIsNot}\n\n${texts.aboutHow}`;
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
