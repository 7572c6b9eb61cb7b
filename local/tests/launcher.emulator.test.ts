/** The kinds of EC2, instance profiles, layers, event source mappings and CORS. */

import { createServer } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { listen } from '../../tools/ports.ts';
import { defined, type Fields, text } from '../fields.ts';
import { EXTERNAL_NAME } from '../manifest.ts';
import { setStage, settle } from '../testing/harness.ts';
import { change, changed, get } from '../testing/manifests.ts';
import { type Given, pipeline, pipelineWithLauncher } from '../testing/pipeline.ts';

const stage = setStage();

/** The filter for INSERT or MODIFY with the status `uploaded`. */
const UPLOADED = JSON.stringify({
  eventName: ['INSERT', 'MODIFY'],
  dynamodb: { NewImage: { status: { S: ['uploaded'] } } },
});

function nameOf(key: string): string {
  return stage.reconciler.observed().get(key)?.metadata.annotations?.[EXTERNAL_NAME] ?? '';
}

function seen(key: string): Fields {
  return stage.reconciler.observed().get(key)?.status?.atProvider ?? {};
}

/** Makes all until it is ready, the mapping last: it takes the name of a stream that is there. */
async function settled(listener = ''): Promise<Given> {
  stage.reconciler.apply(pipelineWithLauncher(undefined, listener));
  await settle(stage.reconciler);
  const given = {
    stream: text(seen('table'), 'streamArn') ?? '',
    group: nameOf('vm-group'),
    layer: nameOf('word'),
  };
  stage.reconciler.apply(pipelineWithLauncher(given, listener));
  await settle(stage.reconciler);
  return given;
}

/** Applies all again with some fields of one resource replaced, or left out where they are undefined. */
function applyWith(given: Given, key: string, fields: Fields): void {
  const desired = pipelineWithLauncher(given);
  const { spec, ...others } = changed(get(desired, key), fields);
  desired.set(key, { ...others, spec: { ...spec, forProvider: defined(spec.forProvider) } });
  stage.reconciler.apply(desired);
}

const LAYER = 'arn:aws:lambda:us-east-1:000000000000:layer:t-word';

