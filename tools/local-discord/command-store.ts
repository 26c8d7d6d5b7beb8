import { ApiError, apiError } from './api-error.ts';
import { assertCommand, assertCommands, commandType } from './command-form.ts';
import { asObjects, asString, isObject, type Json, type JsonObject } from './json.ts';
import { LIMITS } from './limits.ts';

const CHAT_INPUT = 1;

/** The registered commands: global ones (guild id null) and those of each guild. */
export class CommandStore {
  readonly #applicationId: string;
  readonly #newId: () => string;
  readonly #scopes = new Map<string, Map<string, JsonObject>>();
  readonly #creates = new Map<string, number>();

  constructor(options: { applicationId: string; newId: () => string }) {
    this.#applicationId = options.applicationId;
    this.#newId = options.newId;
  }

  list(guildId: string | null, options: { localizations: boolean }): JsonObject[] {
    const commands = [...this.#scope(guildId).values()];
    return options.localizations ? commands : commands.map(withoutLocalizations);
  }

  /** The command that a user of the place sees under a name: a guild's own before a global one. */
  find(name: string, type: number, guildId: string | null): JsonObject | undefined {
    const key = `${type} ${name}`;
    const own = guildId === null ? undefined : this.#scope(guildId).get(key);
    return own ?? this.#scope(null).get(key);
  }

  get isEmpty(): boolean {
    return [...this.#scopes.values()].every((scope) => scope.size === 0);
  }

  /** Bulk overwrite. Throws ApiError when any command is refused; then nothing changes. */
  overwrite(guildId: string | null, commands: unknown): JsonObject[] {
    if (!Array.isArray(commands)) {
      throw new ApiError(400, {
        message: 'Invalid Form Body',
        code: 50035,
        errors: {
          _errors: [
            {
              code: 'LIST_TYPE_CONVERT',
              message: 'Only iterables may be used in a ListType',
            },
          ],
        },
      });
    }
    const list: unknown[] = commands;
    assertCommands(list);
    const scope = this.#scope(guildId);
    const next = new Map(list.map((command) => [keyOf(command), command]));
    assertCounts([...next.values()]);
    this.#countCreates(guildId, [...next.keys()].filter((key) => !scope.has(key)).length);
    const stored = [...next].map(([key, command]) => [
      key,
      this.#complete(command, scope.get(key), guildId),
    ]) satisfies unknown as [string, JsonObject][];
    this.#scopes.set(guildId ?? '', new Map(stored));
    return stored.map(([, command]) => command);
  }

  /** Creates a command, or replaces the one of the same name and type. */
  upsert(guildId: string | null, command: JsonObject): { created: boolean; command: JsonObject } {
    assertCommand(command);
    const scope = this.#scope(guildId);
    const before = scope.get(keyOf(command));
    if (before === undefined) {
      assertCounts([...scope.values(), command]);
      this.#countCreates(guildId, 1);
    }
    const stored = this.#complete(command, before, guildId);
    scope.set(keyOf(command), stored);
    return { created: before === undefined, command: stored };
  }

  get(guildId: string | null, id: string): JsonObject {
    const found = [...this.#scope(guildId).values()].find((command) => command['id'] === id);
    if (found === undefined) throw apiError('unknownCommand');
    return found;
  }

  edit(guildId: string | null, id: string, change: JsonObject): JsonObject {
    const before = this.get(guildId, id);
    const merged = { ...before, ...change };
    assertCommand(merged);
    this.#scope(guildId).delete(keyOf(before));
    const stored = this.#complete(merged, before, guildId);
    this.#scope(guildId).set(keyOf(stored), stored);
    return stored;
  }

  delete(guildId: string | null, id: string): void {
    this.#scope(guildId).delete(keyOf(this.get(guildId, id)));
  }

  #scope(guildId: string | null): Map<string, JsonObject> {
    const key = guildId ?? '';
    const known = this.#scopes.get(key);
    if (known !== undefined) return known;
    const created = new Map<string, JsonObject>();
    this.#scopes.set(key, created);
    return created;
  }

  #countCreates(guildId: string | null, count: number): void {
    const key = guildId ?? '';
    const total = (this.#creates.get(key) ?? 0) + count;
    if (total > LIMITS.createsPerDay) throw apiError('tooManyCreates');
    this.#creates.set(key, total);
  }

  #complete(
    command: JsonObject,
    before: JsonObject | undefined,
    guildId: string | null,
  ): JsonObject {
    const filled: JsonObject = {
      id: before?.['id'] ?? this.#newId(),
      application_id: this.#applicationId,
      version: this.#newId(),
      default_member_permissions: command['default_member_permissions'] ?? null,
      type: commandType(command),
      name: asString(command['name']),
      name_localizations: command['name_localizations'] ?? null,
      description: asString(command['description']),
      description_localizations: command['description_localizations'] ?? null,
      dm_permission: true,
      contexts: command['contexts'] ?? null,
      integration_types: command['integration_types'] ?? [0],
      nsfw: command['nsfw'] ?? false,
      ...(Array.isArray(command['options']) && command['options'].length > 0
        ? { options: command['options'] }
        : {}),
      ...(guildId === null ? {} : { guild_id: guildId }),
    };
    const unchanged =
      before !== undefined &&
      JSON.stringify({ ...before, version: null }) === JSON.stringify({ ...filled, version: null });
    return unchanged ? before : filled;
  }
}

function keyOf(command: JsonObject): string {
  return `${commandType(command)} ${asString(command['name'])}`;
}

function assertCounts(commands: readonly JsonObject[]): void {
  for (const type of [1, 2, 3]) {
    const count = commands.filter((command) => commandType(command) === type).length;
    const most = type === CHAT_INPUT ? LIMITS.chatInputCommands : LIMITS.contextMenuCommands;
    if (count > most) throw apiError('tooManyCommands');
  }
}

function withoutLocalizations(command: JsonObject): JsonObject {
  const strip = (value: Json | undefined): Json | undefined => {
    if (!isObject(value)) return value;
    const rest = { ...value };
    delete rest['name_localizations'];
    delete rest['description_localizations'];
    for (const key of ['options', 'choices']) {
      if (Array.isArray(rest[key]))
        rest[key] = asObjects(rest[key]).map((item) => strip(item) ?? null);
    }
    return rest;
  };
  return strip(command) as JsonObject;
}
