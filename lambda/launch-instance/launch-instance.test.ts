import {
  type AttributeValue,
  ConditionalCheckFailedException,
  GetItemCommand,
  type UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import {
  EC2ServiceException,
  type RunInstancesCommand,
  type RunInstancesCommandInput,
} from '@aws-sdk/client-ec2';
import { describe, expect, test } from 'vitest';
import { ConfigurationError, MalformedEventError } from '../shared/errors.ts';
import { keptLog, rejectionOf } from '../testing/records.ts';
import { vmParameters } from '../vm/parameters.ts';
import { userData } from '../vm/user-data.ts';
import { createHandler, LaunchesGivenUpError } from './launch-instance.ts';

const ENV = {
  AWS_REGION: 'eu-west-1',
  TABLE_NAME: 'uploads',
  PARTITION_KEY: 'id',
  BUCKET: 'files',
  SCRIPT_BUCKET: 'code',
  SCRIPT_KEY: 'scripts/1a2b.sh',
  TIMEOUT_MINUTES: '15',
  LAUNCH_TEMPLATE: 'default-uploads-vm',
  PIPELINE: 'default/uploads',
};
const CHANGED = Date.parse('2026-01-02T03:04:05.000Z');

type Row = Record<string, AttributeValue>;

function refusal(name: string, message = 'No.'): EC2ServiceException {
  return new EC2ServiceException({ name, message, $fault: 'client', $metadata: {} });
}

/** Stand-ins: a table of rows, and an EC2 that remembers client tokens. `refuse` throws the error for the launch of an id. */
function setUp(
  statuses: Record<string, string>,
  refuse: (id: string) => Error | undefined = () => undefined,
) {
  const rows = new Map<string, Row>(
    Object.entries(statuses).map(([id, status]) => [id, { id: { S: id }, status: { S: status } }]),
  );
  const launches: RunInstancesCommandInput[] = [];
  const machines = new Map<string, string>();
  const clock = { now: CHANGED };
  let down = false;
  const dynamodb = {
    async send(command: GetItemCommand | UpdateItemCommand) {
      if (down) throw new Error('DynamoDB is down');
      const row = rows.get(command.input.Key?.['id']?.S ?? '');
      if (command instanceof GetItemCommand) return { $metadata: {}, ...(row ? { Item: { ...row } } : {}) };
      const { ConditionExpression = '', ExpressionAttributeValues: values = {} } = command.input;
      const from = ConditionExpression.match(/:\w+/g)?.map((name) => values[name]?.S) ?? [];
      if (row === undefined || !from.includes(row['status']?.S)) {
        throw new ConditionalCheckFailedException({ message: 'no', $metadata: {} });
      }
      for (const [, name, value] of command.input.UpdateExpression?.matchAll(/#(\w+) = (:\w+)/g) ?? []) {
        const given = values[value ?? ''];
        if (name !== undefined && given !== undefined) row[name] = given;
      }
      return { $metadata: {} };
    },
  };
  const ec2 = {
    async send({ input }: RunInstancesCommand) {
      launches.push(input);
      const id = input.TagSpecifications?.[0]?.Tags?.[1]?.Value ?? '';
      const error = refuse(id);
      if (error) throw error;
      const token = input.ClientToken ?? '';
      machines.set(token, machines.get(token) ?? `i-${machines.size + 1}`);
      return { $metadata: {}, Instances: [{ InstanceId: machines.get(token) }] };
    },
  };
  const { log, lines } = keptLog();
  const handle = createHandler({ dynamodb, ec2, env: ENV, logger: log, now: () => new Date(clock.now) });
  const setDown = (value: boolean) => {
    down = value;
  };
  return { handle, rows, launches, machines, lines, clock, setDown };
}

let sequence = 0;

function record(id: string, status = 'uploaded', eventName = 'MODIFY') {
  return {
    eventID: String(sequence),
    eventName,
    eventSource: 'aws:dynamodb',
    dynamodb: {
      ApproximateCreationDateTime: CHANGED / 1000,
      Keys: { id: { S: id } },
      NewImage: { id: { S: id }, status: { S: status }, file_name: { S: 'a.txt' } },
      SequenceNumber: `${id}-${++sequence}`,
      StreamViewType: 'NEW_IMAGE',
    },
  };
}

const numberOf = ({ dynamodb }: ReturnType<typeof record>) => ({ itemIdentifier: dynamodb.SequenceNumber });
const NONE = { batchItemFailures: [] };

describe('launch-instance', () => {
  test('starts a machine from the template, tagged, with user data, and says so in the row', async () => {
    const { handle, rows, launches, lines } = setUp({ abc: 'uploaded' });

    expect(await handle({ Records: [record('abc')] })).toEqual(NONE);

    const Tags = [
      { Key: 'fileingest.dev/pipeline', Value: 'default/uploads' },
      { Key: 'fileingest.dev/upload', Value: 'abc' },
      { Key: 'Name', Value: 'default/uploads abc' },
    ];
    expect(launches).toEqual([
      {
        MinCount: 1,
        MaxCount: 1,
        ClientToken: expect.stringMatching(/^[0-9a-f]{64}$/),
        LaunchTemplate: { LaunchTemplateName: 'default-uploads-vm', Version: '$Latest' },
        UserData: Buffer.from(userData('abc', vmParameters(ENV))).toString('base64'),
        TagSpecifications: [
          { ResourceType: 'instance', Tags },
          { ResourceType: 'volume', Tags },
          { ResourceType: 'network-interface', Tags },
        ],
      },
    ]);
    const deadline = CHANGED / 1000 + 25 * 60;
    expect(rows.get('abc')).toEqual({
      id: { S: 'abc' },
      status: { S: 'launched' },
      updated: { S: '2026-01-02T03:04:05.000Z' },
      deadline: { N: String(deadline) },
      instance_id: { S: 'i-1' },
    });
    expect(lines).toEqual([
      { level: 'info', message: 'Virtual machine started', upload: 'abc', instance: 'i-1', deadline },
    ]);
  });

  test('a record delivered again starts nothing', async () => {
    const { handle, launches } = setUp({ abc: 'uploaded' });
    const event = { Records: [record('abc')] };

    await handle(event);

    expect(await handle(event)).toEqual(NONE);
    expect(launches).toHaveLength(1);
  });

  test('a launch whose row could not be written is the same launch when it is repeated', async () => {
    const { handle, launches, machines, rows, setDown } = setUp({ abc: 'uploaded' }, () => {
      setDown(launches.length === 1);
      return undefined;
    });
    const again = record('abc');

    expect(await handle({ Records: [again] })).toEqual({ batchItemFailures: [numberOf(again)] });
    setDown(false);
    expect(await handle({ Records: [again] })).toEqual(NONE);

    expect(launches[1]).toEqual(launches[0]);
    expect([...machines.values()]).toEqual(['i-1']);
    expect(rows.get('abc')?.['instance_id']).toEqual({ S: 'i-1' });
  });

  test('ids differ, and so do their tokens', async () => {
    const { handle, launches } = setUp({ a: 'uploaded', b: 'uploaded' });

    await handle({ Records: [record('a'), record('b')] });

    expect(new Set(launches.map(({ ClientToken }) => ClientToken)).size).toBe(2);
  });

  test.each([
    { why: 'another status', change: record('abc', 'running') },
    { why: 'a removal', change: record('abc', 'uploaded', 'REMOVE') },
    { why: 'keys only', change: { eventName: 'MODIFY', dynamodb: { SequenceNumber: '1' } } },
  ])('ignores a change that is no upload: $why', async ({ change }) => {
    const { handle, launches } = setUp({ abc: 'uploaded' });

    expect(await handle({ Records: [change] })).toEqual(NONE);
    expect(launches).toEqual([]);
  });

  test('a row that is gone starts nothing', async () => {
    const { handle, launches } = setUp({});

    expect(await handle({ Records: [record('abc')] })).toEqual(NONE);
    expect(launches).toEqual([]);
  });

  test('a machine that is quicker than its row leaves the row alone', async () => {
    const { handle, rows } = setUp({ abc: 'uploaded' }, () => {
      rows.set('abc', { id: { S: 'abc' }, status: { S: 'running' } });
      return undefined;
    });

    expect(await handle({ Records: [record('abc')] })).toEqual(NONE);
    expect(rows.get('abc')).toEqual({ id: { S: 'abc' }, status: { S: 'running' } });
  });

  test('a machine that was started with other settings counts as started', async () => {
    const { handle, rows } = setUp({ abc: 'uploaded' }, () => refusal('IdempotentParameterMismatch'));

    expect(await handle({ Records: [record('abc')] })).toEqual(NONE);
    expect(rows.get('abc')).toMatchObject({ status: { S: 'launched' }, deadline: { N: expect.any(String) } });
    expect(rows.get('abc')).not.toHaveProperty('instance_id');
  });
});

const GIVEN_UP = new LaunchesGivenUpError('1 launches of this batch failed; the log has each of them');

describe('launch-instance when a launch fails', () => {
  test('the first failure ends the batch: it and all after it come again', async () => {
    let full = true;
    const { handle, launches, machines } = setUp({ a: 'uploaded', b: 'uploaded', c: 'uploaded' }, (id) =>
      full && id === 'b' ? refusal('InsufficientInstanceCapacity') : undefined,
    );
    const [a, b, c] = [record('a'), record('b'), record('c')];

    expect(await handle({ Records: [a, b, c] })).toEqual({ batchItemFailures: [numberOf(b)] });
    expect(launches).toHaveLength(2);
    full = false;
    expect(await handle({ Records: [b, c] })).toEqual(NONE);
    expect(machines.size).toBe(3);
  });

  test.each([
    {
      name: 'InsufficientInstanceCapacity',
      minutes: 10,
      error:
        'The virtual machine could not be started: AWS has no capacity for this type of virtual machine. Upload the file again later.',
    },
    {
      name: 'VcpuLimitExceeded',
      minutes: 10,
      error:
        "The virtual machine could not be started: the account's limit of virtual machines is reached. Upload the file again later.",
    },
    {
      name: 'InvalidLaunchTemplateName.NotFoundException',
      minutes: 2,
      error:
        'The virtual machine could not be started, because this pipeline has a fault. Report this message. ' +
        'InvalidLaunchTemplateName.NotFoundException: No.',
    },
    {
      name: 'UnauthorizedOperation',
      message: 'You are not authorized. Encoded authorization failure message: abc\ndef',
      minutes: 2,
      error:
        'The virtual machine could not be started, because this pipeline has a fault. Report this message. ' +
        'UnauthorizedOperation: You are not authorized.',
    },
  ])(
    '$name is tried for $minutes minutes, then the row is failed',
    async ({ name, message, minutes, error }) => {
      const { handle, rows, clock, lines } = setUp({ abc: 'uploaded' }, () => refusal(name, message));
      const failing = record('abc');

      clock.now = CHANGED + minutes * 60_000 - 1;
      expect(await handle({ Records: [failing] })).toEqual({ batchItemFailures: [numberOf(failing)] });
      expect(rows.get('abc')?.['status']).toEqual({ S: 'uploaded' });
      clock.now += 1;
      expect(await rejectionOf(handle({ Records: [failing] }))).toEqual(GIVEN_UP);
      // The error is only for the alarm: the batch is delivered again, and there is nothing to do.
      expect(await handle({ Records: [failing] })).toEqual(NONE);

      expect(rows.get('abc')).toMatchObject({ status: { S: 'failed' }, error: { S: error } });
      expect(lines.map((line) => line.message)).toEqual([
        'Record failed, will be retried',
        'Launch failed, row marked failed',
        'Duplicate or late record: the row has a later status',
      ]);
    },
  );

  test('a batch with one given up and one to be tried again comes again as a whole', async () => {
    const { handle, rows, clock } = setUp({ old: 'uploaded', a: 'uploaded' }, (id) =>
      refusal(id === 'old' ? 'UnauthorizedOperation' : 'InsufficientInstanceCapacity'),
    );
    clock.now = CHANGED + 2 * 60_000;

    expect(await rejectionOf(handle({ Records: [record('old'), record('a')] }))).toEqual(GIVEN_UP);

    expect(rows.get('old')?.['status']).toEqual({ S: 'failed' });
    expect(rows.get('a')?.['status']).toEqual({ S: 'uploaded' });
  });

  test('an id that is none fails its row, and stops no other for long', async () => {
    const { handle, rows, clock } = setUp({ 'a b': 'uploaded', c: 'uploaded' });
    clock.now = CHANGED + 2 * 60_000;

    expect(await rejectionOf(handle({ Records: [record('a b'), record('c')] }))).toEqual(GIVEN_UP);

    expect(rows.get('a b')?.['error']?.S).toMatch(/"a b" is no id of an upload/);
    expect(rows.get('c')?.['status']).toEqual({ S: 'launched' });
  });

  test('a record whose id cannot be read comes again, and ends in the dead letters', async () => {
    const { handle, lines } = setUp({});
    const unreadable = {
      eventName: 'INSERT',
      dynamodb: { SequenceNumber: '7', NewImage: { status: { S: 'uploaded' } } },
    };

    expect(await handle({ Records: [unreadable] })).toEqual({ batchItemFailures: [{ itemIdentifier: '7' }] });
    expect(lines[0]?.['reason']).toBe(
      'MalformedEventError: dynamodb.NewImage.id.S: expected a text, found nothing',
    );
  });

  test.each([
    { event: {}, says: "Records: expected the list of a DynamoDB stream's event, found {}" },
    {
      event: { Records: [{ s3: {} }] },
      says: 'Records[0].dynamodb.SequenceNumber: expected a text, found nothing',
    },
  ])('an event of another kind is refused: $says', async ({ event, says }) => {
    expect(await rejectionOf(setUp({}).handle(event))).toEqual(new MalformedEventError(says));
  });

  test.each(Object.keys(ENV))('refuses at cold start without %s', (name) => {
    const unused = { send: () => Promise.reject(new Error('not reached')) };
    const env = { ...ENV, [name]: '' };
    expect(() => createHandler({ dynamodb: unused, ec2: unused, env, logger: keptLog().log })).toThrow(
      ConfigurationError,
    );
  });
});
