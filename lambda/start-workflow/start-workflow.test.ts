import {
  ExecutionAlreadyExists,
  SFNServiceException,
  type StartExecutionCommand,
  type StartExecutionCommandInput,
} from '@aws-sdk/client-sfn';
import { describe, expect, test } from 'vitest';
import { ConfigurationError } from '../shared/errors.ts';
import {
  BUCKET,
  EVENT_FORMS,
  HOSTILE_KEYS,
  keptLog,
  rejectionOf,
  s3Event,
  s3Record,
  TEST_EVENT,
} from '../testing/records.ts';
import { createHandler } from './start-workflow.ts';

const ARN = 'arn:aws:states:eu-west-1:111122223333:stateMachine:files';
const STANDARD = { STATE_MACHINE_ARN: ARN, EXECUTION: 'Standard' };
const EXPRESS = { STATE_MACHINE_ARN: ARN, EXECUTION: 'Express' };

/** A handler with a stand-in for Step Functions: a name starts once. `refuse` throws the error for a key. */
function setUp(env: Record<string, string>, refuse: (key: string) => Error | undefined = () => undefined) {
  const started: StartExecutionCommandInput[] = [];
  const sfn = {
    async send({ input }: StartExecutionCommand) {
      const error = refuse(inputOf(input).key);
      if (error) throw error;
      if (input.name !== undefined && started.some(({ name }) => name === input.name)) {
        throw new ExecutionAlreadyExists({
          message: `Execution Already Exists: '${input.name}'`,
          $metadata: {},
        });
      }
      started.push(input);
      const executionArn = `${ARN.replace('stateMachine', 'execution')}:${input.name ?? 'random'}`;
      return { executionArn, startDate: new Date(0), $metadata: {} };
    },
  };
  const { log, lines } = keptLog();
  return { handle: createHandler({ sfn, env, logger: log }), started, lines };
}

function inputOf({ input }: StartExecutionCommandInput): { key: string } & Record<string, unknown> {
  return JSON.parse(input ?? '');
}

