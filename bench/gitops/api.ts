/** Plain requests to the Kubernetes API over connections that stay open: tens of thousands of objects are made in a run. */
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { parse } from 'yaml';
import { at, stringAt } from '../../function/src/objects.ts';

const CONNECTIONS = 32;

export interface Api {
  /**
   * Sends a request. Resolves to the answer's body.
   *
   * @param type - of the body.
   * @throws with the API server's own words when it refuses, unless the status is among `accepted`.
   */
  send(
    method: string,
    path: string,
    body?: unknown,
    type?: string,
    accepted?: readonly number[],
  ): Promise<string>;
  close(): void;
}

/** Connects to the cluster of a kubeconfig whose user signs in with a token. */
export function createApi(kubeconfig: string): Api {
  const config: unknown = parse(readFileSync(kubeconfig, 'utf8'));
  const [cluster]: unknown[] = [at(config, 'clusters')].flat();
  const [user]: unknown[] = [at(config, 'users')].flat();
  const server = stringAt(cluster, 'cluster', 'server');
  const token = stringAt(user, 'user', 'token');
  const ca = Buffer.from(stringAt(cluster, 'cluster', 'certificate-authority-data') ?? '', 'base64');
  if (server === undefined || token === undefined) throw new Error(`${kubeconfig} has no server or no token`);
  const agent = new Agent({ ca, keepAlive: true, maxSockets: CONNECTIONS });
  return {
    send: (method, path, body, type = 'application/json', accepted = []) =>
      new Promise((resolve, reject) => {
        const text = body === undefined ? undefined : JSON.stringify(body);
        const headers = {
          authorization: `Bearer ${token}`,
          ...(text !== undefined && { 'content-type': type, 'content-length': Buffer.byteLength(text) }),
        };
        const call = request(new URL(path, server), { method, agent, headers }, (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('error', reject);
          response.on('end', () => {
            const answer = Buffer.concat(chunks).toString();
            const code = response.statusCode ?? 0;
            if (code < 400 || accepted.includes(code)) resolve(answer);
            else reject(new Error(`${method} ${path}: ${code} ${answer.slice(0, 300)}`));
          });
        });
        call.on('error', reject);
        call.end(text);
      }),
    close: () => agent.destroy(),
  };
}
