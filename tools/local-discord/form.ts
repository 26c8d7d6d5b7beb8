import { ApiError } from './api-error.ts';
import { isObject, type JsonObject } from './json.ts';

export type Path = readonly (string | number)[];

export interface TextRule {
  readonly min?: number;
  readonly max: number;
  readonly required?: boolean;
}

const UNSAFE_KEYS = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * Collects every fault of a request body and refuses them together, as Discord does: code 50035 with a tree of
 * `errors` that mirrors the body. Each check returns the value when it is usable, so that later checks can lean on it.
 */
export class Form {
  readonly #errors: JsonObject = {};
  #faults = 0;

  report(path: Path, code: string, message: string): void {
    this.#faults += 1;
    let node = this.#errors;
    for (const part of path) {
      const key = UNSAFE_KEYS.has(String(part)) ? `_${part}` : String(part);
      const next = node[key];
      if (isObject(next)) {
        node = next;
      } else {
        const created: JsonObject = {};
        node[key] = created;
        node = created;
      }
    }
    const list = node['_errors'];
    const fault = { code, message };
    if (Array.isArray(list)) list.push(fault);
    else node['_errors'] = [fault];
  }

  /** Throws ApiError 50035 when anything was reported. */
  assertValid(): void {
    if (this.#faults > 0) {
      throw new ApiError(400, {
        message: 'Invalid Form Body',
        code: 50035,
        errors: this.#errors,
      });
    }
  }

  required(path: Path): void {
    this.report(path, 'BASE_TYPE_REQUIRED', 'This field is required');
  }

  text(path: Path, value: unknown, rule: TextRule): string | null {
    if (value === undefined || value === null) {
      if (rule.required === true) this.required(path);
      return null;
    }
    if (typeof value !== 'string') {
      this.report(path, 'STRING_TYPE_CONVERT', 'Could not interpret value as string.');
      return null;
    }
    const min = rule.min ?? (rule.required === true ? 1 : 0);
    if (value.length === 0 && min > 0) {
      this.required(path);
    } else if (value.length < min || (value.length > rule.max && min > 0)) {
      this.report(
        path,
        'BASE_TYPE_BAD_LENGTH',
        `Must be between ${min} and ${rule.max} in length.`,
      );
    } else if (value.length > rule.max) {
      this.report(path, 'BASE_TYPE_MAX_LENGTH', `Must be ${rule.max} or fewer in length.`);
    }
    return value;
  }

  integer(
    path: Path,
    value: unknown,
    range: { min: number; max: number; required?: boolean },
  ): number | null {
    if (value === undefined || value === null) {
      if (range.required === true) this.required(path);
      return null;
    }
    if (typeof value !== 'number' || !Number.isInteger(value)) {
      this.report(path, 'NUMBER_TYPE_COERCE', `Value "${JSON.stringify(value)}" is not int.`);
      return null;
    }
    if (value < range.min) {
      this.report(
        path,
        'NUMBER_TYPE_MIN',
        `int value should be greater than or equal to ${range.min}.`,
      );
    } else if (value > range.max) {
      this.report(
        path,
        'NUMBER_TYPE_MAX',
        `int value should be less than or equal to ${range.max}.`,
      );
    }
    return value;
  }

  boolean(path: Path, value: unknown): boolean | null {
    if (value === undefined || value === null) return null;
    if (typeof value === 'boolean') return value;
    this.report(path, 'BOOLEAN_TYPE_CONVERT', 'Must be either true or false.');
    return null;
  }

  choice(path: Path, value: unknown, allowed: readonly (string | number)[]): boolean {
    if (allowed.some((item) => item === value)) return true;
    const list = allowed.join(', ');
    this.report(path, 'BASE_TYPE_CHOICES', `Value must be one of {${list}}.`);
    return false;
  }

  /** A list of objects within bounds; items that are not objects are reported and left out, with their place kept. */
  list(
    path: Path,
    value: unknown,
    bounds: { min?: number; max: number; required?: boolean },
  ): (readonly [number, JsonObject])[] {
    const { min = 0, max } = bounds;
    if (value === undefined || value === null) {
      if (bounds.required === true) this.required(path);
      return [];
    }
    if (!Array.isArray(value)) {
      this.report(path, 'LIST_TYPE_CONVERT', 'Only iterables may be used in a ListType');
      return [];
    }
    if (value.length < min || (value.length > max && min > 0)) {
      this.report(path, 'BASE_TYPE_BAD_LENGTH', `Must be between ${min} and ${max} in length.`);
    } else if (value.length > max) {
      this.report(path, 'BASE_TYPE_MAX_LENGTH', `Must be ${max} or fewer in length.`);
    }
    const items: (readonly [number, JsonObject])[] = [];
    for (const [index, item] of (value as unknown[]).entries()) {
      if (isObject(item)) items.push([index, item]);
      else
        this.report([...path, index], 'MODEL_TYPE_CONVERT', 'Only dictionaries may be used here.');
    }
    return items;
  }

  url(
    path: Path,
    value: unknown,
    rule: { schemes: readonly string[]; max: number; required?: boolean },
  ): string | null {
    const text = this.text(path, value, { max: rule.max, required: rule.required ?? false });
    if (text === null || text === '') return null;
    const scheme = /^([a-z][a-z0-9+.-]*):\/\/[^\s]+$/i.exec(text)?.[1]?.toLowerCase();
    if (scheme === undefined) {
      this.report(path, 'URL_TYPE_INVALID_URL', 'Not a well formed URL.');
      return null;
    }
    if (!rule.schemes.includes(scheme)) {
      const schemes = rule.schemes.map((item) => `'${item}'`).join(', ');
      this.report(
        path,
        'URL_TYPE_INVALID_SCHEME',
        `Scheme "${scheme}" is not supported. Scheme must be one of (${schemes}).`,
      );
      return null;
    }
    return text;
  }
}
