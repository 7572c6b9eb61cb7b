/** A claim from nothing to ready and through flaps: each step sees all that the steps before it made. */
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import {
  CATALOGUE,
  claimOf,
  made,
  type Observed,
  pending,
  type Rendered,
  render,
  settle,
} from '../render.ts';
import { createContext } from '../src/create-context.ts';
import { type Json, stringAt } from '../src/objects.ts';
import { pipeline } from '../src/pipeline.ts';
import { isReady } from '../src/plan.ts';
import { refused, unready, unreported } from './states.ts';

const executions = ['Standard', 'Express', 'Direct'] as const;
const claimFor = (execution: string) =>
  claimOf({ region: 'eu-west-1', workflow: { type: 'RecordFile', execution } });

/** Numbers from 0 up to 1 that look random and are the same in each run, by mulberry32: https://gist.github.com/tommyettinger/46a874533244883189143505d203312c */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

interface Step {
  readonly reason: string;
  /** What the provider made, changed or lost since the step before. */
  readonly happens: (observed: Observed) => Observed;
}

const change =
  (applies: (key: string, resource: Json) => boolean, to: (key: string, resource: Json) => Json) =>
  (observed: Observed) =>
    Object.fromEntries(
      Object.entries(observed).map(([key, resource]) => [
        key,
        applies(key, resource) ? to(key, resource) : resource,
      ]),
    );
const ofKind =
  (...kinds: string[]) =>
  (_key: string, resource: Json) =>
    kinds.includes(String(resource['kind']));
const other =
  (...kinds: string[]) =>
  (_key: string, resource: Json) =>
    !kinds.includes(String(resource['kind']));
const ready = (applies: (key: string, resource: Json) => boolean) => change(applies, made);
const becomes = (to: (resource: Json) => Json, applies: (key: string, resource: Json) => boolean) =>
  change(applies, (_key, resource) => to(resource));
const all = () => true;

const growth: Step[] = [
  {
    reason: 'Nothing is there: first comes what others wait for.',
    happens: () => ({}),
  },
  {
    reason: 'All that was emitted is seen, and nothing is ready: the account is not known.',
    happens: (observed) => observed,
  },
  {
    reason: 'The roles are ready, and their ARNs tell the account. The code is still awaited.',
    happens: ready(ofKind('Role')),
  },
  { reason: 'The log group of the state machine is ready.', happens: ready(ofKind('Group')) },
  {
    reason: 'The code is uploaded: all the rest may come but what AWS would refuse.',
    happens: ready((key) => key.startsWith('code-')),
  },
  {
    reason: 'All is ready but queue, function and permission.',
    happens: ready(other('Queue', 'Function', 'Permission')),
  },
  {
    reason: 'The function is ready, its permission is not: S3 would refuse the notification.',
    happens: ready(ofKind('Function')),
  },
  { reason: 'The permission is ready: files may come.', happens: ready(ofKind('Permission')) },
  {
    reason: 'The notification is ready, and the queue is still made.',
    happens: ready(ofKind('BucketNotification')),
  },
  { reason: 'The queue is ready, the last that anything waits for.', happens: ready(ofKind('Queue')) },
  { reason: 'All is ready.', happens: ready(all) },
];

const flaps: Step[] = [
  { reason: 'The function is not ready for a while.', happens: becomes(unready, ofKind('Function')) },
  { reason: 'The permission is not ready for a while.', happens: becomes(unready, ofKind('Permission')) },
  {
    reason: 'The code bucket and its objects are not ready for a while.',
    happens: becomes(unready, (key) => key.startsWith('code-')),
  },
  {
    reason: 'The roles have no ARN and are not ready.',
    happens: (observed) => becomes(unready, ofKind('Role'))(becomes(unreported, ofKind('Role'))(observed)),
  },
  {
    reason: 'Nothing has an ARN, so the account is not known.',
    happens: (observed) => becomes(unready, all)(becomes(unreported, all)(observed)),
  },
  { reason: 'Everything is not ready.', happens: becomes(unready, all) },
  {
    reason: 'The table cannot be updated, and says why; it works on.',
    happens: change(ofKind('Table'), (_key, resource) =>
      refused(resource, 'update failed: AccessDeniedException'),
    ),
  },
  {
    reason: 'Of several that cannot be made in one part of the pipeline, the first is told.',
    happens: change(ofKind('Function', 'RolePolicy'), (key, resource) =>
      pending(resource, `create failed: ${key}`),
    ),
  },
];

/** What a person reviews of a step. */
function review(reason: string, rendered: Rendered, before: readonly string[]) {
  const { waitingFor, ...status } = rendered.status;
  const emitted = Object.keys(rendered.resources).filter((key) => !before.includes(key));
  return {
    reason,
    emitted,
    waitingFor,
    conditions: rendered.conditions,
    ready: rendered.compositeReady,
    status,
  };
}

