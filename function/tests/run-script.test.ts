/** RunScript: what waits for what, what the settings change, and what its machines may do. */
import { describe, expect, it } from 'vitest';
import { ACCOUNT, claimOf, made, type Observed, pending, type Rendered, render, settle } from '../render.ts';
import { at, type Json, stringAt } from '../src/objects.ts';
import { CLAIMS } from './claims.ts';
import { grants, statementsOf } from './policies.ts';

const network = { publicAddress: true };
const spec = (upload: Json = {}, runScript: Json = {}, more: Json = {}): Json => ({
  region: 'eu-west-1',
  source: { upload: { authorization: { type: 'None' }, ...upload } },
  workflow: { type: 'RunScript', runScript: { network, ...runScript } },
  ...more,
});
const JWT = { type: 'JWT', issuer: 'https://login.example.com', audience: ['web', 'app'] };
const fieldsOf = (resources: Record<string, Json>, key: string) => at(resources[key], 'spec', 'forProvider');
const settled = async (claim: Json) => (await settle(claim)).rendered.resources;
const keysLike = (resources: Record<string, Json>, start: string) =>
  Object.keys(resources)
    .filter((key) => key.startsWith(start))
    .sort();

/** What a render is once all is made but some, which are still being made. */
async function without(...keys: string[]): Promise<{ rendered: Rendered; observed: Observed }> {
  const claim = claimOf(spec());
  let observed: Observed = {};
  for (let waves = 0; waves < 10; waves += 1) {
    const { resources } = await render(claim, observed);
    const next = Object.entries(resources).map(([key, manifest]) => {
      return [key, keys.includes(key) ? pending(manifest) : made(key, manifest)] as const;
    });
    observed = Object.fromEntries(next);
  }
  return { observed, rendered: await render(claim, observed) };
}

/** It carries the stream. */
const MAPPING = 'launch-instance-mapping-afef5359';

describe('what waits', () => {
  it.each([
    ['vm-template', ['notification', 'api-stage']],
    ['vm-security-group', ['vm-template', 'notification', 'api-stage']],
    ['vm-profile', ['notification', 'api-stage']],
    ['vm-policy', ['notification', 'api-stage']],
    ['vm-egress', ['notification', 'api-stage']],
    ['script', ['notification', 'api-stage']],
    ['launch-instance-policy', [MAPPING, 'notification', 'api-stage']],
    ['table', [MAPPING, 'notification', 'api-stage']],
    ['sweep-instances', ['schedule', 'sweep-instances-invoke-config', 'notification', 'api-stage']],
    ['schedule-policy', ['schedule']],
    ['api', ['api-permission', 'bucket-cors', 'api-stage']],
    ['notification', ['api-stage']],
  ])('for %s: %j', async (key, waiting) => {
    const all = Object.keys(await settled(claimOf(spec())));
    const { rendered } = await without(key);
    const missing = all.filter((one) => rendered.resources[one] === undefined);
    expect(missing.sort()).toEqual(waiting.toSorted());
    expect(rendered.compositeReady).toBe(false);
  });

  it('a stream or an API that flaps changes nothing of what was made with its name', async () => {
    const { observed, rendered } = await settle(claimOf(spec()));
    const flapping: Observed = { ...observed };
    for (const key of ['table', 'api']) flapping[key] = pending(rendered.resources[key] ?? {});
    const { resources } = await render(claimOf(spec()), flapping);
    for (const key of [MAPPING, 'api-permission', 'bucket-cors', 'api-stage'])
      expect(resources[key]).toEqual(rendered.resources[key]);
  });
});

