import { PermissionFlagsBits, type ChatInputCommandInteraction } from 'discord.js';
import { latestFeedback, unansweredQuestions } from '../../journal/unanswered.ts';
import type { Call } from '../interaction-context.ts';
import { Refusal } from '../refusal.ts';
import { feedbackView, reloadView, statusView, unansweredView } from '../views/admin.ts';
import type { View } from '../payload.ts';

type AdminCall = Call<ChatInputCommandInteraction>;

/** `/admin reload | status | unanswered | feedback` */
export async function admin(call: AdminCall): Promise<void> {
  if (!isKeeper(call)) throw new Refusal((texts) => texts.keepersOnly);
  await call.responder.defer({ isPrivate: true });
  await call.responder.fill(await viewFor(call));
}

/**
 * A keeper named in the settings, or a member who can manage the server. Discord's own check can be changed by
 * a server's administrators, so it is not relied on. Where only the user installed the app, the server's
 * permissions say nothing about it.
 */
function isKeeper({ interaction, desk }: AdminCall): boolean {
  if (desk.adminUserIds.has(interaction.user.id)) return true;
  if (interaction.guildId === null) return false;
  const { guildId, userId } = interaction.authorizingIntegrationOwners;
  if (guildId === null && userId !== null) return false;
  return interaction.memberPermissions?.has(PermissionFlagsBits.ManageGuild) ?? false;
}

async function viewFor(call: AdminCall): Promise<View> {
  const { interaction, desk, edition, locale, log } = call;
  const subcommand = interaction.options.getSubcommand();
  switch (subcommand) {
    case 'reload': {
      const status = await desk.engine.reload();
      log.info({ event: 'admin.reload', ...status });
      return reloadView(status, { before: edition.generation, locale });
    }
    case 'unanswered':
      return journalView(call, async () =>
        unansweredView(unansweredQuestions(await desk.journal.read()), { locale }),
      );
    case 'feedback':
      return journalView(call, async () =>
        feedbackView(latestFeedback(await desk.journal.read()), { locale }),
      );
    default:
      return statusView({
        edition,
        lastReload: desk.engine.lastReload(),
        locale,
        startedAt: desk.startedAt,
        ...desk.counts,
        waiting: desk.answers.waiting,
        megabytes: Math.round(process.memoryUsage().rss / 2 ** 20),
        ping: desk.ping(),
        journalEnabled: desk.journal.enabled,
      });
  }
}

async function journalView({ desk }: AdminCall, read: () => Promise<View>): Promise<View> {
  if (!desk.journal.enabled) throw new Refusal((texts) => texts.journalOff);
  return read();
}
