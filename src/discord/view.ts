/** Messages as plain data that Discord takes as it is (Components V2). */
import {
  ButtonStyle,
  ComponentType,
  MessageFlags,
  SeparatorSpacingSize,
  type APIActionRowComponent,
  type APIButtonComponentWithCustomId,
  type APIComponentInContainer,
  type APIComponentInMessageActionRow,
  type APIMessageTopLevelComponent,
  type APIModalInteractionResponseCallbackData,
  type APISeparatorComponent,
  type APIStringSelectComponent,
  type APITextDisplayComponent,
  type APITextInputComponent,
  type ApplicationCommandOptionChoiceData,
} from 'discord.js';
import stringWidth from 'string-width';
import { clip, oneLine, type Texts } from './text.ts';

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
export const ROW_BUTTONS = 5;
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

/** Responding, autocomplete: choices, and the length of a name and of a value. */
export const CHOICES = 25;
export const CHOICE_TEXT = 100;

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
  readonly allowedMentions: { readonly parse: [] };
  readonly files?: readonly { readonly name: string; readonly attachment: Buffer }[];
}

/** Nobody is ever pinged, whatever a text contains. */
const allowedMentions: MessageBody['allowedMentions'] = { parse: [] };

export function messageBody(message: View | Notice): MessageBody {
  if ('content' in message) {
    return { content: message.content, components: message.rows ?? [], allowedMentions };
  }
  const { components } = message;
  const files = message.files?.map(({ name, data }) => ({ name, attachment: Buffer.from(data) }));
  const flags = MessageFlags.IsComponentsV2;
  return { components, flags, allowedMentions, ...(files === undefined ? {} : { files }) };
}

export function privateBody(content: View | Notice) {
  const { flags, ...body } = messageBody(content);
  const ephemeral = MessageFlags.Ephemeral as const;
  return { ...body, flags: flags === undefined ? [ephemeral] : [flags, ephemeral] };
}

/** Colours that differ clearly in the dark and in the light theme; no meaning depends on colour alone. */
const PLAIN_COLOUR = 0xbc002d;
export const FAILURE_COLOUR = 0xc0392b;

export type Button = APIButtonComponentWithCustomId;
export type Row = APIActionRowComponent<Button | APIStringSelectComponent>;

export interface MenuChoice {
  readonly label: string;
  readonly value: string;
  readonly description?: string;
}

/** A message in a frame; a string is a text of it, unless it is empty. */
export function framed(
  parts: readonly (string | APIComponentInContainer)[],
  accentColour = PLAIN_COLOUR,
): View {
  const components = parts
    .filter((part) => part !== '')
    .map((part) => (typeof part === 'string' ? text(part) : part));
  return {
    components: [{ type: ComponentType.Container, accent_color: accentColour, components }],
  };
}

export function text(content: string): APITextDisplayComponent {
  return { type: ComponentType.TextDisplay, content };
}

export function separator(): APISeparatorComponent {
  return { type: ComponentType.Separator, divider: true, spacing: SeparatorSpacingSize.Small };
}

export function button(options: { customId: string; label?: string; emoji?: string }): Button {
  return {
    type: ComponentType.Button,
    style: ButtonStyle.Secondary,
    custom_id: options.customId,
    ...(options.label === undefined ? {} : { label: clip(options.label, BUTTON_LABEL) }),
    ...(options.emoji === undefined ? {} : { emoji: { name: options.emoji } }),
  };
}

/** Buttons in rows of five; no rows for no buttons. */
export function buttonRows(buttons: readonly Button[]): Row[] {
  return Array.from({ length: Math.ceil(buttons.length / ROW_BUTTONS) }, (_, row) => ({
    type: ComponentType.ActionRow,
    components: buttons.slice(row * ROW_BUTTONS, (row + 1) * ROW_BUTTONS),
  }));
}

/** Buttons to the page before and the page after, as far as there are any. `page`: from 0; `idOf` has the page to show. */
export function turnButtons(
  { page, pages }: { page: number; pages: number },
  idOf: (page: number) => string,
  { previousButton, nextButton }: Texts,
): Button[] {
  const previous = { customId: idOf(page - 1), label: previousButton, emoji: '◀️' };
  const next = { customId: idOf(page + 1), label: nextButton, emoji: '▶️' };
  return [...(page > 0 ? [button(previous)] : []), ...(page < pages - 1 ? [button(next)] : [])];
}

