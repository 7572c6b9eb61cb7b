/** Streams of YAML documents, as kubectl reads and writes them. */
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { parseAllDocuments, stringify } from 'yaml';
import { isObject, type Json } from '../function/src/objects.ts';
import { isKubeObject, type KubeObject } from './cluster.ts';

/**
 * The objects of a YAML stream. Empty documents are left out.
 *
 * @param file - its name, for the error.
 * @throws with the parser's message and line when a document is not valid YAML.
 */
export function objectsOf(stream: string, file?: string): Json[] {
  return parseAllDocuments(stream)
    .map((document): unknown => {
      const [error] = document.errors;
      if (error) throw file === undefined ? error : new Error(`${file}: ${error.message}`);
      return document.toJS();
    })
    .filter(isObject);
}

/**
 * The Kubernetes objects of a YAML stream.
 *
 * @throws when a document has no `apiVersion`, `kind` or `metadata.name`.
 */
export function manifestsOf(stream: string): KubeObject[] {
  return objectsOf(stream).map((object) => {
    if (!isKubeObject(object)) throw new Error(`not a Kubernetes object: ${JSON.stringify(object)}`);
    return object;
  });
}

/** The Kubernetes objects of a file. */
export const readManifests = (path: string): KubeObject[] => manifestsOf(readFileSync(path, 'utf8'));

/** A document for kubectl, kustomize and Crossplane, which read YAML 1.1: there a bare `no` or `off` is a boolean. */
export const manifestText = (value: unknown): string => stringify(value, { version: '1.1', lineWidth: 0 });

/** Several of these, as one stream. */
export const manifestStream = (values: readonly unknown[]): string => values.map(manifestText).join('---\n');

/** Writes objects into a file as a YAML stream. Resolves to its path. */
export async function writeObjects(path: string, objects: readonly unknown[]): Promise<string> {
  await writeFile(path, manifestStream(objects));
  return path;
}
