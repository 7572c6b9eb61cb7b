import { generateKeyPairSync, sign } from 'node:crypto';
import { type Served, serve } from '../../tools/ports.ts';
import type { Issuer } from './upload-api.ts';

export interface TokenIssuer extends Issuer, Pick<Served, 'close'> {
  /** A token that is good for an hour, or with another number of seconds for as long. */
  token(seconds?: number): string;
}

const KEY_ID = 'key-1';
const base64url = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** An issuer of signed tokens on loopback, which serves its key as OpenID Connect says. */
export async function startIssuer(): Promise<TokenIssuer> {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const keys = [{ ...publicKey.export({ format: 'jwk' }), kid: KEY_ID, alg: 'RS256', use: 'sig' }];
  const { endpoint: issuer, close } = await serve(({ url }, response) => {
    const isDiscovery = url === '/.well-known/openid-configuration';
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(isDiscovery ? { issuer, jwks_uri: `${issuer}/keys` } : { keys }));
  });
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
    close,
  };
}
