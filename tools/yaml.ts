/** Streams of YAML documents, as kubectl reads and writes them. */
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { parseAllDocuments } from 'yaml';
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

/** Writes objects into a file as a YAML stream. Resolves to its path. */
export async function writeObjects(path: string, objects: readonly unknown[]): Promise<string> {
  // As JSON, which is YAML: a bare N or OFF, as this library writes them, is a boolean to Kubernetes.
  await writeFile(path, objects.map((object) => `${JSON.stringify(object)}\n`).join('---\n'));
  return path;
}
