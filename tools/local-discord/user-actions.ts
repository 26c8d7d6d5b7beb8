import type { CommandStore } from './command-store.ts';
import { asNumber, asObject, asObjects, asString, isObject, type JsonObject } from './json.ts';
import { LIMITS } from './limits.ts';
import type { Message } from './message.ts';
import { componentWith, customIdsOf } from './message-view.ts';
import type { Place } from './world.ts';

/** A test asked for something that no user of Discord could do: the test is wrong, or the bot's reply is. */
export class ImpossibleActionError extends Error {
  override readonly name = 'ImpossibleActionError';
}

export type OptionValue = string | number | boolean;

const CHAT_INPUT = 1;
const MESSAGE_COMMAND = 3;
const NESTED = [1, 2];
const TYPE_OF = { string: 3, boolean: 5 } as const;

/**
 * Data of a chat-input command. `name` may hold a group and a subcommand: `admin reload`. Against registered commands the options are
 * checked as the client does; with none registered their types follow from the values.
 */
export function chatInputData(
  store: CommandStore,
  place: Place,
  call: { name: string; options: Readonly<Record<string, OptionValue>>; focused?: string },
): { data: JsonObject; focusedType: number } {
  const [name = '', ...path] = call.name.split(' ');
  const guildId = typeof place === 'object' ? place.id : null;
  const command = registered(store, name, CHAT_INPUT, place);
  let definition = command;
  const types: number[] = [];
  for (const part of path) {
    const next = asObjects(definition?.['options']).find((option) => option['name'] === part);
    if (command !== undefined && !NESTED.includes(asNumber(next?.['type']))) {
      throw new ImpossibleActionError(`/${name} has no subcommand ${path.join(' ')}`);
    }
    definition = next;
    types.push(next === undefined ? 1 : asNumber(next['type']));
  }
  const definitions = definition === undefined ? null : asObjects(definition['options']);
  if (definitions?.some((option) => NESTED.includes(asNumber(option['type']))) === true) {
    throw new ImpossibleActionError(`/${call.name} needs a subcommand`);
  }
  let options = Object.entries(call.options).map(([key, value]): JsonObject => {
    const type = typeOfOption(call.name, key, value, definitions, key === call.focused);
    return { name: key, type, value, ...(key === call.focused ? { focused: true } : {}) };
  });
  const focused = options.find((option) => option['focused'] === true);
  if (call.focused === undefined) checkRequired(call.name, call.options, definitions);
  for (const [index, part] of [...path.entries()].reverse()) {
    options = [{ name: part, type: types[index] ?? 1, options }];
  }
  return {
    data: {
      id: asString(command?.['id']) || '1',
      name,
      type: CHAT_INPUT,
      options,
      ...(guildId !== null && command?.['guild_id'] === guildId ? { guild_id: guildId } : {}),
    },
    focusedType: asNumber(focused?.['type']),
  };
}

/** Data of a message context-menu command. */
export function messageCommandData(
  store: CommandStore,
  place: Place,
  call: { name: string; target: Message },
): JsonObject {
  const command = registered(store, call.name, MESSAGE_COMMAND, place);
  return {
    id: asString(command?.['id']) || '1',
    name: call.name,
    type: MESSAGE_COMMAND,
    target_id: call.target.id,
    resolved: { messages: { [call.target.id]: call.target } },
  };
}

/** Data of a click on a button. */
export function clickData(message: Message, customId: string): JsonObject {
  const button = usable(message, customId);
  if (button['type'] !== 2) throw new ImpossibleActionError(`${customId} is no button`);
  return { custom_id: customId, component_type: 2, id: asNumber(button['id']) };
}

/** Data of a choice in a select menu; values of a string select must be among its options. */
export function selectData(
  message: Message,
  customId: string,
  values: readonly string[],
): JsonObject {
  const menu = usable(message, customId);
  const type = asNumber(menu['type']);
  if (type === 2) throw new ImpossibleActionError(`${customId} is no select menu`);
  const least = typeof menu['min_values'] === 'number' ? menu['min_values'] : 1;
  const most = typeof menu['max_values'] === 'number' ? menu['max_values'] : 1;
  if (values.length < least || values.length > most) {
    throw new ImpossibleActionError(`${customId} takes ${least} to ${most} values`);
  }
  const offered = asObjects(menu['options']).map((option) => asString(option['value']));
  const unknown = values.find((value) => type === 3 && !offered.includes(value));
  if (unknown !== undefined) {
    throw new ImpossibleActionError(`${customId} offers no ${unknown}: ${offered.join(', ')}`);
  }
  return {
    custom_id: customId,
    component_type: type,
    id: asNumber(menu['id']),
    values: [...values],
    ...(type === 3 ? {} : { resolved: {} }),
  };
}

