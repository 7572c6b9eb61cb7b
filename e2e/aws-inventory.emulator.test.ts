/** The lists and the states against an emulator that holds a pipeline with an API, a schedule and what starts machines. */
import { expect, test } from 'vitest';
import { setStage, settle } from '../local/testing/harness.ts';
import { codeZip } from '../local/testing/manifests.ts';
import { pipelineWithApi } from '../local/testing/pipeline.ts';
import { inventory, ofClaim } from './aws-inventory.ts';
import { stateOf } from './aws-state.ts';

const stage = setStage();

test('an API, a schedule, a layer and what starts machines are seen', async () => {
  const { clients, reconciler } = stage;
  reconciler.apply(pipelineWithApi());
  await settle(reconciler);
  const { ec2, iam, lambda } = clients;
  const ZipFile = Buffer.from(codeZip('layer').base64, 'base64');
  await lambda.publishLayerVersion({ LayerName: 't-layer', Content: { ZipFile } });
  await iam.createInstanceProfile({ InstanceProfileName: 't-profile' });
  await ec2.createSecurityGroup({ GroupName: 't-group', Description: 'machines' });
  await ec2.createLaunchTemplate({
    LaunchTemplateName: 't-template',
    LaunchTemplateData: { InstanceType: 't4g.nano' },
  });
  const Tags = [{ Key: 'Name', Value: 't-machine' }];
  await ec2.runInstances({
    LaunchTemplate: { LaunchTemplateName: 't-template' },
    ImageId: 'ami-1',
    MinCount: 1,
    MaxCount: 1,
    TagSpecifications: [{ ResourceType: 'instance', Tags }],
  });
  const names = ['t-api', 't-sweep', 't-layer', 't-profile', 't-group', 't-template', 't-machine'];
  expect(ofClaim(await inventory(clients), 'no suffix', names).sort()).toEqual([
    'api t-api',
    'instance t-machine',
    'instanceProfile t-profile',
    'launchTemplate t-template',
    'layer t-layer',
    'schedule t-sweep',
    'securityGroup t-group',
  ]);
  const target = `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:000000000000:function:t-start/invocations`;
  expect(await stateOf(clients, 'no suffix', names)).toMatchObject({
    'api t-api': {
      api: { Name: 't-api', Tags: { team: 'x' } },
      integrations: [{ IntegrationUri: target }],
      authorizers: [{ Name: 'jwt' }],
      routes: expect.arrayContaining([
        expect.objectContaining({ RouteKey: 'GET /', Target: target }),
        expect.objectContaining({ RouteKey: 'POST /uploads', Authorizer: 'jwt', Target: target }),
      ]),
      stages: [{ StageName: '$default', Tags: { team: 'x' } }],
    },
    'instanceProfile t-profile': { InstanceProfile: { InstanceProfileName: 't-profile' } },
    'launchTemplate t-template': { data: { InstanceType: 't4g.nano' } },
    'layer t-layer': { Version: 1 },
    'schedule t-sweep': { ScheduleExpression: 'rate(5 minutes)' },
    'securityGroup t-group': { group: { Description: 'machines' } },
  });
});
