import { ButtonStyle, ComponentType } from 'discord.js';
import {
  asNumber,
  asObject,
  asObjects,
  asString,
  type JsonObject,
} from '../../test/support/discord/json.ts';
import { escapeHtml, markdownHtml, type Reader } from './markdown.ts';

/** What the components of one message are drawn with. */
export interface Surroundings {
  readonly reader: Reader;
  /** `data:` addresses of uploaded files, by file name. */
  readonly files: ReadonlyMap<string, string>;
}

const BUTTON_CLASSES: Readonly<Record<number, string>> = {
  [ButtonStyle.Primary]: 'primary',
  [ButtonStyle.Success]: 'success',
  [ButtonStyle.Danger]: 'danger',
};

const LINK_ARROW =
  '<svg viewBox="0 0 24 24"><path d="M15 4h5v5M20 4l-9 9M18 14v5a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V7a1 1 0 0 1 1-1h5"/></svg>';
const CHEVRON = '<svg viewBox="0 0 24 24"><path d="M6 9l6 6 6-6"/></svg>';

/** Components of a message or a form as HTML. Throws on a type that the bot does not use. */
export function componentsHtml(components: readonly JsonObject[], around: Surroundings): string {
  return components.map((component) => componentHtml(component, around)).join('');
}

function componentHtml(component: JsonObject, around: Surroundings): string {
  const inner = (): string => componentsHtml(asObjects(component['components']), around);
  switch (component['type']) {
    case ComponentType.Container:
      return `<div class="container" style="--accent:${colour(component['accent_color'])}">${inner()}</div>`;
    case ComponentType.TextDisplay:
      return `<div class="text">${markdownHtml(asString(component['content']), around.reader)}</div>`;
    case ComponentType.Section: {
      const accessory = componentHtml(asObject(component['accessory']), around);
      return `<div class="section"><div>${inner()}</div>${accessory}</div>`;
    }
    case ComponentType.Separator:
      return `<div class="separator${component['divider'] === false ? ' blank' : ''}"></div>`;
    case ComponentType.MediaGallery:
      return `<div class="gallery">${asObjects(component['items'])
        .map((item) => `<img src="${imageOf(item, around)}">`)
        .join('')}</div>`;
    case ComponentType.ActionRow:
      return `<div class="row">${inner()}</div>`;
    case ComponentType.Button:
      return buttonHtml(component);
    case ComponentType.StringSelect:
      return `<div class="select"><span>${escapeHtml(asString(component['placeholder']))}</span>${CHEVRON}</div>`;
    case ComponentType.Label:
      return `<div class="label"><b>${escapeHtml(asString(component['label']))}</b><small>${escapeHtml(asString(component['description']))}</small>${componentHtml(asObject(component['component']), around)}</div>`;
    case ComponentType.TextInput:
      return `<div class="input">${escapeHtml(asString(component['value']) || asString(component['placeholder']))}</div>`;
    default:
      throw new Error(
        `expected a component that the bot uses, found type ${asNumber(component['type'])}`,
      );
  }
}

function buttonHtml(button: JsonObject): string {
  const emoji = asString(asObject(button['emoji'])['name']);
  const label = asString(button['label']);
  const isLink = button['style'] === ButtonStyle.Link;
  const style = BUTTON_CLASSES[asNumber(button['style'])] ?? 'secondary';
  return [
    `<span class="button ${style}${button['disabled'] === true ? ' disabled' : ''}">`,
    emoji === '' ? '' : `<span class="emoji">${emoji}</span>`,
    label === '' ? '' : `<span>${escapeHtml(label)}</span>`,
    isLink ? LINK_ARROW : '',
    '</span>',
  ].join('');
}

function colour(value: unknown): string {
  return typeof value === 'number' ? `#${value.toString(16).padStart(6, '0')}` : 'transparent';
}

function imageOf(item: JsonObject, { files }: Surroundings): string {
  const url = asString(asObject(item['media'])['url']);
  const name = url.slice(url.lastIndexOf('/') + 1).replace(/\?.*$/, '');
  const data = files.get(name);
  if (data === undefined) throw new Error(`expected an uploaded file for ${url}`);
  return data;
}
