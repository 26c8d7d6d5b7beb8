/**
 * The limits that Discord sets, and where it states them. Lengths are counted in UTF-16 units, which are never fewer
 * than the characters that Discord counts.
 *
 * - Responding: https://docs.discord.com/developers/interactions/receiving-and-responding
 * - Components: https://docs.discord.com/developers/components/reference
 */

/** Components reference, "What's changed": text of all text displays of one message. */
export const MESSAGE_TEXT = 4000;

/** Components reference, action row: buttons in one row. */
export const ROW_BUTTONS = 5;
/** Components reference, button: length of its label. About 34 characters show on a phone. */
export const BUTTON_LABEL = 80;
/** Components reference, button: length of a link. */
export const BUTTON_URL = 512;
/** Components reference: length of a custom id. */
export const CUSTOM_ID = 100;

/** Components reference, string select. */
export const SELECT_OPTIONS = 25;
/** Menus below each other: with their rows they stay far below the forty components of a message. */
export const MENUS = 4;
export const SELECT_PLACEHOLDER = 150;
/** Components reference, select option: label, description and value, each. */
export const SELECT_OPTION_TEXT = 100;

/** Responding, autocomplete: choices, and the length of a name and of a value. */
export const CHOICES = 25;
export const CHOICE_TEXT = 100;

/** Responding, modal; components reference, label and text input. */
export const MODAL_TITLE = 45;
export const MODAL_LABEL = 45;
export const MODAL_LABEL_DESCRIPTION = 100;
export const MODAL_PLACEHOLDER = 100;

/** Components reference, media gallery item: length of the alt text. */
export const ALT_TEXT = 1024;

/** JSON error codes with a reply of their own: https://docs.discord.com/developers/topics/opcodes-and-status-codes#json. */
export const ErrorCodes = {
  unknownMessage: 10008,
  unknownWebhook: 10015,
  unknownInteraction: 10062,
  alreadyAcknowledged: 40060,
  missingAccess: 50001,
  missingPermissions: 50013,
  invalidWebhookToken: 50027,
  noReplyWithoutHistory: 160002,
} as const;

/**
 * Codes of the same page for a place where the bot may not speak: an unknown channel, a forum itself, a permission that is
 * missing, a user who takes no messages, an archived or a locked thread.
 */
export const NO_PERMISSION: ReadonlySet<number> = new Set([
  ...[10003, 40058, 50001, 50007, 50008, 50009, 50013, 50083, 50278, 160005],
]);

/** Gateway close code of a refused token: https://docs.discord.com/developers/topics/opcodes-and-status-codes#gateway. */
export const TOKEN_REFUSED = 4004;
