/** How long a Task may take, and be silent. https://docs.aws.amazon.com/step-functions/latest/dg/state-task.html */

import { type FieldError, invalid } from '../errors.ts';
import { constantNumber, expressionIn } from './jsonata.ts';
import type { Machine, State } from './machine.ts';
import { below } from './problem.ts';

/** The maximum duration of an Express execution: https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
const EXPRESS_SECONDS = 300;

function secondsOf({ value, language }: State, field: string): number | undefined {
  const given = value[field];
  if (typeof given === 'number') return given;
  const expression = language === 'JSONata' && typeof given === 'string' ? expressionIn(given) : undefined;
  return expression === undefined ? undefined : constantNumber(expression);
}

/** A heartbeat that is as long as the timeout never matters, and AWS refuses it. */
export function checkHeartbeat(state: State): FieldError[] {
  const heartbeat = secondsOf(state, 'HeartbeatSeconds');
  const timeout = secondsOf(state, 'TimeoutSeconds');
  if (heartbeat === undefined || timeout === undefined || heartbeat < timeout) return [];
  return [
    invalid(
      below(state.path, 'HeartbeatSeconds'),
      state.value['HeartbeatSeconds'],
      `must be shorter than TimeoutSeconds, ${timeout}. Make it shorter.`,
    ),
  ];
}

/** A Wait that no Express execution lives to see the end of. */
export function checkWait(state: State, { execution }: Machine): FieldError[] {
  const seconds = secondsOf(state, 'Seconds');
  if (execution !== 'Express' || seconds === undefined || seconds < EXPRESS_SECONDS) return [];
  return [
    invalid(
      below(state.path, 'Seconds'),
      state.value['Seconds'],
      `must be less than ${EXPRESS_SECONDS}, the most seconds that an Express execution takes. Wait shorter, or use Standard executions.`,
    ),
  ];
}
