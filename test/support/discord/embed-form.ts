import { checkMediaUrl } from './component-form.ts';
import type { Form, Path } from './form.ts';
import { asObject, asString, isObject, type JsonObject } from './json.ts';
import { LIMITS } from './limits.ts';

/** Checks the embeds of a message; lengths count once more over all of them (6000). */
export function checkEmbeds(
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
