/** Versions of layers: code that functions share. A version never changes; other code is another version. */
import {
  DeleteLayerVersionCommand,
  GetLayerVersionCommand,
  PublishLayerVersionCommand,
  Runtime,
} from '@aws-sdk/client-lambda';
import { defined, type Fields, flag, needText, text, texts } from '../fields.ts';
import { GROUPS, ifFound, type Kind } from './kind.ts';
import { codeOf, codeSize } from './lambda-code.ts';
import { architectures } from './lambda-mapping.ts';

const ABSENT = 'ResourceNotFoundException';
const CODE = ['s3Bucket', 's3Key', 's3ObjectVersion', 'sourceCodeHash'];

/** The external name is the ARN of the version, `…:layer:NAME:VERSION`. */
function versionOf(arn: string): { LayerName: string; VersionNumber: number } {
  const [, LayerName, version] = /:layer:([^:]+):(\d+)$/.exec(arn) ?? [];
  if (LayerName === undefined) throw new Error(`${arn} is not the ARN of a layer's version`);
  return { LayerName, VersionNumber: Number(version) };
}

function runtimes(spec: Fields): Runtime[] | undefined {
  return texts(spec, 'compatibleRuntimes')?.map((name) => {
    const known = Object.values(Runtime).find((runtime) => runtime === name);
    if (known === undefined) throw new Error(`forProvider.compatibleRuntimes has no ${JSON.stringify(name)}`);
    return known;
  });
}

const layerVersion: Kind = {
  group: GROUPS.lambda,
  kind: 'LayerVersion',
  fields: [
    ...['region', 'layerName', 'description', 'licenseInfo', 'compatibleArchitectures', 'compatibleRuntimes'],
    ...['skipDestroy', ...CODE],
  ],
  references: (['bucket', 'key'] as const).map((field) => {
    const to = field === 'bucket' ? 's3Bucket' : 's3Key';
    return { from: `${to}Ref`, to, group: GROUPS.s3, kind: 'Object', take: `spec.${field}` };
  }),
  namedBy: 'provider',
  immutable: [
    'layerName',
    'description',
    'licenseInfo',
    'compatibleArchitectures',
    'compatibleRuntimes',
    ...CODE,
  ],
  steering: ['skipDestroy'],
  defaults: { description: '', licenseInfo: '' },

  async observe({ clients, name, spec, applied }) {
    const found = await ifFound(clients.lambda.send(new GetLayerVersionCommand(versionOf(name))), ABSENT);
    if (!found) return undefined;
    // Lambda forgets where the code came from, and the provider reads no hash either.
    const code = CODE.map((field) => [field, applied[field] ?? spec[field]]);
    return {
      state: defined({
        ...Object.fromEntries(code),
        layerName: versionOf(name).LayerName,
        description: found.Description ?? '',
        licenseInfo: found.LicenseInfo ?? '',
        compatibleArchitectures: found.CompatibleArchitectures,
        compatibleRuntimes: found.CompatibleRuntimes,
      }),
      atProvider: defined({
        arn: found.LayerVersionArn,
        id: found.LayerVersionArn,
        layerArn: found.LayerArn,
        codeSha256: found.Content?.CodeSha256,
        sourceCodeSize: found.Content?.CodeSize,
        createdDate: found.CreatedDate,
        version: String(found.Version),
      }),
      ready: true,
    };
  },

  async create(subject) {
    const { clients, spec } = subject;
    await codeSize(subject);
    const { LayerVersionArn } = await clients.lambda.send(
      new PublishLayerVersionCommand({
        LayerName: needText(spec, 'layerName'),
        Description: text(spec, 'description'),
        LicenseInfo: text(spec, 'licenseInfo'),
        CompatibleArchitectures: architectures(spec, 'compatibleArchitectures'),
        CompatibleRuntimes: runtimes(spec),
        Content: codeOf(spec),
      }),
    );
    return LayerVersionArn;
  },

  async update() {
    throw new Error('a LayerVersion cannot be changed in place');
  },

  async remove({ clients, name, spec }) {
    if (flag(spec, 'skipDestroy')) return;
    await ifFound(clients.lambda.send(new DeleteLayerVersionCommand(versionOf(name))), ABSENT);
  },
};

export const layerKinds = [layerVersion];
