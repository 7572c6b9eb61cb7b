/**
 * Step Functions checks a definition when it is set. The checks here come from another project, so that our function's output is not
 * tested with its own checks. Only checks that never reject what AWS accepts are used.
 */
import validate from 'asl-validator';
import { isObject, stringAt } from '../../../function/src/objects.ts';
import { fieldsOf } from '../call.ts';
import { type Rule, refuse } from '../rule.ts';

/** Options of the validator. It knows fewer JSONPaths and fewer forms of function ARNs than AWS, so these checks are off. */
const OPTIONS = { checkPaths: false, checkArn: false };

/** Whether the validator is known to be wrong: it does not know that `Items` of a map in JSONata can be an object. */
const isKnownToBeWrong = ({ schemaError }: { schemaError?: { instancePath: string } }): boolean =>
  /\/Items$/.test(schemaError?.instancePath ?? '');

/** Results by definition. The validator compiles its schemas each time, which takes a quarter of a second, and definitions are repeated. */
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
    // The validator assumes that states are objects before it checks that.
    return 'SCHEMA_VALIDATION_FAILED: a state is not an object at /States';
  }
}

/** A call with a pattern that Express executions do not support: https://docs.aws.amazon.com/step-functions/latest/dg/choosing-workflow-type.html */
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
