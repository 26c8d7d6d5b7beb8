import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isPublicAddress } from '../../src/fetch/public-addresses.ts';

const byte = fc.integer({ min: 0, max: 255 });
const v4 = (first: string) =>
  fc.tuple(byte, byte, byte).map((rest) => `${first}.${rest.join('.')}`);

describe('isPublicAddress', () => {
  it('refuses every private, local and reserved range', () => {
    for (const address of [
      ...['0.0.0.0', '10.1.2.3', '100.64.0.1', '127.0.0.1', '169.254.169.254', '172.16.0.1'],
      ...['192.0.0.1', '192.168.1.1', '198.18.0.1', '224.0.0.1', '240.0.0.1', '255.255.255.255'],
      ...['::', '::1', 'fe80::1', 'fc00::1', 'fd12::1', 'ff02::1', '2001:db8::1'],
      // IPv4 addresses inside of IPv6 ones: mapped, NAT64, 6to4, Teredo.
      ...['::ffff:127.0.0.1', '::ffff:a00:1', '64:ff9b::a00:1', '2002:7f00:1::', '2001:0:1::1'],
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
      }),
    );
  });

  it('allows those of the internet', () => {
    for (const address of ['8.8.8.8', '93.184.216.34', '2606:4700::1111', '::ffff:8.8.8.8']) {
      expect([address, isPublicAddress(address)]).toEqual([address, true]);
    }
  });
});
