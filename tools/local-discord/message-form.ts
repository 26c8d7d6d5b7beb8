import { apiError } from './api-error.ts';
import { numberComponents, planAttachments, resolveMedia } from './attachment-form.ts';
import { checkComponents, checkMediaUrl } from './component-form.ts';
import { Form, type Path } from './form.ts';
import { asObject, asObjects, asString, isObject, type Json, type JsonObject } from './json.ts';
import { LIMITS, MessageFlag as Flag } from './limits.ts';
import type { Draft, Message } from './message.ts';
import type { UploadedFile } from './request-body.ts';

const CREATE_FLAGS =
  Flag.suppressEmbeds |
  Flag.ephemeral |
  Flag.suppressNotifications |
  Flag.voiceMessage |
  Flag.componentsV2;
const EDIT_FLAGS = Flag.suppressEmbeds | Flag.componentsV2;

export interface DraftContext {
  /** Where the message is in the request: `['data']` in a callback, `[]` elsewhere. */
  readonly path: Path;
  readonly uploads: readonly UploadedFile[];
  /** The message that the request edits, or null for a new one. */
  readonly before: Message | null;
  readonly newId: () => string;
  /** Where attachment urls begin. */
  readonly baseUrl: string;
}

/** Checks a message body and returns what it makes of the message. Throws ApiError 50035 or 50006. */
export function draftMessage(body: JsonObject, context: DraftContext): Draft {
  const form = new Form();
  const { path, before } = context;
  const flags = checkFlags(form, [...path, 'flags'], body['flags'], before);
  const v2 = (flags & Flag.componentsV2) !== 0;

  const content = merged(body['content'], before?.content ?? '', () =>
    (form.text([...path, 'content'], body['content'], { max: LIMITS.content }) ?? '').trim(),
  );
  const plan = planAttachments(form, [...path, 'attachments'], body['attachments'], {
    uploads: context.uploads,
    before: before?.attachments ?? [],
    newId: context.newId,
    baseUrl: context.baseUrl,
    ephemeral: (flags & Flag.ephemeral) !== 0,
  });
  const names = new Set(plan.attachments.map((attachment) => attachment.filename));
  const embeds = merged(body['embeds'], before?.embeds ?? [], () => {
    checkEmbeds(form, [...path, 'embeds'], body['embeds'], names);
    return asObjects(body['embeds']);
  });
  const components = merged(body['components'], before?.components ?? [], () => {
    checkComponents(form, [...path, 'components'], body['components'], { v2, attachments: names });
    return asObjects(body['components']);
  });
  checkAllowedMentions(form, [...path, 'allowed_mentions'], body['allowed_mentions']);
  form.boolean([...path, 'tts'], body['tts']);
  if (v2) checkLegacyFields(form, path, body, { content, embeds });
  form.assertValid();

  const nothing = [content, embeds, components, plan.attachments].every(
    (part) => part.length === 0,
  );
  if (nothing && !isObject(body['poll'])) throw apiError('emptyMessage');
  const texts = [content, ...displayedTexts(components)];
  const pings = findPings(texts, body['allowed_mentions']);
  return {
    content,
    flags,
    embeds: resolveMedia(embeds, plan.attachments),
    components: numberComponents(resolveMedia(components, plan.attachments)),
    attachments: plan.attachments,
    mentions: pings.users.map((id) => ({ id, username: id, discriminator: '0', avatar: null })),
    mentionRoles: pings.roles,
    mentionEveryone: pings.everyone,
    files: plan.files,
  };
}

/** The flags of a deferred reply: Discord lets it be ephemeral, and nothing else. */
export function checkDeferFlags(value: unknown): number {
  const form = new Form();
  const flags = checkBits(form, ['data', 'flags'], value, Flag.ephemeral);
  form.assertValid();
  return flags;
}

function merged<T>(sent: unknown, before: T, read: () => T): T {
  return sent === undefined ? before : read();
}

