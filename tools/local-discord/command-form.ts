import {
  checkDescriptions,
  checkLocalisations,
  checkNames,
  commandSize,
} from './command-text-form.ts';
import { Form, type Path } from './form.ts';
import { asObjects, asString, isObject, type JsonObject } from './json.ts';
import { LIMITS } from './limits.ts';

const CHAT_INPUT = 1;
const SUBCOMMAND = 1;
const GROUP = 2;
const CHOOSABLE = [3, 4, 10];
/** Checks a list of commands, as a bulk overwrite takes it. Throws ApiError 50035 with every fault. */
export function assertCommands(commands: readonly unknown[]): asserts commands is JsonObject[] {
  const form = new Form();
  const seen = new Set<string>();
  for (const [index, command] of commands.entries()) {
    if (!isObject(command)) {
      form.report([index], 'MODEL_TYPE_CONVERT', 'Only dictionaries may be used here.');
      continue;
    }
    checkCommand(form, [index], command);
    const key = `${commandType(command)} ${asString(command['name'])}`;
    if (seen.has(key)) {
      form.report(
        [index],
        'APPLICATION_COMMANDS_DUPLICATE_NAME',
        'Application command names must be unique',
      );
    }
    seen.add(key);
  }
  form.assertValid();
}

/** Checks one command. Throws ApiError 50035. */
export function assertCommand(command: JsonObject): void {
  const form = new Form();
  checkCommand(form, [], command);
  form.assertValid();
}

export function commandType(command: JsonObject): number {
  return typeof command['type'] === 'number' ? command['type'] : CHAT_INPUT;
}

function checkCommand(form: Form, path: Path, command: JsonObject): void {
  if (command['type'] !== undefined) form.choice([...path, 'type'], command['type'], [1, 2, 3]);
  const chatInput = commandType(command) === CHAT_INPUT;
  checkNames(form, path, command, { free: !chatInput });
  if (chatInput) checkDescriptions(form, path, command);
  else if (asString(command['description']) !== '') {
    form.report(
      [...path, 'description'],
      'APPLICATION_COMMAND_CONTEXT_MENU_DESCRIPTION_NOT_ALLOWED',
      'Context menu commands cannot have description',
    );
  }
  if (!chatInput && asObjects(command['options']).length > 0) {
    form.report(
      [...path, 'options'],
      'APPLICATION_COMMAND_CONTEXT_MENU_OPTIONS_NOT_ALLOWED',
      'Context menu commands cannot have options',
    );
  }
  const permissions = command['default_member_permissions'];
  if (
    permissions !== undefined &&
    permissions !== null &&
    !/^\d{1,20}$/.test(asString(permissions))
  ) {
    form.report([...path, 'default_member_permissions'], 'BITFIELD_TYPE_CONVERT', 'Not a bitset.');
  }
  checkSet(form, [...path, 'contexts'], command['contexts'], [0, 1, 2]);
  checkSet(form, [...path, 'integration_types'], command['integration_types'], [0, 1]);
  form.boolean([...path, 'nsfw'], command['nsfw']);
  if (chatInput) checkOptions(form, path, command['options'], 0);
  if (commandSize(command) > LIMITS.commandTotal) {
    form.report(
      path,
      'APPLICATION_COMMAND_TOO_LARGE',
      `Command exceeds maximum size (${LIMITS.commandTotal})`,
    );
  }
}

function checkOptions(form: Form, path: Path, value: unknown, depth: number): void {
  const at = [...path, 'options'];
  const names = new Set<string>();
  let optionalSeen = false;
  let nested: boolean | null = null;
  for (const [index, option] of form.list(at, value, { max: LIMITS.commandOptions })) {
    const here = [...at, index];
    checkNames(form, here, option, { free: false });
    checkDescriptions(form, here, option);
    const type = option['type'];
    if (!form.choice([...here, 'type'], type, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])) continue;
    const name = asString(option['name']);
    if (names.has(name)) {
      form.report(
        [...here, 'name'],
        'APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS',
        'Option name already exists',
      );
    }
    names.add(name);
    const holdsOptions = type === SUBCOMMAND || type === GROUP;
    const tooDeep = type === GROUP ? depth > 0 : depth > 1;
    if ((nested !== null && nested !== holdsOptions) || (holdsOptions && tooDeep)) {
      form.report(
        [...here, 'type'],
        'APPLICATION_COMMAND_OPTIONS_TYPE_INVALID',
        'Sub-command and sub-command group option types are mutually exclusive to other types',
      );
    }
    nested = holdsOptions;
    if (holdsOptions) {
      checkOptions(form, here, option['options'], depth + (type === GROUP ? 1 : 2));
      continue;
    }
    form.boolean([...here, 'required'], option['required']);
    if (option['required'] === true && optionalSeen) {
      form.report(
        here,
        'APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID',
        'Required options must be placed before non-required options',
      );
    }
    optionalSeen ||= option['required'] !== true;
    checkRange(form, here, option);
    checkChoices(form, here, option);
  }
}

