import type { Snapshot, ReloadStatus } from '../../engine-types.ts';
import type { FeedbackEntry } from '../../journal/types.ts';
import type { UnansweredQuestion } from '../../journal/unanswered.ts';
import { container, text } from '../components.ts';
import type { Locale } from '../dates.ts';
import { clip, inertLine, oneLine } from '../inert.ts';
import type { View } from '../payload.ts';
import { textsIn } from '../texts/index.ts';
import { stamp } from './about.ts';
import { joinWithin } from './attribution.ts';
import { FAILURE_COLOUR, PLAIN_COLOUR } from './colours.ts';

const LIST = 3600;
const QUESTION = 150;
const REMARK = 300;

export interface StatusViewOptions {
  readonly edition: Pick<Snapshot, 'generation' | 'builtAt' | 'counts' | 'meetings' | 'sources'>;
  readonly lastReload: ReloadStatus | null;
  readonly locale: Locale;
  readonly startedAt: Date;
  readonly handled: number;
  readonly failed: number;
  readonly waiting: number;
  readonly megabytes: number;
  readonly ping: number | null;
  readonly journalEnabled: boolean;
}

/** The index in use, what last happened to it, and how busy the bot is. */
export function statusView(options: StatusViewOptions): View {
  const { edition, lastReload, locale, counts } = { ...options, counts: options.edition.counts };
  const texts = textsIn(locale);
  const lines = [
    `## ${texts.statusTitle}`,
    texts.statusIndex(idText(edition.generation), stamp(edition.builtAt)),
    texts.aboutCorpus(
      counts.documents,
      counts.passages,
      edition.meetings.length,
      edition.sources.size,
    ),
    lastReload === null ? texts.statusNoReload : reloadLine(lastReload, locale),
    texts.statusUptime(stamp(options.startedAt.toISOString(), 'R')),
    texts.statusLoad(options.handled, options.failed, options.waiting),
    texts.statusMemory(options.megabytes, options.ping),
    texts.statusJournal(options.journalEnabled),
  ];
  const colour = lastReload?.loaded === false ? FAILURE_COLOUR : PLAIN_COLOUR;
  return { components: [container(colour, [text(lines.join('\n'))])] };
}

function reloadLine(status: ReloadStatus, locale: Locale): string {
  const texts = textsIn(locale);
  const at = stamp(status.at, 'R');
  return status.loaded
    ? texts.statusReloadLoaded(idText(status.generation), at)
    : texts.statusReloadRefused(at, problemText(status.problem));
}

/** What a reload came to. `before`: the generation in use until then. */
export function reloadView(
  status: ReloadStatus,
  { before, locale }: { before: string; locale: Locale },
): View {
  const texts = textsIn(locale);
  const id = idText(status.generation);
  const sentence = !status.loaded
    ? texts.reloadRefused(problemText(status.problem))
    : status.generation === before
      ? texts.reloadSame(id)
      : texts.reloadLoaded(id);
  return {
    components: [container(status.loaded ? PLAIN_COLOUR : FAILURE_COLOUR, [text(sentence)])],
  };
}

export function unansweredView(
  questions: readonly UnansweredQuestion[],
  { locale }: { locale: Locale },
): View {
  const texts = textsIn(locale);
  const lines = questions.map(({ question, times, verdict, reason }) => {
    const asked = texts.unansweredLine(times, inertLine(clip(oneLine(question), QUESTION)));
    const why = inertLine(clip(oneLine(reason ?? ''), QUESTION));
    return `${asked}\n-# ${[texts.verdict(verdict), why].filter((part) => part !== '').join(' · ')}`;
  });
  return listView(texts.unansweredTitle, lines, locale);
}

export function feedbackView(
  entries: readonly FeedbackEntry[],
  { locale }: { locale: Locale },
): View {
  const texts = textsIn(locale);
  const up = entries.filter(({ vote }) => vote === 'up').length;
  const lines = entries.map(({ vote, question, remark, at }) => {
    const said = remark === null ? '' : `\n-# ${inertLine(clip(oneLine(remark), REMARK))}`;
    const asked = inertLine(clip(oneLine(question), QUESTION));
    return `${vote === 'up' ? '👍' : '👎'} ${asked} · ${stamp(at, 'R')}${said}`;
  });
  const title = `${texts.feedbackTitle} · ${texts.feedbackCounts(up, entries.length - up)}`;
  return listView(title, lines, locale);
}

function listView(title: string, lines: readonly string[], locale: Locale): View {
  const texts = textsIn(locale);
  // Beyond this many, nobody reads on; `npm run journal` prints them all.
  const shown = lines.slice(0, 25);
  const body = joinWithin(shown, '\n', { budget: LIST, rest: texts.andMore });
  return {
    components: [
      container(PLAIN_COLOUR, [text(`## ${title}\n${body === '' ? texts.nothingYet : body}`)]),
    ],
  };
}

function idText(id: string): string {
  return clip(oneLine(id), 80).replaceAll('`', '');
}

function problemText(problem: string | null): string {
  return inertLine(clip(oneLine(problem ?? ''), 500));
}
