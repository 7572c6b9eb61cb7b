import type { Plugin } from 'esbuild';

const SILENT = 'export default () => () => undefined;';

/**
 * An esbuild plugin that removes `debug`, the debug output of a dependency of file-type. That module uses `require`, which
 * an ES module does not have, and its output is not in the format of the log.
 */
export const trimDebug: Plugin = {
  name: 'trim-debug',
  setup(build) {
    build.onResolve({ filter: /^debug$/ }, ({ path }) => ({ path, namespace: 'silent' }));
    build.onLoad({ filter: /.*/, namespace: 'silent' }, () => ({ contents: SILENT }));
  },
};
