import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { BUILD_TIMEOUT_MS, ensureBinaries } from '../tools/programs/binaries.ts';
import { tell } from '../tools/terminal.ts';
import { readFiles } from './promote/claims.ts';
import type { Kustomize } from './promote/kustomize.ts';
import { readOptions } from './promote/options.ts';
import { promote } from './promote.ts';

const ROOT = join(import.meta.dirname, '..');
const IDENTITY = ['-c', 'user.name=test', '-c', 'user.email=test@example.org', '-c', 'commit.gpgSign=false'];
const COPIED = ['argocd/environments', 'argocd/platform/configuration.yaml', 'compositions'];

let kustomize: Kustomize;
beforeAll(async () => {
  kustomize = [(await ensureBinaries(['kustomize'], tell)).kustomize, 'build'];
}, BUILD_TIMEOUT_MS);

let root: string;
const git = (...args: string[]) =>
  execFileSync('git', ['-C', root, ...IDENTITY, ...args], { encoding: 'utf8', stdio: 'pipe' });
const path = (...parts: string[]) => join(root, 'argocd/environments', ...parts);
const text = (...parts: string[]) => readFileSync(path(...parts), 'utf8');
const claimsOf = (environment: string) => readFiles(path(environment, 'claims'));

function edit(file: string, from: string | RegExp, to: string): void {
  const before = readFileSync(file, 'utf8');
  const after = before.replace(from, to);
  expect(after).not.toBe(before);
  writeFileSync(file, after);
}

function commit(): void {
  git('add', '--all');
  git('commit', '--quiet', '--message=change');
}

const claim = (name: string, spec: string) => `# Files of ${name}.
apiVersion: fileingest.dev/v1alpha1
kind: FileIngestPipeline
metadata:
  name: ${name}
spec:
${spec.replaceAll(/^/gm, '  ')}
`;
const CLAIMS: Record<string, string> = {
  'invoices.yaml': claim('invoices', 'workflow:\n  type: RecordFile'),
  'orders.yaml': claim(
    'orders',
    'source:\n  prefix: orders/\nworkflow:\n  type: RecordFile\ntable:\n  partitionKey: orderFile\nfunctions:\n  memoryMB: 256',
  ),
  'kustomization.yaml': 'resources:\n  - invoices.yaml\n  - orders.yaml\n',
};
const RECEIPTS = claim('receipts', 'workflow:\n  type: ProcessImage');

/** A git repository with a copy of the environments, and the same two claims in each. */
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'fileingest-promote-'));
  for (const part of COPIED) cpSync(join(ROOT, part), join(root, part), { recursive: true });
  writeFileSync(join(root, '.gitignore'), '.cache/\n');
  for (const environment of ['dev', 'staging', 'prod']) {
    rmSync(path(environment, 'claims'), { recursive: true });
    mkdirSync(path(environment, 'claims'));
    for (const [file, content] of Object.entries(CLAIMS))
      writeFileSync(path(environment, 'claims', file), content);
  }
  git('init', '--quiet');
  commit();
});
afterEach(() => rmSync(root, { recursive: true }));

/** Runs a promotion. Resolves to its output. */
async function run(env: Record<string, string>): Promise<string> {
  const said: string[] = [];
  const options = readOptions({ FROM: 'dev', TO: 'staging', ...env });
  await promote(options, { root, kustomize, colour: false, say: (line) => said.push(line) });
  return said.join('\n');
}

/** Expects an error, and that no file has changed. */
async function refused(env: Record<string, string>, message: string | RegExp): Promise<void> {
  const before = git('status', '--porcelain', '--untracked-files=all');
  await expect(run(env)).rejects.toThrow(message);
  expect(git('status', '--porcelain', '--untracked-files=all')).toBe(before);
  expect(readdirSync(root).includes('.cache') ? readdirSync(join(root, '.cache')) : []).toEqual([]);
}

