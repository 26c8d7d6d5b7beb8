/**
 * Every number that Discord sets, and where it says so. Lengths are kept in UTF-16 units: never more than
 * Discord counts, whichever way it counts.
 *
 * - Responding: https://docs.discord.com/developers/interactions/receiving-and-responding
 * - Commands: https://docs.discord.com/developers/interactions/application-commands
 * - Components: https://docs.discord.com/developers/components/reference
 * - Messages: https://docs.discord.com/developers/resources/message
 */

/** Receiving and responding: a first response within 3 s, then the token is good for 15 min. */
export const INTERACTION_TOKEN_MS = 15 * 60 * 1000;

/** Components reference, "What's changed": text over all text displays of one message. */
export const MESSAGE_TEXT = 4000;
/** Components reference: components of one message, nested ones included. */
export const MESSAGE_COMPONENTS = 40;

/** Components reference, action row: buttons in one row. */
export const ROW_BUTTONS = 5;
/** Components reference, button: length of its label. Some 34 of these show on a phone. */
export const BUTTON_LABEL = 80;
/** Components reference, button: length of a link. */
export const BUTTON_URL = 512;
/** Components reference: length of a custom id. */
export const CUSTOM_ID = 100;

/** Components reference, string select. */
export const SELECT_OPTIONS = 25;
export const SELECT_PLACEHOLDER = 150;
/** Components reference, select option: label, description and value, each. */
export const SELECT_OPTION_TEXT = 100;

/** Receiving and responding, autocomplete: choices, and the length of a name and of a value. */
export const CHOICES = 25;
export const CHOICE_TEXT = 100;

/** Receiving and responding, modal; components reference, label and text input. */
export const MODAL_TITLE = 45;
export const MODAL_LABEL = 45;
export const MODAL_LABEL_DESCRIPTION = 100;
export const MODAL_PLACEHOLDER = 100;

/** Components reference, media gallery item: length of the alt text. */
export const ALT_TEXT = 1024;

/** Application commands: name, description, and all text of one command. */
export const COMMAND_NAME = 32;
export const COMMAND_DESCRIPTION = 100;
export const COMMAND_TEXT = 8000;
export const COMMAND_OPTIONS = 25;

/** JSON error codes that the bot treats apart: https://docs.discord.com/developers/topics/opcodes-and-status-codes#json. */
export const ErrorCodes = {
  unknownMessage: 10008,
  unknownWebhook: 10015,
  unknownInteraction: 10062,
  alreadyAcknowledged: 40060,
  missingAccess: 50001,
  missingPermissions: 50013,
  invalidWebhookToken: 50027,
} as const;

/** Gateway close code of a refused token: https://docs.discord.com/developers/topics/opcodes-and-status-codes#gateway. */
export const TOKEN_REFUSED = 4004;
