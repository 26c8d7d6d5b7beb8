import { isObject, type Json, type JsonObject } from './json.ts';
import type { Message } from './message.ts';

/** Every component of a message, nested ones and accessories included, in reading order. */
export function componentsOf(message: Message | { components: JsonObject[] }): JsonObject[] {
  const found: JsonObject[] = [];
  const visit = (value: Json | undefined): void => {
    if (Array.isArray(value)) value.forEach(visit);
    else if (isObject(value)) {
      found.push(value);
      visit(value['components']);
      visit(value['component']);
      visit(value['accessory']);
    }
  };
  visit(message.components);
  return found;
}

/** The component with a custom id, or undefined. */
export function componentWith(message: Message, customId: string): JsonObject | undefined {
  return componentsOf(message).find((component) => component['custom_id'] === customId);
}

/** Custom ids of a message's buttons and menus that can be used, in reading order. */
export function customIdsOf(message: Message): string[] {
  return componentsOf(message)
    .filter((component) => component['disabled'] !== true)
    .map((component) => component['custom_id'])
    .filter((id): id is string => typeof id === 'string');
}

/** All that a message says: content, embeds, text displays and labels of buttons, one a line. */
export function textOf(message: Message): string {
  const lines: string[] = [message.content];
  const add = (value: Json | undefined): void => {
    if (typeof value === 'string' && value !== '') lines.push(value);
  };
  for (const embed of message.embeds) {
    for (const part of [embed, embed['footer'], embed['author']]) {
      if (!isObject(part)) continue;
      for (const key of ['title', 'description', 'text', 'name']) add(part[key]);
    }
    for (const field of Array.isArray(embed['fields']) ? embed['fields'] : []) {
      if (isObject(field)) [field['name'], field['value']].forEach(add);
    }
  }
  for (const component of componentsOf(message)) {
    for (const key of ['content', 'label', 'placeholder']) add(component[key]);
  }
  return lines.filter((line) => line !== '').join('\n');
}
