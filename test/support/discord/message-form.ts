import { apiError } from './api-error.ts';
import { numberComponents, planAttachments, resolveMedia } from './attachment-form.ts';
import { checkComponents } from './component-form.ts';
import { checkEmbeds } from './embed-form.ts';
import { Form, type Path } from './form.ts';
import { asObjects, asString, isObject, type JsonObject } from './json.ts';
import { LIMITS, MessageFlag as Flag } from './limits.ts';
import { checkAllowedMentions, displayedTexts, findPings } from './mentions.ts';
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
