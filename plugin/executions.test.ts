import { expect, it } from 'vitest';
import { executionName } from '../lambda/start-workflow/execution-name.ts';
import { createTraces } from './executions.ts';
import { awsOf } from './tests/stand-in.ts';

const MACHINE = 'arn:aws:states:eu-west-1:111122223333:stateMachine:m';
const OBJECTS = [
  { bucket: 'b', key: 'in/a b.txt', versionId: '1', sequencer: 'A' },
  { bucket: 'b', key: 'in/a b.txt', versionId: '2', sequencer: 'B' },
  { bucket: 'b', key: 'other/a b.txt', versionId: '1', sequencer: 'A' },
  { bucket: 'b', key: '東京', versionId: '1', sequencer: 'A' },
];
const startDate = new Date('2026-05-03T12:00:00Z');

/** A state machine whose executions of these objects have failed. It notes what it is asked for. */
function failed() {
  const asked: string[] = [];
  const aws = awsOf((command, { statusFilter, executionArn }) => {
    if (command === 'ListExecutionsCommand')
      return {
        executions:
          statusFilter === 'FAILED'
            ? OBJECTS.map(executionName).map((name, index) => ({
                name,
                executionArn: `arn:${index}`,
                startDate,
              }))
            : [],
      };
    asked.push(String(executionArn));
    const input = JSON.stringify(OBJECTS[Number(String(executionArn).slice(4))]);
    return { status: 'FAILED', error: 'E', cause: 'why', input };
  });
  return { aws, asked };
}

it('createTraces asks only for executions whose name fits, each once', async () => {
  const { aws, asked } = failed();
  const traces = createTraces(aws, MACHINE, undefined);
  expect(await traces.find('in/a b.txt', '2')).toMatchObject({
    arn: 'arn:1',
    status: 'FAILED',
    why: 'E: why',
  });
  expect(await traces.find('in/a b.txt', '2')).toMatchObject({ arn: 'arn:1' });
  expect(asked).toEqual(['arn:0', 'arn:1']);
  expect(await traces.find('東京', '1')).toMatchObject({ arn: 'arn:3' });
  expect(await traces.find('in/c.txt', '1')).toBeUndefined();
  expect(asked).toEqual(['arn:0', 'arn:1', 'arn:3']);
});

it('createTraces leaves out what started before', async () => {
  const { aws } = failed();
  const traces = createTraces(aws, MACHINE, new Date('2026-05-03T12:00:01Z'));
  expect(await traces.find('in/a b.txt', '2')).toBeUndefined();
});
