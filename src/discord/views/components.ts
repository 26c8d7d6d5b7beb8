/** Messages as plain data that Discord takes as it is (Components V2), and shorthands to build them. */
import {
  ButtonStyle,
  ComponentType,
  MessageFlags,
  SeparatorSpacingSize,
  type APIActionRowComponent,
  type APIButtonComponent,
  type APIButtonComponentWithCustomId,
  type APIComponentInContainer,
  type APIComponentInMessageActionRow,
  type APIContainerComponent,
  type APIMediaGalleryComponent,
  type APIMessageTopLevelComponent,
  type APIModalInteractionResponseCallbackData,
  type APISeparatorComponent,
  type APIStringSelectComponent,
  type APITextDisplayComponent,
  type AttachmentPayload,
  type TextInputStyle,
} from 'discord.js';
import stringWidth from 'string-width';
import { clip, escapeLine } from '../text.ts';
import { ALT_TEXT } from '../tour-map/journey.ts';
/**
 * The limits that Discord sets, and where it states them. Lengths are counted in UTF-16 units, which are never fewer
 * than the characters that Discord counts.
 *
 * - Responding: https://docs.discord.com/developers/interactions/receiving-and-responding
 * - Components: https://docs.discord.com/developers/components/reference
 */

/** Components reference, "What's changed": text of all text displays of one message. */
export const MESSAGE_TEXT = 4000;

/** Components reference, action row: buttons in one row. */
const ROW_BUTTONS = 5;
/** Components reference, button: length of its label. About 34 characters show on a phone. */
const BUTTON_LABEL = 80;
/** Components reference, button: length of a link. */
export const BUTTON_URL = 512;

/** Components reference, string select. */
export const SELECT_OPTIONS = 25;
const SELECT_PLACEHOLDER = 150;
/** Components reference, select option: label, description and value, each. */
export const SELECT_OPTION_TEXT = 100;

/** Responding, modal; components reference, label and text input. */
const MODAL_TITLE = 45;
const MODAL_LABEL = 45;
const MODAL_LABEL_DESCRIPTION = 100;
const MODAL_PLACEHOLDER = 100;

/** A message of components, and the files that they show. */
export interface View {
  readonly components: readonly APIMessageTopLevelComponent[];
  readonly files?: readonly { readonly name: string; readonly data: Uint8Array }[];
}

/** A sentence to one user, with a menu below it at most. */
export interface Notice {
  readonly content: string;
  readonly rows?: readonly APIActionRowComponent<APIComponentInMessageActionRow>[];
}

interface MessageBody {
  readonly content?: string;
  readonly components: readonly APIMessageTopLevelComponent[];
  readonly flags?: MessageFlags.IsComponentsV2;
  /** Nobody is ever pinged, whatever a text contains. */
  readonly allowedMentions: { readonly parse: [] };
  readonly files?: readonly AttachmentPayload[];
}

/** A view or a notice as discord.js takes it. */
export function messageBody(message: View | Notice): MessageBody {
  const allowedMentions = { parse: [] } as { readonly parse: [] };
  if ('content' in message) {
    return { content: message.content, components: message.rows ?? [], allowedMentions };
  }
  const { components, files } = message;
  return {
    components,
    flags: MessageFlags.IsComponentsV2,
    allowedMentions,
    ...(files === undefined
      ? {}
      : { files: files.map(({ name, data }) => ({ name, attachment: Buffer.from(data) })) }),
  };
}

/** Colours that differ clearly in the dark and in the light theme; nothing is told by colour alone. */
export const PLAIN_COLOUR = 0xbc002d;
export const FAILURE_COLOUR = 0xc0392b;

export type Row = APIActionRowComponent<APIButtonComponent | APIStringSelectComponent>;

export interface MenuChoice {
  readonly label: string;
  readonly value: string;
  readonly description?: string;
}

export function container(
  accentColour: number,
  components: APIComponentInContainer[],
): APIContainerComponent {
  return { type: ComponentType.Container, accent_color: accentColour, components };
}

export function text(content: string): APITextDisplayComponent {
  return { type: ComponentType.TextDisplay, content };
}

export function separator(): APISeparatorComponent {
  return { type: ComponentType.Separator, divider: true, spacing: SeparatorSpacingSize.Small };
}

export function picture(url: string, altText: string): APIMediaGalleryComponent {
  return {
    type: ComponentType.MediaGallery,
    items: [{ media: { url }, description: clip(altText, ALT_TEXT) }],
  };
}

