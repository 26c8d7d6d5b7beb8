import { readFileSync } from 'node:fs';
import { ButtonStyle, ComponentType } from 'discord.js';
import { asNumber, asObject, asObjects, asString, type JsonObject } from '../local-discord/json.ts';
import type { Message, SentFile } from '../local-discord/message.ts';
import { escapeHtml, markdownHtml, timestampText, type Reader } from './markdown.ts';

/** A message of the bot as one reader sees it. */
export interface ShownMessage {
  readonly message: Message;
  readonly files: readonly SentFile[];
  readonly reader: Reader;
  /** Name of who asked. */
  readonly asker: string;
  /** The text after "used": the command; null for a reply to a click. */
  readonly command: string | null;
  readonly isEphemeral: boolean;
}

/** Words of Discord's own client. */
const CLIENT = {
  en: { used: 'used', app: 'APP', only: 'Only you can see this', cancel: 'Cancel', send: 'Submit' },
  ja: {
    used: 'さんが使用しました:',
    app: 'アプリ',
    only: 'これらはあなただけに表示されています',
    cancel: 'キャンセル',
    send: '送信',
  },
};

const STYLE = readFileSync(new URL('discord.css', import.meta.url), 'utf8');

/** The compass of a guide; the bot's owner chooses the real one in the Developer Portal. */
const AVATAR =
  '<svg class="avatar" viewBox="0 0 40 40"><circle cx="20" cy="20" r="20" fill="#bc002d"/><circle cx="20" cy="20" r="12.5" fill="none" stroke="#fff" stroke-width="1.6" opacity=".9"/><path d="M25.8 14.2 22 22l-7.8 3.8L18 18z" fill="#fff"/><circle cx="20" cy="20" r="1.5" fill="#bc002d"/></svg>';

/** A page with one message. The part to photograph has the id `shot`. */
export function messagePage(shown: ShownMessage): string {
  const { message, reader, asker, command, isEphemeral } = shown;
  const words = wordsFor(reader);
  const files = new Map(
    shown.files.map(({ name, contentType, data }) => [
      name,
      `data:${contentType};base64,${Buffer.from(data).toString('base64')}`,
    ]),
  );
  const time = timestampText(Date.parse(message.timestamp) / 1000, 't', reader);
  const used = `<div class="used"><span class="face">${escapeHtml(asker.slice(0, 1).toUpperCase())}</span><b>${escapeHtml(asker)}</b> ${words.used} <span class="command">${escapeHtml(command ?? '')}</span></div>`;
  return page(
    reader,
    `<div class="message${isEphemeral ? ' ephemeral' : ''}">
      ${command === null ? '' : used}
      ${AVATAR}
      <div class="head"><b>Dragoman</b><span class="app">${words.app}</span><time>${time}</time></div>
      ${message.content === '' ? '' : `<div class="text">${markdownHtml(message.content, reader)}</div>`}
      ${componentsHtml(message.components, { reader, files })}
      ${isEphemeral ? `<div class="only"><svg viewBox="0 0 24 24"><path d="M2 12s4-7 10-7 10 7 10 7-4 7-10 7S2 12 2 12z"/><circle cx="12" cy="12" r="3"/></svg>${words.only}</div>` : ''}
    </div>`,
  );
}

/** A page with a form that the bot opened. */
export function formPage(form: JsonObject, reader: Reader): string {
  const words = wordsFor(reader);
  const fields = componentsHtml(asObjects(form['components']), { reader, files: new Map() });
  return page(
    reader,
    `<div class="form"><h2>${escapeHtml(asString(form['title']))}</h2>${fields}
      <div class="ends"><span class="button secondary">${words.cancel}</span><span class="button primary">${words.send}</span></div></div>`,
  );
}

function wordsFor({ locale }: Reader): (typeof CLIENT)['en'] {
  return locale === 'ja' ? CLIENT.ja : CLIENT.en;
}

function page({ locale }: Reader, body: string): string {
  return `<!doctype html><html lang="${locale}"><meta charset="utf-8"><style>${STYLE}</style><body><div id="shot">${body}</div></body></html>`;
}

/** What the components of one message are drawn with. */
interface Surroundings {
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
function componentsHtml(components: readonly JsonObject[], around: Surroundings): string {
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