test('AWS has what the manifests say, by the names that the provider writes', async () => {
  const { stream } = await settled();
  const { ec2, iam, lambda, s3 } = stage.clients;
  expect(stream).toMatch(/^arn:aws:dynamodb:us-east-1:000000000000:table\/t-table\/stream\//);
  const group = nameOf('vm-group');
  expect(group).toMatch(/^sg-/);
  expect(nameOf('vm-out')).toMatch(/^sgr-/);
  const { SecurityGroups } = await ec2.describeSecurityGroups({ GroupIds: [group] });
  expect(SecurityGroups).toMatchObject([
    {
      GroupName: 't-vm',
      IpPermissions: [],
      IpPermissionsEgress: [{ FromPort: 443, ToPort: 443, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
    },
  ]);
  const profile = await iam.getInstanceProfile({ InstanceProfileName: 'vm-profile' });
  expect(profile.InstanceProfile?.Roles?.map(({ RoleName }) => RoleName)).toEqual(['vm-role']);
  expect(seen('vm-profile')).toMatchObject({
    arn: 'arn:aws:iam::000000000000:instance-profile/vm-profile',
    id: 'vm-profile',
  });
  const LaunchTemplateId = nameOf('vm');
  expect(LaunchTemplateId).toMatch(/^lt-/);
  expect(seen('vm')).toMatchObject({
    arn: `arn:aws:ec2:us-east-1:000000000000:launch-template/${LaunchTemplateId}`,
    defaultVersion: 1,
    latestVersion: 1,
    networkInterfaces: [{ securityGroups: [group] }],
  });
  const versions = await ec2.describeLaunchTemplateVersions({ LaunchTemplateId });
  expect(versions.LaunchTemplateVersions?.[0]?.LaunchTemplateData).toMatchObject({
    BlockDeviceMappings: [{ Ebs: { Encrypted: true, VolumeSize: 8 } }],
    IamInstanceProfile: { Name: 'vm-profile' },
    InstanceInitiatedShutdownBehavior: 'terminate',
    MetadataOptions: { HttpTokens: 'required' },
    NetworkInterfaces: [{ AssociatePublicIpAddress: false, SubnetId: 'subnet-00000001' }],
  });
  expect(nameOf('word')).toBe(`${LAYER}:1`);
  expect(seen('word')).toMatchObject({ arn: `${LAYER}:1` });
  const made = await lambda.getFunction({ FunctionName: 't-reader' });
  expect(made.Configuration?.Layers).toMatchObject([{ Arn: `${LAYER}:1` }]);
  const UUID = nameOf('reader-stream');
  expect(await lambda.getEventSourceMapping({ UUID })).toMatchObject({
    DestinationConfig: { OnFailure: { Destination: 'arn:aws:sqs:us-east-1:000000000000:t-dead-letters' } },
    EventSourceArn: stream,
    FilterCriteria: { Filters: [{ Pattern: UPLOADED }] },
    FunctionResponseTypes: ['ReportBatchItemFailures'],
    StartingPosition: 'TRIM_HORIZON',
  });
  expect(seen('reader-stream')).toMatchObject({ id: UUID });
  const { CORSRules } = await s3.getBucketCors({ Bucket: 't-files' });
  expect(CORSRules).toMatchObject([{ AllowedOrigins: ['https://a.example'], MaxAgeSeconds: 300 }]);
});

test('a second pass changes nothing', async () => {
  const given = await settled();
  expect(await stage.pass()).toEqual([]);
  stage.reconciler.apply(pipelineWithLauncher(given));
  expect(await stage.pass()).toEqual([]);
});

test('a function has the modules of its layer, and is called for the rows that the filter lets through', async () => {
  const told: unknown[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    told.push(...JSON.parse(body));
    response.end();
  });
  const { url, stop } = await listen(server);
  onTestFinished(stop);
  await settled(url);
  const { dynamodb, lambda } = stage.clients;
  const put = (id: string, status: string) =>
    dynamodb.putItem({ TableName: 't-table', Item: { Filename: { S: id }, status: { S: status } } });
  await put('a', 'waiting');
  await put('b', 'uploaded');
  await dynamodb.updateItem({
    TableName: 't-table',
    Key: { Filename: { S: 'a' } },
    UpdateExpression: 'SET #s = :s',
    ExpressionAttributeNames: { '#s': 'status' },
    ExpressionAttributeValues: { ':s': { S: 'uploaded' } },
  });
  await put('b', 'launched');
  await expect
    .poll(() => told, { timeout: 20_000 })
    .toEqual([
      ['INSERT', 'uploaded'],
      ['MODIFY', 'uploaded'],
    ]);
  const { Payload } = await lambda.invoke({ FunctionName: 't-reader', Payload: '{}' });
  expect(Payload?.transformToString()).toBe('"from the layer"');
});

test.each<[string, Fields, string[]]>([
  [
    'vm',
    { instanceType: 't4g.micro' },
    ['CreateLaunchTemplateVersionCommand', 'ModifyLaunchTemplateCommand'],
  ],
  ['vm', { instanceType: 't4g.micro', updateDefaultVersion: false }, ['CreateLaunchTemplateVersionCommand']],
  ['vm', { tags: { owner: 'y' } }, ['CreateTagsCommand', 'DeleteTagsCommand']],
  ['vm-group', { tags: {} }, ['DeleteTagsCommand']],
  ['vm-out', { cidrIpv4: '10.0.0.0/8', description: 'within' }, ['ModifySecurityGroupRulesCommand']],
  ['vm-profile', { tags: { owner: 'y' } }, ['TagInstanceProfileCommand', 'UntagInstanceProfileCommand']],
  [
    'files-cors',
    { corsRule: [{ allowedMethods: ['GET'], allowedOrigins: ['*'] }] },
    ['PutBucketCorsCommand'],
  ],
  ['reader-stream', { batchSize: 5 }, ['UpdateEventSourceMappingCommand']],
  ['reader-stream', { filterCriteria: undefined }, ['UpdateEventSourceMappingCommand']],
  ['reader-stream', { tags: {} }, ['UntagResourceCommand']],
])('a change of %s to %j is brought about once', async (key, fields, commands) => {
  const given = await settled();
  applyWith(given, key, fields);
  expect(await stage.pass()).toEqual(commands);
  await settle(stage.reconciler);
  expect(await stage.pass()).toEqual([]);
});

test('a version of the template more is told in its status', async () => {
  applyWith(await settled(), 'vm', { instanceType: 't4g.micro' });
  await settle(stage.reconciler);
  expect(seen('vm')).toMatchObject({ defaultVersion: 2, latestVersion: 2, instanceType: 't4g.micro' });
});

test('drift is mended', async () => {
  await settled();
  const { dynamodb, ec2, iam, lambda, s3 } = stage.clients;
  await iam.removeRoleFromInstanceProfile({ InstanceProfileName: 'vm-profile', RoleName: 'vm-role' });
  await ec2.createTags({ Resources: [nameOf('vm-group')], Tags: [{ Key: 'team', Value: 'z' }] });
  const SecurityGroupRule = { CidrIpv4: '10.0.0.0/8', IpProtocol: 'tcp', FromPort: 22, ToPort: 22 };
  await ec2.modifySecurityGroupRules({
    GroupId: nameOf('vm-group'),
    SecurityGroupRules: [{ SecurityGroupRuleId: nameOf('vm-out'), SecurityGroupRule }],
  });
  const before = nameOf('vm');
  await ec2.deleteLaunchTemplate({ LaunchTemplateId: before });
  await s3.deleteBucketCors({ Bucket: 't-files' });
  await lambda.updateEventSourceMapping({ UUID: nameOf('reader-stream'), BatchSize: 1 });
  const StreamSpecification = { StreamEnabled: false };
  await dynamodb.updateTable({ TableName: 't-table', StreamSpecification });
  expect(await stage.pass()).toEqual([
    'AddRoleToInstanceProfileCommand',
    'CreateLaunchTemplateCommand',
    'CreateTagsCommand',
    'ModifySecurityGroupRulesCommand',
    'PutBucketCorsCommand',
    'UpdateEventSourceMappingCommand',
    'UpdateTableCommand',
  ]);
  expect(await stage.pass()).toEqual([]);
  expect(nameOf('vm')).not.toBe(before);
});

test('a stream that shows something else is another stream', async () => {
  const { stream } = await settled();
  const desired = pipelineWithLauncher();
  change(desired, 'table', { streamViewType: 'NEW_AND_OLD_IMAGES' });
  stage.reconciler.apply(desired);
  expect(await stage.pass()).toEqual([
    'DeleteEventSourceMappingCommand',
    'DeleteFunctionCommand',
    'DeleteLaunchTemplateCommand',
    'UpdateTableCommand',
  ]);
  expect(await stage.pass()).toEqual(['UpdateTableCommand']);
  await settle(stage.reconciler);
  expect(seen('table')).toMatchObject({ streamEnabled: true, streamViewType: 'NEW_AND_OLD_IMAGES' });
  expect(seen('table')['streamArn']).not.toBe(stream);
});

test.each<[string, Fields, RegExp]>([
  ['vm', { name: 't-other' }, /argument "name" from "t-vm" to "t-other"/],
  ['vm-group', { description: 'another' }, /argument "description" from "no one in" to "another"/],
  ['word', { description: 'another' }, /argument "description" from "one word" to "another"/],
  ['reader-stream', { startingPosition: 'LATEST' }, /argument "startingPosition" from "TRIM_HORIZON"/],
])('what AWS cannot change of %s to %j is refused', async (key, fields, message) => {
  applyWith(await settled(), key, fields);
  expect(await stage.pass()).toEqual([]);
  expect(stage.condition(key, 'Synced')?.message).toMatch(message);
});

test('a layer whose object is not there is refused, where the emulator would make an empty one', async () => {
  const desired = pipelineWithLauncher();
  change(desired, 'word', { s3Bucket: 't-code', s3Key: 'lost.zip' });
  stage.reconciler.apply(desired);
  await stage.reconciler.reconcile();
  expect(stage.condition('word', 'Synced')?.message).toMatch(/NoSuchKey.*s3:\/\/t-code\/lost\.zip/);
});

test('a function can be an image, and take another', async () => {
  const image = (name: string) => `000000000000.dkr.ecr.us-east-1.amazonaws.com/${name}:1`;
  const desired = pipeline();
  const fields = { packageType: 'Image', imageUri: image('a'), loggingConfig: undefined };
  const zip = { handler: undefined, runtime: undefined, s3BucketRef: undefined, s3Key: undefined };
  const { spec, ...others } = changed(get(desired, 'start'), {
    ...fields,
    ...zip,
    sourceCodeHash: undefined,
  });
  const withImage = (imageUri: string) => ({
    ...others,
    metadata: { name: 'imaged', annotations: { [EXTERNAL_NAME]: 't-imaged' } },
    spec: { ...spec, forProvider: { ...defined(spec.forProvider), imageUri } },
  });
  stage.reconciler.apply(desired.set('imaged', withImage(image('a'))));
  await settle(stage.reconciler);
  expect(await stage.pass()).toEqual([]);
  stage.reconciler.apply(desired.set('imaged', withImage(image('b'))));
  expect(await stage.pass()).toEqual(['UpdateFunctionCodeCommand']);
  const { Code } = await stage.clients.lambda.getFunction({ FunctionName: 't-imaged' });
  expect(Code?.ImageUri).toBe(image('b'));
});

test('what is no longer wanted goes', async () => {
  await settled();
  const [group, template, UUID] = ['vm-group', 'vm', 'reader-stream'].map(nameOf);
  const desired = pipeline();
  const table = get(desired, 'table');
  // Late initialization would keep the stream.
  const managementPolicies = ['Observe', 'Create', 'Update', 'Delete'];
  desired.set('table', { ...table, spec: { ...table.spec, managementPolicies } });
  stage.reconciler.apply(desired);
  await settle(stage.reconciler);
  expect([...stage.reconciler.observed().keys()].toSorted()).toEqual([...pipeline().keys()].toSorted());
  const { ec2, iam, lambda, s3 } = stage.clients;
  const layer = { LayerName: 't-word', VersionNumber: 1 };
  const absent = { $metadata: { httpStatusCode: 404 } };
  await expect(lambda.getLayerVersion(layer)).rejects.toMatchObject(absent);
  await expect(lambda.getEventSourceMapping({ UUID })).rejects.toMatchObject(absent);
  await expect(s3.getBucketCors({ Bucket: 't-files' })).rejects.toMatchObject(absent);
  await expect(iam.getInstanceProfile({ InstanceProfileName: 'vm-profile' })).rejects.toMatchObject(absent);
  const groups = await ec2.describeSecurityGroups({});
  expect(groups.SecurityGroups?.map(({ GroupId }) => GroupId)).not.toContain(group);
  const templates = await ec2.describeLaunchTemplates({});
  expect(templates.LaunchTemplates?.map(({ LaunchTemplateId }) => LaunchTemplateId)).not.toContain(template);
  expect(seen('table')['streamEnabled']).toBe(false);
});
