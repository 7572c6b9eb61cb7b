/** Runs handlers outside Lambda: the environment that Lambda gives each, and their unpacked zips and layer. */
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { mkdtempDisposable, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { unzipSync } from 'fflate';
import { exampleClaims } from '../function/examples.ts';
import { readClaim, settle } from '../function/render.ts';
import { HANDLERS, type HandlerName } from '../function/src/catalogue.ts';
import { at, isObject, type Json } from '../function/src/objects.ts';
import { ensureLayer } from '../lambda/layer/build.ts';

/** Environment variables by name. */
export type Variables = Readonly<Record<string, string>>;

/** A handler's environment, and whether it has the layer with sharp. */
export interface HandlerSettings {
  readonly variables: Variables;
  readonly layer: boolean;
}

function settingsOf(manifest: Json): HandlerSettings {
  const settings = at(manifest, 'spec', 'forProvider');
  const variables = at(settings, 'environment', 'variables');
  const layers = at(settings, 'layers');
  const own = Object.entries(isObject(variables) ? variables : {});
  return {
    variables: {
      // Lambda sets these itself.
      AWS_REGION: String(at(settings, 'region')),
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(at(settings, 'memorySize')),
      ...Object.fromEntries(own.map(([name, value]) => [name, String(value)])),
    },
    layer: Array.isArray(layers) && layers.length > 0,
  };
}

/**
 * The settings of every handler, as the first example that has it renders them.
 *
 * @throws naming a handler that none of the examples has.
 */
export async function handlerSettings(): Promise<ReadonlyMap<HandlerName, HandlerSettings>> {
  const functions = new Map<string, Json>();
  for (const example of exampleClaims()) {
    const { observed } = await settle(readClaim(example));
    for (const [key, manifest] of Object.entries(observed))
      if (manifest['kind'] === 'Function' && !functions.has(key)) functions.set(key, manifest);
  }
  return new Map(
    HANDLERS.map((handler) => {
      const manifest = functions.get(handler);
      if (!manifest) throw new Error(`no claim in examples has the handler ${handler}. Add one.`);
      return [handler, settingsOf(manifest)];
    }),
  );
}

/** Makes a temporary folder outside the project, whose own sharp would be found before the layer's. */
export const temporaryFolder = () => mkdtempDisposable(join(tmpdir(), 'bench-'));

/** Writes a zip's files below a folder. */
export function unzip(zip: string, folder: string): void {
  for (const [name, content] of Object.entries(unzipSync(readFileSync(zip)))) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
}

/**
 * Unpacks the layer with sharp for this machine, building it where needed.
 *
 * @param folder - outside the project.
 * @returns what NODE_PATH is to be.
 */
export async function unpackLayer(folder: string): Promise<string> {
  const { path } = await ensureLayer();
  unzip(path, folder);
  return join(folder, 'nodejs', 'node_modules');
}

/** Makes a `node_modules` of links to the project's packages, all but sharp, which is in the layer. */
export async function linkPackages(folder: string): Promise<void> {
  const packages = join(import.meta.dirname, '..', 'node_modules');
  mkdirSync(join(folder, 'node_modules'), { recursive: true });
  for (const name of await readdir(packages)) {
    if (name !== 'sharp') symlinkSync(join(packages, name), join(folder, 'node_modules', name));
  }
}