describe('start-workflow', () => {
  test('starts a named execution with what is known of the file', async () => {
    const { handle, started, lines } = setUp(STANDARD);

    await handle(s3Event(s3Record({ key: 'in/a b.csv', versionId: 'v1' })));

    const name = started[0]?.name ?? '';
    expect(started).toEqual([
      {
        stateMachineArn: ARN,
        name: expect.stringMatching(/^a-b-csv-[0-9a-f]{64}$/),
        input: JSON.stringify({
          bucket: BUCKET,
          key: 'in/a b.csv',
          size: 42,
          eTag: 'd41d8cd98f00b204e9800998ecf8427e',
          versionId: 'v1',
          sequencer: '000000000000000055AED6DCD90281E5',
          eventTime: '2026-01-02T03:04:05.678Z',
        }),
      },
    ]);
    expect(lines).toEqual([
      {
        level: 'info',
        message: 'Execution started',
        bucket: BUCKET,
        key: 'in/a b.csv',
        execution: `arn:aws:states:eu-west-1:111122223333:execution:files:${name}`,
      },
    ]);
  });

  test('starts the same execution when the event comes both ways', async () => {
    const { handle, started } = setUp(STANDARD);

    for (const { eventOf } of EVENT_FORMS) await handle(eventOf({ key: 'in/a+b c.csv', versionId: 'v1' }));

    expect(started.map(inputOf)).toEqual([expect.objectContaining({ key: 'in/a+b c.csv', versionId: 'v1' })]);
  });

  test.each(EVENT_FORMS)('starts nothing for a folder marker in $form', async ({ eventOf }) => {
    const { handle, started } = setUp(EXPRESS);

    await handle(eventOf({ key: 'photos/', size: 0 }));

    expect(started).toEqual([]);
  });

  test('says when the row expires, as a number, only where rows do', async () => {
    const { handle, started } = setUp({ ...EXPRESS, EXPIRE_AFTER_DAYS: '7' });

    await handle(s3Event(s3Record({ eventTime: '1970-01-01T00:00:01.000Z' })));

    expect(started.map(inputOf)).toEqual([expect.objectContaining({ expiresAt: 604_801 })]);
  });

  test.each(HOSTILE_KEYS)('passes a key on as it is: $why', async ({ key }) => {
    const { handle, started } = setUp(STANDARD);

    await handle(s3Event(s3Record({ key })));

    expect(started.map((input) => inputOf(input).key)).toEqual([key]);
  });

  test('an event delivered again starts nothing new, and is a success', async () => {
    const { handle, started, lines } = setUp(STANDARD);
    const event = s3Event(s3Record({ key: 'a' }), s3Record({ key: 'b' }));

    await handle(event);
    await handle(event);

    expect(started).toHaveLength(2);
    expect(lines.slice(2)).toEqual(
      lines.slice(0, 2).map((line) => ({
        ...line,
        message: 'Duplicate event: its execution was started before',
      })),
    );
  });

  test('a new upload to the same key starts a new execution', async () => {
    const { handle, started } = setUp(STANDARD);

    await handle(s3Event(s3Record({ sequencer: '01' }), s3Record({ sequencer: '02' })));

    expect(started).toHaveLength(2);
  });

  test('Express executions have no name: a name would dedupe nothing', async () => {
    const { handle, started } = setUp(EXPRESS);

    await handle(s3Event(s3Record(), s3Record()));

    expect(started.map((input) => 'name' in input)).toEqual([false, false]);
  });

  test('throttling of one record is an error that names it, after all the others were started', async () => {
    const throttled = new SFNServiceException({
      name: 'ThrottlingException',
      $fault: 'client',
      message: 'Rate exceeded',
      $metadata: {},
    });
    const { handle, started } = setUp(STANDARD, (key) => (key === 'file-50' ? throttled : undefined));
    const records = Array.from({ length: 100 }, (_, index) => s3Record({ key: `file-${index}` }));

    const error = await rejectionOf(handle(s3Event(...records)));

    expect(started).toHaveLength(99);
    expect(error.message).toBe(
      '1 of 100 records failed: Records[50] "file-50": ThrottlingException: Rate exceeded',
    );
    expect(error.cause).toBe(throttled);
  });

  test('after a partial failure a second delivery starts only what is missing', async () => {
    let down = true;
    const { handle, started } = setUp(STANDARD, (key) =>
      down && key === 'b' ? new Error('down') : undefined,
    );
    const event = s3Event(s3Record({ key: 'a' }), s3Record({ key: 'b' }), s3Record({ key: 'c' }));

    await rejectionOf(handle(event));
    down = false;
    await handle(event);

    expect(started.map((input) => inputOf(input).key)).toEqual(['a', 'c', 'b']);
  });

  test("S3's test event starts nothing", async () => {
    const { handle, started } = setUp(STANDARD);

    await handle(TEST_EVENT);

    expect(started).toEqual([]);
  });

  test.each([
    {
      env: { EXECUTION: 'Standard' },
      says: "STATE_MACHINE_ARN is not set: set it in the function's environment to the ARN of the state machine to start",
    },
    {
      env: { ...STANDARD, STATE_MACHINE_ARN: 'files' },
      says:
        'STATE_MACHINE_ARN is "files": set it to the ARN of a state machine, ' +
        'such as arn:aws:states:eu-west-1:111122223333:stateMachine:name',
    },
    {
      env: { STATE_MACHINE_ARN: ARN },
      says: "EXECUTION is not set: set it in the function's environment to Standard or Express",
    },
    {
      env: { ...STANDARD, EXECUTION: 'Direct' },
      says: 'EXECUTION is "Direct": set it to Standard or Express',
    },
    {
      env: { ...STANDARD, EXPIRE_AFTER_DAYS: 'never' },
      says: 'EXPIRE_AFTER_DAYS is "never": set it to a whole number of days from 1 to 36500, or leave it out',
    },
  ])('refuses at cold start: $says', ({ env, says }) => {
    expect(() => setUp(env)).toThrow(new ConfigurationError(says));
  });
});
