/** Argo CD in the cluster: its installation, and its command line. */
import { join } from 'node:path';
import { kubectl } from './kubernetes.ts';
import { type Names, ROOT } from './names.ts';
import type { Command, Run } from './run.ts';

/** Argo CD's namespace. */
export const NAMESPACE = 'argocd';
const IN_NAMESPACE = ['--namespace', NAMESPACE] as const;

/**
 * What docs/gitops.md has a platform team do, and the wait for every pod. Its images come from the internet, a few hundred
 * megabytes.
 */
export const installArgoCd = (names: Names): Command[] => [
  kubectl(
    ...([names, 'apply', '--kustomize', join(ROOT, 'argocd/install')] as const),
    ...(['--server-side', '--force-conflicts'] as const),
  ),
  kubectl(names, 'rollout', 'status', 'deployment,statefulset', ...IN_NAMESPACE, '--timeout=15m'),
];

/** The API server writes it when it starts for the first time. */
const readPassword = (names: Names): Command =>
  kubectl(
    ...([names, 'get', 'secret', 'argocd-initial-admin-secret', ...IN_NAMESPACE] as const),
    ...(['--output', 'jsonpath={.data.password}'] as const),
  );

/** In the pod of Argo CD's API server, whose root file system is read-only: only /tmp takes the session. */
const inServer = (names: Names, session: number, args: readonly string[]): Command =>
  kubectl(
    ...([names, 'exec', 'deployment/argocd-server', ...IN_NAMESPACE, '--', 'argocd', ...args] as const),
    ...(['--server', '127.0.0.1:8080', '--insecure', '--config', `/tmp/fileingest-e2e-${session}`] as const),
  );

/**
 * Runs Argo CD's own command line. It asks the API server rather than Kubernetes (`--core`), for which it would have to
 * forward ports of Redis, which that pod's service account may not. The session is made anew each time, as the pod may be.
 *
 * @param session - a number of its own for each call: two at once would write one file.
 * @returns what it printed on its standard output.
 */
export async function argocd(
  run: Run,
  names: Names,
  args: readonly string[],
  session: number,
): Promise<string> {
  const password = Buffer.from((await run(readPassword(names))).stdout, 'base64').toString();
  const server = '127.0.0.1:8080';
  await run(inServer(names, session, ['login', server, '--username', 'admin', '--password', password]));
  return (await run(inServer(names, session, args))).stdout;
}
