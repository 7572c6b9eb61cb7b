import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';

const NAMESPACE = 'left-out';

/**
 * The modules of the AWS SDK that no handler reaches, and their replacements. Handlers pass a region and credentials to
 * their clients, so the SDK never searches for them (SSO, INI files, processes, instance metadata).
 */
const CREDENTIAL_CHAIN = `export const defaultProvider = () => async () => {
  throw new Error('credentials: pass them to the client, the default credential chain is not in this bundle');
};`;
const METADATA_REGION = 'export const getInstanceMetadataRegion = async () => undefined;';
const EVENT_STREAMS = `throw new Error('event streams are not in this bundle');`;

/**
 * An esbuild plugin that removes unused parts of the AWS clients: the default credential chain, the region from instance
 * metadata, event streams that are loaded on demand, and the SDK's package.json files except for the version.
 */
export const trimSdk: Plugin = {
  name: 'trim-sdk',
  setup(build) {
    // Only the dynamic import: a client that uses streams imports this module statically and gets the real one.
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
