import type { JsonObject } from './json.ts';

const KINDS = {
  notFound: [404, 0, '404: Not Found'],
  methodNotAllowed: [405, 0, '405: Method Not Allowed'],
  unauthorized: [401, 0, '401: Unauthorized'],
  internal: [500, 0, '500: Internal Server Error'],
  unknownApplication: [404, 10002, 'Unknown Application'],
  unknownChannel: [404, 10003, 'Unknown Channel'],
  unknownGuild: [404, 10004, 'Unknown Guild'],
  unknownMessage: [404, 10008, 'Unknown Message'],
  unknownUser: [404, 10013, 'Unknown User'],
  unknownWebhook: [404, 10015, 'Unknown Webhook'],
  unknownInteraction: [404, 10062, 'Unknown interaction'],
  unknownCommand: [404, 10063, 'Unknown application command'],
  tooManyCommands: [400, 30032, 'Maximum number of application commands reached (100)'],
  tooManyCreates: [
    400,
    30034,
    'Max number of daily application command creates has been reached (200)',
  ],
  entityTooLarge: [413, 40005, 'Request entity too large'],
  alreadyAcknowledged: [400, 40060, 'Interaction has already been acknowledged.'],
  tooManyFollowUps: [
    400,
    40094,
    'This interaction has reached the maximum number of follow-up messages.',
  ],
  missingAccess: [403, 50001, 'Missing Access'],
  otherAuthor: [403, 50005, 'Cannot edit a message authored by another user'],
  emptyMessage: [400, 50006, 'Cannot send an empty message'],
  missingPermissions: [403, 50013, 'Missing Permissions'],
  threadLocked: [403, 160005, 'This thread is locked'],
  threadArchived: [400, 50083, 'Thread is archived'],
  noHistory: [403, 160002, 'You cannot reply without permission to read message history'],
  invalidWebhookToken: [401, 50027, 'Invalid Webhook Token'],
  invalidJson: [400, 50109, 'The request body contains invalid JSON.'],
} as const satisfies Record<string, readonly [number, number, string]>;

/** Names of the refusals that carry no detail. The number behind each is Discord's JSON error code. */
export type ApiErrorKind = keyof typeof KINDS;

/** A refusal as Discord words it: HTTP status, JSON body, extra headers. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly body: JsonObject;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, body: JsonObject, headers: Record<string, string> = {}) {
    super(`${status} ${JSON.stringify(body)}`);
    this.status = status;
    this.body = body;
    this.headers = headers;
  }
}

export function apiError(kind: ApiErrorKind): ApiError {
  const [status, code, message] = KINDS[kind];
  return new ApiError(status, { message, code });
}

/** 429 with the body and headers that rate limit handlers read. `retryAfter` is in seconds. */
export function rateLimited(retryAfter: number, options: { global: boolean }): ApiError {
  return new ApiError(
    429,
    { message: 'You are being rate limited.', retry_after: retryAfter, global: options.global },
    {
      'Retry-After': String(retryAfter),
      'X-RateLimit-Scope': options.global ? 'global' : 'user',
      ...(options.global
        ? { 'X-RateLimit-Global': 'true' }
        : {
            'X-RateLimit-Limit': '5',
            'X-RateLimit-Remaining': '0',
            'X-RateLimit-Reset': (Date.now() / 1000 + retryAfter).toFixed(3),
            'X-RateLimit-Reset-After': String(retryAfter),
            'X-RateLimit-Bucket': 'local',
          }),
    },
  );
}
