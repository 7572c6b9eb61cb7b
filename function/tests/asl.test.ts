import type { StartExecutionCommand } from '@aws-sdk/client-sfn';
import validate from 'asl-validator';
import { describe, expect, it } from 'vitest';
import { createHandler } from '../../lambda/start-workflow/start-workflow.ts';
import { keptLog, s3Event, s3Record } from '../../lambda/testing/records.ts';
import { claimOf, settle } from '../render.ts';
import { at, isObject, type Json, stringAt } from '../src/objects.ts';
import { completeSpec } from '../src/read-spec.ts';
import type { WorkflowType } from '../src/workflow.ts';
import { WORKFLOWS } from '../src/workflows/index.ts';
import { CLAIMS } from './claims.ts';
import { definitionOf, objects, statesOf } from './machines.ts';

const machineOf = async (claim: Json): Promise<Json> =>
  definitionOf((await settle(claim)).rendered.resources) ?? {};

const nextOf = (state: Json): string[] =>
  [state, ...objects(state['Catch']), ...objects(state['Choices'])].flatMap((one) =>
    ['Next', 'Default'].flatMap((field) => stringAt(one, field) ?? []),
  );

/** Every string below a value, with the name of its field. */
function strings(value: unknown, field = ''): [field: string, text: string][] {
  if (typeof value === 'string') return [[field, value]];
  if (Array.isArray(value)) return value.flatMap((item) => strings(item, field));
  return isObject(value) ? Object.entries(value).flatMap(([name, inner]) => strings(inner, name)) : [];
}

const PATH = /^\$\$?(\[\d\])?(\.[A-Za-z]+)*$/;
/** An expression may name data by path only: what is in the data is never read as one. */
const EXPRESSION = /^States\.(UUID\(\)|Format\('\{\}', (\$(\.[A-Za-z]+)+)\))$/;

/** What a type's input has, where `start-workflow` does not send it, and what its states add to that, beside the error. */
const DATA: Partial<Record<WorkflowType, { given?: string[]; added?: string[] }>> = {
  ProcessImage: { added: ['results', 'Payload'] },
  RecordMessage: { given: ['message'], added: ['id', 'timestamp'] },
};
/** What users write themselves is checked when it is rendered, and tested there. */
const withMachine = Object.keys(CLAIMS).filter((name) => {
  const { type, execution } = completeSpec(CLAIMS[name] ?? {}).workflow;
  return type !== 'Custom' && execution !== 'Direct' && WORKFLOWS[type].executions.length > 0;
});

/** What `start-workflow` gives an execution, by the environment that a claim renders for it. */
async function sentBy(starter: Json): Promise<string[]> {
  const variables = at(starter, 'spec', 'forProvider', 'environment', 'variables');
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
  return Object.keys(sent[0] ?? {});
}

