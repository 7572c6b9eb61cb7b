/**
 * The arguments of calls, from their APIs: for calls whose permissions are derived and that have an optimized integration or are common
 * in definitions. Step Functions writes all arguments in PascalCase, even when an API does not.
 * https://docs.aws.amazon.com/step-functions/latest/dg/connect-parameters.html
 */
const READ_OBJECT =
  'Bucket ChecksumMode ExpectedBucketOwner IfMatch IfModifiedSince IfNoneMatch IfUnmodifiedSince Key PartNumber ' +
  'Range RequestPayer ResponseCacheControl ResponseContentDisposition ResponseContentEncoding ' +
  'ResponseContentLanguage ResponseContentType ResponseExpires SSECustomerAlgorithm SSECustomerKey ' +
  'SSECustomerKeyMD5 VersionId';

const WRITE_OBJECT =
  'ACL Bucket BucketKeyEnabled CacheControl ChecksumAlgorithm ContentDisposition ContentEncoding ContentLanguage ' +
  'ContentType ExpectedBucketOwner Expires GrantFullControl GrantRead GrantReadACP GrantWriteACP IfMatch ' +
  'IfNoneMatch Key Metadata ObjectLockEventHold ObjectLockEventHoldDurationDays ObjectLockEventHoldDurationYears ' +
  'ObjectLockLegalHoldStatus ObjectLockMode ObjectLockRetainUntilDate RequestPayer ' +
  'SSECustomerAlgorithm SSECustomerKey SSECustomerKeyMD5 SSEKMSEncryptionContext SSEKMSKeyId ' +
  'ServerSideEncryption StorageClass Tagging WebsiteRedirectLocation';

const CONDITION =
  'ConditionExpression ConditionalOperator Expected ExpressionAttributeNames ExpressionAttributeValues ' +
  'ReturnConsumedCapacity ReturnItemCollectionMetrics ReturnValues ReturnValuesOnConditionCheckFailure TableName';

const SELECT =
  'AttributesToGet ConditionalOperator ConsistentRead ExclusiveStartKey ExpressionAttributeNames ' +
  'ExpressionAttributeValues FilterExpression IndexName Limit ProjectionExpression ReturnConsumedCapacity Select ' +
  'TableName';

/** The arguments by the SDK's name of the service and then by call. The names are separated by spaces. */
export const API_ARGUMENTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  dynamodb: {
    getItem:
      'AttributesToGet ConsistentRead ExpressionAttributeNames Key ProjectionExpression ReturnConsumedCapacity TableName',
    putItem: `Item ${CONDITION}`,
    updateItem: `AttributeUpdates Key UpdateExpression ${CONDITION}`,
    deleteItem: `Key ${CONDITION}`,
    query: `KeyConditionExpression KeyConditions QueryFilter ScanIndexForward ${SELECT}`,
    scan: `ScanFilter Segment TotalSegments ${SELECT}`,
    batchGetItem: 'RequestItems ReturnConsumedCapacity',
    batchWriteItem: 'RequestItems ReturnConsumedCapacity ReturnItemCollectionMetrics',
    transactGetItems: 'ReturnConsumedCapacity TransactItems',
    transactWriteItems: 'ClientRequestToken ReturnConsumedCapacity ReturnItemCollectionMetrics TransactItems',
  },
  lambda: {
    invoke:
      'ClientContext DurableExecutionName FunctionName InvocationType LogType Payload Qualifier TenantId',
  },
  sqs: {
    sendMessage:
      'DelaySeconds MessageAttributes MessageBody MessageDeduplicationId MessageGroupId MessageSystemAttributes QueueUrl',
    sendMessageBatch: 'Entries QueueUrl',
    receiveMessage:
      'AttributeNames MaxNumberOfMessages MessageAttributeNames MessageSystemAttributeNames QueueUrl ' +
      'ReceiveRequestAttemptId VisibilityTimeout WaitTimeSeconds',
    deleteMessage: 'QueueUrl ReceiptHandle',
  },
  sns: {
    publish:
      'Message MessageAttributes MessageDeduplicationId MessageGroupId MessageStructure PhoneNumber Subject TargetArn TopicArn',
    publishBatch: 'PublishBatchRequestEntries TopicArn',
  },
  eventbridge: { putEvents: 'EndpointId Entries' },
  sfn: {
    startExecution: 'Input Name StateMachineArn TraceHeader',
    startSyncExecution: 'IncludedData Input Name StateMachineArn TraceHeader',
  },
  s3: {
    getObject: READ_OBJECT,
    headObject: READ_OBJECT,
    putObject:
      'Body ChecksumCRC32 ChecksumCRC32C ChecksumCRC64NVME ChecksumMD5 ChecksumSHA1 ChecksumSHA256 ChecksumSHA512 ' +
      'ChecksumXXHASH128 ChecksumXXHASH3 ChecksumXXHASH64 ContentLength ContentMD5 ' +
      `WriteOffsetBytes ${WRITE_OBJECT}`,
    copyObject:
      'AnnotationDirective CopySource CopySourceIfMatch CopySourceIfModifiedSince CopySourceIfNoneMatch CopySourceIfUnmodifiedSince ' +
      'CopySourceSSECustomerAlgorithm CopySourceSSECustomerKey CopySourceSSECustomerKeyMD5 ' +
      `ExpectedSourceBucketOwner MetadataDirective TaggingDirective ${WRITE_OBJECT}`,
    deleteObject:
      'Bucket BypassGovernanceRetention ExpectedBucketOwner IfMatch IfMatchLastModifiedTime IfMatchSize Key MFA ' +
      'RequestPayer VersionId',
    deleteObjects:
      'Bucket BypassGovernanceRetention ChecksumAlgorithm Delete ExpectedBucketOwner MFA RequestPayer',
    getObjectTagging: 'Bucket ExpectedBucketOwner Key RequestPayer VersionId',
    putObjectTagging:
      'Bucket ChecksumAlgorithm ContentMD5 ExpectedBucketOwner Key RequestPayer Tagging VersionId',
    listObjectsV2:
      'Bucket ContinuationToken Delimiter EncodingType ExpectedBucketOwner FetchOwner MaxKeys ' +
      'OptionalObjectAttributes Prefix RequestPayer StartAfter',
  },
};
