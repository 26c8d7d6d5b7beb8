import fc from 'fast-check';
import type { LookupAddress } from 'node:dns';
import { describe, expect, it } from 'vitest';
import { guardedLookup, isPublicAddress } from '../../src/fetch/visitor.ts';

const byte = fc.integer({ min: 0, max: 255 });
const v4 = (first: string) =>
  fc.tuple(byte, byte, byte).map((rest) => `${first}.${rest.join('.')}`);

describe('isPublicAddress', () => {
  it('refuses every private, local and reserved range', () => {
    for (const address of [
      ...['0.0.0.0', '10.1.2.3', '100.64.0.1', '127.0.0.1', '169.254.169.254', '172.16.0.1'],
      ...['192.0.0.1', '192.168.1.1', '198.18.0.1', '224.0.0.1', '240.0.0.1', '255.255.255.255'],
      ...['::', '::1', 'fe80::1', 'fe80::1%eth0', 'fec0::1', 'fc00::1', 'fd12::1', 'ff02::1'],
      // Documentation, discarded, segments, and what was never given out.
      ...['2001:db8::1', '3fff::1', '100::1', '5f00::1', '1::1', '4000::1', 'e000::1'],
      // IPv4 addresses inside of IPv6 ones: mapped, NAT64, 6to4, Teredo.
      ...['::ffff:127.0.0.1', '::ffff:a00:1', '64:ff9b::a00:1', '2002:7f00:1::', '2001:0:1::1'],
      ...['::7f00:1', '::a00:1', '64:ff9b:1::a00:1', '2002:808:808::1', '::ffff:0:a00:1'],
      ...['', 'localhost', '127.1.example', 'x'],
    ]) {
      expect([address, isPublicAddress(address)]).toEqual([address, false]);
    }
  });

  it('refuses whole networks of private addresses, mapped too', () => {
    const inside = fc.oneof(v4('10'), v4('127'), v4('0'));
    fc.assert(
      fc.property(inside, (address) => {
        expect(isPublicAddress(address)).toBe(false);
        expect(isPublicAddress(`::ffff:${address}`)).toBe(false);
        const [a = 0, b = 0, c = 0, d = 0] = address.split('.').map(Number);
        const hex = `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
        for (const prefix of ['::', '::ffff:', '::ffff:0:', '64:ff9b::', '64:ff9b:1::'])
          expect(isPublicAddress(prefix + hex)).toBe(false);
        expect(isPublicAddress(`2002:${hex}::1`)).toBe(false);
      }),
    );
  });

  it('allows those of the internet', () => {
    for (const address of ['8.8.8.8', '93.184.216.34', '2606:4700::1111', '::ffff:8.8.8.8']) {
      expect([address, isPublicAddress(address)]).toEqual([address, true]);
    }
  });
});

describe('a name', () => {
  /** What is connected to, lookup after lookup, of a name with these addresses in turn. */
  async function connected(...answers: readonly (readonly string[])[]) {
    const rest = [...answers];
    const lookup = guardedLookup(isPublicAddress, (_, __, callback) => {
      const found = (rest.shift() ?? []).map((address) => ({
        address,
        family: address.includes(':') ? 6 : 4,
      }));
      callback(null, found);
    });
    const ask = (all: boolean): Promise<unknown> =>
      new Promise((resolve) => {
        lookup('news.example', { all }, (error, found: string | LookupAddress[]) => {
          if (error !== null) resolve(error.message);
          else resolve(typeof found === 'string' ? found : found.map(({ address }) => address));
        });
      });
    const results = [];
    for (let at = 0; at < answers.length; at++) results.push(await ask(at % 2 === 0));
    return results;
  }
  const REFUSED = 'news.example is not an address of the public internet.';

  it('is judged at every lookup, so that one that changes to a private address is refused', async () => {
    expect(await connected(['93.184.216.34'], ['127.0.0.1'], ['10.0.0.1'], ['8.8.8.8'])).toEqual([
      ['93.184.216.34'],
      REFUSED,
      REFUSED,
      '8.8.8.8',
    ]);
  });

  it('that has public and private addresses is connected to by the public ones alone', async () => {
    const mixed = ['127.0.0.1', '::1', '2606:4700::1111', '::ffff:10.0.0.1', '8.8.8.8'];
    expect(await connected(mixed, mixed)).toEqual([
      ['2606:4700::1111', '8.8.8.8'],
      '2606:4700::1111',
    ]);
    expect(await connected([], [])).toEqual([REFUSED, REFUSED]);
  });
});
