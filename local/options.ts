/** The options of `make run`. */
export interface Options {
  readonly claimPath: string;
  /** The path of the files. Undefined for the examples of the workflow type. */
  readonly filesPath: string | undefined;
  readonly keep: boolean;
  readonly emulatorUrl: string | undefined;
  readonly emulatorPort: number | undefined;
}

/**
 * Reads the options from environment variables. An empty variable counts as not set.
 *
 * @throws Error with the option that is wrong
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
