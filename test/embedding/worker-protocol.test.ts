import { deserialize, serialize } from 'node:v8';

import { describe, expect, it } from 'vitest';

import { fromSentError, toSentError } from '../../src/embedding/worker-protocol.ts';
import { DragomanError } from '../../src/errors.ts';
import type { SentError } from '../../src/embedding/worker-protocol.ts';

/** As between two processes. */
function sent(error: unknown): Error {
  return fromSentError(deserialize(serialize(toSentError(error))) as SentError);
}

describe('an error sent from the worker', () => {
  it('arrives as a DragomanError with code, message, hint, stack and cause', () => {
    const cause = new TypeError('fetch failed', { cause: new Error('ECONNREFUSED') });
    const error = new DragomanError('MODEL_UNREACHABLE', 'No hub.', { hint: 'Connect.', cause });
    const arrived = sent(error);
    expect(arrived).toBeInstanceOf(DragomanError);
    expect(arrived).toMatchObject({
      code: 'MODEL_UNREACHABLE',
      message: 'No hub.',
      hint: 'Connect.',
      stack: error.stack,
      cause: { message: 'fetch failed', cause: { message: 'ECONNREFUSED' } },
    });
  });

  it('has no hint and no cause where it had none', () => {
    const arrived = sent(new DragomanError('MODEL', 'Damaged.'));
    expect(arrived).toMatchObject({ hint: null });
    expect(arrived.cause).toBeUndefined();
  });

  it('stays a defect when it was none of ours', () => {
    const arrived = sent(new RangeError('out of range'));
    expect(arrived).not.toBeInstanceOf(DragomanError);
    expect(arrived.message).toBe('out of range');
    expect(sent('a string').message).toBe('a string');
  });
});