function addReceipts(environment = 'dev'): void {
  writeFileSync(path(environment, 'claims/receipts.yaml'), RECEIPTS);
  edit(path(environment, 'claims/kustomization.yaml'), /$/, '  - receipts.yaml\n');
}
function removeInvoices(): void {
  rmSync(path('dev', 'claims/invoices.yaml'));
  edit(path('dev', 'claims/kustomization.yaml'), '  - invoices.yaml\n', '');
}
function release(version: string): void {
  edit(
    join(root, 'compositions/composition.yaml'),
    /fileingest.dev\/version: .*/,
    `fileingest.dev/version: ${version}`,
  );
  edit(join(root, 'argocd/platform/configuration.yaml'), /:v[\d.]+$/m, `:${version}`);
}

describe('make promote', () => {
  it('says so where there is nothing to promote, and writes nothing', async () => {
    release('v0.2.0');
    expect(await run({ REVISION: 'keep' })).toMatch(
      /^Nothing to promote: every claim is in staging as in dev \(revision v\S+ is kept\)\.$/,
    );
    expect(await run({ CLAIM: 'orders' })).toContain('Nothing to promote: orders is in staging as in dev');
    expect(git('status', '--porcelain', path('.'))).toBe('');
  });

  it('carries claims byte for byte, and the newest revision', async () => {
    addReceipts();
    removeInvoices();
    edit(path('dev', 'claims/orders.yaml'), 'memoryMB: 256', 'memoryMB: 512 # measured');
    release('v0.9.1');
    commit();
    const said = await run({});
    expect(claimsOf('staging')).toEqual(claimsOf('dev'));
    expect(text('staging', 'patches/revision.yaml')).toContain('fileingest.dev/version: v0.9.1\n');
    expect(
      git('status', '--porcelain')
        .split('\n')
        .filter(Boolean)
        .every((line) => line.includes('environments/staging/')),
    ).toBe(true);
    for (const line of [
      '  removed  claims/invoices.yaml',
      '  changed  claims/kustomization.yaml',
      '  changed  claims/orders.yaml',
      '  added    claims/receipts.yaml',
      '  changed  patches/revision.yaml',
      '+++ b/argocd/environments/staging/claims/orders.yaml',
      '+    memoryMB: 512 # measured',
      '+++ b/FileIngestPipeline/fileingest-staging/orders.yaml',
      '+    memoryMB: 512',
      '+        fileingest.dev/version: v0.9.1',
      'invoices is removed: Argo CD deletes it from staging. Its dataRetention is Retain: bucket, objects and table stay in AWS.',
      '  git add argocd/environments/staging',
      '  git commit -m "Promote dev to staging: invoices, orders, receipts, revision v0.9.1"',
      `  git switch -c promote-staging-${git('rev-parse', '--short', 'HEAD').trim()}`,
    ])
      expect(said.split('\n')).toContain(line);
    expect(await run({})).toContain('Nothing to promote');
  });

  it('carries the pin of an environment that has one, and keeps confirmation in prod', async () => {
    for (const env of ['staging', 'prod'])
      edit(
        path(env, 'patches/revision.yaml'),
        /fileingest.dev\/version: .*/,
        'fileingest.dev/version: v0.4.0',
      );
    edit(path('staging', 'patches/revision.yaml'), 'v0.4.0', 'v0.5.0');
    const patch = '  - path: patches/every-claim.yaml\n    target:\n      name: orders\n';
    edit(path('prod', 'kustomization.yaml'), /$/, patch);
    rmSync(path('staging', 'claims/orders.yaml'));
    edit(path('staging', 'claims/kustomization.yaml'), '  - orders.yaml\n', '');
    commit();
    const said = await run({ FROM: 'staging', TO: 'prod' });
    expect(text('prod', 'patches/revision.yaml')).toContain('fileingest.dev/version: v0.5.0\n');
    expect(said).toContain('revision v0.4.0 -> v0.5.0');
    expect(said).toContain(
      'orders is removed: Argo CD leaves it in prod until a person prunes it, and only once that is confirmed there. ' +
        'Its dataRetention is Retain: bucket, objects and table stay in AWS.',
    );
    expect(said).toContain(
      'argocd/environments/prod/kustomization.yaml still has a patch for orders: remove it too.',
    );
  });

  it('carries one claim alone, the list in step and the revision kept', async () => {
    addReceipts();
    edit(path('dev', 'claims/orders.yaml'), 'memoryMB: 256', 'memoryMB: 512');
    release('v0.9.1');
    commit();
    const [orders, pin] = [text('staging', 'claims/orders.yaml'), text('staging', 'patches/revision.yaml')];
    await run({ CLAIM: 'receipts' });
    expect(text('staging', 'claims/receipts.yaml')).toBe(RECEIPTS);
    expect(text('staging', 'claims/kustomization.yaml')).toBe(text('dev', 'claims/kustomization.yaml'));
    expect([text('staging', 'claims/orders.yaml'), text('staging', 'patches/revision.yaml')]).toEqual([
      orders,
      pin,
    ]);
  });

  it('writes nothing in a dry run', async () => {
    addReceipts();
    expect(await run({ DRY_RUN: '1' })).toMatch(/A dry run: nothing was written\.$/);
    expect(readdirSync(path('staging', 'claims'))).not.toContain('receipts.yaml');
    expect(readdirSync(join(root, '.cache'))).toEqual([]);
  });

  it('carries a claim that adopts a bucket, which all environments may share', async () => {
    addReceipts();
    const source =
      'spec:\n  source:\n    bucketName: acme-receipts\n    adopt: true\n    trigger: EventBridge\n';
    edit(path('dev', 'claims/receipts.yaml'), 'spec:\n', source);
    commit();
    await run({});
    expect(text('staging', 'claims/receipts.yaml')).toBe(RECEIPTS.replace('spec:\n', source));
  });

  it('tells what the other environment does not run yet', async () => {
    addReceipts();
    expect(await run({})).toContain(
      'Not committed, and so not run by dev yet: argocd/environments/dev/claims/kustomization.yaml, argocd/environments/dev/claims/receipts.yaml',
    );
  });
});

