/** The manifests of whole pipelines, from the files in `manifests`. The code of functions and what AWS gives are added here. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { objectsOf } from '../../tools/yaml.ts';
import { block, needText, text } from '../fields.ts';
import type { Manifest } from '../manifest.ts';
import { change, codeZip, keyed, managed, zipOf } from './manifests.ts';

/** The manifests of a file, without the keys in `later`. */
function read(file: string, later: readonly string[] = []): Map<string, Manifest> {
  const path = join(import.meta.dirname, 'manifests', file);
  const manifests = objectsOf(readFileSync(path, 'utf8'), path).map((object) => {
    const externalName = text(object, 'externalName');
    return managed(
      needText(object, 'group'),
      needText(object, 'kind'),
      needText(object, 'name'),
      block(object, 'forProvider') ?? {},
      externalName === undefined ? {} : { externalName },
    );
  });
  return keyed(...manifests.filter(({ metadata }) => !later.includes(metadata.name)));
}

/** One manifest of each kind that the emulator supports, connected like a pipeline. Its function returns `text`. */
export function pipeline(returned = 'one'): Map<string, Manifest> {
  const { base64, hash } = codeZip(returned);
  const desired = read('pipeline.yaml');
  change(desired, 'start-code', { contentBase64: base64 });
  return change(desired, 'start', { sourceCodeHash: hash });
}

/** The pipeline's manifests, with an HTTP API and a schedule that call its function. */
export const pipelineWithApi = () => new Map([...pipeline(), ...read('http-api.yaml')]);

/** The code of a function that sends its records to `LISTENER`, and returns the text of the layer. */
const READER = zipOf({
  'index.mjs': `
import { createRequire } from 'node:module';
const word = createRequire(import.meta.url)('word');
export const handler = async ({ Records = [] }) => {
  const rows = Records.map(({ eventName, dynamodb }) => [eventName, dynamodb.NewImage?.status?.S]);
  if (process.env.LISTENER) await fetch(process.env.LISTENER, { method: 'POST', body: JSON.stringify(rows) });
  return word;
};`,
});
const LAYER = zipOf({ 'nodejs/node_modules/word/index.js': 'module.exports = "from the layer";' });

/** What AWS gives, which some of the manifests have in them: the table's stream, the id of the group, the layer's version. */
export interface Given {
  stream: string;
  group: string;
  layer: string;
}

/**
 * A pipeline whose table has a stream, with what starts instances. Some of it exists only when the values from AWS are known: a
 * reference in a list, such as to the group, would be resolved and removed again forever.
 */
export function pipelineWithLauncher(given?: Given, listener = ''): Map<string, Manifest> {
  const later = given ? [] : ['vm', 'reader', 'reader-stream'];
  const desired = new Map([...pipeline(), ...read('launcher.yaml', later)]);
  change(desired, 'table', { streamEnabled: true, streamViewType: 'NEW_IMAGE' });
  change(desired, 'reader-code', { contentBase64: READER.base64 });
  change(desired, 'word-code', { contentBase64: LAYER.base64 });
  if (!given) return desired;
  const network = { associatePublicIpAddress: 'false', deviceIndex: 0, subnetId: 'subnet-00000001' };
  change(desired, 'vm', { networkInterfaces: [{ ...network, securityGroups: [given.group] }] });
  change(desired, 'reader', {
    environment: { variables: { LISTENER: listener } },
    layers: [given.layer],
    sourceCodeHash: READER.hash,
  });
  return change(desired, 'reader-stream', { eventSourceArn: given.stream });
}
