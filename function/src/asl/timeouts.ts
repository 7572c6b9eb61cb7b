/** Checks the timeouts and heartbeats of Tasks, and the times of Waits. https://docs.aws.amazon.com/step-functions/latest/dg/state-task.html */
import { constantNumber, expressionIn } from './jsonata.ts';
import type { Machine, State } from './machine.ts';
import { below, type Problem, problem } from './problem.ts';

/** The maximum duration of an Express execution: https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
const EXPRESS_SECONDS = 300;

function secondsOf({ value, language }: State, field: string): number | undefined {
  const given = value[field];
  if (typeof given === 'number') return given;
  const expression = language === 'JSONata' && typeof given === 'string' ? expressionIn(given) : undefined;
  return expression === undefined ? undefined : constantNumber(expression);
}

/** Checks that the heartbeat is shorter than the timeout. Otherwise it has no effect, and AWS rejects it. */
export function checkHeartbeat(state: State): Problem[] {
  const heartbeat = secondsOf(state, 'HeartbeatSeconds');
  const timeout = secondsOf(state, 'TimeoutSeconds');
  if (heartbeat === undefined || timeout === undefined || heartbeat < timeout) return [];
  return problem(
    below(state.path, 'HeartbeatSeconds'),
    state.value['HeartbeatSeconds'],
    `is not shorter than TimeoutSeconds, ${timeout}. Make it shorter.`,
  );
}

/** Checks that a Wait is not longer than an Express execution can run. */
export function checkWait(state: State, { execution }: Machine): Problem[] {
  const seconds = secondsOf(state, 'Seconds');
  if (execution !== 'Express' || seconds === undefined || seconds < EXPRESS_SECONDS) return [];
  return problem(
    below(state.path, 'Seconds'),
    state.value['Seconds'],
    `is longer than an Express execution takes at most, ${EXPRESS_SECONDS} seconds. Wait shorter, or use Standard executions.`,
  );
}
