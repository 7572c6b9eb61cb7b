import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';

const NAMESPACE = 'left-out';

/**
 * Modules of the AWS SDK that no handler can reach, and what stands in for each. Handlers pass a region and
 * credentials to their clients, so the SDK's search for them (SSO, INI files, processes, instance metadata) never runs.
 */
const CREDENTIAL_CHAIN = `export const defaultProvider = () => async () => {
  throw new Error('credentials: pass them to the client, the default credential chain is not in this bundle');
};`;
const METADATA_REGION = 'export const getInstanceMetadataRegion = async () => undefined;';
const EVENT_STREAMS = `throw new Error('event streams are not in this bundle');`;

/**
 * An esbuild plugin that leaves out what a handler's AWS clients carry along and never use: the default credential
 * chain, the instance metadata region, event streams that are only loaded on demand, and the SDK's package.json files
 * but for their version.
 */
export const trimSdk: Plugin = {
  name: 'trim-sdk',
  setup(build) {
    // Only the import on demand: a client that streams imports this statically, and gets the real one.
    build.onResolve({ filter: /^@smithy\/core\/event-streams$/ }, ({ kind, path }) =>
      kind === 'dynamic-import' ? { path, namespace: NAMESPACE } : undefined,
    );
    build.onLoad({ filter: /.*/, namespace: NAMESPACE }, () => ({ contents: EVENT_STREAMS }));
    build.onLoad({ filter: /[\\/]@aws-sdk[\\/]credential-provider-node[\\/]/ }, () => ({
      contents: CREDENTIAL_CHAIN,
    }));
    build.onLoad({ filter: /[\\/]getInstanceMetadataRegion\.js$/ }, () => ({ contents: METADATA_REGION }));
    build.onLoad({ filter: /[\\/]node_modules[\\/].*[\\/]package\.json$/ }, async ({ path }) => {
      const { version }: { version?: unknown } = JSON.parse(await readFile(path, 'utf8'));
      return { contents: JSON.stringify({ version }), loader: 'json' };
    });
  },
};
