/** A table, from the provider's words to DynamoDB's and back. */
import {
  BillingMode,
  type CreateTableCommandInput,
  KeyType,
  ScalarAttributeType,
  StreamViewType,
  TableClass,
  type TableDescription,
} from '@aws-sdk/client-dynamodb';
import { blocks, choice, dictionary, type Fields, flag, needText, number, text } from '../fields.ts';
import { tagList } from './kind.ts';

/** Capacity units; a table paid by the request has none. */
export function throughput(spec: Fields) {
  if (text(spec, 'billingMode') === 'PAY_PER_REQUEST') return undefined;
  return {
    ReadCapacityUnits: number(spec, 'readCapacity'),
    WriteCapacityUnits: number(spec, 'writeCapacity'),
  };
}

/** With a key of KMS, or the one that DynamoDB owns. */
export function encryption(spec: Fields): CreateTableCommandInput['SSESpecification'] {
  const enabled = flag(spec, 'serverSideEncryption.enabled') ?? false;
  const KMSMasterKeyId = text(spec, 'serverSideEncryption.kmsKeyArn');
  return { Enabled: enabled, ...(enabled ? { SSEType: 'KMS' as const, KMSMasterKeyId } : {}) };
}

/** The stream of its changes. */
export function stream(spec: Fields): CreateTableCommandInput['StreamSpecification'] {
  const StreamEnabled = flag(spec, 'streamEnabled') ?? false;
  return {
    StreamEnabled,
    ...(StreamEnabled ? { StreamViewType: choice(StreamViewType, spec, 'streamViewType') } : {}),
  };
}

/** What CreateTable takes. */
export function definition(spec: Fields, TableName: string): CreateTableCommandInput {
  const range = text(spec, 'rangeKey');
  return {
    TableName,
    AttributeDefinitions: blocks(spec, 'attribute').map((attribute) => ({
      AttributeName: needText(attribute, 'name'),
      AttributeType: choice(ScalarAttributeType, attribute, 'type'),
    })),
    KeySchema: [
      { AttributeName: needText(spec, 'hashKey'), KeyType: KeyType.HASH },
      ...(range ? [{ AttributeName: range, KeyType: KeyType.RANGE }] : []),
    ],
    BillingMode: choice(BillingMode, spec, 'billingMode'),
    ProvisionedThroughput: throughput(spec),
    ...(flag(spec, 'serverSideEncryption.enabled') ? { SSESpecification: encryption(spec) } : {}),
    ...(flag(spec, 'streamEnabled') ? { StreamSpecification: stream(spec) } : {}),
    TableClass: choice(TableClass, spec, 'tableClass'),
    DeletionProtectionEnabled: flag(spec, 'deletionProtectionEnabled'),
    Tags: tagList(dictionary(spec, 'tags')),
  };
}

/** What DescribeTable answers, in the words of `forProvider`. */
export function tableState(table: TableDescription): Fields {
  const key = (type: KeyType) => table.KeySchema?.find(({ KeyType: each }) => each === type)?.AttributeName;
  const encrypted = table.SSEDescription?.Status === 'ENABLED' || table.SSEDescription?.Status === 'UPDATING';
  return {
    attribute: table.AttributeDefinitions?.map((each) => ({
      name: each.AttributeName,
      type: each.AttributeType,
    })),
    billingMode: table.BillingModeSummary?.BillingMode ?? 'PROVISIONED',
    deletionProtectionEnabled: table.DeletionProtectionEnabled ?? false,
    hashKey: key(KeyType.HASH),
    rangeKey: key(KeyType.RANGE),
    readCapacity: table.ProvisionedThroughput?.ReadCapacityUnits,
    writeCapacity: table.ProvisionedThroughput?.WriteCapacityUnits,
    serverSideEncryption: { enabled: encrypted, kmsKeyArn: table.SSEDescription?.KMSMasterKeyArn },
    streamEnabled: table.StreamSpecification?.StreamEnabled ?? false,
    streamViewType: table.StreamSpecification?.StreamViewType,
    tableClass: table.TableClassSummary?.TableClass ?? 'STANDARD',
  };
}
