import type { Snapshot } from '../../engine-types.ts';
import { container, separator, text } from '../components.ts';
import type { Locale } from '../dates.ts';
import { inertLine } from '../inert.ts';
import type { View } from '../payload.ts';
import { textsIn } from '../texts/index.ts';
import { PLAIN_COLOUR } from './colours.ts';

export interface AboutViewOptions {
  readonly edition: Pick<
    Snapshot,
    'generation' | 'builtAt' | 'model' | 'counts' | 'meetings' | 'sources'
  >;
  readonly locale: Locale;
  readonly version: string;
  readonly journalEnabled: boolean;
}

/** What the bot is and is not, what it knows, and what it keeps. */
export function aboutView({ edition, locale, version, journalEnabled }: AboutViewOptions): View {
  const texts = textsIn(locale);
  const { generation, builtAt, model, counts, meetings, sources } = edition;
  const facts = [
    texts.aboutCorpus(counts.documents, counts.passages, meetings.length, sources.size),
    texts.aboutGeneration(`\`${generation.replaceAll('`', '')}\``, stamp(builtAt)),
    texts.aboutModel(inertLine(model.id), model.dimensions),
    texts.aboutVersion(inertLine(version)),
  ];
  return {
    components: [
      container(PLAIN_COLOUR, [
        text(
          `## ${texts.aboutTitle}\n${texts.aboutIs}\n\n${texts.aboutIsNot}\n\n${texts.aboutHow}`,
        ),
        separator(),
        text(
          `**${texts.aboutKept}**\n${journalEnabled ? texts.aboutJournalOn : texts.aboutJournalOff}`,
        ),
        separator(),
        text(facts.map((fact) => `-# ${fact}`).join('\n')),
      ]),
    ],
  };
}

/** An ISO time on the reader's clock. */
export function stamp(iso: string, style: 'f' | 'R' = 'f'): string {
  const at = Date.parse(iso);
  return Number.isNaN(at) ? inertLine(iso) : `<t:${Math.floor(at / 1000)}:${style}>`;
}
