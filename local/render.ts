/** Prints all managed resources of a claim, with all gates open. Options: CLAIM; FULL=1 to include the code. */

import { fileURLToPath } from 'node:url';
import { admit, readClaimFile } from '../apis/admission.ts';
import { settle } from '../function/render.ts';
import { readCatalogue } from '../function/src/catalogue.ts';
import { at, isObject, type Json } from '../function/src/objects.ts';
import { messageOf } from '../tools/errors.ts';
import { manifestStream } from '../tools/yaml.ts';
import { withUid } from './composite.ts';

const HANDLERS = fileURLToPath(new URL('../dist/function/handlers', import.meta.url));

/** The manifest with shortened code, since 80 kB of base64 would hide the rest. */
function readable(manifest: Json): Json {
  const { spec } = manifest;
  const forProvider = at(spec, 'forProvider');
  if (!isObject(spec) || !isObject(forProvider) || typeof forProvider['contentBase64'] !== 'string')
    return manifest;
  const contentBase64 = `${forProvider['contentBase64'].slice(0, 40)}... (FULL=1 shows all)`;
  return { ...manifest, spec: { ...spec, forProvider: { ...forProvider, contentBase64 } } };
}

const path = process.env['CLAIM'] || 'examples/claim.yaml';
try {
  const result = admit(readClaimFile(path));
  if ('errors' in result)
    throw new Error(`${path} is refused:\n${result.errors.map((error) => `  ${error}`).join('\n')}`);
  const { rendered } = await settle(withUid(result.claim), { catalogue: readCatalogue(HANDLERS) });
  if (rendered.fatal.length > 0) throw new Error(`${path} is refused:\n  ${rendered.fatal.join('\n  ')}`);
  const manifests = Object.values(rendered.resources).map(
    process.env['FULL'] === '1' ? (one) => one : readable,
  );
  console.log(manifestStream(manifests));
} catch (error) {
  console.error(`make render: ${messageOf(error)}`);
  process.exitCode = 1;
}
