/** The Python programs that are installed here: the AWS emulator, and the AWS CLI that user data calls. */
import { join } from 'node:path';
import { type Contents, ensureVenv, type VenvOptions } from '../tools/venv.ts';

/** The ignored folder that holds everything made here: the virtual environments, the emulator's log. */
export const CACHE = join(import.meta.dirname, '../.cache');

/** The folder of the AWS CLI's virtual environment, once it is installed. */
export const AWS_CLI = join(CACHE, 'aws-cli');

const EMULATOR: Contents = {
  what: 'the AWS emulator',
  requirements: join(import.meta.dirname, 'requirements.txt'),
  folder: join(CACHE, 'venv'),
};

/** Version 1, the one on PyPI; what user data calls of it is the same in version 2. */
const CLI: Contents = {
  what: 'the AWS CLI',
  requirements: join(import.meta.dirname, 'requirements-aws-cli.txt'),
  folder: AWS_CLI,
};

/** Makes sure that the emulator is installed and returns the folder of its virtual environment. */
export const ensureEmulator = (options?: VenvOptions): Promise<string> => ensureVenv(EMULATOR, options);

/** Makes sure that the AWS CLI is installed and returns the folder of its virtual environment. */
export const ensureAwsCli = (options?: VenvOptions): Promise<string> => ensureVenv(CLI, options);
