/** What a launch template says of an instance, from the provider's words to EC2's and back. */
import {
  _InstanceType,
  InstanceMetadataEndpointState,
  InstanceMetadataTagsState,
  LaunchTemplateHttpTokensState,
  type RequestLaunchTemplateData,
  ResourceType,
  type ResponseLaunchTemplateData,
  ShutdownBehavior,
  VolumeType,
} from '@aws-sdk/client-ec2';
import {
  block,
  blocks,
  choice,
  defined,
  dictionary,
  type Fields,
  flag,
  needText,
  number,
  text,
  texts,
} from '../fields.ts';
import { tagList, tagMap } from './kind.ts';

const EBS = ['deleteOnTermination', 'encrypted', 'iops', 'throughput', 'volumeSize', 'volumeType'];
const INTERFACE = ['associatePublicIpAddress', 'description', 'deviceIndex', 'securityGroups', 'subnetId'];
const METADATA = ['httpEndpoint', 'httpPutResponseHopLimit', 'httpTokens', 'instanceMetadataTags'];

/** The fields of `forProvider` that belong to a version of the template. */
export const VERSION_FIELDS = [
  ...[
    'ebsOptimized',
    'disableApiTermination',
    'imageId',
    'instanceInitiatedShutdownBehavior',
    'instanceType',
  ],
  ...[
    'userData',
    'vpcSecurityGroupIds',
    'monitoring.enabled',
    'iamInstanceProfile.arn',
    'iamInstanceProfile.name',
  ],
  ...['tagSpecifications[].resourceType', 'tagSpecifications[].tags', 'blockDeviceMappings[].deviceName'],
  ...EBS.map((field) => `blockDeviceMappings[].ebs.${field}`),
  ...INTERFACE.map((field) => `networkInterfaces[].${field}`),
  ...METADATA.map((field) => `metadataOptions.${field}`),
];

/** The provider writes a flag that may be left open as a text. */
function openFlag(fields: Fields, path: string): boolean | undefined {
  const value = text(fields, path);
  if (value === undefined || value === '') return undefined;
  if (value === 'true' || value === 'false') return value === 'true';
  throw new Error(`forProvider.${path} must be "true" or "false", found ${JSON.stringify(value)}`);
}

function fromFlag(value: boolean | undefined): string | undefined {
  return value === undefined ? undefined : String(value);
}

function toDevice(device: Fields) {
  const ebs = block(device, 'ebs');
  return {
    DeviceName: needText(device, 'deviceName'),
    Ebs: ebs && {
      DeleteOnTermination: openFlag(ebs, 'deleteOnTermination'),
      Encrypted: openFlag(ebs, 'encrypted'),
      Iops: number(ebs, 'iops'),
      Throughput: number(ebs, 'throughput'),
      VolumeSize: number(ebs, 'volumeSize'),
      VolumeType: choice(VolumeType, ebs, 'volumeType'),
    },
  };
}

function toInterface(card: Fields) {
  return {
    AssociatePublicIpAddress: openFlag(card, 'associatePublicIpAddress'),
    Description: text(card, 'description'),
    DeviceIndex: number(card, 'deviceIndex') ?? 0,
    Groups: texts(card, 'securityGroups'),
    SubnetId: text(card, 'subnetId'),
  };
}

function toMetadata(options: Fields) {
  return {
    HttpEndpoint: choice(InstanceMetadataEndpointState, options, 'httpEndpoint'),
    HttpPutResponseHopLimit: number(options, 'httpPutResponseHopLimit'),
    HttpTokens: choice(LaunchTemplateHttpTokensState, options, 'httpTokens'),
    InstanceMetadataTags: choice(InstanceMetadataTagsState, options, 'instanceMetadataTags'),
  };
}

