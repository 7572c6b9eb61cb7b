/** `kubectl fip logs`: what the functions and the state machine wrote, as one log. */
import { type Command, type Session, sinceOf, textOf } from './command.ts';
import { type LogLine, readable, shown, sourceOf } from './log.ts';
import { follow, readAbout, readAll } from './log-follow.ts';
import { clockOf } from './pace.ts';
import { EXIT, type Exit, Stop } from './stop.ts';

const SINCE_MS = 3_600_000;

/** A line as programs get it. */
const told = (line: LogLine, source: string) => ({
  time: new Date(line.timestamp),
  source,
  group: line.group,
  ...readable(line.message),
  message: line.message,
});

async function run(session: Session): Promise<Exit> {
  const { targets, values, output, now } = session;
  const [target] = targets;
  if (!target) return EXIT.notReady;
  const { name } = target.identity;
  if (target.logGroups.length === 0)
    throw new Stop(
      `status.logGroups: Required value: ${name} has no log yet. kubectl fip status ${name} says what it waits for.`,
      EXIT.notReady,
    );
  const since = (sinceOf(values, now()) ?? new Date(now().getTime() - SINCE_MS)).getTime();
  const key = textOf(values, 'key');
  const aws = session.aws(target);
  const read = key === undefined ? readAll(aws, target) : readAbout(aws, target, key);
  const stop = session.interruption();
  const lines = values['follow'] === true ? follow(read, since, stop, clockOf(stop)) : read(since);
  for await (const line of lines) {
    if (output.isJson) await output.object(told(line, sourceOf(line.group, target.identity)));
    else await output.line(shown(line, target.identity, output.paint));
    if (stop.aborted) break;
  }
  return EXIT.done;
}

export const logs: Command = {
  name: 'logs',
  summary: 'what functions and state machine wrote, as one log',
  takes: 'NAME',
  mostRest: 0,
  options: {
    follow: { type: 'boolean', short: 'f', help: 'goes on as new lines come, until Ctrl-C' },
    key: { type: 'string', value: 'KEY', help: 'only lines about this object and its executions' },
    since: { type: 'string', value: 'TIME', help: 'since when: 10m, 2h, 3d or a date; 1h by default' },
  },
  examples: [
    ['kubectl fip logs invoices', 'The last hour'],
    ['kubectl fip logs invoices --follow --since 1m', 'The last minute, and what comes'],
    ['kubectl fip logs invoices --key in/a.csv --since 2d', 'All about one file'],
    [`kubectl fip logs invoices -o json | jq -r 'select(.level == "ERROR").text'`, 'Only the errors'],
  ],
  run,
};
