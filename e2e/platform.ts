/** The manifests that a platform team installs, as both substrates install them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { at, stringAt } from '../function/src/objects.ts';
import type { Kind, KubeObject } from './cluster.ts';

const PLATFORM = join(import.meta.dirname, '../argocd/platform');

/** The objects of a YAML stream. */
export const manifestsOf = (yaml: string): KubeObject[] =>
  parseAllDocuments(yaml)
    .map((document): KubeObject => document.toJS())
    .filter((object) => object !== null);

/** The objects of a file in `argocd/platform`. */
export const platformObjects = (file: string): KubeObject[] =>
  manifestsOf(readFileSync(join(PLATFORM, file), 'utf8'));

/** The object of a kind in a file of `argocd/platform`. */
export function platformObject(file: string, { kind }: Kind): KubeObject {
  const found = platformObjects(file).find((object) => object.kind === kind);
  if (found === undefined) throw new Error(`argocd/platform/${file} has no ${kind}`);
  return found;
}

/** Crossplane's arguments of our install guide. */
export function guideArgs(): string[] {
  const values: unknown = parse(readFileSync(join(PLATFORM, 'crossplane-values.yaml'), 'utf8'));
  const args = at(values, 'args');
  if (!Array.isArray(args)) throw new Error('argocd/platform/crossplane-values.yaml has no list `args`');
  return args.map(String);
}

/** Image of a package object, such as `xpkg.upbound.io/upbound/provider-aws-s3:v2.5.0`. */
export function packageOf(object: KubeObject): string {
  const image = stringAt(object, 'spec', 'package');
  if (image === undefined) throw new Error(`${object.kind} ${object.metadata.name} has no spec.package`);
  return image;
}

/** An image with another tag. */
export const tagged = (image: string, tag: string) => `${image.replace(/:[^/:]*$/, '')}:${tag}`;

/**
 * The provider's sign-in to an emulator.
 *
 * @param endpoint - as the provider reaches it.
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

/** S3 Control is a service of its own: the bucket's tags are read through it. */
const SERVICES = [
  ...['s3', 's3control', 'iam', 'sts', 'lambda', 'sfn', 'dynamodb', 'sqs', 'sns', 'logs', 'cloudwatchlogs'],
  ...['cloudwatch', 'applicationautoscaling', 'apigatewayv2', 'apigateway', 'ec2', 'scheduler', 'events'],
];
