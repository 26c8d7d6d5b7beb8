import type { APIButtonComponent } from 'discord.js';
import { defineControl, withoutControls } from '../custom-ids.ts';
import { Refusal } from '../failures.ts';
import type { InteractionContext } from '../interaction-context.ts';
import { componentsOf, type ClickInteraction } from '../reply.ts';
import { textsIn, type Locale } from '../texts/index.ts';
import { button, text } from '../views/components.ts';
import { tellKeeper } from './feedback.ts';

/** Posts a private answer for everybody, as the asker sees it, once. */
export const share = defineControl({
  kind: 'share',
  letter: 's',
  encode: () => [],
  decode: () => ({}),
  async run(context: InteractionContext<ClickInteraction>) {
    const { interaction, reply, services, texts } = context;
    const { message, user } = interaction;
    // Two clicks can be on their way before the button is gone.
    if (services.shared.has(message.id)) throw new Refusal(({ sharedAlready }) => sharedAlready);
    services.shared.set(message.id, true);
    try {
      await reply.deferUpdate(interaction);
      const shown = componentsOf(interaction);
      await reply.post({
        components: [
          text(`-# ${texts.sharedBy(`<@${user.id}>`)}`),
          ...withoutControls(shown, [share, tellKeeper]).flatMap(withoutPrivateNotes),
        ],
      });
      await reply.fill({ components: withoutControls(shown, [share]) });
    } catch (error) {
      services.shared.delete(message.id);
      throw error;
    }
  },
});

export function shareButton(locale: Locale): APIButtonComponent {
  return button({ customId: share.encode({}), label: textsIn(locale).shareButton, emoji: '📣' });
}

/** Without the lines that speak to the only reader of a private message. */
function withoutPrivateNotes<T extends object>(component: T): T[] {
  if ('components' in component && Array.isArray(component.components)) {
    return [
      { ...component, components: (component.components as object[]).flatMap(withoutPrivateNotes) },
    ];
  }
  if (!('content' in component) || typeof component.content !== 'string') return [component];
  const notes = (['en', 'ja'] as const).map((locale) => `-# ${textsIn(locale).privateCopy}`);
  const lines = component.content.split('\n').filter((line) => !notes.includes(line));
  return lines.length === 0 ? [] : [{ ...component, content: lines.join('\n') }];
}