describe('the API', () => {
  const own = 'https://a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com';
  it.each([
    [
      'None',
      { authorization: { type: 'None' } },
      ['GET / NONE', 'GET /uploads/{id} NONE', 'POST /uploads NONE'],
      [own],
    ],
    ['JWT', { authorization: JWT }, ['GET / NONE', 'GET /uploads/{id} JWT', 'POST /uploads JWT'], [own]],
    [
      'IAM',
      { authorization: { type: 'IAM' } },
      ['GET /uploads/{id} AWS_IAM', 'POST /uploads AWS_IAM'],
      undefined,
    ],
    [
      'IAM, and another page',
      { authorization: { type: 'IAM' }, allowedOrigins: ['https://a.example'] },
      ['GET /uploads/{id} AWS_IAM', 'POST /uploads AWS_IAM'],
      ['https://a.example'],
    ],
    [
      'None, and another page',
      { allowedOrigins: ['https://a.example', 'http://localhost:3000'] },
      ['GET / NONE', 'GET /uploads/{id} NONE', 'POST /uploads NONE'],
      [own, 'https://a.example', 'http://localhost:3000'],
    ],
  ])('with %s', async (_why, upload, routes, origins) => {
    const resources = await settled(claimOf(spec(upload)));
    const found = Object.values(resources).filter(({ kind }) => kind === 'Route');
    const text = (one: Json, field: string) => stringAt(one, 'spec', 'forProvider', field);
    expect(found.map((one) => `${text(one, 'routeKey')} ${text(one, 'authorizationType')}`).sort()).toEqual(
      routes,
    );
    const rules = at(fieldsOf(resources, 'bucket-cors'), 'corsRule');
    expect(Array.isArray(rules) ? at(rules[0], 'allowedOrigins') : undefined).toEqual(origins);
    const allowed = at(fieldsOf(resources, 'api'), 'corsConfiguration', 'allowOrigins');
    expect(allowed).toEqual('allowedOrigins' in upload ? upload.allowedOrigins : undefined);
  });

  it('takes the tokens of the claim’s issuer and audiences, and only on its routes', async () => {
    const resources = await settled(claimOf(spec({ authorization: JWT })));
    expect(fieldsOf(resources, 'api-authorizer')).toMatchObject({
      authorizerType: 'JWT',
      identitySources: ['$request.header.Authorization'],
      jwtConfiguration: { issuer: 'https://login.example.com', audience: ['web', 'app'] },
    });
    const authorizer = { authorizerId: 'api-authorizer' };
    expect(fieldsOf(resources, 'api-announce')).toMatchObject(authorizer);
    expect(fieldsOf(resources, 'api-state')).toMatchObject(authorizer);
    expect(fieldsOf(resources, 'api-page')).not.toHaveProperty('authorizerId');
    expect(keysLike(await settled(claimOf(spec())), 'api-authorizer')).toEqual([]);
  });

  it('keeps its routes as they are until a new authorizer is there', async () => {
    const { observed } = await settle(claimOf(spec({ authorization: { type: 'IAM' } })));
    const waiting = await render(claimOf(spec({ authorization: JWT })), observed);
    expect(fieldsOf(waiting.resources, 'api-announce')).toMatchObject({ authorizationType: 'AWS_IAM' });
    const none = await render(claimOf(spec({ authorization: JWT })), {});
    expect(keysLike(none.resources, 'api-announce')).toEqual([]);
  });

  it('may invoke its function, and no other API may', async () => {
    expect(fieldsOf(await settled(claimOf(spec())), 'api-permission')).toMatchObject({
      principal: 'apigateway.amazonaws.com',
      sourceArn: `arn:aws:execute-api:eu-west-1:${ACCOUNT}:a1b2c3d4e5/*/*`,
    });
  });

  it('tells its function the limits', async () => {
    const upload = { maxSizeMB: 5, expiresSeconds: 60, contentTypes: ['text/csv', 'image/png'] };
    const resources = await settled(claimOf(spec(upload)));
    expect(at(fieldsOf(resources, 'upload-api'), 'environment', 'variables')).toMatchObject({
      MAX_SIZE_BYTES: '5242880',
      EXPIRES_SECONDS: '60',
      CONTENT_TYPES: 'text/csv,image/png',
      AUTHORIZATION: 'None',
    });
  });
});

