/** Connections to public addresses only: a page, or a server that it redirects to, must not reach a private network. */
import { lookup as systemLookup, type LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';
import { Agent, buildConnector } from 'undici';
import { DragomanError } from '../errors.ts';

/** Whether an IP address may be connected to. */
export type AllowsAddress = (address: string) => boolean;

/**
 * Whether an IP address is one of the public internet. Addresses that stand for IPv4 ones (mapped, NAT64, 6to4) are
 * judged by ipaddr.js as ranges of their own, and only mapped ones, which it unwraps, can be public.
 */
export function isPublicAddress(address: string): boolean {
  return ipaddr.isValid(address) && ipaddr.process(address).range() === 'unicast';
}

const CONNECT_TIMEOUT_MS = 10_000;

/**
 * A dispatcher whose connections lead to allowed addresses. Checked three times: an address in place of a host, what a
 * name resolves to, and the address that was connected to in the end.
 */
export function guardedAgent(allows: AllowsAddress): Agent {
  const connect = buildConnector({
    timeout: CONNECT_TIMEOUT_MS,
    lookup: guardedLookup(allows),
  });
  return new Agent({
    connect: (options, callback) => {
      const host = options.hostname.replace(/^\[|\]$/g, '');
      if (isIP(host) !== 0 && !allows(host)) {
        callback(refusedAddress(host), null);
        return;
      }
      connect(options, (...[error, socket]) => {
        if (error !== null) {
          callback(error, null);
          return;
        }
        const address = socket.remoteAddress ?? '';
        if (allows(address)) {
          callback(null, socket);
          return;
        }
        socket.destroy();
        callback(refusedAddress(host), null);
      });
    },
  });
}

/** Resolves a name to its allowed addresses; fails when it has none. */
function guardedLookup(allows: AllowsAddress): LookupFunction {
  return (hostname, options, callback) => {
    systemLookup(hostname, { ...options, all: true }, (error, found) => {
      const allowed = (found as LookupAddress[] | undefined)?.filter(({ address }) =>
        allows(address),
      );
      const [first] = allowed ?? [];
      if (error !== null) callback(error, '');
      else if (first === undefined) callback(refusedAddress(hostname), '');
      else if (options.all === true) callback(null, allowed ?? []);
      else callback(null, first.address, first.family);
    });
  };
}

function refusedAddress(host: string): DragomanError {
  return new DragomanError('FETCH', `${host} is not an address of the public internet.`);
}