/** The width of a row on a phone 420 pixels wide, and of what it holds, in pixels as `npm run docs:pictures` draws it. */
const WIDTHS = { row: 318, between: 8, edges: 24, emoji: 19, afterEmoji: 6 };
const LETTERS = { narrow: 4.5, usual: 7.7, wide: 12, square: 13.5 };

/** A button with its shorter form; one without is shortened to its emoji. */
export type RowButton = Button | { readonly full: Button; readonly brief: Button };

/** Buttons in one row. Where a phone would wrap it, buttons take their shorter form, the last ones first. */
export function fittingRow(buttons: readonly RowButton[]): Row[] {
  const shown = buttons.map((each) => ('full' in each ? each.full : each));
  for (const [index, each] of [...buttons.entries()].reverse()) {
    if (widthOf(shown) <= WIDTHS.row) break;
    shown[index] = 'full' in each ? each.brief : bare(each);
  }
  return buttonRows(shown);
}

function bare(full: Button): Button {
  const { label, ...rest } = full;
  return label === undefined || full.emoji === undefined ? full : rest;
}

/** Whether a phone shows buttons with these labels in one row. */
export function fitInRow(labels: readonly string[]): boolean {
  return widthOf(labels.map((label) => ({ label }))) <= WIDTHS.row;
}

function widthOf(buttons: readonly Pick<Button, 'label' | 'emoji'>[]): number {
  const { between, edges, emoji: ofEmoji, afterEmoji } = WIDTHS;
  return buttons.reduce((sum, { label = '', emoji }, index) => {
    const marked = emoji === undefined ? 0 : ofEmoji + (label === '' ? 0 : afterEmoji);
    return sum + (index === 0 ? 0 : between) + edges + marked + widthOfText(label);
  }, 0);
}

function widthOfText(label: string): number {
  return Array.from(label).reduce((sum, letter) => {
    if (stringWidth(letter) > 1) return sum + LETTERS.square;
    if (/[ijlfrtI.,:;'’()-]|\s/.test(letter)) return sum + LETTERS.narrow;
    return sum + (/[mwMW…]/.test(letter) ? LETTERS.wide : LETTERS.usual);
  }, 0);
}

/** What is offered while somebody types. */
export type Choice = ApplicationCommandOptionChoiceData<string>;

/** Choices with different names, cut to what Discord takes. */
export function distinct(choices: readonly Choice[]): Choice[] {
  const names = new Set<string>();
  return choices.flatMap(({ name, value }) => {
    const shown = clip(oneLine(name), CHOICE_TEXT);
    if (shown === '' || names.has(shown)) return [];
    names.add(shown);
    // In place of an id that is too long, the name: typed by a user, it would be found too.
    return [{ name: shown, value: value.length <= CHOICE_TEXT ? value : shown }];
  });
}

/** Those of some questions that a menu can show whole: the beginning of a question would be another one. */
export function fittingMenu(questions: readonly string[]): string[] {
  return questions
    .map(oneLine)
    .filter((question) => question !== '' && question.length <= SELECT_OPTION_TEXT);
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

const MOST_MENUS = 4;

/** Choices in as many menus as they need, four at most; `idOf` has the number of the menu. */
export function menuRows(
  idOf: (part: number) => string,
  placeholder: string,
  choices: readonly MenuChoice[],
): Row[] {
  const count = Math.min(MOST_MENUS, Math.ceil(choices.length / SELECT_OPTIONS));
  return Array.from({ length: count }, (_, part) =>
    menuRow(idOf(part), placeholder, choices.slice(part * SELECT_OPTIONS)),
  );
}

interface FormTexts {
  readonly title: string;
  readonly label: string;
  readonly description?: string;
  readonly placeholder?: string;
}

/** A form with a single line or paragraph to write. Texts are cut to Discord's limits. */
export function textForm(
  customId: string,
  { title, label, description = '', placeholder = '' }: FormTexts,
  field: Pick<APITextInputComponent, 'custom_id' | 'style' | 'max_length' | 'required'>,
): APIModalInteractionResponseCallbackData {
  return {
    custom_id: customId,
    title: clip(title, MODAL_TITLE),
    components: [
      {
        type: ComponentType.Label,
        label: clip(label, MODAL_LABEL),
        ...(description === '' ? {} : { description: clip(description, MODAL_LABEL_DESCRIPTION) }),
        component: {
          type: ComponentType.TextInput,
          ...field,
          ...(placeholder === '' ? {} : { placeholder: clip(placeholder, MODAL_PLACEHOLDER) }),
        },
      },
    ],
  };
}