/** What was emitted is what the API server has. The provider is about to make what was not seen before. */
const seen = (rendered: Rendered, observed: Observed): Observed => ({
  ...observed,
  ...Object.fromEntries(
    Object.entries(rendered.resources).map(([key, manifest]) => {
      const before = observed[key];
      return [key, before ? { ...before, spec: manifest['spec'] } : pending(manifest)];
    }),
  ),
});

async function run(execution: string) {
  const claim = claimFor(execution);
  const reviews: unknown[] = [];
  const lost: string[] = [];
  const readyAt: string[] = [];
  let observed: Observed = {};
  let before: string[] = [];
  const step = async ({ reason }: Step, now: Observed) => {
    const rendered = await render(claim, now);
    lost.push(
      ...Object.keys(now)
        .filter((key) => !rendered.resources[key])
        .map((key) => `${reason} ${key}`),
    );
    if (rendered.compositeReady) readyAt.push(reason);
    reviews.push(review(reason, rendered, before));
    before = Object.keys(rendered.resources);
    return rendered;
  };
  for (const one of growth) {
    observed = one.happens(observed);
    observed = seen(await step(one, observed), observed);
  }
  const { resources } = await render(claim, observed);
  const changed: string[] = [];
  for (const flap of flaps) {
    const rendered = await step(flap, flap.happens(observed));
    if (JSON.stringify(rendered.resources) !== JSON.stringify(resources)) changed.push(flap.reason);
  }
  return { reviews, lost, readyAt, changed };
}

describe('step by step', () => {
  it.each(executions)('%s', async (execution) => {
    const { reviews, lost, readyAt, changed } = await run(execution);
    expect(lost, 'what was observed is always emitted again').toEqual([]);
    expect(changed, 'a flap changes no manifest').toEqual([]);
    // An update that is refused makes nothing unready: files are taken as before.
    expect(readyAt, 'ready at the end, and not while anything flaps').toEqual([
      'All is ready.',
      'The table cannot be updated, and says why; it works on.',
    ]);
    const text = stringify(reviews, { lineWidth: 0, aliasDuplicateObjects: false });
    await expect(text).toMatchFileSnapshot(`golden/steps-${execution.toLowerCase()}.golden.yaml`);
  });
});

describe('any state of the world', () => {
  const specs: Record<string, Json> = {
    Standard: { workflow: { type: 'RecordFile' }, observability: { alarms: { enabled: true } } },
    Express: { workflow: { type: 'RecordFile', execution: 'Express' }, observability: { logLevel: 'OFF' } },
    Direct: {
      workflow: { type: 'RecordFile', execution: 'Direct' },
      table: { billing: { mode: 'Provisioned', read: { min: 1, max: 2 }, write: { min: 1, max: 2 } } },
    },
  };

  it.each(executions)(
    '%s: what is observed stays, and nothing new comes before what it needs',
    async (execution) => {
      const claim = claimOf({ region: 'eu-west-1', ...specs[execution] });
      const everything = Object.entries((await settle(claim)).observed);
      const random = randomFrom(executions.indexOf(execution) + 1);
      let fresh = 0;
      let held = 0;
      for (let round = 0; round < 150; round += 1) {
        const [present, good] = [random(), random()];
        const observed: Observed = {};
        for (const [key, resource] of everything) {
          if (random() < present) observed[key] = random() < good ? resource : pending(resource);
        }
        const needs = Object.fromEntries(
          pipeline(createContext(claim, { tags: {} }, CATALOGUE, observed)).map((resource) => [
            resource.key,
            resource.needs,
          ]),
        );
        const accountKnown = Object.values(observed).some((one) =>
          /:\d{12}:/.test(stringAt(one, 'status', 'atProvider', 'arn') ?? ''),
        );
        const { resources, compositeReady } = await render(claim, observed);
        expect(Object.keys(observed).filter((key) => !resources[key])).toEqual([]);
        const early = Object.keys(resources).filter(
          (key) => !observed[key] && !needs[key]?.every((need) => isReady(observed[need])),
        );
        expect(early).toEqual([]);
        const late = everything.filter(
          ([key]) => !resources[key] && accountKnown && needs[key]?.every((need) => isReady(observed[need])),
        );
        expect(late).toEqual([]);
        expect(compositeReady).toBe(everything.every(([key]) => isReady(observed[key])));
        fresh += Object.keys(resources).filter((key) => !observed[key]).length;
        held += everything.filter(([key]) => !resources[key]).length;
      }
      expect(fresh).toBeGreaterThan(150);
      expect(held).toBeGreaterThan(150);
    },
  );
});
