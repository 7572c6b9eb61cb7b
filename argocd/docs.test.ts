/** What the documentation says of AWS, Crossplane and the manifests is what these have. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { at } from '../function/src/objects.ts';
import { codeBlocksOf } from '../tools/markdown.ts';
import { platformObjects } from './manifests.ts';

const ROOT = join(import.meta.dirname, '..');
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const blocksOf = (file: string, language: string) =>
  codeBlocksOf(read(file)).flatMap((block) => (block.language === language ? [block.text] : []));

const GUIDES = ['install', 'upgrade', 'credentials', 'uninstall'].map((name) => `docs/${name}.md`);

interface Statement {
  readonly Sid?: string;
  readonly Action?: string | string[];
}
const policies: { Statement?: Statement[] }[] = blocksOf('docs/install.md', 'json').map((text) =>
  JSON.parse(text),
);
/** The policy or trust policy that has a statement of this name. */
const policyWith = (sid: string) =>
  policies.find(({ Statement = [] }) => Statement.some(({ Sid }) => Sid === sid));

it.each([
  ['pod-identity.yaml', 'PodIdentity'],
  ['irsa.yaml', 'ServiceAccount'],
])('the trust policy of the guide is that of %s', (file, sid) => {
  const [trust = ''] =
    /\{\n#[\s\S]*?\n#\s{6}\}\n/.exec(read(`argocd/platform/provider-config/${file}`)) ?? [];
  const ours = policies.filter(({ Statement = [] }) => Statement.length === 1 && Statement[0]?.Sid === sid);
  expect(ours).toEqual([JSON.parse(trust.replaceAll(/^#/gm, ''))]);
});

/** The AWS actions of the commands in a text. `aws s3 cp` puts an object. */
function actionsIn(text: string): string[] {
  const services: Readonly<Record<string, string>> = { resourcegroupstaggingapi: 'tag' };
  return [...text.matchAll(/\baws (iam|eks|sns|s3|dynamodb|resourcegroupstaggingapi) ([a-z][a-z-]+)/g)].map(
    ([, service = '', command = '']) => {
      if (service === 's3') return 's3:PutObject';
      const action = command.replaceAll(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());
      return `${services[service] ?? service}:${action.replace('OpenIdConnect', 'OpenIDConnect')}`;
    },
  );
}

it("the person's permissions are those of the commands, and what these need besides", () => {
  const allowed = (policyWith('ProviderRole')?.Statement ?? []).flatMap(({ Action = [] }) => Action);
  const called = [...new Set(GUIDES.map(read).flatMap(actionsIn))];
  expect(called.length).toBeGreaterThan(20);
  expect(called.filter((action) => !allowed.includes(action))).toEqual([]);
  expect(allowed.filter((action) => !called.includes(action)).sort()).toEqual([
    // To look at what was made.
    'iam:GetPolicy',
    'iam:GetPolicyVersion',
    'iam:GetRole',
    'iam:ListRolePolicies',
    // For the association of Pod Identity.
    'iam:PassRole',
  ]);
});

it('a managed policy can hold these permissions', () => {
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
  expect(JSON.stringify(policyWith('ProviderRole')).length).toBeLessThan(6144);
});

it('names the version of Crossplane that Argo CD installs', () => {
  const { spec } = parse(read('argocd/platform/applications/crossplane.yaml'));
  const pages = ['README.md', ...readdirSync(join(ROOT, 'docs')).map((name) => `docs/${name}`)];
  const told = pages
    .filter((file) => file.endsWith('.md'))
    .flatMap((file) => blocksOf(file, 'sh').flatMap((text) => text.match(/(?<=--version )\d\S*/g) ?? []));
  expect([...new Set(told)]).toEqual([spec.sources[0].targetRevision]);
});

it('counts the pods and sums up their requests', () => {
  const text = read('docs/install.md');
  const providers = platformObjects('providers.yaml').length;
  expect(text).toContain(
    `| the provider: ${providers - 1} services, and the family package | ${providers} | none |`,
  );
  const values: unknown = parse(read('argocd/platform/crossplane-values.yaml'));
  const { cpu, memory }: Record<string, string> = Object(at(values, 'resourcesCrossplane', 'requests'));
  expect(text).toContain(`| Crossplane | 1 | ${cpu} CPU, ${memory} |`);
  const [container] = platformObjects('function.yaml').flatMap((object) => {
    const all = at(object, 'spec', 'deploymentTemplate', 'spec', 'template', 'spec', 'containers');
    return Array.isArray(all) ? all : [];
  });
  const ours: Record<string, string> = Object(at(container, 'resources', 'requests'));
  expect(text).toContain(
    `| the function | 2 for each installed version | ${ours['cpu']} CPU, ${ours['memory']} |`,
  );
  const sum = (a: string | undefined, b: string | undefined, rbac: number) =>
    Number.parseInt(a ?? '', 10) + rbac + 2 * Number.parseInt(b ?? '', 10);
  expect(text.replaceAll('\n', ' ')).toContain(
    `requests of ${sum(cpu, ours['cpu'], 100)}m CPU and ${sum(memory, ours['memory'], 256).toLocaleString('en')}Mi for ${providers + 4} pods`,
  );
});