describe('the machines', () => {
  it.each([
    [{}, 't4g.nano', 'arm64'],
    [{ architecture: 'x86_64' }, 't3.nano', 'x86_64'],
    [{ instanceType: 'c7gn.large' }, 'c7gn.large', 'arm64'],
    [{ architecture: 'x86_64', instanceType: 'g4dn.xlarge' }, 'g4dn.xlarge', 'x86_64'],
  ])('%j are %s', async (runScript, instanceType, architecture) => {
    expect(fieldsOf(await settled(claimOf(spec({}, runScript))), 'vm-template')).toMatchObject({
      instanceType,
      imageId: `resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-${architecture}`,
    });
  });

  it('have session-bound metadata, an encrypted disk, no key, no way in, and end for good', async () => {
    const resources = await settled(claimOf(spec({}, { volumeGB: 30 })));
    const template = fieldsOf(resources, 'vm-template');
    expect(template).toMatchObject({
      instanceInitiatedShutdownBehavior: 'terminate',
      metadataOptions: { httpEndpoint: 'enabled', httpTokens: 'required', httpPutResponseHopLimit: 1 },
      blockDeviceMappings: [
        { ebs: { encrypted: 'true', deleteOnTermination: 'true', volumeSize: 30, volumeType: 'gp3' } },
      ],
    });
    expect(template).not.toHaveProperty('keyName');
    expect(Object.values(resources).filter(({ kind }) => kind === 'SecurityGroupIngressRule')).toEqual([]);
    const ways = Object.values(resources).filter(({ kind }) => kind === 'SecurityGroupEgressRule');
    expect(ways.map((one) => at(one, 'spec', 'forProvider', 'toPort'))).toEqual([443]);
    const tags = { 'fileingest.dev/pipeline': 'team-a/invoices' };
    expect(at(template, 'tagSpecifications')).toEqual(
      ['instance', 'volume', 'network-interface'].map((resourceType) => ({ resourceType, tags })),
    );
  });

  it.each([
    [{ publicAddress: true }, { associatePublicIpAddress: 'true' }],
    [
      { vpcId: 'vpc-1', subnetId: 'subnet-2', publicAddress: false },
      { associatePublicIpAddress: 'false', subnetId: 'subnet-2' },
    ],
  ])('are in the network %j', async (where, card) => {
    const resources = await settled(claimOf(spec({}, { network: where })));
    const securityGroups = ['vm-security-group'];
    expect(at(fieldsOf(resources, 'vm-template'), 'networkInterfaces')).toEqual([
      { deviceIndex: 0, securityGroups, ...card },
    ]);
    expect(at(fieldsOf(resources, 'vm-security-group'), 'vpcId')).toBe(at(where, 'vpcId'));
  });

  it('may do what their user data does, and nothing more', async () => {
    const { resources } = (await settle(claimOf(spec({}, {}, { dataRetention: 'Delete' })))).rendered;
    expect(grants(statementsOf(resources['vm-policy'], 'policy'))).toEqual([
      `dynamodb:UpdateItem on arn:aws:dynamodb:eu-west-1:${ACCOUNT}:table/team-a-invoices-uploads-0f1e2d3c`,
      's3:GetObject on arn:aws:s3:::team-a-invoices-files-0f1e2d3c/uploads/*',
      's3:PutObject on arn:aws:s3:::team-a-invoices-files-0f1e2d3c/outputs/*',
      's3:GetObject on arn:aws:s3:::team-a-invoices-code-0f1e2d3c/script.sh',
    ]);
  });

  it('are swept by a schedule that may invoke that function alone', async () => {
    const resources = await settled(claimOf(spec()));
    const sweep = `arn:aws:lambda:eu-west-1:${ACCOUNT}:function:team-a-invoices-sweep-instances-0f1e2d3c`;
    expect(grants(statementsOf(resources['schedule-policy'], 'policy'))).toEqual([
      `lambda:InvokeFunction on ${sweep}`,
    ]);
    expect(fieldsOf(resources, 'schedule')).toMatchObject({
      scheduleExpression: 'rate(5 minutes)',
      target: { arn: sweep, roleArnRef: { name: 'invoices-schedule-role-0f1e2d3c' } },
    });
  });
});

