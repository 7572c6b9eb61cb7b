/** Keys and certificates that the processes of a control plane know each other by. OpenSSL makes them. */

import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../command.ts';
import { messageOf } from '../errors.ts';

/** Files `tls.crt`, `tls.key` and `ca.crt` of a folder, as Crossplane and the function's SDK name them. */
export interface Certificate {
  readonly crt: string;
  readonly key: string;
  readonly ca: string;
}

const VALID_DAYS = '2';

async function openssl(args: readonly string[]): Promise<string> {
  return runCommand('openssl', args).catch((error: unknown) => {
    const why = messageOf(error);
    if (why.includes('ENOENT'))
      throw new Error('openssl was not found on PATH: install the package openssl.');
    throw error;
  });
}

/** Writes a new RSA key for signing service account tokens. Returns its path. */
export function writeServiceAccountKey(folder: string): string {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const path = join(folder, 'service-account.key');
  writeFileSync(path, privateKey.export({ type: 'pkcs1', format: 'pem' }), { mode: 0o600 });
  return path;
}

/** Makes a certificate authority. Returns the paths of its certificate and key. */
export async function makeAuthority(folder: string): Promise<{ crt: string; key: string }> {
  mkdirSync(folder, { recursive: true });
  const [crt, key] = [join(folder, 'ca.crt'), join(folder, 'ca.key')];
  const subject = ['-subj', '/CN=fileingest-e2e'];
  await openssl([
    ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', VALID_DAYS, ...subject],
    ...['-addext', 'basicConstraints=critical,CA:TRUE', '-keyout', key, '-out', crt],
  ]);
  return { crt, key };
}

/**
 * Signs a server's certificate with an authority's key.
 *
 * @param names - as OpenSSL writes alternative names: `DNS:localhost`, `IP:127.0.0.1`.
 * @returns the paths of `tls.crt`, `tls.key`, and the authority's certificate.
 */
export async function signServer(
  folder: string,
  authority: { crt: string; key: string },
  names: readonly string[],
): Promise<Certificate> {
  mkdirSync(folder, { recursive: true });
  const [crt, key, request] = [join(folder, 'tls.crt'), join(folder, 'tls.key'), join(folder, 'tls.csr')];
  const extensions = join(folder, 'extensions');
  writeFileSync(extensions, `subjectAltName=${names.join(',')}\nextendedKeyUsage=serverAuth,clientAuth\n`);
  const newKey = ['-newkey', 'rsa:2048', '-nodes', '-keyout', key];
  await openssl(['req', ...newKey, '-subj', '/CN=localhost', '-out', request]);
  const signer = ['-CA', authority.crt, '-CAkey', authority.key, '-CAcreateserial'];
  await openssl([
    ...['x509', '-req', '-in', request, ...signer, '-days', VALID_DAYS],
    ...['-extfile', extensions, '-out', crt],
  ]);
  return { crt, key, ca: authority.crt };
}
