/** What each server's managers chose. Kept in one file beside the journal, so that it outlives restarts. */
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { DragomanError, isMissing } from '../errors.ts';
import { replaceFile } from '../files.ts';
import { Refusal } from './failures.ts';
import type { RepliableInteraction } from './reply.ts';

export const SETTINGS_FILE = 'servers.json';

/** Channels in one list: as many as a menu of channels takes. */
export const MOST_CHANNELS = 25;

const channels = z.array(z.string()).max(MOST_CHANNELS);
const settingsSchema = z.object({
  /** Ids of the channels where the bot answers; none: in all. A thread counts as its channel. */
  channels,
  /** Whether commands answer to the asker alone when they do not say otherwise. */
  isPrivate: z.boolean(),
  /** The language of all replies; null: that of each reader's client. */
  language: z.enum(['en', 'ja']).nullable(),
  /** Ids of the channels where messages without a mention are answered too. */
  mentionFree: channels,
});
const fileSchema = z.record(z.string(), settingsSchema);

export type ServerSettings = Readonly<z.infer<typeof settingsSchema>>;

const DEFAULTS: ServerSettings = {
  channels: [],
  isPrivate: false,
  language: null,
  mentionFree: [],
};

/** The settings of all servers, in memory and in the file. */
export class ServerSettingsStore {
  readonly #folder: string;
  readonly #byServer: Map<string, ServerSettings>;
  #writing: Promise<void> = Promise.resolve();

  private constructor(folder: string, byServer: Map<string, ServerSettings>) {
    this.#folder = folder;
    this.#byServer = byServer;
  }

  /** @throws DragomanError CONFIG when the file is damaged: the bot would answer where it was told not to */
  static async open(folder: string): Promise<ServerSettingsStore> {
    const path = join(folder, SETTINGS_FILE);
    try {
      const saved = fileSchema.parse(JSON.parse(await readFile(path, 'utf8')));
      return new ServerSettingsStore(folder, new Map(Object.entries(saved)));
    } catch (cause) {
      if (isMissing(cause)) return new ServerSettingsStore(folder, new Map());
      throw new DragomanError('CONFIG', `The settings of servers in ${path} cannot be read.`, {
        hint: 'Correct the file, or delete it to start from the defaults.',
        cause,
      });
    }
  }

  /** `serverId`: null in direct messages, where the defaults hold. */
  of(serverId: string | null): ServerSettings {
    return serverId === null ? DEFAULTS : (this.#byServer.get(serverId) ?? DEFAULTS);
  }

  /** Resolves when the file has the change, which holds at once. */
  async change(serverId: string, change: Partial<ServerSettings>): Promise<void> {
    this.#byServer.set(serverId, { ...this.of(serverId), ...change });
    const write = async (): Promise<void> => {
      await mkdir(this.#folder, { recursive: true });
      const content = JSON.stringify(Object.fromEntries(this.#byServer), null, 2);
      await replaceFile(join(this.#folder, SETTINGS_FILE), [`${content}\n`]);
    };
    const written = this.#writing.then(write);
    // A failed write does not stop the next from being tried.
    this.#writing = written.catch(() => undefined);
    await written;
  }

  /** `channelIds`: of the channel, and of the channel that a thread belongs to. */
  mayAnswer(serverId: string | null, channelIds: readonly (string | null)[]): boolean {
    const { channels: allowed } = this.of(serverId);
    return allowed.length === 0 || channelIds.some((id) => id !== null && allowed.includes(id));
  }

  /** Whether messages in a channel are answered without a mention, as far as the server's managers decide. */
  isMentionFree(serverId: string | null, channelId: string): boolean {
    return this.of(serverId).mentionFree.includes(channelId);
  }
}

/** @throws Refusal that names the channels, where the server's managers want no answers in this one */
export function assertAnswersHere(
  interaction: RepliableInteraction,
  settings: ServerSettingsStore,
): void {
  const { guildId, channelId, channel } = interaction;
  const parent = channel?.isThread() === true ? channel.parentId : null;
  if (settings.mayAnswer(guildId, [channelId, parent])) return;
  const mentions = settings.of(guildId).channels.map((id) => `<#${id}>`);
  throw new Refusal((texts) => texts.settings.notHere(mentions.join(' ')));
}
