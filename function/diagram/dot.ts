/** Draws a state machine as a graph. */
import { innerMachines, type Machine, outermost, type State, transitionsOf } from '../src/asl/machine.ts';
import type { Json } from '../src/objects.ts';
import { attributes, digraph, edge, label } from './graph.ts';
import { actionInWords, reasonOf, retriesOf, wrapped } from './words.ts';

/** The lines below a state's name: its type and its action. */
function caption(state: State, nameOfFunction: (name: string) => string): string[] {
  const action = actionInWords(state, nameOfFunction);
  const kind = String(state.type);
  const retries = retriesOf(state);
  return [
    ...wrapped(action === undefined ? kind : `${kind} · ${action}`, 40),
    ...(retries > 0 ? [`tried again up to ${retries} ${retries === 1 ? 'time' : 'times'}`] : []),
  ];
}

const CLASSES: Readonly<Record<string, string>> = {
  Choice: 'choice',
  Fail: 'fail',
  Succeed: 'succeed',
  Task: 'task',
};

interface Drawing {
  /** The query language of the definition, which is the default for every state. */
  readonly language: unknown;
  nameOfFunction(name: string): string;
  readonly lines: string[];
  /** The nodes at which the edges to and from a state end. */
  readonly enter: Map<string, string>;
  readonly leave: Map<string, string>;
  /** The frames at which the edges to a fork and from a join end. */
  readonly frames: Map<string, string>;
  count: number;
}

const idOf = (drawing: Drawing) => {
  drawing.count += 1;
  return `n${drawing.count}`;
};

/** Draws an edge. It ends at the frame of a state with a frame. */
function connect(drawing: Drawing, from: string, to: string, reason = '', dashed = false): void {
  const [ltail, lhead] = [drawing.frames.get(`from ${from}`), drawing.frames.get(`to ${to}`)];
  const ends = { ...(ltail !== undefined && { ltail }), ...(lhead !== undefined && { lhead }) };
  drawing.lines.push(edge(from, to, reason, dashed, ends));
}

/** Draws a Parallel or Map state: a frame around its machines, with a point for the fork and one for the join. */
function drawFrame(drawing: Drawing, state: State, inner: Machine[]): void {
  const [fork, join] = [idOf(drawing), idOf(drawing)];
  const [kind, ...more] = caption(state, drawing.nameOfFunction);
  const words = state.type === 'Map' ? `${kind} · for each item` : kind;
  drawing.lines.push(
    `subgraph cluster_${fork} {`,
    `graph ${attributes({ label: label(state.name, [words ?? '', ...more]), class: 'frame', labeljust: 'l', style: 'rounded', margin: '14' })}`,
    `${fork} ${attributes({ shape: 'point', class: 'marker', width: '0.09' })}`,
  );
  for (const machine of inner) drawMachine(drawing, machine, fork, join);
  drawing.lines.push(`${join} ${attributes({ shape: 'point', class: 'marker', width: '0.09' })}`, '}');
  drawing.enter.set(state.path, fork);
  drawing.leave.set(state.path, join);
  drawing.frames.set(`to ${fork}`, `cluster_${fork}`).set(`from ${join}`, `cluster_${fork}`);
}

function drawState(drawing: Drawing, state: State): void {
  const inner = innerMachines(state, drawing.language);
  if (inner.length > 0) {
    drawFrame(drawing, state, inner);
    return;
  }
  const id = idOf(drawing);
  const kind = CLASSES[String(state.type)] ?? 'plain';
  const shape = state.type === 'Choice' ? { shape: 'hexagon', style: '', margin: '0.02,0.04' } : {};
  drawing.lines.push(
    `${id} ${attributes({ label: label(state.name, caption(state, drawing.nameOfFunction)), class: kind, ...shape })}`,
  );
  drawing.enter.set(state.path, id);
  drawing.leave.set(state.path, id);
}

/** Draws the states of a machine and their edges, from the node before it to the node after it. */
function drawMachine(drawing: Drawing, machine: Machine, before: string, after: string): void {
  const byName = new Map(machine.states.map((state) => [state.name, state]));
  const enter = (name: unknown) => drawing.enter.get(byName.get(String(name))?.path ?? '');
  const leave = (state: State) => drawing.leave.get(state.path) ?? '';
  for (const state of machine.states) drawState(drawing, state);
  const first = enter(machine.value['StartAt']);
  if (first !== undefined) connect(drawing, before, first);
  for (const state of machine.states) {
    for (const transition of transitionsOf(state)) {
      const to = enter(transition.to);
      if (to !== undefined)
        connect(drawing, leave(state), to, reasonOf(transition), transition.by === 'Catch');
    }
    if (state.value['End'] === true || state.type === 'Succeed') connect(drawing, leave(state), after);
  }
}

/**
 * The graph of a definition, in Graphviz's language. It depends only on the definition.
 *
 * @param nameOfFunction - returns the short name of a Lambda function, from its name or ARN
 */
export function dotOf(definition: Json, nameOfFunction: (name: string) => string): string {
  const drawing: Drawing = {
    language: definition['QueryLanguage'],
    nameOfFunction,
    lines: [],
    enter: new Map(),
    leave: new Map(),
    frames: new Map(),
    count: 0,
  };
  drawMachine(drawing, outermost(definition, ''), 'start', 'end');
  return digraph([
    `start ${attributes({ shape: 'circle', label: '', width: '0.18', class: 'marker' })}`,
    `end ${attributes({ shape: 'doublecircle', label: '', width: '0.12', class: 'end' })}`,
    ...drawing.lines,
  ]);
}
