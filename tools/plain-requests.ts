/** Plain requests to the Kubernetes API, over connections that stay open. */
import { Agent, request } from 'node:https';
import type { KubeConfig } from '@kubernetes/client-node';

const CONNECTIONS = 32;

/**
 * Sends a request. Resolves to the answer's body.
 *
 * @param type - of the body.
 * @throws with the API server's own words when it refuses, unless the status is among `accepted`.
 */
export type Send = (
  method: string,
  path: string,
  body?: unknown,
  type?: string,
  accepted?: readonly number[],
) => Promise<string>;

/** Requests to the cluster of a configuration whose user signs in with a token. Nothing is sent yet. */
export function plainRequests(config: KubeConfig): Send {
  const ca = Buffer.from(config.getCurrentCluster()?.caData ?? '', 'base64');
  const agent = new Agent({ ca, keepAlive: true, maxSockets: CONNECTIONS });
  return (method, path, body, type = 'application/json', accepted = []) =>
    new Promise((resolve, reject) => {
      const server = config.getCurrentCluster()?.server;
      const token = config.getCurrentUser()?.token;
      if (server === undefined || token === undefined)
        throw new Error('the kubeconfig has no server or no token');
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
    });
}
