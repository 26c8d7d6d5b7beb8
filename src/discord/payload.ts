import {
  MessageFlags,
  type APIActionRowComponent,
  type APIComponentInMessageActionRow,
  type APIMessageTopLevelComponent,
  type AttachmentPayload,
} from 'discord.js';

/** What a view makes: components, and the files that they show. Plain data. */
export interface View {
  readonly components: readonly APIMessageTopLevelComponent[];
  readonly files?: readonly { readonly name: string; readonly data: Buffer }[];
}

/** A sentence to one user, with a menu below it at most. */
export interface Notice {
  readonly content: string;
  readonly rows?: readonly APIActionRowComponent<APIComponentInMessageActionRow>[];
}

export interface MessageBody {
  readonly content?: string;
  readonly components: readonly APIMessageTopLevelComponent[];
  readonly flags?: MessageFlags.IsComponentsV2;
  /** Nobody is ever pinged, whatever a text holds. */
  readonly allowedMentions: { readonly parse: [] };
  readonly files?: readonly AttachmentPayload[];
}

/** A view or a notice as discord.js takes it. */
export function messageBody(shown: View | Notice): MessageBody {
  if ('content' in shown) {
    return { content: shown.content, components: shown.rows ?? [], allowedMentions: { parse: [] } };
  }
  return {
    components: shown.components,
    flags: MessageFlags.IsComponentsV2,
    allowedMentions: { parse: [] },
    ...(shown.files === undefined
      ? {}
      : { files: shown.files.map(({ name, data }) => ({ name, attachment: data })) }),
  };
}
