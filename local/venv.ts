/** Installs Python programs: the AWS emulator, and the AWS CLI that user data calls. */
import { join } from 'node:path';
import { type Contents, ensureVenv } from '../tools/venv.ts';

/** The folder for generated files, which git ignores: the virtual environments and the emulator's log. */
export const CACHE = join(import.meta.dirname, '../.cache');

/** The folder of the AWS CLI's virtual environment. */
export const AWS_CLI = join(CACHE, 'aws-cli');

const EMULATOR: Contents = {
  what: 'the AWS emulator',
  requirements: join(import.meta.dirname, 'requirements.txt'),
  folder: join(CACHE, 'venv'),
};

/** Version 1, since PyPI has only this. The commands in user data are the same in version 2. */
const CLI: Contents = {
  what: 'the AWS CLI',
  requirements: join(import.meta.dirname, 'requirements-aws-cli.txt'),
  folder: AWS_CLI,
};

/** Installs the emulator if needed, and returns the folder of its virtual environment. */
export const ensureEmulator = (): Promise<string> => ensureVenv(EMULATOR);

/** Installs the AWS CLI if needed, and returns the folder of its virtual environment. */
export const ensureAwsCli = (): Promise<string> => ensureVenv(CLI);
