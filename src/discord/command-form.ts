import { z } from 'zod';

/**
 * A command in one form, whether it was written here or came back from Discord, which adds ids and versions,
 * fills defaults in, and gives null for what is empty.
 */

const localizations = z
  .record(z.string(), z.string())
  .nullish()
  .transform((value) => Object.entries(value ?? {}).sort(([a], [b]) => (a < b ? -1 : 1)));
const text = z
  .string()
  .nullish()
  .transform((value) => value ?? '');
const flag = z
  .boolean()
  .nullish()
  .transform((value) => value ?? false);
const number = z
  .number()
  .nullish()
  .transform((value) => value ?? null);
const numbers = z
  .array(z.number())
  .nullish()
  .transform((value) => [...(value ?? [])].sort((a, b) => a - b));

const choice = z.object({
  name: z.string(),
  name_localizations: localizations,
  value: z.union([z.string(), z.number()]),
});

const named = {
  name: z.string(),
  name_localizations: localizations,
  description: text,
  description_localizations: localizations,
};

const leafOption = z.object({
  ...named,
  type: z.number(),
  required: flag,
  autocomplete: flag,
  min_length: number,
  max_length: number,
  choices: z
    .array(choice)
    .nullish()
    .transform((value) => value ?? []),
});

const option = leafOption.extend({
  options: z
    .array(leafOption)
    .nullish()
    .transform((value) => value ?? []),
});

const command = z.object({
  ...named,
  type: z
    .number()
    .nullish()
    .transform((value) => value ?? 1),
  default_member_permissions: text,
  contexts: numbers,
  integration_types: numbers,
  nsfw: flag,
  options: z
    .array(option)
    .nullish()
    .transform((value) => value ?? []),
});

export type CanonicalCommand = z.output<typeof command>;

/** Keys in one order, defaults filled in: two commands are the same when their JSON is. */
export function canonicalCommand(given: unknown): CanonicalCommand {
  return command.parse(given);
}
