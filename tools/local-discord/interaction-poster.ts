import { generateKeyPairSync, sign } from 'node:crypto';
import type { JsonObject } from './json.ts';

/** What the bot's endpoint answered. */
export interface PostedAnswer {
  readonly status: number;
  readonly json: JsonObject | null;
}

/** Posts interactions to the address that an application registered, signed as Discord does. */
export class InteractionPoster {
  readonly #keys = generateKeyPairSync('ed25519');

  /** 64 hexadecimal digits, as the Developer Portal shows it. */
  get publicKey(): string {
    const { x = '' } = this.#keys.publicKey.export({ format: 'jwk' });
    return Buffer.from(x, 'base64url').toString('hex');
  }

  headers(body: string, at: Date = new Date()): Record<string, string> {
    const timestamp = String(Math.floor(at.getTime() / 1000));
    const signature = sign(null, Buffer.from(timestamp + body), this.#keys.privateKey);
    return {
      'content-type': 'application/json',
      'x-signature-ed25519': signature.toString('hex'),
      'x-signature-timestamp': timestamp,
    };
  }

  async post(url: string, payload: JsonObject): Promise<PostedAnswer> {
    const body = JSON.stringify(payload);
    const response = await fetch(url, { method: 'POST', body, headers: this.headers(body) });
    const text = await response.text();
    return {
      status: response.status,
      json: text === '' ? null : (JSON.parse(text) as JsonObject),
    };
  }
}