/** The data of a new version, whole: the provider builds no version on another. */
export function toData(spec: Fields): RequestLaunchTemplateData {
  const profile = block(spec, 'iamInstanceProfile');
  const metadata = block(spec, 'metadataOptions');
  const monitoring = block(spec, 'monitoring');
  return {
    BlockDeviceMappings: blocks(spec, 'blockDeviceMappings').map(toDevice),
    DisableApiTermination: flag(spec, 'disableApiTermination'),
    EbsOptimized: openFlag(spec, 'ebsOptimized'),
    IamInstanceProfile: profile && { Arn: text(profile, 'arn'), Name: text(profile, 'name') },
    ImageId: text(spec, 'imageId'),
    InstanceInitiatedShutdownBehavior: choice(ShutdownBehavior, spec, 'instanceInitiatedShutdownBehavior'),
    InstanceType: choice(_InstanceType, spec, 'instanceType'),
    MetadataOptions: metadata && toMetadata(metadata),
    Monitoring: monitoring && { Enabled: flag(monitoring, 'enabled') },
    NetworkInterfaces: blocks(spec, 'networkInterfaces').map(toInterface),
    SecurityGroupIds: texts(spec, 'vpcSecurityGroupIds'),
    TagSpecifications: blocks(spec, 'tagSpecifications').map((each) => ({
      ResourceType: choice(ResourceType, each, 'resourceType'),
      Tags: tagList(dictionary(each, 'tags')),
    })),
    UserData: text(spec, 'userData'),
  };
}

/** The emulator answers the groups of an interface under a name that no SDK reads: then they are what was last applied. */
function groupsOf(
  answered: readonly string[] | undefined,
  applied: Fields,
  index: number,
): readonly string[] {
  const card = blocks(applied, 'networkInterfaces')[index];
  return answered?.length ? answered : ((card && texts(card, 'securityGroups')) ?? []);
}

/** What EC2 answers of a version, in the words of `forProvider`. */
export function fromData(data: ResponseLaunchTemplateData, applied: Fields): Fields {
  const { IamInstanceProfile: profile, MetadataOptions: metadata, Monitoring: monitoring } = data;
  return defined({
    blockDeviceMappings: data.BlockDeviceMappings?.map(({ DeviceName, Ebs }) => ({
      deviceName: DeviceName,
      ebs: {
        deleteOnTermination: fromFlag(Ebs?.DeleteOnTermination),
        encrypted: fromFlag(Ebs?.Encrypted),
        iops: Ebs?.Iops,
        throughput: Ebs?.Throughput,
        volumeSize: Ebs?.VolumeSize,
        volumeType: Ebs?.VolumeType,
      },
    })),
    disableApiTermination: data.DisableApiTermination ?? false,
    ebsOptimized: fromFlag(data.EbsOptimized),
    iamInstanceProfile: profile && defined({ arn: profile.Arn, name: profile.Name }),
    imageId: data.ImageId,
    instanceInitiatedShutdownBehavior: data.InstanceInitiatedShutdownBehavior,
    instanceType: data.InstanceType,
    metadataOptions: metadata && {
      httpEndpoint: metadata.HttpEndpoint,
      httpPutResponseHopLimit: metadata.HttpPutResponseHopLimit,
      httpTokens: metadata.HttpTokens,
      instanceMetadataTags: metadata.InstanceMetadataTags,
    },
    monitoring: monitoring && { enabled: monitoring.Enabled },
    networkInterfaces: data.NetworkInterfaces?.map((card, index) => ({
      associatePublicIpAddress: fromFlag(card.AssociatePublicIpAddress),
      description: card.Description,
      deviceIndex: card.DeviceIndex,
      securityGroups: groupsOf(card.Groups, applied, index),
      subnetId: card.SubnetId,
    })),
    tagSpecifications: data.TagSpecifications?.map((each) => ({
      resourceType: each.ResourceType,
      tags: tagMap(each.Tags),
    })),
    userData: data.UserData,
    vpcSecurityGroupIds: data.SecurityGroupIds,
  });
}