function checkRange(form: Form, path: Path, option: JsonObject): void {
  if (option['type'] === 3) {
    const min = form.integer([...path, 'min_length'], option['min_length'], { min: 0, max: 6000 });
    const max = form.integer([...path, 'max_length'], option['max_length'], { min: 1, max: 6000 });
    if (min !== null && max !== null && min > max) {
      form.report(
        [...path, 'min_length'],
        'APPLICATION_COMMAND_OPTIONS_LENGTH_INVALID',
        'Minimum length cannot be greater than the maximum length',
      );
    }
    return;
  }
  for (const key of ['min_length', 'max_length']) {
    if (option[key] !== undefined) {
      form.report(
        [...path, key],
        'APPLICATION_COMMAND_OPTIONS_LENGTH_NOT_ALLOWED',
        'Only string options have a length',
      );
    }
  }
}

function checkChoices(form: Form, path: Path, option: JsonObject): void {
  const type = typeof option['type'] === 'number' ? option['type'] : 0;
  const choices = form.list([...path, 'choices'], option['choices'], { max: LIMITS.choices });
  const offered = option['autocomplete'] === true || choices.length > 0;
  form.boolean([...path, 'autocomplete'], option['autocomplete']);
  if (offered && !CHOOSABLE.includes(type)) {
    form.report(
      path,
      'APPLICATION_COMMAND_OPTION_CHOICES_NOT_ALLOWED',
      'Only string, integer and number options have choices or autocomplete',
    );
  }
  if (option['autocomplete'] === true && choices.length > 0) {
    form.report(
      path,
      'APPLICATION_COMMAND_OPTIONS_CHOICES_AUTOCOMPLETE_MUTUALLY_EXCLUSIVE',
      'Choices and autocomplete are mutually exclusive',
    );
  }
  checkChoiceList(form, [...path, 'choices'], choices, type);
}

/** Checks the choices of an option or of an autocomplete answer: unique names, values of the option's type. */
export function checkChoiceList(
  form: Form,
  path: Path,
  choices: readonly (readonly [number, JsonObject])[],
  optionType: number,
): void {
  const names = new Set<string>();
  for (const [index, choice] of choices) {
    const here = [...path, index];
    const name = form.text([...here, 'name'], choice['name'], {
      max: LIMITS.choiceText,
      required: true,
    });
    checkLocalisations(form, [...here, 'name_localizations'], choice['name_localizations'], {
      max: LIMITS.choiceText,
      accepts: null,
    });
    if (name !== null && names.has(name)) {
      form.report(
        [...here, 'name'],
        'APPLICATION_COMMAND_OPTIONS_CHOICES_NAME_DUPLICATED',
        'Choice names must be unique',
      );
    }
    if (name !== null) names.add(name);
    const at = [...here, 'value'];
    if (optionType === 3)
      form.text(at, choice['value'], { max: LIMITS.choiceText, required: true });
    else if (typeof choice['value'] !== 'number') {
      form.report(at, 'NUMBER_TYPE_COERCE', 'Value must be a number.');
    }
  }
}

function checkSet(form: Form, path: Path, value: unknown, allowed: readonly number[]): void {
  if (value === undefined || value === null) return;
  if (!Array.isArray(value) || value.length === 0 || new Set(value).size !== value.length) {
    form.report(path, 'SET_TYPE_CONVERT', 'Must be a set of at least one value.');
    return;
  }
  for (const [index, item] of value.entries()) {
    form.choice([...path, index], typeof item === 'number' ? item : null, allowed);
  }
}