export function button(options: {
  customId: string;
  label?: string;
  emoji?: string;
  style?: ButtonStyle.Primary | ButtonStyle.Secondary;
}): APIButtonComponentWithCustomId {
  return {
    type: ComponentType.Button,
    style: options.style ?? ButtonStyle.Secondary,
    custom_id: options.customId,
    ...(options.label === undefined ? {} : { label: clip(options.label, BUTTON_LABEL) }),
    ...(options.emoji === undefined ? {} : { emoji: { name: options.emoji } }),
  };
}

/** Buttons in rows of five; no rows for no buttons. */
export function buttonRows(buttons: readonly APIButtonComponent[]): Row[] {
  const rows: Row[] = [];
  for (let start = 0; start < buttons.length; start += ROW_BUTTONS) {
    rows.push({
      type: ComponentType.ActionRow,
      components: buttons.slice(start, start + ROW_BUTTONS),
    });
  }
  return rows;
}

/** The width of a row on a phone 420 pixels wide, and of what it holds, in pixels as `npm run docs:pictures` draws it. */
const WIDTHS = { row: 320, between: 8, edges: 24, emoji: 19, afterEmoji: 6, column: 6.8 };

/** A button, and how it looks where its row has no room for all: without `brief`, by its emoji alone. */
export interface RowButton {
  readonly full: APIButtonComponentWithCustomId;
  readonly brief?: APIButtonComponentWithCustomId;
}

/** Buttons in one row, which a phone does not wrap so far as shorter looks can help; the last give way first. */
export function fittingRow(buttons: readonly RowButton[]): Row[] {
  const shown = buttons.map(({ full }) => full);
  for (const [index, { full, brief }] of [...buttons.entries()].reverse()) {
    if (widthOf(shown) <= WIDTHS.row) break;
    const { label, ...bare } = full;
    if (brief !== undefined) shown[index] = brief;
    else if (label !== undefined && full.emoji !== undefined) shown[index] = bare;
  }
  return buttonRows(shown);
}

function widthOf(buttons: readonly APIButtonComponentWithCustomId[]): number {
  const { between, edges, emoji: ofEmoji, afterEmoji, column } = WIDTHS;
  return buttons.reduce((sum, { label = '', emoji }, index) => {
    const marked = emoji === undefined ? 0 : ofEmoji + (label === '' ? 0 : afterEmoji);
    return sum + (index === 0 ? 0 : between) + edges + marked + column * stringWidth(label);
  }, 0);
}

/** A menu of the first 25 choices. */
export function menuRow(
  customId: string,
  placeholder: string,
  choices: readonly MenuChoice[],
): Row {
  const options = choices.slice(0, SELECT_OPTIONS).map((choice) => ({
    label: clip(choice.label, SELECT_OPTION_TEXT),
    value: choice.value,
    ...(choice.description === undefined
      ? {}
      : { description: clip(choice.description, SELECT_OPTION_TEXT) }),
  }));
  return {
    type: ComponentType.ActionRow,
    components: [
      {
        type: ComponentType.StringSelect,
        custom_id: customId,
        placeholder: clip(placeholder, SELECT_PLACEHOLDER),
        options,
      },
    ],
  };
}

/** What a form with a single line or paragraph to write says. Texts are cut to Discord's  */
interface TextFormOptions {
  readonly customId: string;
  readonly title: string;
  readonly label: string;
  readonly description?: string;
  /** Custom id of the field. */
  readonly field: string;
  readonly placeholder?: string;
  readonly style: TextInputStyle;
  readonly maxLength: number;
  readonly isRequired: boolean;
}

/** A form with one field. */
export function textForm(options: TextFormOptions): APIModalInteractionResponseCallbackData {
  const { description, placeholder } = options;
  return {
    custom_id: options.customId,
    title: clip(options.title, MODAL_TITLE),
    components: [
      {
        type: ComponentType.Label,
        label: clip(options.label, MODAL_LABEL),
        ...(description === undefined
          ? {}
          : { description: clip(description, MODAL_LABEL_DESCRIPTION) }),
        component: {
          type: ComponentType.TextInput,
          custom_id: options.field,
          style: options.style,
          ...(placeholder === undefined
            ? {}
            : { placeholder: clip(placeholder, MODAL_PLACEHOLDER) }),
          max_length: options.maxLength,
          required: options.isRequired,
        },
      },
    ],
  };
}

/** An ISO time that Discord shows on the reader's clock: `f` date and time, `R` relative ("5 minutes ago"). */
export function timestamp(iso: string, style: 'f' | 'R' = 'f'): string {
  const time = Date.parse(iso);
  return Number.isNaN(time) ? escapeLine(iso) : `<t:${Math.floor(time / 1000)}:${style}>`;
}
