import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  codeOf,
  decodeControl,
  encodeControl,
  idOf,
  type Control,
} from '../../src/discord/custom-ids.ts';

const code = fc.string({ unit: 'binary', minLength: 1, maxLength: 80 }).map(codeOf);
const asked = fc.record({
  question: fc.option(fc.string({ unit: 'binary', minLength: 1, maxLength: 300 })),
  meeting: fc.option(code),
  source: fc.option(code),
});
const page = fc.integer({ min: 0, max: 99 });
const control: fc.Arbitrary<Control> = fc.oneof(
  fc.record({ kind: fc.constantFrom('page', 'share'), page, asked }),
  fc.record({ kind: fc.constantFrom('up', 'down', 'why'), asked }),
  fc.record({
    kind: fc.constant('context' as const),
    rank: page,
    document: code,
    lines: fc.tuple(fc.nat(99_999), fc.nat(99_999)),
    digest: fc.constantFrom('0a1b2c3d', ''),
  }),
  fc.record({ kind: fc.constantFrom('card', 'turn'), meeting: code }),
  fc.record({ kind: fc.constant('pick' as const), part: page }),
  fc.record({
    kind: fc.constantFrom('sources', 'list'),
    page,
    meeting: fc.option(code),
    sourceKind: fc.option(fc.constantFrom('official', 'agency', 'press', 'commentary')),
  }),
);

describe('a custom id', () => {
  it('has 1 to 100 characters and means what it meant, but for a question too long to fit', () => {
    fc.assert(
      fc.property(control, (given) => {
        const id = encodeControl(given);
        expect(id.length).toBeGreaterThan(0);
        expect(id.length).toBeLessThanOrEqual(100);
        const read = decodeControl(id);
        if ('asked' in given && read !== null && 'asked' in read && read.asked.question === null) {
          expect(read).toEqual({ ...given, asked: { ...given.asked, question: null } });
        } else {
          expect(read).toEqual(given);
        }
      }),
    );
  });

  it('carries a question of ordinary length itself', () => {
    const question = 'How long did the meeting with Blinken last | really?';
    const id = encodeControl({
      kind: 'page',
      page: 1,
      asked: { question, meeting: 'blinken', source: null },
    });
    expect(decodeControl(id)).toMatchObject({ asked: { question } });
  });

  it('of another version, or made up, is not understood', () => {
    for (const id of [
      '',
      '0|p|1|||=x',
      '1',
      '1|z',
      '1|p|x|||=y',
      '1|x|1|doc|a-b|c',
      '1|m',
      '1|u||',
    ]) {
      expect(decodeControl(id)).toBeNull();
    }
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (id) => void decodeControl(id)));
  });
});

describe('a code of an id', () => {
  it('leads back to the id while it is known', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.string({ unit: 'binary', minLength: 1 }), { minLength: 1 }),
        (ids) => {
          const known = new Map(ids.map((id) => [id, null]));
          for (const id of ids) expect(idOf(codeOf(id), known)).toBe(id);
          expect(idOf(codeOf(`${ids.join('')}!`), known)).toBeNull();
        },
      ),
    );
  });
});
