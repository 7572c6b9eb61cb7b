/** `crossplane resource validate`: manifests against the schemas and rules of the API server's own libraries. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { at, isObject, stringAt } from '../function/src/objects.ts';
import { tryCommand } from './command.ts';
import { moduleFolder } from './programs/binaries.ts';
import { tell } from './terminal.ts';

/** What the command says of one object. */
export interface Verdict {
  /** `Kind name`. */
  readonly object: string;
  /** `valid`, `invalid` or `missingSchema`. */
  readonly status: string;
  readonly errors: string[];
}

/** Folders with Crossplane's own definitions: of what is installed, and of what is in packages. */
export async function crossplaneDefinitions(): Promise<string[]> {
  const cluster = join(await moduleFolder('crossplane', tell), 'cluster');
  return [join(cluster, 'crds'), join(cluster, 'meta')];
}

/** The provider's definitions of these groups, such as `s3.aws.m.upbound.io`; all of them would be 2,000. */
export async function providerDefinitions(groups: readonly string[]): Promise<string[]> {
  const folder = join(await moduleFolder('provider-aws', tell), 'package', 'crds');
  const files = await readdir(folder);
  return groups.flatMap((group) => {
    const found = files.filter((file) => file.startsWith(`${group}_`));
    if (found.length === 0) throw new Error(`the provider defines nothing in the group ${group}`);
    return found.map((file) => join(folder, file));
  });
}

function verdict(result: unknown): Verdict {
  const errors = at(result, 'errors');
  return {
    object: `${stringAt(result, 'kind')} ${stringAt(result, 'name')}`,
    status: stringAt(result, 'status') ?? 'none',
    errors: Array.isArray(errors) ? errors.map((error) => stringAt(error, 'message') ?? String(error)) : [],
  };
}

/**
 * Validates objects, and downloads nothing.
 *
 * @param cli - path of the Crossplane CLI.
 * @param definitions - files and folders with CRDs and XRDs.
 * @param manifests - files and folders with the objects.
 * @param cache - a folder that the command may write.
 * @throws when the command gives no verdict at all, with what it said.
 */
export async function validate(
  cli: string,
  definitions: readonly string[],
  manifests: readonly string[],
  cache: string,
): Promise<Verdict[]> {
  const { stdout: out, stderr: err } = await tryCommand(cli, [
    'resource',
    'validate',
    definitions.join(','),
    manifests.join(','),
    // With an image it would pull Crossplane's own definitions from a registry; they are given as files.
    '--crossplane-image=',
    `--cache-dir=${cache}`,
    '--error-on-missing-schemas',
    '--output=json',
  ]);
  const results: unknown = out.startsWith('{') ? at(JSON.parse(out), 'resources') : undefined;
  if (!Array.isArray(results)) throw new Error(`crossplane resource validate failed: ${err}${out}`);
  // Its exit code and its verdicts must agree, or one of the two is not what it seems.
  const verdicts = results.filter(isObject).map(verdict);
  const passed = verdicts.every(({ status }) => status === 'valid');
  if (passed !== (err === '')) throw new Error(`crossplane resource validate contradicts itself: ${err}`);
  return verdicts;
}
