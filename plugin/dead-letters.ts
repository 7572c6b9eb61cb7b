/** `kubectl fip dead-letters`: looks at dead letters, writes them to a file, and deletes them. */
import { open, rm } from 'node:fs/promises';
import { messageOf } from '../function/src/errors.ts';
import { type Command, type Session, textOf } from './command.ts';
import { LETTER_OPTIONS, letterFilter } from './letter-filter.ts';
import { keysOf, type Told, told, withLetters } from './letters.ts';
import { count, type Output, printable, time } from './output.ts';
import { EXIT, type Exit, Stop } from './stop.ts';
import { need, type Target } from './target.ts';

/** A letter on one line. */
const letterLine = (letter: Told, paint: Output['paint']): string =>
  `${paint('dim', time(letter.time))}  ${letter.by.padEnd(11)}  ${letter.id}  ${keysOf(letter)}: ${paint('red', printable(letter.why))}`;

/** Where `--export` writes to. */
interface File {
  write(letter: Told): Promise<void>;
  /** @param isWhole - a file that is not is removed */
  close(isWhole: boolean): Promise<void>;
}

/**
 * Opens a file that only the user may read: letters have the inputs of files.
 *
 * @throws Stop when it is there already or cannot be written
 */
async function openFile(path: string): Promise<File> {
  const fault = (error: unknown) => {
    const isThere = error instanceof Error && 'code' in error && error.code === 'EEXIST';
    const fix = isThere ? 'there is such a file already. Name another one.' : `${messageOf(error)}.`;
    return new Stop(`--export: ${path} cannot be written: ${fix}`, EXIT.usage, { cause: error });
  };
  const file = await open(path, 'wx', 0o600).catch((error: unknown) => {
    throw fault(error);
  });
  return {
    write: (letter) =>
      file.appendFile(`${JSON.stringify(letter)}\n`).catch((error: unknown) => {
        throw fault(error);
      }),
    async close(isWhole) {
      await file.close();
      if (!isWhole) await rm(path, { force: true });
    },
  };
}

/** Shows the letters that are chosen, each once, and returns their ids. */
async function look(session: Session, target: Target, stop: AbortSignal): Promise<ReadonlySet<string>> {
  const { aws, values, output, now } = session;
  const isChosen = letterFilter(values, now());
  const to = textOf(values, 'export');
  const isJson = output.isJson || to === '-';
  const queue = need(target, 'deadLetterQueue');
  const file = to === undefined || to === '-' ? undefined : await openFile(to);
  const ids = new Set<string>();
  let isWhole = false;
  try {
    await withLetters(
      aws(target),
      queue,
      async ({ letters }) => {
        for await (const letter of letters) {
          if (!isChosen(letter)) continue;
          ids.add(letter.id);
          if (file) await file.write(told(letter));
          else if (isJson) await output.object(told(letter));
          else await output.line(letterLine(told(letter), output.paint));
        }
      },
      stop,
    );
    isWhole = !stop.aborted;
  } finally {
    await file?.close(isWhole);
  }
  if (!isWhole) throw new Stop('interrupted. All letters are in the queue again, and none was deleted.');
  if (!isJson) {
    const where = file ? `, written to ${to}` : '';
    await output.line(`${count(ids.size, 'dead letter')}${where}`);
  }
  return ids;
}

/** Deletes letters. One that came meanwhile, and was not shown, stays. */
async function remove({ aws }: Session, target: Target, ids: ReadonlySet<string>, stop: AbortSignal) {
  const queue = need(target, 'deadLetterQueue');
  return withLetters(
    aws(target),
    queue,
    async ({ letters, remove }) => {
      let removed = 0;
      for await (const letter of letters) {
        if (ids.has(letter.id)) removed += await remove([letter]);
        if (removed === ids.size) break;
      }
      return removed;
    },
    stop,
  );
}

async function run(session: Session): Promise<Exit> {
  const { targets, values, output, ask } = session;
  const [target] = targets;
  if (!target) return EXIT.notReady;
  if (values['yes'] === true && values['delete'] !== true)
    throw new Stop('--yes: Forbidden: it answers the question of --delete. Add --delete.', EXIT.usage);
  const stop = session.interruption();
  const ids = await look(session, target, stop);
  if (values['delete'] !== true || ids.size === 0) return EXIT.done;
  const question = `Delete ${count(ids.size, 'dead letter')}? What they are about is not done again. [y/N] `;
  if (values['yes'] !== true && !/^y(es)?$/i.test((await ask(question)).trim())) {
    if (!output.isJson) await output.line('None was deleted.');
    return EXIT.done;
  }
  const removed = await remove(session, target, ids, stop);
  if (output.isJson) await output.object({ deleted: removed });
  else if (textOf(values, 'export') !== '-') await output.line(`${removed} deleted`);
  if (removed === ids.size) return EXIT.done;
  throw new Stop(
    `${removed} of ${count(ids.size, 'dead letter')} were deleted: somebody else reads the others, or has taken them. Run it again in two minutes.`,
  );
}

export const deadLetters: Command = {
  name: 'dead-letters',
  summary: 'looks at dead letters, exports or deletes them',
  takes: 'NAME',
  mostRest: 0,
  options: {
    ...LETTER_OPTIONS,
    export: {
      type: 'string',
      value: 'FILE',
      help: 'writes them as JSON lines into a new file; - is standard output',
    },
    delete: { type: 'boolean', help: 'deletes what it has shown, after a question' },
    yes: { type: 'boolean', help: 'answers the question' },
  },
  examples: [
    ['kubectl fip dead-letters invoices', 'Every letter, with its error. All of them stay in the queue'],
    ['kubectl fip dead-letters invoices --key in/a.csv', 'Those about one file'],
    ['kubectl fip dead-letters invoices --error Throttl --newer-than 2h', 'Those of one cause'],
    [
      'kubectl fip dead-letters invoices --export letters.jsonl --delete',
      'Keeps them in a file, and empties the queue',
    ],
  ],
  run,
};
