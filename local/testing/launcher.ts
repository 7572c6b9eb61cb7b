/** The manifests for starting instances: a table's stream that a function reads, a layer, and a launch template. */
import type { Fields } from '../fields.ts';
import { GROUPS } from '../kinds/kind.ts';
import type { Manifest } from '../manifest.ts';
import { changed, keyed, managed, trust, zipOf } from './manifests.ts';
import { pipeline } from './pipeline.ts';

/** The code of a function that sends its records to `url`, with the text of the layer. */
const READER = `
import { createRequire } from 'node:module';
const word = createRequire(import.meta.url)('word');
export const handler = async ({ Records = [] }) => {
  const rows = Records.map(({ eventName, dynamodb }) => [eventName, dynamodb.NewImage?.status?.S]);
  if (process.env.LISTENER) await fetch(process.env.LISTENER, { method: 'POST', body: JSON.stringify(rows) });
  return word;
};`;

/** The filter for INSERT or MODIFY with the status `uploaded`. */
export const UPLOADED = JSON.stringify({
  eventName: ['INSERT', 'MODIFY'],
  dynamodb: { NewImage: { status: { S: ['uploaded'] } } },
});

/** The rows of the stream, by the table's own name for it; it comes with the first pass. */
function mapping(streamArn: string): Manifest {
  return managed(GROUPS.lambda, 'EventSourceMapping', 'reader-stream', {
    batchSize: 10,
    bisectBatchOnFunctionError: true,
    destinationConfig: { onFailure: { destinationArnRef: { name: 'dead-letters' } } },
    eventSourceArn: streamArn,
    filterCriteria: { filter: [{ pattern: UPLOADED }] },
    functionNameRef: { name: 'reader' },
    functionResponseTypes: ['ReportBatchItemFailures'],
    maximumRecordAgeInSeconds: 3600,
    startingPosition: 'TRIM_HORIZON',
    tags: { team: 'x' },
  });
}

const CODE = zipOf({ 'index.mjs': READER });

function code(): Manifest[] {
  const layer = zipOf({ 'nodejs/node_modules/word/index.js': 'module.exports = "from the layer";' });
  const object = (name: string, contentBase64: string) =>
    managed(GROUPS.s3, 'Object', name, { bucketRef: { name: 'code' }, key: `${name}.zip`, contentBase64 });
  return [
    object('reader-code', CODE.base64),
    object('word-code', layer.base64),
    managed(GROUPS.lambda, 'LayerVersion', 'word', {
      compatibleArchitectures: ['arm64'],
      compatibleRuntimes: ['nodejs22.x'],
      description: 'one word',
      layerName: 't-word',
      s3Bucket: 't-code',
      s3Key: 'word-code.zip',
    }),
  ];
}

function reader(layer: string, listener: string): Manifest {
  const fields = {
    architectures: ['arm64'],
    environment: { variables: { LISTENER: listener } },
    handler: 'index.handler',
    layers: [layer],
    roleRef: { name: 'start-role' },
    runtime: 'nodejs22.x',
    // A bucket that is named rather than referred to may be anyone's.
    s3Bucket: 't-code',
    s3Key: 'reader-code.zip',
    sourceCodeHash: CODE.hash,
  };
  return managed(GROUPS.lambda, 'Function', 'reader', fields, { externalName: 't-reader' });
}

function machine(): Manifest[] {
  const tags = { team: 'x' };
  return [
    managed(GROUPS.iam, 'Role', 'vm-role', { assumeRolePolicy: trust('ec2.amazonaws.com') }),
    managed(GROUPS.iam, 'InstanceProfile', 'vm-profile', { roleRef: { name: 'vm-role' }, tags }),
    managed(GROUPS.ec2, 'SecurityGroup', 'vm-group', { name: 't-vm', description: 'no one in', tags }),
    managed(GROUPS.ec2, 'SecurityGroupEgressRule', 'vm-out', {
      cidrIpv4: '0.0.0.0/0',
      description: 'HTTPS',
      fromPort: 443,
      ipProtocol: 'tcp',
      securityGroupIdRef: { name: 'vm-group' },
      tags,
      toPort: 443,
    }),
  ];
}

/** The launch template with the group's id: a reference in a list would be resolved and removed again forever. */
function template(group: string): Manifest {
  const tags = { team: 'x' };
  const ebs = { deleteOnTermination: 'true', encrypted: 'true', volumeSize: 8, volumeType: 'gp3' };
  return managed(GROUPS.ec2, 'LaunchTemplate', 'vm', {
    blockDeviceMappings: [{ deviceName: '/dev/xvda', ebs }],
    description: 'runs a script',
    iamInstanceProfile: { name: 'vm-profile' },
    imageId: 'resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64',
    instanceInitiatedShutdownBehavior: 'terminate',
    instanceType: 't4g.nano',
    metadataOptions: { httpEndpoint: 'enabled', httpPutResponseHopLimit: 1, httpTokens: 'required' },
    name: 't-vm',
    networkInterfaces: [
      {
        associatePublicIpAddress: 'false',
        deviceIndex: 0,
        securityGroups: [group],
        subnetId: 'subnet-00000001',
      },
    ],
    tagSpecifications: [{ resourceType: 'instance', tags: { Name: 't-vm' } }],
    tags,
    updateDefaultVersion: true,
  });
}

function browsers(): Manifest {
  const corsRule = {
    allowedHeaders: ['*'],
    allowedMethods: ['POST'],
    allowedOrigins: ['https://a.example'],
    id: 'page',
    maxAgeSeconds: 300,
  };
  const bucketRef = { name: 'files' };
  return managed(GROUPS.s3, 'BucketCorsConfiguration', 'files-cors', { bucketRef, corsRule: [corsRule] });
}

/** What AWS gives, which some of the manifests have in them: the table's stream, the id of the group, the layer's version. */
export interface Given {
  stream: string;
  group: string;
  layer: string;
}

/** A pipeline whose table has a stream, with the manifests above. Some of them exist only when the values from AWS are known. */
export function pipelineWithLauncher(given?: Given, listener = ''): Map<string, Manifest> {
  const desired = pipeline();
  const table = desired.get('table');
  const stream: Fields = { streamEnabled: true, streamViewType: 'NEW_IMAGE' };
  if (table) desired.set('table', changed(table, stream));
  const more = keyed(...code(), ...machine(), browsers());
  if (given) {
    more.set('vm', template(given.group));
    more.set('reader', reader(given.layer, listener));
    more.set('reader-stream', mapping(given.stream));
  }
  return new Map([...desired, ...more]);
}
