import {
  ButtonStyle,
  ComponentType,
  SeparatorSpacingSize,
  type APIActionRowComponent,
  type APIButtonComponent,
  type APIComponentInContainer,
  type APIContainerComponent,
  type APIMediaGalleryComponent,
  type APISectionComponent,
  type APISeparatorComponent,
  type APIStringSelectComponent,
  type APITextDisplayComponent,
} from 'discord.js';
import * as limits from '../limits.ts';
import { clip } from '../escape.ts';

/** Shorthands for Components V2: plain data that Discord takes as it is. */

export type Row = APIActionRowComponent<APIButtonComponent | APIStringSelectComponent>;

export interface Choice {
  readonly label: string;
  readonly value: string;
  readonly description?: string;
}

export function text(content: string): APITextDisplayComponent {
  return { type: ComponentType.TextDisplay, content };
}

/** Text with a link button beside it; without an address, the text alone. */
export function textWithLink(
  content: string,
  link: { url: string; label: string } | null,
): APISectionComponent | APITextDisplayComponent {
  if (link === null) return text(content);
  return {
    type: ComponentType.Section,
    components: [text(content)],
    accessory: {
      type: ComponentType.Button,
      style: ButtonStyle.Link,
      url: link.url,
      label: clip(link.label, limits.BUTTON_LABEL),
    },
  };
}

export function separator(): APISeparatorComponent {
  return { type: ComponentType.Separator, divider: true, spacing: SeparatorSpacingSize.Small };
}

export function container(
  accentColour: number,
  components: APIComponentInContainer[],
): APIContainerComponent {
  return { type: ComponentType.Container, accent_color: accentColour, components };
}

export function button(options: {
  customId: string;
  label?: string;
  emoji?: string;
  style?: ButtonStyle.Primary | ButtonStyle.Secondary;
}): APIButtonComponent {
  return {
    type: ComponentType.Button,
    style: options.style ?? ButtonStyle.Secondary,
    custom_id: options.customId,
    ...(options.label === undefined ? {} : { label: clip(options.label, limits.BUTTON_LABEL) }),
    ...(options.emoji === undefined ? {} : { emoji: { name: options.emoji } }),
  };
}

/** Buttons in rows of five; none for no buttons. */
export function buttonRows(buttons: readonly APIButtonComponent[]): Row[] {
  const rows: Row[] = [];
  for (let at = 0; at < buttons.length; at += limits.ROW_BUTTONS) {
    rows.push({
      type: ComponentType.ActionRow,
      components: buttons.slice(at, at + limits.ROW_BUTTONS),
    });
  }
  return rows;
}

/** A menu of at most 25 choices. */
export function menuRow(customId: string, placeholder: string, choices: readonly Choice[]): Row {
  const options = choices.slice(0, limits.SELECT_OPTIONS).map((choice) => ({
    label: clip(choice.label, limits.SELECT_OPTION_TEXT),
    value: choice.value,
    ...(choice.description === undefined
      ? {}
      : { description: clip(choice.description, limits.SELECT_OPTION_TEXT) }),
  }));
  return {
    type: ComponentType.ActionRow,
    components: [
      {
        type: ComponentType.StringSelect,
        custom_id: customId,
        placeholder: clip(placeholder, limits.SELECT_PLACEHOLDER),
        options,
      },
    ],
  };
}

export function picture(url: string, altText: string): APIMediaGalleryComponent {
  return {
    type: ComponentType.MediaGallery,
    items: [{ media: { url }, description: clip(altText, limits.ALT_TEXT) }],
  };
}
