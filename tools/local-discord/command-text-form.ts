import type { Form, Path } from './form.ts';
import { asObjects, asString, isObject, type JsonObject } from './json.ts';
import { LIMITS } from './limits.ts';

const NAME = /^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$/u;

/** Keys that localisations may have: https://docs.discord.com/developers/reference#locales. */
const LOCALES: ReadonlySet<string> = new Set(
  'id da de en-GB en-US es-ES es-419 fr hr it lt hu nl no pl pt-BR ro fi sv-SE vi tr cs el bg ru uk hi th zh-CN ja zh-TW ko'.split(
    ' ',
  ),
);

/** Checks a name and its localisations; `free` for context menus, whose names hold spaces and capitals. */
export function checkNames(
  form: Form,
  path: Path,
  item: JsonObject,
  rule: { free: boolean },
): void {
  const accepts = rule.free ? null : NAME;
  const name = form.text([...path, 'name'], item['name'], {
    max: LIMITS.commandName,
    required: true,
  });
  if (name !== null && name !== '') checkName(form, [...path, 'name'], name, accepts);
  checkLocalisations(form, [...path, 'name_localizations'], item['name_localizations'], {
    max: LIMITS.commandName,
    accepts,
  });
}

function checkName(form: Form, path: Path, name: string, accepts: RegExp | null): void {
  if (accepts === null || (accepts.test(name) && name === name.toLowerCase())) return;
  form.report(path, 'APPLICATION_COMMAND_INVALID_NAME', 'Command name is invalid');
}

/** Checks a description and its localisations. */
export function checkDescriptions(form: Form, path: Path, item: JsonObject): void {
  const max = LIMITS.commandDescription;
  form.text([...path, 'description'], item['description'], { max, required: true });
  const at = [...path, 'description_localizations'];
  checkLocalisations(form, at, item['description_localizations'], { max, accepts: null });
}

/** Checks a table of localised texts; a text may be null. */
export function checkLocalisations(
  form: Form,
  path: Path,
  value: unknown,
  rule: { max: number; accepts: RegExp | null },
): void {
  if (value === undefined || value === null) return;
  if (!isObject(value)) {
    form.report(path, 'DICT_TYPE_CONVERT', 'Only dictionaries may be used in a DictType');
    return;
  }
  for (const [locale, text] of Object.entries(value)) {
    form.choice([...path, locale], LOCALES.has(locale) ? locale : null, [...LOCALES]);
    if (text === null) continue;
    const checked = form.text([...path, locale], text, { max: rule.max, required: true });
    if (checked !== null && checked !== '')
      checkName(form, [...path, locale], checked, rule.accepts);
  }
}

/** Characters that count against 8000: of a field with localisations only the longest text. */
export function commandSize(item: JsonObject): number {
  const children = [...asObjects(item['options']), ...asObjects(item['choices'])];
  return (
    longest(item['name'], item['name_localizations']) +
    longest(item['description'], item['description_localizations']) +
    asString(item['value']).length +
    children.reduce((sum, child) => sum + commandSize(child), 0)
  );
}

function longest(text: unknown, localisations: unknown): number {
  const translated = isObject(localisations) ? Object.values(localisations) : [];
  return Math.max(...[text, ...translated].map((item) => asString(item).length));
}
