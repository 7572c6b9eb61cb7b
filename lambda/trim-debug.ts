import type { Plugin } from 'esbuild';

const SILENT = 'export default () => () => undefined;';

/**
 * An esbuild plugin that leaves out `debug`, through which a dependency of file-type may print what it does. It asks for
 * Node's own modules by a `require` that an ES module does not have, and its lines would be no log lines.
 */
export const trimDebug: Plugin = {
  name: 'trim-debug',
  setup(build) {
    build.onResolve({ filter: /^debug$/ }, ({ path }) => ({ path, namespace: 'silent' }));
    build.onLoad({ filter: /.*/, namespace: 'silent' }, () => ({ contents: SILENT }));
  },
};
