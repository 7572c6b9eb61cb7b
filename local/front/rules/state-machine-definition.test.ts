import { describe, expect, it } from 'vitest';
import { settle } from '../../../function/render.ts';
import { stringAt } from '../../../function/src/objects.ts';
import { SAMPLES } from '../../../function/tests/asl/samples.ts';
import { CLAIMS } from '../../../function/tests/claims.ts';
import { createClients } from '../../aws.ts';
import { stateMachineDefinition } from './state-machine-definition.ts';

const ask = createClients({ endpoint: 'http://127.0.0.1:1', region: 'eu-west-1' });

function judge(definition: string, type = 'STANDARD') {
  const body = Buffer.from(JSON.stringify({ definition, type }));
  const signed = { accessKeyId: 'test', region: 'eu-west-1', service: 'states' };
  return stateMachineDefinition.judge(
    { ...signed, operation: 'states:CreateStateMachine', path: '/', headers: {}, body },
    ask,
  );
}

const RIGHT = SAMPLES.filter(({ problems }) => problems.length === 0);

describe('nothing that AWS takes is refused', () => {
  it.each(RIGHT.map((sample) => [sample.why, sample] as const))('%s', (_why, { definition, execution }) => {
    expect(judge(JSON.stringify(definition), execution?.toUpperCase())).toBeUndefined();
  });

  it.each(Object.keys(CLAIMS))('the state machine of %s', async (name) => {
    const machine = (await settle(CLAIMS[name] ?? {})).rendered.resources['state-machine'];
    if (machine === undefined) return;
    const definition = stringAt(machine, 'spec', 'forProvider', 'definition') ?? '';
    expect(judge(definition, stringAt(machine, 'spec', 'forProvider', 'type'))).toBeUndefined();
  });
});

it.each([
  ['no JSON', '{', 'INVALID_JSON_DESCRIPTION: Invalid JSON description at /'],
  ['no object', '[]', 'SCHEMA_VALIDATION_FAILED: the definition is not an object at /'],
  [
    'a state that is none',
    '{"StartAt":"A","States":{"A":null}}',
    'SCHEMA_VALIDATION_FAILED: a state is not an object at /States',
  ],
])('%s is refused', (_what, definition, why) => {
  expect(judge(definition)).toEqual({
    refusal: {
      status: 400,
      code: 'InvalidDefinition',
      message: `Invalid State Machine Definition: '${why}'`,
    },
  });
});
