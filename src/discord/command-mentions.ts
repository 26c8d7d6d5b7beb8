import { Routes, type REST } from 'discord.js';
import { z } from 'zod';
import { textsIn, type Locale } from './texts/index.ts';

const registered = z.array(z.looseObject({ id: z.string(), name: z.string() }));

/** The commands that texts point to. */
type Named = 'ask' | 'meeting' | 'tour' | 'sources' | 'about' | 'help';

/** Names of commands as readers can tap them: `</ask:ID>`. The ids are Discord's, known after `load`. */
export class CommandMentions {
  readonly #ids = new Map<string, string>();

  /** Reads the ids of the registered commands; those of a server come before those for everywhere. */
  async load(
    rest: REST,
    { applicationId, guildId }: { applicationId: string; guildId: string | null },
  ): Promise<void> {
    const route =
      guildId === null
        ? Routes.applicationCommands(applicationId)
        : Routes.applicationGuildCommands(applicationId, guildId);
    for (const { id, name } of registered.parse(await rest.get(route))) this.#ids.set(name, id);
  }

  /** The name in code where the id is not known. */
  of(name: Named, locale: Locale): string {
    const id = this.#ids.get(name);
    return id === undefined ? `\`/${textsIn(locale).commands[name].name}\`` : `</${name}:${id}>`;
  }
}
