/**
 * Writes the AWS provider's identity policy: `make provider-policy`. Without options, it writes the example in
 * argocd/platform/provider-config. `--check` fails when the example is out of date; `--help` lists the options.
 */

import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { DNS_SUFFIXES } from '../../function/src/names.ts';
import { REGION } from '../../function/src/spec.ts';
import { messageOf } from '../../tools/errors.ts';
import { policiesOf } from './policy.ts';
import { DEFAULT_SCOPE, type Scope } from './scope.ts';

/** Where the example is. */
export const EXAMPLE_FOLDER = join(import.meta.dirname, '../platform/provider-config');

const PARTITIONS = Object.keys(DNS_SUFFIXES);

const HELP = `make provider-policy ACCOUNT=ID REGIONS=A,B OUT=FOLDER ARGS='[options]', or node argocd/policy/generate.ts [options]

  --account ID                 your account (${DEFAULT_SCOPE.account}, an example)
  --regions A,B                where claims may be (${DEFAULT_SCOPE.regions.join(',')})
  --partition NAME             ${PARTITIONS.join(', ')} (aws)
  --permissions-boundary ARN   every role must have it; then no role can do more than it says
  --buckets A,B                names or patterns that claims may give in source.bucketName (all; '' for none)
  --tables A,B                 the same for table.name
  --state-machines A,B         the same for workflow.name
  --table-keys ARN,ARN         KMS keys that claims may give in table.kmsKeyArn (none)
  --functions A,B              names that claims may give in workflow.custom.functions (none)
  --code-objects A/K,B/*       objects that claims may give as a layer or a function's code, as bucket/key (none)
  --layers A,ARN               layers that claims may give by ARN: names in your account, or ARNs without version (all)
  --image-repositories A,B     repositories of ECR whose images claims may give for functions (none)
  --image-parameters /A,/B     SSM parameters besides AWS's own that claims may give for a machine's image (none)
  --out FOLDER                 where to write policy.json, policy-2.json, … (needed with any option above)
  --check                      write nothing, and fail when the files are not so`;

const WIDTH = 110;