function checkFlags(form: Form, path: Path, value: unknown, before: Message | null): number {
  if (before === null) return checkBits(form, path, value, CREATE_FLAGS);
  const old = before.flags & ~Flag.loading;
  if (value === undefined || value === null) return old;
  const sent = checkBits(form, path, value, EDIT_FLAGS);
  if ((old & Flag.componentsV2) !== 0 && (sent & Flag.componentsV2) === 0) {
    form.report(
      path,
      'MESSAGE_CANNOT_REMOVE_COMPONENTS_V2_FLAG',
      'MessageFlags.IS_COMPONENTS_V2 cannot be removed from a message',
    );
  }
  return (old & ~Flag.suppressEmbeds) | sent;
}

function checkBits(form: Form, path: Path, value: unknown, allowed: number): number {
  const flags = form.integer(path, value, { min: 0, max: 2 ** 31 - 1 }) ?? 0;
  if ((flags & ~allowed) !== 0) {
    form.report(
      path,
      'MESSAGE_FLAGS_NOT_ALLOWED',
      `Only flags of ${allowed} can be set here, got ${flags}.`,
    );
  }
  return flags & allowed;
}

function checkLegacyFields(
  form: Form,
  path: Path,
  body: JsonObject,
  kept: { content: string; embeds: readonly JsonObject[] },
): void {
  const used = {
    content: asString(body['content']) !== '' || kept.content !== '',
    embeds: kept.embeds.length > 0,
    poll: isObject(body['poll']),
    sticker_ids: Array.isArray(body['sticker_ids']) && body['sticker_ids'].length > 0,
  };
  for (const [field, present] of Object.entries(used)) {
    if (!present) continue;
    form.report(
      [...path, field],
      'MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2',
      `The '${field}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2`,
    );
  }
}

/** Checks the embeds of a message; lengths count once more over all of them (6000). */
function checkEmbeds(
  form: Form,
  path: Path,
  value: unknown,
  attachments: ReadonlySet<string>,
): void {
  let total = 0;
  for (const [index, embed] of form.list(path, value, { max: LIMITS.embeds })) {
    checkEmbed(form, [...path, index], embed, attachments);
    total += textLength(embed);
  }
  if (total > LIMITS.embedTotal) {
    form.report(
      path,
      'MAX_EMBED_SIZE_EXCEEDED',
      `Embed size exceeds maximum size of ${LIMITS.embedTotal}`,
    );
  }
}

function checkEmbed(
  form: Form,
  path: Path,
  embed: JsonObject,
  attachments: ReadonlySet<string>,
): void {
  const web = { schemes: ['http', 'https'], max: LIMITS.mediaUrl };
  const pictures = { schemes: ['http', 'https', 'attachment'], attachments };
  form.text([...path, 'title'], embed['title'], { max: LIMITS.embedTitle });
  form.text([...path, 'description'], embed['description'], { max: LIMITS.embedDescription });
  form.url([...path, 'url'], embed['url'], web);
  form.integer([...path, 'color'], embed['color'], { min: 0, max: 0xffffff });
  const timestamp = embed['timestamp'];
  if (typeof timestamp === 'string' && Number.isNaN(Date.parse(timestamp))) {
    form.report([...path, 'timestamp'], 'DATE_TIME_TYPE_PARSE', 'Could not parse the timestamp.');
  }
  for (const key of ['image', 'thumbnail']) {
    const picture = embed[key];
    if (isObject(picture))
      checkMediaUrl(form, [...path, key, 'url'], picture['url'], { ...pictures, required: true });
  }
  const footer = embed['footer'];
  if (isObject(footer)) {
    const text = { max: LIMITS.embedFooter, required: true };
    form.text([...path, 'footer', 'text'], footer['text'], text);
    checkMediaUrl(form, [...path, 'footer', 'icon_url'], footer['icon_url'], pictures);
  }
  const author = embed['author'];
  if (isObject(author)) {
    const name = { max: LIMITS.embedAuthor, required: true };
    form.text([...path, 'author', 'name'], author['name'], name);
    form.url([...path, 'author', 'url'], author['url'], web);
    checkMediaUrl(form, [...path, 'author', 'icon_url'], author['icon_url'], pictures);
  }
  const fields = [...path, 'fields'];
  for (const [index, field] of form.list(fields, embed['fields'], { max: LIMITS.embedFields })) {
    const name = { max: LIMITS.embedFieldName, required: true };
    const text = { max: LIMITS.embedFieldValue, required: true };
    form.text([...fields, index, 'name'], field['name'], name);
    form.text([...fields, index, 'value'], field['value'], text);
    form.boolean([...fields, index, 'inline'], field['inline']);
  }
}

