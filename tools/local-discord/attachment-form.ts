import type { Form, Path } from './form.ts';
import { asObjects, asString, isObject, type Json, type JsonObject } from './json.ts';
import { LIMITS } from './limits.ts';
import type { Attachment, SentFile } from './message.ts';
import type { UploadedFile } from './request-body.ts';

export interface AttachmentPlan {
  readonly attachments: Attachment[];
  readonly files: ReadonlyMap<string, SentFile>;
}

/**
 * The attachments of a message after a request: those it had and keeps (all of them when `attachments` is not sent),
 * then the files uploaded with it.
 */
export function planAttachments(
  form: Form,
  path: Path,
  listed: unknown,
  context: {
    uploads: readonly UploadedFile[];
    before: readonly Attachment[];
    newId: () => string;
    baseUrl: string;
    ephemeral: boolean;
  },
): AttachmentPlan {
  const entries = form.list(path, listed, { max: LIMITS.files });
  const descriptions = new Map<string, string | null>();
  const slots = new Set(context.uploads.map((file) => file.slot));
  const known = new Map(context.before.map((attachment) => [attachment.id, attachment]));
  for (const [index, entry] of entries) {
    const id = String(typeof entry['id'] === 'number' ? entry['id'] : asString(entry['id']));
    const at = [...path, index];
    form.text([...at, 'description'], entry['description'], { max: LIMITS.altText });
    descriptions.set(id, asString(entry['description']) || null);
    if (!slots.has(id) && !known.has(id)) {
      form.report(
        [...at, 'id'],
        'ATTACHMENT_NOT_FOUND',
        `Attachment data not found for attachment id: ${id}`,
      );
    }
  }
  const kept = Array.isArray(listed)
    ? context.before.filter((attachment) => descriptions.has(attachment.id))
    : [...context.before];
  const attachments = [...kept];
  const files = new Map<string, SentFile>();
  for (const upload of context.uploads) {
    const description = descriptions.get(upload.slot) ?? null;
    const id = context.newId();
    const url = `${context.baseUrl}/attachments/${id}/${encodeURIComponent(upload.name)}`;
    attachments.push({
      id,
      filename: upload.name,
      size: upload.data.length,
      content_type: upload.contentType,
      url,
      proxy_url: url,
      ...(description === null ? {} : { description }),
      ...(context.ephemeral ? { ephemeral: true } : {}),
    });
    files.set(id, {
      name: upload.name,
      contentType: upload.contentType,
      description,
      data: upload.data,
    });
  }
  if (attachments.length > LIMITS.files) {
    form.report(path, 'BASE_TYPE_MAX_LENGTH', `Must be ${LIMITS.files} or fewer in length.`);
  }
  return { attachments, files };
}

/** A copy of embeds or components in which `attachment://` became the url of the attachment. */
export function resolveMedia(items: unknown, attachments: readonly Attachment[]): JsonObject[] {
  const byName = new Map(attachments.map((attachment) => [attachment.filename, attachment]));
  const resolve = (value: Json | undefined): Json | undefined => {
    if (Array.isArray(value)) return value.map((item) => resolve(item) ?? null);
    if (!isObject(value)) return value;
    const copy: JsonObject = {};
    for (const [key, item] of Object.entries(value)) copy[key] = resolve(item);
    const name = /^attachment:\/\/(.*)$/i.exec(asString(value['url']))?.[1];
    const attachment = name === undefined ? undefined : byName.get(name);
    if (attachment !== undefined) {
      copy['url'] = attachment.url;
      copy['proxy_url'] = attachment.url;
      copy['attachment_id'] = attachment.id;
      copy['content_type'] = attachment.content_type;
    }
    return copy;
  };
  return asObjects(items).map((item) => resolve(item) as JsonObject);
}

/** Gives every component that has none the next free number as its id, as Discord does. */
export function numberComponents(components: JsonObject[]): JsonObject[] {
  const all: JsonObject[] = [];
  const visit = (value: Json | undefined): void => {
    if (Array.isArray(value)) value.forEach(visit);
    else if (isObject(value)) {
      all.push(value);
      visit(value['components']);
      visit(value['accessory']);
    }
  };
  visit(components);
  const used = new Set(all.map((component) => component['id']));
  let next = 1;
  for (const component of all) {
    if (typeof component['id'] === 'number' && component['id'] > 0) continue;
    while (used.has(next)) next += 1;
    component['id'] = next;
    used.add(next);
  }
  return components;
}