describe('the script', () => {
  it.each([
    ['the claim’s own', { script: 'echo mine' }, /^echo mine$/],
    ['the default one', {}, /^#!\/bin\/bash\n.*cat "\$INPUT_FILE" "\$INPUT_TEXT_FILE" >"\$OUTPUT_FILE"\n$/s],
  ])('is %s, at a key that stays', async (_why, runScript, content) => {
    const resources = await settled(claimOf(spec({}, runScript)));
    expect(fieldsOf(resources, 'script')).toMatchObject({
      key: 'script.sh',
      content: expect.stringMatching(content),
    });
  });

  it('is elsewhere where the claim says so, and then only that may be read', async () => {
    const scriptLocation = { bucket: 'team-scripts', key: 'reports/v2.sh' };
    const resources = await settled(claimOf(spec({}, { scriptLocation })));
    expect(resources['script']).toBeUndefined();
    expect(at(fieldsOf(resources, 'launch-instance'), 'environment', 'variables')).toMatchObject({
      SCRIPT_BUCKET: 'team-scripts',
      SCRIPT_KEY: 'reports/v2.sh',
    });
    expect(grants(statementsOf(resources['vm-policy'], 'policy'))).toContain(
      's3:GetObject on arn:aws:s3:::team-scripts/reports/v2.sh',
    );
  });
});

describe('limits', () => {
  it('lets EventBridge Scheduler take its role for this account alone', async () => {
    const resources = await settled(claimOf(spec()));
    expect(statementsOf(resources['schedule-role'], 'assumeRolePolicy')).toEqual([
      expect.objectContaining({
        Principal: { Service: 'scheduler.amazonaws.com' },
        Condition: { StringEquals: { 'aws:SourceAccount': ACCOUNT } },
      }),
    ]);
  });

  it('takes what a script’s location has for itself, not for a wildcard', async () => {
    const scriptLocation = { bucket: '***', key: 'a/$b?*' };
    const resources = await settled(claimOf(spec({}, { scriptLocation })));
    expect(grants(statementsOf(resources['vm-policy'], 'policy'))).toContain(
      // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of IAM, not of JavaScript
      's3:GetObject on arn:aws:s3:::${*}${*}${*}/a/${$}b${?}${*}',
    );
  });

  it('tells who writes rows when they expire', async () => {
    const claim = claimOf(spec({}, {}, { table: { timeToLiveAttribute: 'expiresAt' } }));
    const expiring = at(claim, 'spec', 'source');
    if (typeof expiring !== 'object' || expiring === null) throw new Error('the claim has no source');
    Object.assign(expiring, { expireAfterDays: 7 });
    const resources = await settled(claim);
    for (const key of ['upload-api', 'mark-uploaded']) {
      expect(at(fieldsOf(resources, key), 'environment', 'variables')).toMatchObject({
        TTL_ATTRIBUTE: 'expiresAt',
        EXPIRE_AFTER_DAYS: '7',
      });
    }
  });

  it('gives a batch of launches, and a sweep, the time that they may take', async () => {
    const resources = await settled(claimOf(spec()));
    expect(at(fieldsOf(resources, 'launch-instance'), 'timeout')).toBe(240);
    expect(at(fieldsOf(resources, 'sweep-instances'), 'timeout')).toBe(300);
    expect(fieldsOf(resources, MAPPING)).toMatchObject({
      batchSize: 5,
      parallelizationFactor: 4,
    });
  });
});

/** References below the first level of fields, with the kind that each leads to. */
const NESTED: Record<string, [path: RegExp, kind: string][]> = {
  'launch-instance-mapping-': [[/"destinationArnRef":\{"name":"([^"]+)"/g, 'Queue']],
  schedule: [[/"roleArnRef":\{"name":"([^"]+)"/g, 'Role']],
};

describe.each(Object.keys(CLAIMS).filter((name) => name.startsWith('run-script/')))('%s', (name) => {
  it('refers to what is there, below the first level of fields too', async () => {
    const resources = await settled(CLAIMS[name] ?? {});
    const kindOf = (composed: string | undefined) =>
      Object.values(resources).find((one) => stringAt(one, 'metadata', 'name') === composed)?.['kind'];
    for (const [key, references] of Object.entries(NESTED)) {
      const [whole = key] = keysLike(resources, key);
      for (const [path, kind] of references) {
        const found = [...JSON.stringify(fieldsOf(resources, whole)).matchAll(path)];
        expect(found.map(([, composed]) => kindOf(composed))).toEqual([kind]);
      }
    }
  });

  it('makes no state machine', async () => {
    expect(keysLike(await settled(CLAIMS[name] ?? {}), 'state-machine')).toEqual([]);
  });
});
