import type { IncomingMessage } from 'node:http';
import { ApiError, apiError } from './api-error.ts';
import { isObject, parseJson, type JsonObject } from './json.ts';
import { LIMITS } from './limits.ts';

/** One uploaded part `files[n]`; `slot` is n as text, the id that `attachments` in the body refers to. */
export interface UploadedFile {
  readonly slot: string;
  readonly name: string;
  readonly contentType: string;
  readonly data: Uint8Array;
}

export interface RequestBody {
  readonly json: unknown;
  readonly files: readonly UploadedFile[];
}

/** The reader's client goes by the name of a file, whatever type the upload claims. */
const TYPE_BY_ENDING: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  txt: 'text/plain; charset=utf-8',
};

/** JSON, or multipart with `payload_json` and `files[n]`. Throws ApiError for a body that Discord cannot read. */
export async function readBody(request: IncomingMessage): Promise<RequestBody> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    bytes += chunk.length;
  }
  if (bytes === 0) return { json: undefined, files: [] };
  const contentType = request.headers['content-type'] ?? '';
  const body = Buffer.concat(chunks);
  if (contentType.startsWith('application/json')) {
    return { json: parseBody(body.toString('utf8')), files: [] };
  }
  if (contentType.startsWith('multipart/form-data')) return readMultipart(body, contentType);
  throw new ApiError(400, {
    message: 'Invalid Form Body',
    code: 50035,
    errors: {
      _errors: [
        {
          code: 'CONTENT_TYPE_INVALID',
          message:
            "Expected \"Content-Type\" header to be one of {'application/json', 'multipart/form-data'}.",
        },
      ],
    },
  });
}

/** The body of a request that must be one JSON object. */
export function objectBody(body: RequestBody): JsonObject {
  if (isObject(body.json)) return body.json;
  throw apiError('invalidJson');
}

async function readMultipart(body: Buffer, contentType: string): Promise<RequestBody> {
  const form = await new Response(new Uint8Array(body), {
    headers: { 'content-type': contentType },
  })
    .formData()
    .catch(() => {
      throw apiError('invalidJson');
    });
  let json: unknown = {};
  const files: UploadedFile[] = [];
  for (const [field, value] of form) {
    if (typeof value === 'string') {
      if (field === 'payload_json') json = parseBody(value);
      continue;
    }
    const slot = /^files\[(\d+)\]$/.exec(field)?.[1];
    if (slot === undefined) continue;
    const name = value.name.replace(/[^\p{L}\p{N}._-]+/gu, '_');
    files.push({
      slot,
      name,
      contentType: TYPE_BY_ENDING[name.split('.').at(-1)?.toLowerCase() ?? ''] ?? value.type,
      data: new Uint8Array(await value.arrayBuffer()),
    });
  }
  const total = files.reduce((sum, file) => sum + file.data.length, 0);
  if (total > LIMITS.requestBytes) throw apiError('entityTooLarge');
  return { json, files };
}

function parseBody(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    throw apiError('invalidJson');
  }
}