function textLength(embed: JsonObject): number {
  const fields = Array.isArray(embed['fields']) ? embed['fields'].map(asObject) : [];
  const texts = [
    embed['title'],
    embed['description'],
    asObject(embed['footer'])['text'],
    asObject(embed['author'])['name'],
    ...fields.flatMap((field) => [field['name'], field['value']]),
  ];
  return texts.reduce<number>((sum, text) => sum + asString(text).length, 0);
}

interface Pings {
  readonly users: string[];
  readonly roles: string[];
  readonly everyone: boolean;
}

/** Checks `allowed_mentions`: known kinds, and no kind both parsed and listed. */
function checkAllowedMentions(form: Form, path: Path, value: unknown): void {
  if (value === undefined || value === null) return;
  if (!isObject(value)) {
    form.report(path, 'MODEL_TYPE_CONVERT', 'Only dictionaries may be used here.');
    return;
  }
  const parse = strings(value['parse']);
  for (const [index, kind] of parse.entries()) {
    form.choice([...path, 'parse', index], kind, ['roles', 'users', 'everyone']);
  }
  for (const kind of ['users', 'roles']) {
    const listed = strings(value[kind]);
    if (parse.includes(kind) && listed.length > 0) {
      form.report(
        path,
        'MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE',
        `parse:["${kind}"] and ${kind}: [ids...] are mutually exclusive.`,
      );
    }
    if (listed.length > 100) {
      form.report([...path, kind], 'BASE_TYPE_MAX_LENGTH', 'Must be 100 or fewer in length.');
    }
  }
}

/** Whom the texts of a message ping. Without `allowed_mentions` every mention in them counts. */
function findPings(texts: readonly string[], allowed: unknown): Pings {
  const rules = isObject(allowed) ? allowed : { parse: ['users', 'roles', 'everyone'] };
  const parse = strings(asObject(rules)['parse']);
  const text = texts.join('\n');
  return {
    users: permitted(text, /<@!?(\d+)>/g, parse.includes('users'), strings(rules['users'])),
    roles: permitted(text, /<@&(\d+)>/g, parse.includes('roles'), strings(rules['roles'])),
    everyone: parse.includes('everyone') && /@(?:everyone|here)/.test(text),
  };
}

/** Every text of a component tree in which Discord would look for mentions. */
function displayedTexts(components: readonly JsonObject[]): string[] {
  const texts: string[] = [];
  const visit = (value: Json | undefined): void => {
    if (Array.isArray(value)) value.forEach(visit);
    else if (isObject(value)) {
      if (value['type'] === 10 && typeof value['content'] === 'string')
        texts.push(value['content']);
      visit(value['components']);
    }
  };
  visit([...components]);
  return texts;
}

function permitted(text: string, pattern: RegExp, all: boolean, listed: string[]): string[] {
  const found = [...text.matchAll(pattern)].map((match) => match[1] ?? '');
  return [...new Set(found)].filter((id) => all || listed.includes(id));
}

function strings(value: unknown): string[] {
  return Array.isArray(value)
    ? value.filter((item): item is string => typeof item === 'string')
    : [];
}
