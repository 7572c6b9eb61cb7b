import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { exampleClaims } from '../examples.ts';
import { claimOf, readClaim, settle } from '../render.ts';
import { failedOf, readLetter, whyOf } from '../src/dead-letters.ts';
import { at, isObject } from '../src/objects.ts';
import { completeSpec } from '../src/read-spec.ts';
import { WORKFLOWS } from '../src/workflows/index.ts';
import { SEND_DEAD_LETTER } from '../src/workflows/parts.ts';
import { definitionOf, statesOf } from './machines.ts';

/** Examples whose state machine is ours: those of type Custom send what they like. */
const OURS = exampleClaims().filter((path) => {
  const { type, execution } = completeSpec(readClaim(path)).workflow;
  return type !== 'Custom' && execution !== 'Direct' && WORKFLOWS[type].executions.length > 0;
});
const EXECUTION: Readonly<Record<string, unknown>> = {
  '$$.Execution.Id': 'arn:1',
  '$$.Execution.Input': { key: 'in/a' },
  '$.error': { Error: 'E', Cause: 'c' },
};

/** What Step Functions makes of a message's body. */
const filledIn = (body: unknown) =>
  Object.fromEntries(
    Object.entries(isObject(body) ? body : {}).map(([field, path]) => [
      field.replace(/\.\$$/, ''),
      EXECUTION[String(path)],
    ]),
  );

describe('what a state machine sends', () => {
  it.each(OURS)('is read whole: %s', async (path) => {
    const { rendered } = await settle(readClaim(path));
    const state = statesOf(definitionOf(rendered.resources)).find(({ name }) => name === SEND_DEAD_LETTER);
    const read = readLetter(JSON.stringify(filledIn(at(state?.state, 'Parameters', 'MessageBody'))));
    expect(read, 'function/src/dead-letters.ts').toEqual({
      by: 'execution',
      letter: { execution: 'arn:1', input: { key: 'in/a' }, error: { Error: 'E', Cause: 'c' } },
    });
    expect(failedOf(read)).toEqual({ input: { key: 'in/a' } });
    expect(whyOf(read)).toEqual({ error: 'E', cause: 'c' });
  });
});

describe('who writes', () => {
  it('is every function that an event or a stream invokes, and every state machine', async () => {
    const claim = claimOf({
      region: 'eu-west-1',
      source: { upload: { authorization: { type: 'None' } } },
      workflow: { type: 'RunScript', runScript: { network: { publicAddress: true } } },
    });
    const { rendered } = await settle(claim);
    const destinations = Object.entries(rendered.resources)
      .filter(([, manifest]) => at(manifest, 'spec', 'forProvider', 'destinationConfig', 'onFailure'))
      .map(([key]) => key.replace(/-[0-9a-f]{8}$/, ''));
    expect(destinations.sort()).toEqual([
      'launch-instance-mapping',
      'mark-uploaded-invoke-config',
      'sweep-instances-invoke-config',
    ]);
  });
});

describe('whatever else is in the queue', () => {
  it.each(['hello', '[]', '{"hello":1}', '{"DDBStreamBatchInfo":{}}'])('is nobody’s: %s', (body) => {
    expect(readLetter(body)).toBeUndefined();
    expect(failedOf(readLetter(body))).toBeUndefined();
    expect(whyOf(readLetter(body))).toBeUndefined();
  });
});

it('docs/workflows.md tells people where in a letter the event and the input are', () => {
  const text = readFileSync(new URL('../../docs/workflows.md', import.meta.url), 'utf8');
  const fields = [...text.matchAll(/jq \.(\w+) message\.json/g)].map(([, field = '']) => field);
  const given = fields.map((field) => failedOf(readLetter(JSON.stringify({ [field]: { key: 'a' } }))));
  expect(given, 'docs/workflows.md, "What fails"').toEqual([
    { event: { key: 'a' } },
    { input: { key: 'a' } },
  ]);
});