describe.each(withMachine)('%s', (name) => {
  const claim = CLAIMS[name] ?? {};

  it('is valid Amazon States Language', async () => {
    const { isValid, errorsText } = validate(await machineOf(claim));
    expect(errorsText()).toBe('');
    expect(isValid).toBe(true);
  });

  it('has no state that is never reached, and none that leads nowhere', async () => {
    const definition = await machineOf(claim);
    const states = statesOf(definition);
    const starts = (machine: Json): string[] => [
      String(machine['StartAt']),
      ...statesOf(machine).flatMap(({ state }) => objects(state['Branches']).flatMap(starts)),
    ];
    const reached = new Set(starts(definition));
    for (const state of reached)
      for (const next of nextOf(states.find((one) => one.name === state)?.state ?? {})) reached.add(next);
    expect([...reached].sort()).toEqual(states.map((one) => one.name).sort());
  });

  it('sends whatever fails for good to the dead-letter queue, with its input, and then fails', async () => {
    const states = statesOf(await machineOf(claim));
    const find = (wanted: string | undefined) => states.find((one) => one.name === wanted)?.state ?? {};
    const isQueue = (state: Json) => String(state['Resource']).endsWith(':states:::sqs:sendMessage');
    const failing = states.filter(({ state }) => ['Task', 'Parallel', 'Map'].includes(String(state['Type'])));
    // What fails inside of a state fails that state.
    const working = failing.filter(({ state, within }) => !isQueue(state) && within.length === 0);
    expect(working).not.toEqual([]);
    for (const { name: task, state } of working) {
      const last = objects(state['Catch']).at(-1);
      expect([task, last?.['ErrorEquals'], last?.['ResultPath']]).toEqual([task, ['States.ALL'], '$.error']);
      const letter = find(stringAt(last, 'Next'));
      expect(isQueue(letter)).toBe(true);
      expect(letter['Parameters']).toMatchObject({
        MessageBody: {
          'input.$': '$$.Execution.Input',
          'execution.$': '$$.Execution.Id',
          'error.$': '$.error',
        },
      });
      expect(letter['Catch']).toBeUndefined();
      expect(find(stringAt(letter, 'Next'))['Type']).toBe('Fail');
    }
    for (const { state } of failing.filter((one) => one.state['Type'] === 'Task'))
      expect(objects(state['Retry']).at(-1)).toMatchObject({ ErrorEquals: ['States.ALL'] });
  });

  it('retries for less time than an execution has', async () => {
    const definition = await machineOf(claim);
    const waits = statesOf(definition)
      .flatMap(({ state }) => objects(state['Retry']))
      .map((retry) => Number(retry['MaxAttempts'] ?? 3) * Number(retry['MaxDelaySeconds'] ?? 0));
    // No execution waits for more than three tasks: what fails for good ends it.
    const longest = waits.toSorted((a, b) => b - a).slice(0, 2);
    expect(longest.reduce((sum, seconds) => sum + seconds, 0)).toBeLessThan(
      Number(definition['TimeoutSeconds']),
    );
    // Express ends at five minutes, whatever the definition says.
    expect(Number(definition['TimeoutSeconds'])).toBeLessThanOrEqual(300);
  });

  it('reads data by path only, so that no object’s name can be taken for an expression', async () => {
    const definition = await machineOf(claim);
    const dynamic = strings(definition).filter(([field]) => field.endsWith('.$'));
    expect(dynamic.length).toBeGreaterThan(8);
    expect(dynamic.filter(([, text]) => !PATH.test(text) && !EXPRESSION.test(text))).toEqual([]);
    const constant = strings(definition).filter(([field]) => !/(\.\$|Path|^Variable)$/.test(field));
    expect(constant.filter(([, text]) => /^\$|States\.(?!ALL$)/.test(text))).toEqual([]);
  });

  it('reads nothing that its input does not have', async () => {
    const { resources } = (await settle(claim)).rendered;
    const { given, added = [] } = DATA[completeSpec(claim).workflow.type] ?? {};
    const sent = given ?? (await sentBy(resources['start-workflow'] ?? {}));
    const own = [...added, 'error'];
    const paths = strings(await machineOf(claim)).flatMap(([, text]) =>
      [...text.matchAll(/(?<!\$)\$\.([A-Za-z]+)/g)].map(([, path]) => path ?? ''),
    );
    expect([...new Set(paths)].filter((path) => !own.includes(path)).sort()).toEqual(sent.sort());
  });
});

describe('names that the claim gives', () => {
  it.each(['States.Format', 'a.b', '-', '..', 'S', 'RecordFile', 'x'.repeat(255)])(
    'a key called %s is a name and nothing else',
    async (partitionKey) => {
      const base = { region: 'eu-west-1', workflow: { type: 'RecordFile' } };
      const plain = JSON.stringify(await machineOf(claimOf(base)));
      const definition = await machineOf(claimOf({ ...base, table: { partitionKey } }));
      expect(JSON.stringify(definition)).toBe(plain.replaceAll('"Filename"', JSON.stringify(partitionKey)));
      expect(validate(definition).errorsText()).toBe('');
    },
  );

  it('Direct has no state machine at all', async () => {
    expect(await machineOf(CLAIMS['record-file/direct.yaml'] ?? {})).toEqual({});
  });
});
