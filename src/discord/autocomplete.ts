import type { ApplicationCommandOptionChoiceData, AutocompleteInteraction } from 'discord.js';
import type { Snapshot } from '../engine-types.ts';
import { dayName, type Locale } from './dates.ts';
import { directoryOf } from './directory.ts';
import { clip, oneLine } from './inert.ts';
import { CHOICE_TEXT, CHOICES } from './limits.ts';
import { stopName } from './views/meeting.ts';

type Choice = ApplicationCommandOptionChoiceData<string>;

/** Offers for the option being typed, from memory. Never fails: an empty list is an answer. */
export async function respondWithChoices(
  interaction: AutocompleteInteraction,
  { edition, locale }: { edition: Snapshot; locale: Locale },
): Promise<void> {
  const focused = interaction.options.getFocused(true);
  await interaction.respond(choicesFor(focused.name, { typed: focused.value, edition, locale }));
}

/** At most 25 choices with unique names and values of at most 100 characters. */
export function choicesFor(
  option: string,
  { typed, edition, locale }: { typed: string; edition: Snapshot; locale: Locale },
): Choice[] {
  const { meetings, sources, days } = directoryOf(edition);
  const choices =
    option === 'meeting'
      ? meetings
          .find(typed, CHOICES)
          .map(({ value }) => ({ name: stopName(value, locale), value: value.id }))
      : option === 'source'
        ? sources
            .find(typed, CHOICES)
            .map(({ value }) => ({ name: `${value.publisher}: ${value.title}`, value: value.id }))
        : option === 'day'
          ? days.find(typed, CHOICES).map(({ value }) => ({ name: dayName(value, locale), value }))
          : [];
  return distinct(choices);
}

function distinct(choices: readonly Choice[]): Choice[] {
  const names = new Set<string>();
  return choices.flatMap(({ name, value }) => {
    // A value too long is what the user would have typed: the title leads to the same thing.
    const shown = clip(oneLine(name), CHOICE_TEXT);
    if (shown === '' || names.has(shown)) return [];
    names.add(shown);
    return [{ name: shown, value: value.length <= CHOICE_TEXT ? value : shown }];
  });
}
