import type { ChatInputCommandInteraction } from 'discord.js';
import type { Call } from '../interaction-context.ts';
import { aboutView } from '../views/about.ts';

/** `/about` */
export async function about(call: Call<ChatInputCommandInteraction>): Promise<void> {
  const { desk, edition, locale, responder } = call;
  const { version, journal } = desk;
  const view = aboutView({ edition, locale, version, journalEnabled: journal.enabled });
  await responder.reply(view, { isPrivate: false });
}
