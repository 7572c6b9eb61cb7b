/**
 * Draws the state machine of every example into `docs/diagrams`, from the definition that the function renders. For a workflow without
 * a state machine, it draws the calls between resources. There is one diagram per workflow type, and one for each further example that
 * looks different. With `--check`, it writes nothing and fails when the diagrams are out of date.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Graphviz } from '@hpcc-js/wasm-graphviz';
import { dotOf } from './diagram/dot.ts';
import { flowOf } from './diagram/flow.ts';
import { svgOf } from './diagram/svg.ts';
import { exampleClaims } from './examples.ts';
import { readClaim, settle } from './render.ts';
import { identityOf } from './src/names.ts';
import { isObject, type Json, stringAt } from './src/objects.ts';

const FOLDER = fileURLToPath(new URL('../docs/diagrams', import.meta.url));

/** A type in kebab case: `RecordFile` becomes `record-file`. */
const dashed = (type: string) => type.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase();

/** Shortens the name of a function to its part. Names have the form `<namespace>-<claim>-<part>-<suffix>`. */
function shortName(claim: Json): (name: string) => string {
  const { namespace, name, suffix } = identityOf(claim);
  const stem = `${namespace}-${name}-`.replaceAll('.', '-');
  return (given) => {
    const whole = given.replace(/^arn:.*:function:/, '');
    return whole.startsWith(stem) && whole.endsWith(`-${suffix}`)
      ? whole.slice(stem.length, -suffix.length - 1)
      : whole;
  };
}

/** The graph of an example's state machine, or of all its resources when it has no state machine. */
async function graphOf(claim: Json): Promise<{ dot: string; what: string }> {
  const { rendered } = await settle(claim);
  if (rendered.fatal.length > 0) throw new Error(rendered.fatal.join('\n'));
  const text = stringAt(rendered.resources['state-machine'], 'spec', 'forProvider', 'definition');
  const definition: unknown = text === undefined ? undefined : JSON.parse(text);
  return isObject(definition)
    ? { dot: dotOf(definition, shortName(claim)), what: 'State machine' }
    : { dot: flowOf(rendered.resources), what: 'Flow' };
}

/** All diagrams by file name, in the order of the examples. */
export async function drawExamples(): Promise<Map<string, string>> {
  const graphviz = await Graphviz.load();
  const files = new Map<string, string>();
  const drawn = new Map<string, string>();
  for (const path of exampleClaims()) {
    const claim = readClaim(path);
    const type = stringAt(claim, 'spec', 'workflow', 'type') ?? '';
    const { dot, what } = await graphOf(claim);
    if (drawn.get(dot) === type) continue;
    const isFirst = ![...drawn.values()].includes(type);
    drawn.set(dot, type);
    const name = isFirst ? dashed(type) : `${dashed(type)}-${basename(path, '.yaml')}`;
    files.set(`${name}.svg`, svgOf(graphviz, dot, `${what} of ${isFirst ? type : `${type}, ${path}`}`));
  }
  return files;
}

/** The outdated files in the folder: missing, different, or without an example. */
export function outdated(files: ReadonlyMap<string, string>, folder = FOLDER): string[] {
  const there = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.svg')) : [];
  const wrong = [...files].flatMap(([name, svg]) =>
    there.includes(name) && readFileSync(`${folder}/${name}`, 'utf8') === svg ? [] : [name],
  );
  return [...wrong, ...there.filter((name) => !files.has(name))].sort();
}

if (import.meta.main) {
  const files = await drawExamples();
  const wrong = outdated(files);
  if (process.argv.includes('--check')) {
    for (const name of wrong) console.error(`docs/diagrams/${name} is out of date. Run make diagrams.`);
    process.exitCode = wrong.length > 0 ? 1 : 0;
  } else {
    mkdirSync(FOLDER, { recursive: true });
    for (const name of wrong) {
      const svg = files.get(name);
      if (svg === undefined) rmSync(`${FOLDER}/${name}`);
      else writeFileSync(`${FOLDER}/${name}`, svg);
      console.log(`${svg === undefined ? 'removed' : 'wrote'} docs/diagrams/${name}`);
    }
    console.log(`${files.size} diagrams, ${wrong.length} changed`);
  }
}
