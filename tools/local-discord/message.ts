import type { JsonObject } from './json.ts';

export interface Attachment extends JsonObject {
  id: string;
  filename: string;
  size: number;
  content_type: string;
  url: string;
  proxy_url: string;
  description?: string;
  ephemeral?: boolean;
}

/** A message as Discord returns it. Components and embeds are what was sent, ids and attachment urls filled in. */
export interface Message extends JsonObject {
  id: string;
  channel_id: string;
  type: number;
  flags: number;
  content: string;
  author: JsonObject;
  embeds: JsonObject[];
  components: JsonObject[];
  attachments: Attachment[];
  /** Users whom the message pings, after `allowed_mentions`. */
  mentions: JsonObject[];
  mention_roles: string[];
  mention_everyone: boolean;
  timestamp: string;
  edited_timestamp: string | null;
}

/** An uploaded file as the reader of the message receives it. */
export interface SentFile {
  readonly name: string;
  readonly contentType: string;
  readonly description: string | null;
  readonly data: Uint8Array;
}

/** What a request makes of a message: everything but its place and its author. */
export interface Draft {
  readonly content: string;
  readonly flags: number;
  readonly embeds: JsonObject[];
  readonly components: JsonObject[];
  readonly attachments: Attachment[];
  readonly mentions: JsonObject[];
  readonly mentionRoles: string[];
  readonly mentionEveryone: boolean;
  /** Files uploaded with this request, by attachment id. */
  readonly files: ReadonlyMap<string, SentFile>;
}
