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

/** The dependencies of the handler: clients or stand-ins, and the clock. */
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

/** The result of a sweep. */
export interface SweepReport {
  readonly openRows: number;
  readonly failedRows: number;
  readonly machines: number;
  readonly terminatedMachines: number;
  readonly errors: number;
}

/** A part of the sweep failed. The next sweep tries it again. */
export class SweepIncompleteError extends Error {
  override readonly name = 'SweepIncompleteError';
}

/** The states of virtual machines that cost money. A stopped one still costs its disk; a normal end is a termination. */
const LIVE = ['pending', 'running', 'stopping', 'stopped'];

const uploadOf = ({ Tags }: Instance) => Tags?.find(({ Key }) => Key === UPLOAD_TAG)?.Value;

/**
 * A handler for a schedule. It ignores the event. It sets a row to `failed` when its virtual machine is gone, is overdue
 * or never started. It terminates the pipeline's virtual machines that are overdue or whose row is final. Rows that wait
 * for their file stay, as the file can still arrive. Overdue virtual machines are terminated first, so that a long table
 * scan does not add to their cost. Its environment: `TABLE_NAME`, `PARTITION_KEY`, `PIPELINE` (`<namespace>/<name>`) and
 * `TIMEOUT_MINUTES`.
 *
 * A failure is logged and does not stop the rest of the sweep.
 *
 * @throws ConfigurationError when a variable is missing or wrong
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
        logger.error('A step of the sweep failed', { what, reason: reasonOf(error) });
      }
    };

    const terminate = ({ InstanceId: id = '' }: Instance, why: string) =>
      attempt(`machine ${id}`, async () => {
        await ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
        report.terminatedMachines++;
        logger.warn('Virtual machine terminated', { instance: id, why });
      });

    const inTime: Instance[] = [];
    // Undefined unless all pages were read: a row must not fail because its virtual machine was on an unread page.
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
          // Only from the status that was read: a row that has changed since then stays as it is.
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

    logger.info('Sweep finished', report);
    if (report.errors > 0) {
      throw new SweepIncompleteError(
        `${report.errors} of the sweep's steps failed; the log has each of them`,
      );
    }
    return report;
  };
}
