import type { Form, Path } from './form.ts';
import { asNumber, asObjects, isObject, type JsonObject } from './json.ts';
import { LIMITS } from './limits.ts';

/** Ids that one message or modal may hold once. */
export class UsedIds {
  readonly #customIds = new Set<string>();
  readonly #values = new Set<number>();

  customId(form: Form, path: Path, value: unknown): void {
    const id = form.text(path, value, { max: LIMITS.customId, required: true });
    if (id === null || id === '') return;
    if (this.#customIds.has(id)) {
      form.report(
        path,
        'COMPONENT_CUSTOM_ID_DUPLICATED',
        'Component custom id cannot be duplicated',
      );
    }
    this.#customIds.add(id);
  }

  numericId(form: Form, path: Path, value: unknown): void {
    const id = form.integer(path, value, { min: 0, max: 2 ** 31 - 1 });
    if (id === null || id === 0) return;
    if (this.#values.has(id)) {
      form.report(path, 'COMPONENT_ID_DUPLICATED', 'Component id cannot be duplicated');
    }
    this.#values.add(id);
  }
}

const LINK_STYLE = 5;

/** A button. Link buttons hold a url in place of a custom id, premium buttons (6) neither. */
export function checkButton(form: Form, path: Path, button: JsonObject, ids: UsedIds): void {
  const style = button['style'];
  if (!form.choice([...path, 'style'], style, [1, 2, 3, 4, 5, 6])) return;
  form.text([...path, 'label'], button['label'], { max: LIMITS.buttonLabel });
  form.boolean([...path, 'disabled'], button['disabled']);
  if (style === LINK_STYLE) {
    form.url([...path, 'url'], button['url'], {
      schemes: ['http', 'https', 'discord'],
      max: LIMITS.url,
      required: true,
    });
    if (button['custom_id'] !== undefined) {
      form.report(
        path,
        'BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE',
        'A custom id and url cannot both be specified',
      );
    }
  } else if (style !== 6) {
    ids.customId(form, [...path, 'custom_id'], button['custom_id']);
    if (button['url'] !== undefined) {
      form.report(
        path,
        'BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE',
        'A custom id and url cannot both be specified',
      );
    }
  }
  const unlabelled = button['label'] === undefined || button['label'] === '';
  if (unlabelled && !isObject(button['emoji']) && style !== 6) {
    form.report(
      path,
      'BUTTON_COMPONENT_LABEL_OR_EMOJI_REQUIRED',
      'A button must have a label or an emoji',
    );
  }
}

const STRING_SELECT = 3;

/** A string select (3), or a user, role, mentionable or channel select (5 to 8), which hold no options. */
export function checkSelect(form: Form, path: Path, select: JsonObject, ids: UsedIds): void {
  ids.customId(form, [...path, 'custom_id'], select['custom_id']);
  form.text([...path, 'placeholder'], select['placeholder'], { max: LIMITS.selectPlaceholder });
  form.boolean([...path, 'disabled'], select['disabled']);
  const max = LIMITS.selectOptions;
  const minValues = form.integer([...path, 'min_values'], select['min_values'], { min: 0, max });
  const maxValues = form.integer([...path, 'max_values'], select['max_values'], { min: 1, max });
  if (minValues !== null && minValues > (maxValues ?? 1)) {
    form.report(
      [...path, 'min_values'],
      'SELECT_COMPONENT_INVALID_RANGE',
      'Minimum number of values cannot be greater than the maximum',
    );
  }
  if (select['type'] !== STRING_SELECT) return;
  const options = form.list([...path, 'options'], select['options'], {
    min: 1,
    max,
    required: true,
  });
  if ((maxValues ?? 1) > options.length) {
    form.report(
      [...path, 'max_values'],
      'SELECT_COMPONENT_MAX_VALUES_TOO_LARGE',
      'Maximum number of values cannot exceed the number of options',
    );
  }
  const seen = new Set<string>();
  for (const [index, option] of options) {
    const at = [...path, 'options', index];
    const text = { max: LIMITS.selectOptionText, required: true };
    form.text([...at, 'label'], option['label'], text);
    const value = form.text([...at, 'value'], option['value'], text);
    form.text([...at, 'description'], option['description'], { max: LIMITS.selectOptionText });
    if (value !== null && seen.has(value)) {
      form.report(
        [...at, 'value'],
        'SELECT_COMPONENT_OPTION_VALUE_DUPLICATED',
        'The specified option value is already used',
      );
    }
    if (value !== null) seen.add(value);
  }
  const defaults = asObjects(select['options']).filter((option) => option['default'] === true);
  if (defaults.length > Math.max(1, asNumber(select['max_values']))) {
    form.report(
      [...path, 'options'],
      'SELECT_COMPONENT_TOO_MANY_DEFAULTS',
      'There are more default options than the maximum number of values',
    );
  }
}

/** A text input of a modal; its own label only outside of a Label component. */
export function checkTextInput(
  form: Form,
  path: Path,
  input: JsonObject,
  options: { ids: UsedIds; labelled: boolean },
): void {
  options.ids.customId(form, [...path, 'custom_id'], input['custom_id']);
  form.choice([...path, 'style'], input['style'], [1, 2]);
  if (options.labelled) {
    if (typeof input['label'] === 'string') {
      form.report(
        [...path, 'label'],
        'COMPONENT_LABEL_NOT_ALLOWED',
        'A text input in a Label takes its label from it',
      );
    }
  } else {
    form.text([...path, 'label'], input['label'], { max: LIMITS.modalLabel, required: true });
  }
  const max = LIMITS.modalValue;
  form.text([...path, 'placeholder'], input['placeholder'], { max: LIMITS.modalPlaceholder });
  form.text([...path, 'value'], input['value'], { max });
  form.integer([...path, 'min_length'], input['min_length'], { min: 0, max });
  form.integer([...path, 'max_length'], input['max_length'], { min: 1, max });
  form.boolean([...path, 'required'], input['required']);
}
