import { expect, it } from 'vitest';
import { exampleClaims } from '../function/examples.ts';
import { CATALOGUE, claimOf, readClaim } from '../function/render.ts';
import { createContext } from '../function/src/create-context.ts';
import type { Json } from '../function/src/objects.ts';
import type { Workflow } from '../function/src/workflow.ts';
import { WORKFLOWS } from '../function/src/workflows/index.ts';
import { targetOf } from './target.ts';
import { triggerFunction, triggerKey } from './trigger.ts';

const planned = (claim: Json) => {
  const context = createContext(claim, { tags: {} }, CATALOGUE, {});
  const workflow: Workflow = WORKFLOWS[context.spec.workflow.type];
  return workflow.plan(context).upload?.function;
};

it.each(exampleClaims())('%s: the function that the workflow type plans', (path) => {
  const claim = readClaim(path);
  expect(triggerKey(targetOf(claim))).toBe(planned(claim));
});

it('its name is one that the status tells', () => {
  const claim = claimOf({ region: 'eu-west-1', workflow: { type: 'RecordFile', execution: 'Direct' } });
  const name = 'team-a-invoices-record-file-0f1e2d3c';
  const functions = [{ name: 'team-a-invoices-other-0f1e2d3c' }, { name }];
  expect(triggerFunction(targetOf({ ...claim, status: { functions } }))).toBe(name);
  expect(triggerFunction(targetOf(claim))).toBeUndefined();
});
