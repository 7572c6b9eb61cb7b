import { expect, it } from 'vitest';
import { ensureEmulator } from '../local/venv.ts';
import { operationNames } from './aws-operations.ts';

const call = (service: string, method: string, path: string, operation = '') => ({
  ...{ service, method, path, operation, status: 200 },
});

it.each([
  ['a query parameter', call('s3', 'GET', '/files?versioning='), 's3 GetBucketVersioning'],
  ['a bucket alone', call('s3', 'HEAD', '/files'), 's3 HeadBucket'],
  ['a key with slashes', call('s3', 'PUT', '/files/a/b.zip?x-id=PutObject'), 's3 PutObject'],
  ['S3 Control', call('s3', 'GET', '/v20180820/tags/arn%3Aaws%3As3%3A%3A%3Afiles'), 's3 ListTagsForResource'],
  ['a dated path', call('lambda', 'POST', '/2015-03-31/functions'), 'lambda CreateFunction'],
  ['an HTTP API', call('apigateway', 'PATCH', '/v2/apis/0a1b/stages/%24default'), 'apigateway UpdateStage'],
  ['a schedule', call('scheduler', 'GET', '/schedules/sweep?groupName=default'), 'scheduler GetSchedule'],
  ['a path below a name', call('lambda', 'GET', '/2015-03-31/functions/f/policy'), 'lambda GetPolicy'],
  [
    'a target',
    call('states', 'POST', '/', 'AWSStepFunctions.CreateStateMachine'),
    'states CreateStateMachine',
  ],
  [
    'RPC v2',
    call('monitoring', 'POST', '/service/GraniteServiceVersion20100801/operation/PutMetricAlarm'),
    'monitoring PutMetricAlarm',
  ],
])(
  '%s names the operation',
  async (_why, made, name) => {
    expect(operationNames(await ensureEmulator())(made)).toBe(name);
  },
  60_000,
);

it('a call that no model knows is an error', async () => {
  const nameOf = operationNames(await ensureEmulator());
  expect(() => nameOf(call('lambda', 'GET', '/nowhere'))).toThrow('lambda GET /nowhere is no operation');
}, 60_000);