describe('make promote refuses', () => {
  it('to overwrite what is not committed', async () => {
    addReceipts();
    commit();
    writeFileSync(path('staging', 'claims/receipts.yaml'), 'mine');
    await refused(
      {},
      /changed and not committed, and would be overwritten.*\n {2}argocd\/environments\/staging\/claims\/receipts.yaml$/,
    );
  });

  it('what does not build', async () => {
    edit(path('dev', 'claims/kustomization.yaml'), /$/, '  - receipts.yaml\n');
    await refused({}, /^dev does not build, and nothing was written: .*receipts.yaml/s);
  });

  it('what an API server would refuse', async () => {
    edit(path('dev', 'claims/orders.yaml'), 'prefix: orders/', 'prefix: /orders');
    await refused(
      {},
      /^dev has claims that are refused.*\n {2}orders: spec.source.prefix: Invalid value: "\/orders": .* Remove the leading slash\.$/s,
    );
  });

  it('what is refused in the other environment alone: a change of what cannot be changed', async () => {
    edit(path('dev', 'claims/orders.yaml'), 'partitionKey: orderFile', 'partitionKey: file');
    await refused(
      {},
      /^staging has claims that are refused.*orders: spec: Invalid value: .*table.partitionKey must not be changed/s,
    );
  });

  const TO_OTHERS =
    'Take it out, or set it in each environment by a patch for the claim. To share the bucket, set ' +
    'spec.source.adopt: true and spec.source.trigger: EventBridge in the one that does not own it.';

  it('a bucket of one name in two environments', async () => {
    addReceipts();
    edit(path('dev', 'claims/receipts.yaml'), 'spec:\n', 'spec:\n  source:\n    bucketName: acme-receipts\n');
    await refused(
      {},
      'Nothing was written:\n  argocd/environments/staging/claims/receipts.yaml: fileingest-staging/receipts: ' +
        'spec.source.bucketName: Duplicate value: "acme-receipts": is spec.source.bucketName of fileingest-dev/receipts in ' +
        `argocd/environments/dev/claims/receipts.yaml too, and AWS has one bucket of a name. ${TO_OTHERS}`,
    );
  });

  it('a bucket of an environment that takes no part', async () => {
    addReceipts('prod');
    const prod = path('prod', 'claims/receipts.yaml');
    edit(prod, 'spec:\n', 'spec:\n  source:\n    bucketName: acme-orders\n');
    commit();
    edit(path('dev', 'claims/orders.yaml'), 'memoryMB: 256', 'memoryMB: 512');
    // The same claim in each environment, with a name that only the patch of staging sets.
    writeFileSync(
      path('staging', 'patches/orders.yaml'),
      claim('orders', 'source:\n  bucketName: acme-orders'),
    );
    edit(
      path('staging', 'kustomization.yaml'),
      /$/,
      '  - path: patches/orders.yaml\n    target:\n      name: orders\n',
    );
    commit();
    await refused(
      { CLAIM: 'orders' },
      '  argocd/environments/staging/claims/orders.yaml: fileingest-staging/orders: spec.source.bucketName: Duplicate value: "acme-orders": is ' +
        'spec.source.bucketName of fileingest-prod/receipts in argocd/environments/prod/claims/receipts.yaml too',
    );
  });

  it('to be sure of names where an environment that takes no part does not build', async () => {
    addReceipts();
    writeFileSync(path('prod', 'claims/orders.yaml'), 'kind: {');
    await refused({}, /^prod does not build, and nothing was written: /);
  });

  it('a table of one name in one environment', async () => {
    rmSync(path('staging', 'claims'), { recursive: true });
    mkdirSync(path('staging', 'claims'));
    writeFileSync(path('staging', 'claims/kustomization.yaml'), 'resources: []\n');
    for (const name of ['invoices', 'orders'])
      writeFileSync(
        path('dev', `claims/${name}.yaml`),
        claim(name, 'workflow:\n  type: RecordFile\ntable:\n  name: Files'),
      );
    // Tables in different regions are different, but staging is in the region of dev.
    edit(path('staging', 'patches/every-claim.yaml'), 'region: eu-west-1', 'region: eu-west-3');
    commit();
    await refused(
      {},
      'Nothing was written:\n  argocd/environments/staging/claims/orders.yaml: fileingest-staging/orders: spec.table.name: ' +
        'Duplicate value: "Files": is spec.table.name of fileingest-staging/invoices in argocd/environments/staging/claims/invoices.yaml too, ' +
        'and a region of an account has one table of a name. Take it out of one of them, or name another there.',
    );
  });

  it('a claim that the list leaves out', async () => {
    writeFileSync(path('dev', 'claims/receipts.yaml'), RECEIPTS);
    await refused(
      {},
      /does not list. List them, or remove them:\n {2}argocd\/environments\/dev\/claims\/receipts.yaml$/,
    );
  });

  it('a step over an environment, unless it is said', async () => {
    addReceipts();
    commit();
    await refused({ TO: 'prod' }, 'FROM=dev TO=prod passes over staging.');
    await run({ TO: 'prod', SKIP: 'staging' });
    expect(claimsOf('prod')).toEqual(claimsOf('dev'));
  });

  it('a claim that is not there', async () => {
    await refused({ CLAIM: 'refunds' }, 'CLAIM=refunds is no claim there. There are invoices, orders.');
  });

  it('a revision that no cluster has', async () => {
    edit(
      join(root, 'compositions/composition.yaml'),
      /fileingest.dev\/version: .*/,
      'fileingest.dev/version: v9.0.0',
    );
    await refused(
      {},
      'compositions/composition.yaml is v9.0.0, but argocd/platform/configuration.yaml installs',
    );
  });
});
