/**
 * Discord's numbers, kept apart from the bot's own table on purpose: a wrong figure in one must not excuse
 * the same wrong figure in the other. Lengths are UTF-16 units, the stricter reading where Discord counts code points.
 * Source: https://docs.discord.com/developers (resources/message, components/reference, interactions/*).
 */
export const LIMITS = {
  ackMs: 3_000,
  tokenMs: 15 * 60_000,
  content: 2_000,
  requestBytes: 10 * 1024 * 1024,
  files: 10,
  altText: 1_024,
  followUpsOutsideInstall: 5,

  embeds: 10,
  embedTotal: 6_000,
  embedTitle: 256,
  embedDescription: 4_096,
  embedFields: 25,
  embedFieldName: 256,
  embedFieldValue: 1_024,
  embedFooter: 2_048,
  embedAuthor: 256,

  components: 40,
  displayableText: 4_000,
  legacyRows: 5,
  rowButtons: 5,
  sectionTexts: 3,
  galleryItems: 10,
  customId: 100,
  buttonLabel: 80,
  url: 512,
  mediaUrl: 2_048,
  selectOptions: 25,
  selectPlaceholder: 150,
  selectOptionText: 100,

  modalTitle: 45,
  modalComponents: 5,
  modalLabel: 45,
  modalLabelDescription: 100,
  modalPlaceholder: 100,
  modalValue: 4_000,

  choices: 25,
  choiceText: 100,

  commandName: 32,
  commandDescription: 100,
  commandOptions: 25,
  commandTotal: 8_000,
  chatInputCommands: 100,
  contextMenuCommands: 15,
  createsPerDay: 200,

  gatewaySends: 120,
  gatewayWindowMs: 60_000,
  gatewayPayloadBytes: 4_096,
} as const;

export const MessageFlag = {
  suppressEmbeds: 1 << 2,
  ephemeral: 1 << 6,
  loading: 1 << 7,
  suppressNotifications: 1 << 12,
  voiceMessage: 1 << 13,
  componentsV2: 1 << 15,
} as const;
