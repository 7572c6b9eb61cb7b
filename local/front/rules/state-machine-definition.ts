/**
 * Step Functions checks a definition when it is given. The checks are another project's, so that what our function renders is
 * not judged by our function's own; they are kept to those that never refuse what AWS takes.
 */
import validate from 'asl-validator';
import { isObject, stringAt } from '../../../function/src/objects.ts';
import { fieldsOf } from '../call.ts';
import { type Rule, refuse } from '../rule.ts';

/** It knows fewer JSONPaths than AWS, and fewer functions' ARNs. */
const OPTIONS = { checkPaths: false, checkArn: false };

/** `Items` of a map in JSONata may be an object, which it does not know. */
const isKnownToBeWrong = ({ schemaError }: { schemaError?: { instancePath: string } }): boolean =>
  /\/Items$/.test(schemaError?.instancePath ?? '');

/** It compiles its schemas each time, for a quarter of a second; the provider and the tests give one definition many times. */
const known = new Map<string, string | undefined>();

function firstError(definition: string): string | undefined {
  if (!known.has(definition)) known.set(definition, judged(definition));
  return known.get(definition);
}

function judged(definition: string): string | undefined {
  let machine: unknown;
  try {
    machine = JSON.parse(definition);
  } catch {
    return 'INVALID_JSON_DESCRIPTION: Invalid JSON description at /';
  }
  if (!isObject(machine)) return 'SCHEMA_VALIDATION_FAILED: the definition is not an object at /';
  try {
    const [error] = validate(machine, OPTIONS).errors.filter((one) => !isKnownToBeWrong(one));
    return error && `${error['Error code'] ?? 'SCHEMA_VALIDATION_FAILED'}: ${error.Message ?? error.message}`;
  } catch {
    // It takes states for objects before it looks whether they are.
    return 'SCHEMA_VALIDATION_FAILED: a state is not an object at /States';
  }
}

/** The call of a pattern that Express executions do not have: https://docs.aws.amazon.com/step-functions/latest/dg/choosing-workflow-type.html */
function waitingCall(value: unknown): string | undefined {
  if (Array.isArray(value)) return value.map(waitingCall).find((one) => one !== undefined);
  if (!isObject(value)) return undefined;
  const resource = stringAt(value, 'Resource');
  const [waits] = /\.(?:sync(?::\d)?|waitForTaskToken)$/.exec(resource ?? '') ?? [];
  return value['Type'] === 'Task' && waits !== undefined
    ? waits
    : Object.values(value)
        .map(waitingCall)
        .find((one) => one !== undefined);
}

export const stateMachineDefinition: Rule = {
  page: 'https://docs.aws.amazon.com/step-functions/latest/apireference/API_CreateStateMachine.html',
  operations: ['states:CreateStateMachine', 'states:UpdateStateMachine'],
  judge(call) {
    const fields = fieldsOf(call);
    const definition = stringAt(fields, 'definition');
    if (definition === undefined) return undefined;
    const wrong = firstError(definition);
    const waits =
      wrong === undefined && fields['type'] === 'EXPRESS' ? waitingCall(JSON.parse(definition)) : undefined;
    const error =
      wrong ??
      (waits &&
        `SCHEMA_VALIDATION_FAILED: Express state machine does not support '${waits}' service integration`);
    return error ? refuse('InvalidDefinition', `Invalid State Machine Definition: '${error}'`) : undefined;
  },
};
