import type { Form, Path } from './form.ts';
import { asObject, isObject, type Json, type JsonObject } from './json.ts';

export interface Pings {
  readonly users: string[];
  readonly roles: string[];
  readonly everyone: boolean;
}

/** Checks `allowed_mentions`: known kinds, and no kind both parsed and listed. */
export function checkAllowedMentions(form: Form, path: Path, value: unknown): void {
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
export function findPings(texts: readonly string[], allowed: unknown): Pings {
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
export function displayedTexts(components: readonly JsonObject[]): string[] {
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
