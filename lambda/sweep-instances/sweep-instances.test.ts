import {
  type AttributeValue,
  ConditionalCheckFailedException,
  GetItemCommand,
  ScanCommand,
  type UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { DescribeInstancesCommand, type Instance, type TerminateInstancesCommand } from '@aws-sdk/client-ec2';
import { describe, expect, test } from 'vitest';
import { ConfigurationError } from '../shared/errors.ts';
import { keptLog, rejectionOf } from '../testing/records.ts';
import { createHandler, SweepIncompleteError } from './sweep-instances.ts';

const ENV = {
  TABLE_NAME: 'uploads',
  PARTITION_KEY: 'id',
  PIPELINE: 'default/uploads',
  TIMEOUT_MINUTES: '15',
};
const NOW = new Date('2026-01-02T12:00:00.000Z');
const SECONDS = NOW.getTime() / 1000;

type Row = Record<string, AttributeValue>;

function row(id: string, status: string, minutesAgo: number, deadline?: number): Row {
  return {
    id: { S: id },
    status: { S: status },
    updated: { S: new Date(NOW.getTime() - minutesAgo * 60_000).toISOString() },
    ...(deadline === undefined ? {} : { deadline: { N: String(deadline) } }),
  };
}

function machine(id: string, upload: string | undefined, minutesAgo: number): Instance {
  return {
    InstanceId: id,
    LaunchTime: new Date(NOW.getTime() - minutesAgo * 60_000),
    Tags: upload === undefined ? [] : [{ Key: 'fileingest.dev/upload', Value: upload }],
  };
}

/** Stand-ins with one row per page of Scan and one virtual machine per page of DescribeInstances, to test the paging. */
function setUp(
  rows: Row[],
  machines: Instance[] = [],
  trouble: (what: string) => Error | undefined = () => undefined,
) {
  const terminated: string[] = [];
  const requests: unknown[] = [];
  const meet = (what: string) => {
    const error = trouble(what);
    if (error) throw error;
  };
  const find = (id: string | undefined) => rows.find((one) => one['id']?.S === id);
  const dynamodb = {
    async send(command: ScanCommand | GetItemCommand | UpdateItemCommand) {
      if (command instanceof ScanCommand) {
        meet('scan');
        requests.push(command.input);
        const {
          FilterExpression = '',
          ExpressionAttributeValues: values = {},
          ExclusiveStartKey,
        } = command.input;
        const wanted = FilterExpression.match(/:\w+/g)?.map((name) => values[name]?.S) ?? [];
        const place = Number(ExclusiveStartKey?.['place']?.N ?? 0);
        const found = rows[place];
        const Items = found && wanted.includes(found['status']?.S) ? [{ ...found }] : [];
        const more = place + 1 < rows.length;
        return {
          $metadata: {},
          Items,
          ...(more ? { LastEvaluatedKey: { place: { N: String(place + 1) } } } : {}),
        };
      }
      const id = command.input.Key?.['id']?.S;
      const found = find(id);
      if (command instanceof GetItemCommand)
        return { $metadata: {}, ...(found ? { Item: { ...found } } : {}) };
      meet(`update ${id}`);
      const { ExpressionAttributeValues: values = {}, ConditionExpression = '' } = command.input;
      const from = ConditionExpression.match(/:\w+/g)?.map((name) => values[name]?.S) ?? [];
      if (!found || !from.includes(found['status']?.S)) {
        throw new ConditionalCheckFailedException({ message: 'no', $metadata: {} });
      }
      Object.assign(found, {
        status: values[':status'],
        error: values[':error'],
        updated: values[':updated'],
      });
      return { $metadata: {} };
    },
  };
  const ec2 = {
    async send(command: DescribeInstancesCommand | TerminateInstancesCommand) {
      if (command instanceof DescribeInstancesCommand) {
        requests.push(command.input);
        const place = Number(command.input.NextToken ?? 0);
        meet(`describe ${place}`);
        const Instances = machines.slice(place, place + 1);
        const more = place + 1 < machines.length;
        return {
          $metadata: {},
          Reservations: [{ Instances }],
          ...(more ? { NextToken: String(place + 1) } : {}),
        };
      }
      const [id = ''] = command.input.InstanceIds ?? [];
      meet(`terminate ${id}`);
      terminated.push(id);
      return { $metadata: {} };
    },
  };
  const { log, lines } = keptLog();
  return {
    sweep: createHandler({ dynamodb, ec2, env: ENV, logger: log, now: () => NOW }),
    terminated,
    requests,
    lines,
  };
}

describe('rows', () => {
  test.each([
    {
      why: 'running past its deadline',
      stuck: row('a', 'running', 30, SECONDS),
      error: 'The virtual machine ended before the script was finished. Upload the file again.',
    },
    {
      why: 'launched past its deadline',
      stuck: row('a', 'launched', 30, SECONDS - 1),
      error: 'The virtual machine was started, but did not run the script. Upload the file again.',
    },
    {
      why: 'launched 25 minutes ago, with no deadline',
      stuck: row('a', 'launched', 25),
      error: 'The virtual machine was started, but did not run the script. Upload the file again.',
    },
    {
      why: 'uploaded 20 minutes ago',
      stuck: row('a', 'uploaded', 20),
      error: 'No virtual machine was started within 20 minutes. Upload the file again.',
    },
  ])('$why is failed', async ({ stuck, error }) => {
    const { sweep, lines } = setUp([stuck]);

    expect(await sweep()).toEqual({
      openRows: 1,
      failedRows: 1,
      machines: 0,
      terminatedMachines: 0,
      errors: 0,
    });
    expect(stuck).toMatchObject({
      status: { S: 'failed' },
      error: { S: error },
      updated: { S: NOW.toISOString() },
    });
    expect(lines.at(-1)).toMatchObject({ message: 'Sweep finished', openRows: 1, failedRows: 1 });
  });

  test.each([
    { why: 'running, with a second left', fine: row('a', 'running', 14, SECONDS + 1) },
    { why: 'launched, with no deadline', fine: row('a', 'launched', 24) },
    { why: 'uploaded', fine: row('a', 'uploaded', 19) },
    { why: 'waiting for a file for days', fine: row('a', 'waiting', 9999) },
    { why: 'done', fine: row('a', 'done', 9999, 1) },
    { why: 'failed', fine: row('a', 'failed', 9999, 1) },
    { why: 'not of ours', fine: { id: { S: 'a' }, status: { S: 'running' } } },
  ])('$why stays as it is', async ({ fine }) => {
    const before = { ...fine };

    await setUp([fine], [machine('i-a', 'a', 14)]).sweep();

    expect(fine).toEqual(before);
  });

  const hours = SECONDS + 86_400;
  test.each([
    {
      stuck: row('a', 'running', 5, hours),
      error: 'The virtual machine ended before the script was finished.',
    },
    {
      stuck: row('a', 'launched', 5, hours),
      error: 'The virtual machine was started, but did not run the script.',
    },
  ])('$stuck.status.S, with hours left but no machine for minutes, is failed', async ({ stuck, error }) => {
    expect(await setUp([stuck], [machine('i-b', 'b', 1)]).sweep()).toMatchObject({ failedRows: 1 });
    expect(stuck['error']?.S).toContain(error);
  });

  test.each([
    { why: 'a machine that came a moment ago is not listed yet', minutesAgo: 4, fails: undefined },
    { why: 'machines cannot be listed', minutesAgo: 60, fails: 'describe 1' },
  ])('one without a machine stays where $why', async ({ minutesAgo, fails }) => {
    const fine = row('a', 'running', minutesAgo, hours);
    const { sweep } = setUp([fine], [machine('i-b', 'b', 1), machine('i-c', 'c', 1)], (what) =>
      what === fails ? new Error('no answer') : undefined,
    );

    await sweep().catch(() => undefined);

    expect(fine['status']).toEqual({ S: 'running' });
  });

  test('are read to the last page', async () => {
    const rows = Array.from({ length: 5 }, (_, index) =>
      row(`row-${index}`, index === 2 ? 'done' : 'running', 60, 1),
    );

    expect(await setUp(rows).sweep()).toMatchObject({ openRows: 4, failedRows: 4 });
    expect(rows.map((one) => one['status']?.S)).toEqual(['failed', 'failed', 'done', 'failed', 'failed']);
  });

  test('one that finishes between the scan and the write is left alone', async () => {
    const late = row('a', 'running', 60, 1);
    const { sweep } = setUp([late], [], (what) => {
      if (what === 'update a') late['status'] = { S: 'done' };
      return undefined;
    });

    expect(await sweep()).toMatchObject({ openRows: 1, failedRows: 0 });
    expect(late['status']).toEqual({ S: 'done' });
    expect(late).not.toHaveProperty('error');
  });
});

describe('machines', () => {
  test('asks for those of this pipeline that are not ended', async () => {
    const { sweep, requests } = setUp([]);

    await sweep();

    expect(requests[0]).toEqual({
      Filters: [
        { Name: 'tag:fileingest.dev/pipeline', Values: ['default/uploads'] },
        { Name: 'instance-state-name', Values: ['pending', 'running', 'stopping', 'stopped'] },
      ],
    });
  });

  test('ends those past their time and those whose row is finished, and no others', async () => {
    const rows = [row('busy', 'running', 5, SECONDS + 60), row('ok', 'done', 1), row('bad', 'failed', 1)];
    const machines = [
      machine('i-busy', 'busy', 5),
      machine('i-old', 'busy', 25),
      machine('i-done', 'ok', 5),
      machine('i-failed', 'bad', 5),
      machine('i-no-row', 'unknown', 24),
      machine('i-no-tag', undefined, 24),
      machine('i-no-row-old', 'unknown', 25),
    ];
    const { sweep, terminated, lines } = setUp(rows, machines);

    expect(await sweep()).toMatchObject({ machines: 7, terminatedMachines: 4 });

    expect(terminated).toEqual(['i-old', 'i-no-row-old', 'i-done', 'i-failed']);
    expect(lines.slice(0, 2)).toEqual([
      { level: 'warn', message: 'Virtual machine terminated', instance: 'i-old', why: 'past its time' },
      {
        level: 'warn',
        message: 'Virtual machine terminated',
        instance: 'i-no-row-old',
        why: 'past its time',
      },
    ]);
    expect(lines[2]).toMatchObject({ instance: 'i-done', why: 'its row is finished' });
  });

  test('those past their time are ended before the table is read', async () => {
    const order: string[] = [];
    const { sweep } = setUp([row('a', 'running', 1)], [machine('i-old', 'a', 60)], (what) => {
      order.push(what);
      return undefined;
    });

    await sweep();

    expect(order.indexOf('terminate i-old')).toBeLessThan(order.indexOf('scan'));
  });

  test('a row that is failed now takes its machine along', async () => {
    const { sweep, terminated } = setUp([row('a', 'running', 10, SECONDS)], [machine('i-a', 'a', 20)]);

    await sweep();

    expect(terminated).toEqual(['i-a']);
  });
});

describe('trouble', () => {
  test.each([
    { what: 'scan', left: { rows: ['running', 'running'], terminated: ['i-1', 'i-2'] } },
    { what: 'update a', left: { rows: ['running', 'failed'], terminated: ['i-1', 'i-2'] } },
    { what: 'terminate i-1', left: { rows: ['failed', 'failed'], terminated: ['i-2'] } },
  ])('with $what stops nothing else, and is an error in the end', async ({ what, left }) => {
    const rows = [row('a', 'running', 60, 1), row('b', 'running', 60, 1)];
    const machines = [machine('i-1', undefined, 60), machine('i-2', undefined, 60)];
    const { sweep, terminated, lines } = setUp(rows, machines, (step) =>
      step === what ? new Error('no answer') : undefined,
    );

    expect(await rejectionOf(sweep())).toEqual(
      new SweepIncompleteError("1 of the sweep's steps failed; the log has each of them"),
    );
    expect(rows.map((one) => one['status']?.S)).toEqual(left.rows);
    expect(terminated).toEqual(left.terminated);
    expect(lines).toContainEqual(
      expect.objectContaining({ message: 'A step of the sweep failed', reason: 'Error: no answer' }),
    );
  });

  test.each(Object.keys(ENV))('refuses at cold start without %s', (name) => {
    const unused = { send: () => Promise.reject(new Error('not reached')) };
    const env = { ...ENV, [name]: '' };
    expect(() => createHandler({ dynamodb: unused, ec2: unused, env, logger: keptLog().log })).toThrow(
      ConfigurationError,
    );
  });
});
