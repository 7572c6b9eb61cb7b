/** `crossplane resource validate`: manifests against the schemas and rules of the API server's own libraries. */
import { at, isObject, stringAt } from '../function/src/objects.ts';
import { tryCommand } from './command.ts';

/** What the command says of one object. */
export interface Verdict {
  /** `Kind name`. */
  readonly object: string;
  /** `valid`, `invalid` or `missingSchema`. */
  readonly status: string;
  readonly errors: string[];
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