/** Data of a submitted modal; every required field must be filled, within its lengths. */
export function modalData(
  modal: JsonObject,
  values: Readonly<Record<string, string | readonly string[]>>,
): JsonObject {
  const left = new Set(Object.keys(values));
  const fill = (control: JsonObject): JsonObject => {
    const customId = asString(control['custom_id']);
    const value = values[customId] ?? '';
    left.delete(customId);
    const required = control['required'] !== false;
    if (value.length === 0 && required) {
      throw new ImpossibleActionError(`the modal needs a value for ${customId}`);
    }
    const base = { type: asNumber(control['type']), custom_id: customId };
    if (typeof value !== 'string') return { ...base, values: [...value] };
    const max =
      typeof control['max_length'] === 'number' ? control['max_length'] : LIMITS.modalValue;
    if (value.length > max || (value !== '' && value.length < asNumber(control['min_length']))) {
      throw new ImpossibleActionError(`the modal does not take ${value.length} characters`);
    }
    return control['type'] === 4 ? { ...base, value } : { ...base, values: value ? [value] : [] };
  };
  const components = asObjects(modal['components']).map((component): JsonObject => {
    if (component['type'] === 18) {
      return { type: 18, component: fill(asObject(component['component'])) };
    }
    if (component['type'] !== 1) return { type: asNumber(component['type']) };
    return { type: 1, components: asObjects(component['components']).map(fill) };
  });
  const [unknown] = left;
  if (unknown !== undefined) throw new ImpossibleActionError(`the modal has no field ${unknown}`);
  return { custom_id: asString(modal['custom_id']), components };
}

function registered(
  store: CommandStore,
  name: string,
  type: number,
  place: Place,
): JsonObject | undefined {
  if (store.isEmpty) return undefined;
  const guild = typeof place === 'object' ? place : null;
  const command = store.find(name, type, guild?.id ?? null);
  if (command === undefined) throw new ImpossibleActionError(`no command ${name} is registered`);
  const context = guild !== null ? 0 : place === 'dm' ? 1 : 2;
  const contexts = command['contexts'];
  if (Array.isArray(contexts) && !contexts.includes(context)) {
    throw new ImpossibleActionError(`${name} is not offered in context ${context}`);
  }
  const installs = command['integration_types'];
  const byUser = place === 'private' || guild?.installed === false;
  if (byUser && !(Array.isArray(installs) && installs.includes(1))) {
    throw new ImpossibleActionError(`${name} cannot be installed by a user`);
  }
  return command;
}

function typeOfOption(
  command: string,
  name: string,
  value: OptionValue,
  definitions: JsonObject[] | null,
  focused: boolean,
): number {
  const plain =
    typeof value === 'number'
      ? Number.isInteger(value)
        ? 4
        : 10
      : TYPE_OF[typeof value as 'string' | 'boolean'];
  if (definitions === null) return plain;
  const definition = definitions.find((option) => option['name'] === name);
  if (definition === undefined)
    throw new ImpossibleActionError(`/${command} has no option ${name}`);
  const type = asNumber(definition['type']);
  if (focused) {
    if (definition['autocomplete'] === true) return type;
    throw new ImpossibleActionError(`option ${name} of /${command} has no autocomplete`);
  }
  if (type !== plain && !(type === 10 && plain === 4)) {
    throw new ImpossibleActionError(`option ${name} of /${command} has type ${type}, not ${plain}`);
  }
  const choices = asObjects(definition['choices']);
  if (choices.length > 0 && !choices.some((choice) => choice['value'] === value)) {
    throw new ImpossibleActionError(`option ${name} of /${command} offers no ${String(value)}`);
  }
  const size = typeof value === 'string' ? value.length : Number(value);
  const [least, most] =
    typeof value === 'string' ? ['min_length', 'max_length'] : ['min_value', 'max_value'];
  const low = definition[least];
  const high = definition[most];
  if ((typeof low === 'number' && size < low) || (typeof high === 'number' && size > high)) {
    throw new ImpossibleActionError(`option ${name} of /${command} does not take ${size}`);
  }
  return type;
}

function checkRequired(
  command: string,
  options: Readonly<Record<string, OptionValue>>,
  definitions: JsonObject[] | null,
): void {
  for (const definition of definitions ?? []) {
    const name = asString(definition['name']);
    if (definition['required'] === true && options[name] === undefined) {
      throw new ImpossibleActionError(`/${command} needs the option ${name}`);
    }
  }
}

function usable(message: Message, customId: string): JsonObject {
  const component = componentWith(message, customId);
  if (!isObject(component)) {
    const offered = customIdsOf(message);
    throw new ImpossibleActionError(`the message has no ${customId}, only: ${offered.join(', ')}`);
  }
  if (component['disabled'] === true) throw new ImpossibleActionError(`${customId} is disabled`);
  return component;
}
