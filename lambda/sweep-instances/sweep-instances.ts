import {
  GetItemCommand,
  type GetItemCommandOutput,
  ScanCommand,
  type ScanCommandOutput,
  type UpdateItemCommand,
  type UpdateItemCommandOutput,
} from '@aws-sdk/client-dynamodb';
import {
  DescribeInstancesCommand,
  type DescribeInstancesCommandOutput,
  type Instance,
  TerminateInstancesCommand,
  type TerminateInstancesCommandOutput,
} from '@aws-sdk/client-ec2';
import { type Environment, requiredText } from '../shared/env.ts';
import { reasonOf } from '../shared/errors.ts';
import type { Log } from '../shared/log.ts';
import { moveRow, transition } from '../shared/transition.ts';
import { deadlineOf, timeoutSecondsFrom } from '../vm/parameters.ts';
import { PIPELINE_TAG, UPLOAD_TAG } from '../vm/tags.ts';
import { openRow, scanOpenRows, stuckBecause } from './sweep-rows.ts';

/** What the handler needs from outside: clients or stand-ins, and the clock. */
export interface SweepInstancesDependencies {
  readonly dynamodb: {
    send(command: ScanCommand): Promise<ScanCommandOutput>;
    send(command: GetItemCommand): Promise<GetItemCommandOutput>;
    send(command: UpdateItemCommand): Promise<UpdateItemCommandOutput>;
  };
  readonly ec2: {
    send(command: DescribeInstancesCommand): Promise<DescribeInstancesCommandOutput>;
    send(command: TerminateInstancesCommand): Promise<TerminateInstancesCommandOutput>;
  };
  readonly env: Environment;
  readonly logger: Log;
  readonly now?: () => Date;
}

/** What a sweep found and did. */
export interface SweepReport {
  readonly openRows: number;
  readonly failedRows: number;
  readonly machines: number;
  readonly terminatedMachines: number;
  readonly errors: number;
}

/** Some of a sweep could not be done; the next one tries it again. */
export class SweepIncompleteError extends Error {
  override readonly name = 'SweepIncompleteError';
}

/** A stopped machine costs its disk; one that ends itself is terminated. */
const LIVE = ['pending', 'running', 'stopping', 'stopped'];

const uploadOf = ({ Tags }: Instance) => Tags?.find(({ Key }) => Key === UPLOAD_TAG)?.Value;

/**
 * A handler for a schedule, whose event it does not look at. It marks rows `failed` whose machine is gone, did not finish
 * in time or never came, and terminates the pipeline's machines that are past their time or whose row is finished. Rows
 * that wait for their file stay: it may still come. What machines cost does not wait for a long table: those that are
 * past their time go first. Its environment: `TABLE_NAME`, `PARTITION_KEY`, `PIPELINE`
 * (`<namespace>/<name>`) and `TIMEOUT_MINUTES`.
 *
 * What fails is logged and stops nothing else.
 *
 * @throws ConfigurationError at once, when a variable is missing or wrong
 */
export function createHandler({
  dynamodb,
  ec2,
  env,
  logger,
  now = () => new Date(),
}: SweepInstancesDependencies) {
  const table = requiredText(env, 'TABLE_NAME', 'the name of the table');
  const partitionKey = requiredText(env, 'PARTITION_KEY', "the name of the table's partition key");
  const pipeline = requiredText(env, 'PIPELINE', "the pipeline's namespace/name");
  const timeoutSeconds = timeoutSecondsFrom(env);
  const seconds = () => Math.floor(now().getTime() / 1000);

  async function* openRows() {
    let ExclusiveStartKey: ScanCommandOutput['LastEvaluatedKey'];
    do {
      const page: ScanCommandOutput = await dynamodb.send(
        new ScanCommand({ ...scanOpenRows(table, partitionKey), ExclusiveStartKey }),
      );
      for (const item of page.Items ?? []) {
        const row = openRow(item, partitionKey);
        if (row !== undefined) yield row;
      }
      ExclusiveStartKey = page.LastEvaluatedKey;
    } while (ExclusiveStartKey !== undefined);
  }

  async function* machines() {
    let NextToken: string | undefined;
    do {
      const page: DescribeInstancesCommandOutput = await ec2.send(
        new DescribeInstancesCommand({
          Filters: [
            { Name: `tag:${PIPELINE_TAG}`, Values: [pipeline] },
            { Name: 'instance-state-name', Values: LIVE },
          ],
          NextToken,
        }),
      );
      for (const { Instances } of page.Reservations ?? []) yield* Instances ?? [];
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
  }

  const isFinished = async (id: string): Promise<boolean> => {
    const { Item } = await dynamodb.send(
      new GetItemCommand({
        TableName: table,
        Key: { [partitionKey]: { S: id } },
        ConsistentRead: true,
        ProjectionExpression: '#status',
        ExpressionAttributeNames: { '#status': 'status' },
      }),
    );
    return Item?.['status']?.S === 'done' || Item?.['status']?.S === 'failed';
  };

  const isPastItsTime = ({ LaunchTime }: Instance): boolean => {
    const launched = LaunchTime === undefined ? undefined : Math.floor(LaunchTime.getTime() / 1000);
    return launched !== undefined && seconds() >= deadlineOf(launched, timeoutSeconds);
  };

  return async (): Promise<SweepReport> => {
    const report = { openRows: 0, failedRows: 0, machines: 0, terminatedMachines: 0, errors: 0 };
    const attempt = async (what: string, work: () => Promise<void>) => {
      try {
        await work();
      } catch (error) {
        report.errors++;
        logger.error('Sweep failed in part', { what, reason: reasonOf(error) });
      }
    };

    const terminate = ({ InstanceId: id = '' }: Instance, why: string) =>
      attempt(`machine ${id}`, async () => {
        await ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
        report.terminatedMachines++;
        logger.warn('Machine terminated', { instance: id, why });
      });

    const inTime: Instance[] = [];
    // Known to the last page, or not at all: no row is given up for a machine that was only not listed.
    let withMachine: ReadonlySet<string | undefined> | undefined;
    await attempt('machines', async () => {
      const found = new Set<string | undefined>();
      for await (const machine of machines()) {
        report.machines++;
        found.add(uploadOf(machine));
        if (isPastItsTime(machine)) await terminate(machine, 'past its time');
        else inTime.push(machine);
      }
      withMachine = found;
    });

    await attempt('rows', async () => {
      for await (const row of openRows()) {
        report.openRows++;
        const error = stuckBecause(row, seconds(), timeoutSeconds, withMachine?.has(row.id) ?? true);
        if (error === undefined) continue;
        await attempt(`row ${row.id}`, async () => {
          // From the status that was seen: one that moved on meanwhile is left alone.
          const values = { error: { S: error } };
          const address = { table, partitionKey, id: row.id };
          const request = transition(address, 'failed', now().toISOString(), values, [row.status]);
          if (!(await moveRow(dynamodb, request)).moved) return;
          report.failedRows++;
          logger.warn('Row marked failed', { upload: row.id, was: row.status, reason: error });
        });
      }
    });

    for (const machine of inTime) {
      const upload = uploadOf(machine);
      await attempt(`row of machine ${machine.InstanceId}`, async () => {
        if (upload !== undefined && (await isFinished(upload)))
          await terminate(machine, 'its row is finished');
      });
    }

    logger.info('Swept', report);
    if (report.errors > 0) {
      throw new SweepIncompleteError(`${report.errors} of a sweep's steps failed, each in the log`);
    }
    return report;
  };
}
