/** The ProviderConfig for an emulator. */
import type { KubeObject } from '../../tools/cluster.ts';

/**
 * The objects with which the provider signs in to an emulator.
 *
 * @param endpoint - the emulator's URL from the provider's view
 */
export function emulatorProviderConfig(endpoint: string): KubeObject[] {
  const namespace = 'crossplane-system';
  const secret = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'aws-emulator', namespace },
    stringData: { credentials: '[default]\naws_access_key_id = test\naws_secret_access_key = test\n' },
  };
  const config = {
    apiVersion: 'aws.m.upbound.io/v1beta1',
    kind: 'ClusterProviderConfig',
    metadata: { name: 'default' },
    spec: {
      credentials: {
        source: 'Secret',
        secretRef: { namespace, name: secret.metadata.name, key: 'credentials' },
      },
      endpoint: {
        hostnameImmutable: true,
        source: 'Custom',
        url: { type: 'Static', static: endpoint },
        services: [...SERVICES],
      },
      s3_use_path_style: true,
      skip_credentials_validation: true,
      skip_metadata_api_check: true,
      skip_region_validation: true,
    },
  };
  return [secret, config];
}

/** The services to redirect. S3 Control is a separate service, for the tags of buckets. */
const SERVICES = [
  ...['s3', 's3control', 'iam', 'sts', 'lambda', 'sfn', 'dynamodb', 'sqs', 'sns', 'logs', 'cloudwatchlogs'],
  ...['cloudwatch', 'applicationautoscaling', 'apigatewayv2', 'apigateway', 'ec2', 'scheduler', 'events'],
];
