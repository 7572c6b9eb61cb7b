import { generateKeyPairSync, sign } from 'node:crypto';
import { createServer } from 'node:http';
import { listen } from '../../tools/ports.ts';
import type { Issuer } from './upload-api.ts';

export interface TokenIssuer extends Issuer {
  /** A token that is valid for an hour, or for the given number of seconds. */
  token(seconds?: number): string;
  close(): void;
}

const KEY_ID = 'key-1';
const base64url = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Starts an issuer of signed tokens on loopback. It serves its key by OpenID Connect. */
export async function startIssuer(): Promise<TokenIssuer> {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const keys = [{ ...publicKey.export({ format: 'jwk' }), kid: KEY_ID, alg: 'RS256', use: 'sig' }];
  const server = createServer(({ url }, response) => {
    const isDiscovery = url === '/.well-known/openid-configuration';
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(isDiscovery ? { issuer, jwks_uri: `${issuer}/keys` } : { keys }));
  });
  const { url: issuer, stop } = await listen(server);
  const audience = 'uploads';
  return {
    issuer,
    audience,
    token(seconds = 3_600) {
      const exp = Math.floor(Date.now() / 1000) + seconds;
      const head = base64url({ alg: 'RS256', typ: 'JWT', kid: KEY_ID });
      const signed = `${head}.${base64url({ iss: issuer, aud: audience, sub: 'ann', exp })}`;
      return `${signed}.${sign('sha256', Buffer.from(signed), privateKey).toString('base64url')}`;
    },
    close: () => void stop(),
  };
}
