import type { StartExecutionCommand } from '@aws-sdk/client-sfn';
import validate from 'asl-validator';
import { describe, expect, it } from 'vitest';
import { keptLog, s3Event, s3Record } from '../../lambda/shared/testing.ts';
import { createHandler } from '../../lambda/start-workflow/start-workflow.ts';
import { at, isObject, type Json, stringAt } from '../src/objects.ts';
import { CLAIMS } from './claims.ts';
import { claimOf, settle } from './render.ts';

interface Machine {
  start: string;
  states: Record<string, Json>;
  definition: Json;
}

const textOf = async (claim: Json) =>
  stringAt((await settle(claim)).rendered.resources['state-machine'], 'spec', 'forProvider', 'definition');

async function machineOf(claim: Json): Promise<Machine> {
  const definition: Json = JSON.parse((await textOf(claim)) ?? '{}');
  const states = Object.entries(isObject(definition['States']) ? definition['States'] : {});
  const known = states.flatMap(([name, state]): [string, Json][] => (isObject(state) ? [[name, state]] : []));
  return { start: String(definition['StartAt']), states: Object.fromEntries(known), definition };
}

const objects = (value: unknown): Json[] => (Array.isArray(value) ? value.filter(isObject) : []);
const nextOf = (state: Json): string[] =>
  [state, ...objects(state['Catch']), ...objects(state['Choices'])].flatMap(
    (one) => stringAt(one, 'Next') ?? [],
  );

/** Every string below a value, with the name of its field. */
function strings(value: unknown, field = ''): [field: string, text: string][] {
  if (typeof value === 'string') return [[field, value]];
  if (Array.isArray(value)) return value.flatMap((item) => strings(item, field));
  return isObject(value) ? Object.entries(value).flatMap(([name, inner]) => strings(inner, name)) : [];
}

const PATH = /^\$\$?(\.[A-Za-z]+)+$/;
/** An expression may name data by path only: what is in the data is never read as one. */
const EXPRESSION = /^States\.Format\('\{\}', (\$(\.[A-Za-z]+)+)\)$/;

const withMachine = Object.keys(CLAIMS).filter((name) => !/direct/i.test(name));

describe.each(withMachine)('%s', (name) => {
  const claim = CLAIMS[name] ?? {};

  it('is valid Amazon States Language', async () => {
    const { isValid, errorsText } = validate((await machineOf(claim)).definition);
    expect(errorsText()).toBe('');
    expect(isValid).toBe(true);
  });

  it('has no state that is never reached, and none that leads nowhere', async () => {
    const { start, states } = await machineOf(claim);
    const reached = new Set([start]);
    for (const state of reached) for (const next of nextOf(states[state] ?? {})) reached.add(next);
    expect([...reached].sort()).toEqual(Object.keys(states).sort());
  });

  it('sends whatever fails for good to the dead-letter queue, with its input, and then fails', async () => {
    const { states } = await machineOf(claim);
    const tasks = Object.entries(states).filter(([, { Type }]) => Type === 'Task');
    const isQueue = (state: Json) => String(state['Resource']).endsWith(':states:::sqs:sendMessage');
    const working = tasks.filter(([, state]) => !isQueue(state));
    expect(working).not.toEqual([]);
    for (const [task, state] of working) {
      const last = objects(state['Catch']).at(-1);
      expect([task, last?.['ErrorEquals'], last?.['ResultPath']]).toEqual([task, ['States.ALL'], '$.error']);
      const letter = states[stringAt(last, 'Next') ?? ''] ?? {};
      expect(isQueue(letter)).toBe(true);
      expect(letter['Parameters']).toMatchObject({
        MessageBody: {
          'input.$': '$$.Execution.Input',
          'execution.$': '$$.Execution.Id',
          'error.$': '$.error',
        },
      });
      expect(letter['Catch']).toBeUndefined();
      expect(states[stringAt(letter, 'Next') ?? '']?.['Type']).toBe('Fail');
      expect(objects(state['Retry']).at(-1)).toMatchObject({ ErrorEquals: ['States.ALL'] });
      expect(objects(letter['Retry']).at(-1)).toMatchObject({ ErrorEquals: ['States.ALL'] });
    }
  });

  it('retries for less time than an execution has', async () => {
    const { states, definition } = await machineOf(claim);
    const waits = Object.values(states)
      .flatMap(({ Retry }) => objects(Retry))
      .map((retry) => Number(retry['MaxAttempts'] ?? 3) * Number(retry['MaxDelaySeconds'] ?? 0))
      .reduce((sum, seconds) => sum + seconds, 0);
    expect(waits).toBeLessThan(Number(definition['TimeoutSeconds']));
    // Express ends at five minutes, whatever the definition says.
    expect(Number(definition['TimeoutSeconds'])).toBeLessThanOrEqual(300);
  });

  it('reads data by path only, so that no object’s name can be taken for an expression', async () => {
    const { definition } = await machineOf(claim);
    const dynamic = strings(definition).filter(([field]) => field.endsWith('.$'));
    expect(dynamic.length).toBeGreaterThan(8);
    expect(dynamic.filter(([, text]) => !PATH.test(text) && !EXPRESSION.test(text))).toEqual([]);
    const constant = strings(definition).filter(([field]) => !/(\.\$|Path)$/.test(field));
    expect(constant.filter(([, text]) => /^\$|States\.(?!ALL$)/.test(text))).toEqual([]);
  });

  it('reads nothing that start-workflow does not send', async () => {
    const { definition } = await machineOf(claim);
    const { resources } = (await settle(claim)).rendered;
    const variables = at(resources['start-workflow'], 'spec', 'forProvider', 'environment', 'variables');
    const env = Object.fromEntries(
      Object.entries(isObject(variables) ? variables : {}).map(([key, value]) => [key, String(value)]),
    );
    const sent: Json[] = [];
    const sfn = {
      send: async ({ input }: StartExecutionCommand) => {
        sent.push(JSON.parse(String(input.input)));
        return { $metadata: {}, executionArn: 'x', startDate: new Date(0) };
      },
    };
    await createHandler({ env, logger: keptLog().log, sfn })(s3Event(s3Record()));
    const given = Object.keys(sent[0] ?? {});
    const paths = strings(definition).flatMap(([, text]) =>
      [...text.matchAll(/(?<!\$)\$\.([A-Za-z]+)/g)].map(([, path]) => path),
    );
    // The error is what the failed state itself puts there.
    expect([...new Set(paths)].filter((path) => path !== 'error').sort()).toEqual(given.sort());
  });
});

describe('names that the claim gives', () => {
  it.each(['States.Format', 'a.b', '-', '..', 'S', 'RecordFile', 'x'.repeat(255)])(
    'a key called %s is a name and nothing else',
    async (partitionKey) => {
      const base = { region: 'eu-west-1', workflow: { type: 'RecordFile' } };
      const plain = JSON.stringify((await machineOf(claimOf(base))).definition);
      const { definition } = await machineOf(claimOf({ ...base, table: { partitionKey } }));
      expect(JSON.stringify(definition)).toBe(plain.replaceAll('"Filename"', JSON.stringify(partitionKey)));
      expect(validate(definition).errorsText()).toBe('');
    },
  );

  it('Direct has no state machine at all', async () => {
    expect(await textOf(CLAIMS['record-file/direct.yaml'] ?? {})).toBeUndefined();
  });
});