/** JSON in the style of the project's formatter: a list of strings is on one line if it fits. */
function format(value: unknown): string {
  const list = /^( *.*)\[\n((?: +"[^"]*",?\n)+) *\](,?)$/gm;
  const text = JSON.stringify(value, null, 2).replace(
    list,
    (whole, head: string, items: string, comma: string) => {
      const line = `${head}[${items.trim().split(/\n */).join(' ')}]${comma}`;
      return line.length <= WIDTH ? line : whole;
    },
  );
  return `${text}\n`;
}

/** The files of a scope, by name. The first is `policy.json`. */
export function filesOf(scope: Scope): Map<string, string> {
  const name = (index: number) => (index === 0 ? 'policy.json' : `policy-${index + 1}.json`);
  return new Map(policiesOf(scope).map((policy, index) => [name(index), format(policy)]));
}

const OPTIONS = {
  account: { type: 'string' },
  regions: { type: 'string' },
  partition: { type: 'string' },
  'permissions-boundary': { type: 'string' },
  buckets: { type: 'string' },
  tables: { type: 'string' },
  'state-machines': { type: 'string' },
  'table-keys': { type: 'string' },
  functions: { type: 'string' },
  'code-objects': { type: 'string' },
  layers: { type: 'string' },
  'image-repositories': { type: 'string' },
  'image-parameters': { type: 'string' },
  out: { type: 'string' },
  check: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

/** What the value of an option, or each in its list, must look like. */
const FORMS: Partial<Record<keyof typeof OPTIONS, [form: RegExp, like: string]>> = {
  account: [/^\d{12}$/, 'twelve digits'],
  regions: [REGION, 'eu-west-1,us-east-1'],
  partition: [new RegExp(`^(${PARTITIONS.join('|')})$`), `one of ${PARTITIONS.join(', ')}`],
  'permissions-boundary': [/^arn:aws[a-z-]*:iam::[0-9]{12}:policy\/.+$/, 'the ARN of a policy'],
  'table-keys': [/^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/.+$/, 'the ARN of a key, not of an alias'],
  'code-objects': [/^[^/]+\/.+$/, 'bucket/key, such as artifacts/layers/*'],
  'image-parameters': [/^\/.+$/, '/the/name, with its leading slash'],
};

/**
 * Reads the command line.
 *
 * @throws Error with the option that is wrong, and its correct form
 */
export function optionsOf(args: readonly string[]) {
  const { values } = parseArgs({ args: [...args], options: OPTIONS });
  const demand = (option: keyof typeof OPTIONS, value: string): string => {
    const [form, like] = FORMS[option] ?? [/^/];
    if (!form.test(value)) throw new Error(`--${option} is "${value}": give it as ${like}`);
    return value;
  };
  type Text = Exclude<keyof typeof OPTIONS, 'check' | 'help'>;
  const text = (option: Text, otherwise: string) => demand(option, values[option] ?? otherwise);
  const list = (option: Text, otherwise: readonly string[]) =>
    values[option]
      ?.split(',')
      .filter(Boolean)
      .map((value) => demand(option, value)) ?? otherwise;
  const scope: Scope = {
    ...DEFAULT_SCOPE,
    partition: text('partition', DEFAULT_SCOPE.partition),
    account: text('account', DEFAULT_SCOPE.account),
    regions: list('regions', DEFAULT_SCOPE.regions),
    buckets: list('buckets', DEFAULT_SCOPE.buckets),
    tables: list('tables', DEFAULT_SCOPE.tables),
    stateMachines: list('state-machines', DEFAULT_SCOPE.stateMachines),
    tableKeys: list('table-keys', DEFAULT_SCOPE.tableKeys),
    functions: list('functions', DEFAULT_SCOPE.functions),
    codeObjects: list('code-objects', DEFAULT_SCOPE.codeObjects),
    layers: list('layers', DEFAULT_SCOPE.layers),
    imageRepositories: list('image-repositories', DEFAULT_SCOPE.imageRepositories),
    imageParameters: list('image-parameters', DEFAULT_SCOPE.imageParameters),
    ...(values['permissions-boundary'] !== undefined && {
      permissionsBoundary: text('permissions-boundary', ''),
    }),
  };
  if (scope.regions.length === 0)
    throw new Error('--regions names none: give at least one, such as eu-west-1');
  return { scope, out: values.out, check: values.check, help: values.help };
}

/**
 * Where to write. The files in the repository are an example, and are checked: others have a folder of their own.
 *
 * @throws Error when there is none
 */
export function folderOf({ scope, out }: Pick<ReturnType<typeof optionsOf>, 'scope' | 'out'>): string {
  if (out !== undefined) return out;
  if (isDeepStrictEqual(scope, DEFAULT_SCOPE)) return EXAMPLE_FOLDER;
  throw new Error(
    '--out: Required value: the files in argocd/platform/provider-config are an example. Name a folder of your own for these.',
  );
}

const POLICY_FILE = /^policy(-\d+)?\.json$/;

/** The names of the policy files in a folder that are outdated, superfluous or missing. */
export function staleFiles(folder: string, wanted: ReadonlyMap<string, string>): string[] {
  const found = readdirSync(folder).filter((file) => POLICY_FILE.test(file));
  const all = [...new Set([...found, ...wanted.keys()])].sort();
  return all.filter(
    (file) => !found.includes(file) || readFileSync(join(folder, file), 'utf8') !== wanted.get(file),
  );
}

function main(): void {
  const options = optionsOf(process.argv.slice(2));
  const { scope, check, help } = options;
  if (help) {
    console.log(HELP);
    return;
  }
  const files = filesOf(scope);
  const out = folderOf(options);
  if (!check) mkdirSync(out, { recursive: true });
  const stale = staleFiles(out, files);
  if (check) {
    if (stale.length > 0)
      throw new Error(`${stale.join(', ')}: not what the tables say. Run node argocd/policy/generate.ts`);
    return;
  }
  for (const file of stale) rmSync(join(out, file), { force: true });
  for (const [file, text] of files) writeFileSync(join(out, file), text);
  console.log(`wrote ${[...files.keys()].map((file) => relative('.', join(out, file))).join(' and ')}`);
}

if (import.meta.main) {
  try {
    main();
  } catch (error) {
    console.error(messageOf(error));
    process.exitCode = 1;
  }
}
