import {
  GetItemCommand,
  type GetItemCommandOutput,
  type UpdateItemCommand,
  type UpdateItemCommandOutput,
} from '@aws-sdk/client-dynamodb';
import { RunInstancesCommand, type RunInstancesCommandOutput } from '@aws-sdk/client-ec2';
import type { DynamoDBBatchResponse } from 'aws-lambda';
import { type Environment, requiredText } from '../shared/env.ts';
import { reasonOf } from '../shared/errors.ts';
import { type Log, withFields } from '../shared/log.ts';
import { moveRow, transition } from '../shared/transition.ts';
import { deadlineOf, vmParameters } from '../vm/parameters.ts';
import { launchErrorText, patienceMs, wasStartedBefore } from './launch-errors.ts';
import { runInstances } from './requests.ts';
import { streamRecords, type UploadedRecord, uploadedRecord } from './stream-event.ts';

/** The dependencies of the handler: clients or stand-ins, and the clock. */
export interface LaunchInstanceDependencies {
  readonly dynamodb: {
    send(command: GetItemCommand): Promise<GetItemCommandOutput>;
    send(command: UpdateItemCommand): Promise<UpdateItemCommandOutput>;
  };
  readonly ec2: { send(command: RunInstancesCommand): Promise<RunInstancesCommandOutput> };
  readonly env: Environment;
  readonly logger: Log;
  readonly now?: () => Date;
}

/** Launches of this batch failed for good, and their rows have the reason. The error makes the failure visible in metrics. */
export class LaunchesGivenUpError extends Error {
  override readonly name = 'LaunchesGivenUpError';
}

/**
 * A handler of the table's stream. It starts a virtual machine for each row that became `uploaded`, and sets the row to
 * `launched` with `instance_id` and `deadline`. Its environment: `LAUNCH_TEMPLATE` (name), `PIPELINE`
 * (`<namespace>/<name>`), and the variables that `vmParameters` reads.
 *
 * One upload starts one virtual machine: when a record is delivered again, its row has a later status, or EC2 knows its
 * client token.
 *
 * A failed launch is retried for a limited time; then its row becomes `failed` with the reason. The handler processes
 * records in order and stops at the first record to retry: Lambda delivers it and all later records again.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html
 *
 * The handler rejects with a LaunchesGivenUpError at the end of a batch in which launches failed for good, since only this
 * counts as an error of the function. Lambda delivers the batch again, and its rows then have a later status.
 *
 * @throws ConfigurationError when a variable is missing or wrong
 */
export function createHandler({
  dynamodb,
  ec2,
  env,
  logger,
  now = () => new Date(),
}: LaunchInstanceDependencies) {
  const settings = {
    launchTemplate: requiredText(env, 'LAUNCH_TEMPLATE', 'the name of the launch template'),
    pipeline: requiredText(env, 'PIPELINE', "the pipeline's namespace/name"),
    parameters: vmParameters(env),
  };
  const { table, partitionKey, timeoutSeconds } = settings.parameters;

  const isUploaded = async (id: string): Promise<boolean> => {
    const { Item } = await dynamodb.send(
      new GetItemCommand({
        TableName: table,
        Key: { [partitionKey]: { S: id } },
        ConsistentRead: true,
        ProjectionExpression: '#status',
        ExpressionAttributeNames: { '#status': 'status' },
      }),
    );
    return Item?.['status']?.S === 'uploaded';
  };

  /** The id of the new virtual machine, or undefined when it was started before with settings that have changed since. */
  const start = async (id: string, log: Log): Promise<string | undefined> => {
    try {
      const { Instances } = await ec2.send(new RunInstancesCommand(runInstances(id, settings)));
      return Instances?.[0]?.InstanceId;
    } catch (error) {
      if (!wasStartedBefore(error)) throw error;
      log.warn('Virtual machine was started before, with other settings', { reason: reasonOf(error) });
      return undefined;
    }
  };

  const launch = async ({ id }: UploadedRecord, log: Log): Promise<void> => {
    if (!(await isUploaded(id))) {
      log.info('Duplicate or late record: the row has a later status', {});
      return;
    }
    const deadline = deadlineOf(Math.floor(now().getTime() / 1000), timeoutSeconds);
    const instance = await start(id, log);
    const { moved } = await moveRow(
      dynamodb,
      transition({ table, partitionKey, id }, 'launched', now().toISOString(), {
        deadline: { N: String(deadline) },
        ...(instance === undefined ? {} : { instance_id: { S: instance } }),
      }),
    );
    log.info(
      moved ? 'Virtual machine started' : 'Virtual machine started; its row already has a later status',
      {
        instance: instance ?? '',
        deadline,
      },
    );
  };

  /** Sets a row to `failed`. Only from `uploaded`: the row of a virtual machine that did start must stay. */
  const giveUp = async ({ id }: UploadedRecord, error: unknown, log: Log): Promise<void> => {
    const values = { error: { S: launchErrorText(error) } };
    const request = transition({ table, partitionKey, id }, 'failed', now().toISOString(), values, [
      'uploaded',
    ]);
    const { moved } = await moveRow(dynamodb, request);
    log.error(moved ? 'Launch failed, row marked failed' : 'Launch failed; the row has a later status', {
      reason: reasonOf(error),
    });
  };

  /** Whether the launch of the record failed for good. */
  const handle = async (record: unknown): Promise<boolean> => {
    const uploaded = uploadedRecord(record, partitionKey);
    if (uploaded === undefined) return false;
    const log = withFields(logger, { upload: uploaded.id });
    try {
      await launch(uploaded, log);
      return false;
    } catch (error) {
      if (now().getTime() - uploaded.changed < patienceMs(error)) throw error;
      await giveUp(uploaded, error, log);
      return true;
    }
  };

  return async (event: unknown): Promise<DynamoDBBatchResponse> => {
    const batchItemFailures: { itemIdentifier: string }[] = [];
    let givenUp = 0;
    for (const { sequenceNumber, record } of streamRecords(event)) {
      try {
        if (await handle(record)) givenUp++;
      } catch (error) {
        logger.error('Record failed, will be retried', { sequenceNumber, reason: reasonOf(error) });
        batchItemFailures.push({ itemIdentifier: sequenceNumber });
        break;
      }
    }
    if (givenUp > 0)
      throw new LaunchesGivenUpError(`${givenUp} launches of this batch failed; the log has each of them`);
    return { batchItemFailures };
  };
}
