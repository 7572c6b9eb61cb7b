import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import { readDefinition } from '../apis/definition.ts';
import { claimOf } from '../function/render.ts';
import { at } from '../function/src/objects.ts';
import { findClaims, KIND } from './claims.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'claims-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const NOWHERE = { namespace: undefined, context: undefined, from: undefined };
const CLAIM = claimOf({ region: 'eu-west-1', workflow: { type: 'RecordFile' } });

function write(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

describe('findClaims in a file', () => {
  it.each([
    ['JSON', JSON.stringify(CLAIM)],
    ['a list, as kubectl get -o json has it', JSON.stringify({ kind: 'List', items: [CLAIM] })],
    ['YAML beside another object', `kind: ConfigMap\n---\n${JSON.stringify(CLAIM)}`],
  ])('%s', async (_what, text) => {
    const from = write('claim.yaml', text);
    expect(await findClaims('invoices', { ...NOWHERE, from })).toEqual([CLAIM]);
    expect(await findClaims(undefined, { ...NOWHERE, from })).toEqual([CLAIM]);
  });

  it('names what is there instead', async () => {
    const from = write('other.yaml', JSON.stringify(CLAIM));
    await expect(findClaims('orders', { ...NOWHERE, from })).rejects.toMatchObject({
      exit: 3,
      message: `--from: ${from} has no FileIngestPipeline "orders". There: invoices.`,
    });
  });

  it('a file that is not there, and one that is no YAML', async () => {
    await expect(findClaims('a', { ...NOWHERE, from: '/nowhere' })).rejects.toMatchObject({
      exit: 2,
      message: expect.stringContaining('--from: /nowhere cannot be read: ENOENT'),
    });
    const from = write('bad.yaml', 'a: [');
    await expect(findClaims('a', { ...NOWHERE, from })).rejects.toMatchObject({ exit: 2 });
  });
});

describe('findClaims in a cluster', () => {
  /** An API server with one claim in the namespace team-a. */
  const server = createServer((request, response) => {
    const path = `/apis/${KIND.group}/${KIND.version}/namespaces/team-a/${KIND.plural}`;
    const found = { [path]: { items: [CLAIM] }, [`${path}/invoices`]: CLAIM }[request.url ?? ''];
    const isDenied = request.url?.includes('/secret/') === true;
    const message = isDenied ? 'user cannot get resource' : 'not found';
    response.writeHead(found ? 200 : isDenied ? 403 : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify(found ?? { kind: 'Status', message }));
  });
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const cluster = { server: `http://127.0.0.1:${port}`, 'insecure-skip-tls-verify': true };
    const context = (name: string, namespace: string, of = 'c') => ({
      name,
      context: { cluster: of, user: 'u', namespace },
    });
    const config = {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [
        { name: 'c', cluster },
        { name: 'dead', cluster: { ...cluster, server: 'http://127.0.0.1:1' } },
      ],
      users: [{ name: 'u', user: {} }],
      contexts: [context('here', 'team-a'), context('empty', 'team-b'), context('dead', 'team-a', 'dead')],
      'current-context': 'here',
    };
    vi.stubEnv('KUBECONFIG', write('kubeconfig', JSON.stringify(config)));
  });
  afterAll(() => {
    vi.unstubAllEnvs();
    server.close();
  });

  it('the named claim, and all, of the namespace of the current context', async () => {
    expect(await findClaims('invoices', NOWHERE)).toEqual([CLAIM]);
    expect(await findClaims(undefined, NOWHERE)).toEqual([CLAIM]);
  });

  it.each<[string, string, { namespace?: string; context?: string }, number, string]>([
    [
      'an unknown claim',
      'orders',
      {},
      3,
      'fileingestpipelines "orders" not found in namespace team-a of context here. There: invoices.',
    ],
    [
      'a cluster without the API',
      'invoices',
      { context: 'empty' },
      3,
      'the cluster of context empty has no fileingestpipelines.fileingest.dev. Install fileingest there, or use --context.',
    ],
    [
      'what the user may not read',
      'invoices',
      { namespace: 'secret' },
      1,
      'the API server of context here, namespace secret: user cannot get resource',
    ],
    [
      'an unknown context',
      'invoices',
      { context: 'prod' },
      2,
      'the kubeconfig has no context "prod". There: here, empty, dead. Use --context, or --from FILE.',
    ],
    ['nobody there', 'invoices', { context: 'dead' }, 1, 'the cluster of context dead does not answer'],
  ])('%s', async (_what, name, place, exit, message) => {
    await expect(findClaims(name, { ...NOWHERE, ...place })).rejects.toMatchObject({
      exit,
      message: expect.stringContaining(message),
    });
  });
});

it('KIND is what the XRD defines', () => {
  const { spec } = parse(readDefinition());
  expect(KIND).toEqual({
    group: at(spec, 'group'),
    version: at(Object.values(at(spec, 'versions') ?? {})[0], 'name'),
    plural: at(spec, 'names', 'plural'),
    kind: at(spec, 'names', 'kind'),
  });
});
