/** `kubectl fip files`: what became of each file, or of one. */
import type { Aws } from './aws.ts';
import { type Command, type Session, sinceOf, textOf } from './command.ts';
import { createTraces, type Traces } from './executions.ts';
import { type Circumstances, type FileState, type State, stateOf } from './file-state.ts';
import { withLetters } from './letters.ts';
import { type FileObject, filePages, filterOf, rowKey, rowsOf, versionPages } from './objects.ts';
import { type Colour, count, printable, size, time } from './output.ts';
import { EXIT, type Exit, Stop } from './stop.ts';
import { storyOf, tell, traceOf } from './story.ts';
import { need, type Target } from './target.ts';

/** A file with its state. */
interface Listed extends FileState {
  readonly size: number;
  readonly modified: Date;
  readonly versionId: string;
}

/** The errors of the dead letters, by key and version. They are held: the bucket's objects are not. */
async function lettersByVersion(aws: Aws, queue: string): Promise<ReadonlyMap<string, string>> {
  return withLetters(aws, queue, async ({ letters }) => {
    const found = new Map<string, string>();
    for await (const { objects, why } of letters)
      for (const { key, versionId } of objects) found.set(JSON.stringify([key, versionId]), why);
    return found;
  });
}

/** How many executions are asked at once. */
const AT_ONCE = 10;

async function inOrder<A, B>(items: readonly A[], work: (item: A) => Promise<B>): Promise<B[]> {
  const results: B[] = [];
  for (let start = 0; start < items.length; start += AT_ONCE)
    results.push(...(await Promise.all(items.slice(start, start + AT_ONCE).map(work))));
  return results;
}

interface Wanted {
  readonly prefix: string;
  /** Files that came before are left out. */
  readonly since: Date | undefined;
  readonly isFailedOnly: boolean;
}

/** The files of a bucket, in the order of their keys, page by page. */
async function* listFiles(aws: Aws, target: Target, wanted: Wanted, now: Date): AsyncGenerator<Listed> {
  const bucket = need(target, 'bucket');
  const table = need(target, 'table');
  const letters = await lettersByVersion(aws, need(target, 'deadLetterQueue'));
  const traces = createTraces(aws, target.stateMachine, wanted.since);
  const around: Circumstances = {
    type: target.spec.workflow.type,
    filter: filterOf(target),
    created: target.created,
    now,
  };
  for await (const page of filePages(versionPages(aws, bucket, wanted.prefix))) {
    const files = page.filter(({ modified }) => wanted.since === undefined || modified >= wanted.since);
    const keys = files.flatMap(({ key }) => rowKey(target, key) ?? []);
    const rows = await rowsOf(aws, target, table, keys);
    const states = await inOrder(files, (file) => stateIn(file, { target, rows, letters, traces, around }));
    for (const [index, file] of files.entries()) {
      const state = states[index];
      if (state === undefined || (wanted.isFailedOnly && !isFailed(state.state))) continue;
      yield { ...state, size: file.size, modified: file.modified, versionId: file.versionId };
    }
  }
}

interface Known {
  readonly target: Target;
  readonly rows: Awaited<ReturnType<typeof rowsOf>>;
  readonly letters: ReadonlyMap<string, string>;
  readonly traces: Traces;
  readonly around: Circumstances;
}

async function stateIn(
  file: FileObject,
  { target, rows, letters, traces, around }: Known,
): Promise<FileState | undefined> {
  const { key, versionId } = file;
  // What RunScript writes beside its uploads is no file that came in.
  const id = rowKey(target, key);
  if (id === undefined) return undefined;
  const evidence = { row: rows.get(id), letter: letters.get(JSON.stringify([key, versionId])) };
  const told = stateOf(file, evidence, around);
  if (told && told.state !== 'never seen' && told.state !== 'unknown') return told;
  // Only a file that nothing else tells of is worth a look at the executions.
  const execution = await traces.find(key, versionId);
  return execution ? stateOf(file, { ...evidence, execution: traceOf(execution) }, around) : told;
}

const isFailed = (state: State) => state === 'failed' || state === 'rejected';

const COLOURS: Readonly<Record<State, Colour>> = {
  recorded: 'green',
  running: 'bold',
  failed: 'red',
  rejected: 'yellow',
  'never seen': 'yellow',
  unknown: 'dim',
};

const ORDER = Object.keys(COLOURS);

async function list({ aws, targets, output, values, now }: Session): Promise<Exit> {
  const [target] = targets;
  if (!target) return EXIT.notReady;
  const wanted: Wanted = {
    prefix: textOf(values, 'prefix') ?? '',
    since: sinceOf(values, now()),
    isFailedOnly: values['failed'] === true,
  };
  const totals = new Map<string, number>();
  for await (const file of listFiles(aws(target), target, wanted, now())) {
    totals.set(file.state, (totals.get(file.state) ?? 0) + 1);
    if (output.isJson) await output.object(file);
    else {
      const state = output.paint(COLOURS[file.state], file.state.padEnd(10));
      const why = file.why === undefined ? '' : `: ${printable(file.why)}`;
      await output.line(
        `${state}  ${time(file.modified)}  ${size(file.size).padStart(9)}  ${printable(file.key)}${why}`,
      );
    }
  }
  if (!output.isJson) {
    const parts = [...totals].toSorted(([a], [b]) => ORDER.indexOf(a) - ORDER.indexOf(b));
    const sum = parts.reduce((all, [, number]) => all + number, 0);
    const each = parts.map(([state, number]) => `${number} ${state}`).join(', ');
    await output.line(`${count(sum, 'file')}${each === '' ? '' : `: ${each}`}`);
  }
  return EXIT.done;
}

async function one({ aws, targets, output, now }: Session, key: string): Promise<Exit> {
  const [target] = targets;
  if (!target) return EXIT.notReady;
  const story = await storyOf(aws(target), target, key, now());
  if (output.isJson) await output.object(story);
  else for (const line of tell(story, target, output.paint)) await output.line(line);
  return story.state === 'recorded' || story.state === 'running' ? EXIT.done : EXIT.unwell;
}

async function run(session: Session): Promise<Exit> {
  const { targets, rest } = session;
  const { type } = targets[0]?.spec.workflow ?? {};
  if (targets[0]?.bucket === undefined && (type === 'RecordMessage' || type === 'Custom'))
    throw new Stop(
      `spec.workflow.type: ${type} without uploads takes no files. kubectl fip status counts its executions and dead letters.`,
      EXIT.notReady,
    );
  const [key] = rest;
  return key === undefined ? list(session) : one(session, key);
}

export const files: Command = {
  name: 'files',
  summary: 'what became of each file, or the whole story of one',
  takes: 'NAME [KEY]',
  mostRest: 1,
  options: {
    failed: { type: 'boolean', help: 'only what failed or was rejected' },
    prefix: { type: 'string', value: 'PREFIX', help: 'only keys that begin with it' },
    since: { type: 'string', value: 'TIME', help: 'only what came since: 10m, 2h, 3d or a date' },
  },
  examples: [
    ['kubectl fip files invoices', 'Every file, with its state'],
    ['kubectl fip files invoices --failed --since 2h', 'What did not go through in the last two hours'],
    ["kubectl fip files invoices 'incoming/orders of monday.csv'", 'Everything about one file'],
    ['kubectl fip files invoices --prefix 2026/ -o json | jq -r .key', 'Only the keys'],
  ],
  run,
};
