#!/usr/bin/env node
/** The kubectl plugin `kubectl fip`. kubectl finds it on the PATH by its name, `kubectl-fip`. */
import './node-20.ts';
import { createInterface } from 'node:readline/promises';
import { messageOf } from '../function/src/errors.ts';
import { createAws, explained } from './aws.ts';
import { findClaims } from './claims.ts';
import { type Command, helpOf, overview, readArguments, textOf } from './command.ts';
import { deadLetters } from './dead-letters.ts';
import { files } from './files.ts';
import { logs } from './logs.ts';
import { createOutput } from './output.ts';
import { redrive } from './redrive.ts';
import { status } from './status.ts';
import { EXIT, type Exit, Stop } from './stop.ts';
import { targetOf } from './target.ts';

const COMMANDS: readonly Command[] = [status, files, deadLetters, redrive, logs];

async function ask(question: string): Promise<string> {
  if (!process.stdin.isTTY) throw new Stop('there is no terminal to ask on. Use --yes.', EXIT.usage);
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await terminal.question(question);
  } finally {
    terminal.close();
  }
}

function interruption(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => controller.abort());
  return controller.signal;
}

async function main(argv: readonly string[]): Promise<Exit> {
  const { command, name, rest, values } = readArguments(argv, COMMANDS);
  const output = createOutput(process.stdout, { isJson: values['output'] === 'json', env: process.env });
  if (command === undefined || values['help'] === true) {
    await output.line(command ? helpOf(command) : overview(COMMANDS));
    return EXIT.done;
  }
  const [namespace, context, from] = ['namespace', 'context', 'from'].map((option) => textOf(values, option));
  const targets = (await findClaims(name, { namespace, context, from })).map(targetOf);
  try {
    const now = () => new Date();
    return await command.run({
      output,
      values,
      name,
      rest,
      targets,
      ask,
      now,
      interruption,
      aws: ({ spec }) => createAws(spec.region),
    });
  } catch (error) {
    // Which claim it was matters for names only, and commands that take several explain their own errors.
    throw targets[0] ? explained(error, targets[0]) : error;
  }
}

// A reader such as head has read enough.
process.stdout.on('error', (error) => {
  if ('code' in error && error.code === 'EPIPE') process.exit(EXIT.done);
  throw error;
});

function failed(error: unknown): void {
  const isExpected = error instanceof Stop;
  // What nobody expected is a fault of this program, and its stack says where.
  const text = isExpected || !(error instanceof Error) ? messageOf(error) : (error.stack ?? error.message);
  process.stderr.write(`kubectl fip: ${text}\n`);
  process.exitCode = isExpected ? error.exit : EXIT.failed;
}

main(process.argv.slice(2)).then((exit) => {
  process.exitCode = exit;
}, failed);
