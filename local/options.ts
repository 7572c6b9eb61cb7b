/** What `make run` is told. */
export interface Options {
  claimPath: string;
  /** Undefined where none is named: then it is the workflow type's example. */
  filesPath: string | undefined;
  keep: boolean;
  emulatorUrl: string | undefined;
  emulatorPort: number | undefined;
}

/**
 * Options from the environment. An empty one counts as not given.
 *
 * @throws naming the option that is not what it should be.
 */
export function readOptions(env: NodeJS.ProcessEnv): Options {
  const port = env['EMULATOR_PORT'] || undefined;
  if (port !== undefined && !/^\d{1,5}$/.test(port))
    throw new Error(`EMULATOR_PORT=${port} is not a port. Give a number.`);
  const url = env['EMULATOR_URL'] || undefined;
  if (url !== undefined && !/^https?:\/\//.test(url)) {
    throw new Error(`EMULATOR_URL=${url} is not an http(s) URL. Give one such as http://127.0.0.1:4566.`);
  }
  return {
    claimPath: env['CLAIM'] || 'examples/claim.yaml',
    filesPath: env['FILES'] || undefined,
    keep: env['KEEP'] === '1',
    emulatorUrl: url,
    emulatorPort: port === undefined ? undefined : Number(port),
  };
}
