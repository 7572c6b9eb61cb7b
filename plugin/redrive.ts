/** `kubectl fip redrive`: dead letters go again the way they came. */
import { type Run, runOf, type Sent, sendAgain } from './again.ts';
import type { Aws } from './aws.ts';
import type { Command, Session } from './command.ts';
import { LETTER_OPTIONS, letterFilter } from './letter-filter.ts';
import { type DeadLetter, keysOf, told, withLetters } from './letters.ts';
import { type Colour, count, printable, time } from './output.ts';
import { type Clock, clockOf, createPace, RATE_OPTION, rateOf } from './pace.ts';
import { EXIT, type Exit, Stop } from './stop.ts';
import { need, type Target } from './target.ts';

type Outcome = Sent['outcome'] | 'would go';

/** What became of a letter. */
export interface Redriven {
  readonly letter: DeadLetter;
  readonly outcome: Outcome;
  /** The function, or `state machine`. */
  readonly to?: string | undefined;
  readonly why?: string | undefined;
}

export interface Wanted {
  isChosen(letter: DeadLetter): boolean;
  /** Letters that were sent later are left: they may be of what this command sends. */
  readonly began: Date;
  readonly isDryRun: boolean;
  /** In a second. */
  readonly rate: number;
}

/** How many letters are sent at once: a function is waited for. */
const AT_ONCE = 10;

const placeOf = (run: Run): string => (run.kind === 'function' ? run.name : 'state machine');

/**
 * Sends the chosen letters again. A letter is deleted after its new run was accepted. Where the command ends in between, the letter is sent
 * once more by the next one: its execution then has a name that exists, and its event is one that was handled.
 *
 * @param tell - gets each letter that is done with
 * @param stop - once it is aborted, no more are sent
 * @returns how many came since the command began
 */
export async function redriveLetters(
  aws: Pick<Aws, 'sqs' | 'lambda' | 'sfn'>,
  target: Target,
  { isChosen, began, isDryRun, rate }: Wanted,
  tell: (done: Redriven) => Promise<void>,
  stop: AbortSignal,
  clock: Clock = clockOf(stop),
): Promise<number> {
  const pace = createPace(rate, clock);
  const started = new Set<string>();
  let late = 0;
  /** Two computers' clocks may differ, so that a letter of an execution of ours is told by its ARN too. */
  const isLate = ({ time: sent, execution }: DeadLetter) =>
    sent > began || (execution !== undefined && started.has(execution));

  return withLetters(
    aws,
    need(target, 'deadLetterQueue'),
    async ({ letters, remove }) => {
      const redriveOne = async (letter: DeadLetter): Promise<Redriven | undefined> => {
        const run = runOf(letter, target);
        if (run.kind === 'none') return { letter, outcome: 'stays', why: run.why };
        if (isDryRun) return { letter, outcome: 'would go', to: placeOf(run) };
        await pace();
        if (stop.aborted) return undefined;
        const sent = await sendAgain(aws, run);
        if (sent.outcome === 'stays') return { letter, outcome: 'stays', to: placeOf(run), why: sent.why };
        if (sent.execution !== undefined) started.add(sent.execution);
        const isDeleted = (await remove([letter])) === 1;
        const why = isDeleted ? undefined : 'but its letter is still in the queue: somebody else reads it';
        return { letter, outcome: sent.outcome, to: placeOf(run), why };
      };
      let hasFailed = false;
      const drain = async () => {
        while (!stop.aborted && !hasFailed) {
          const { value: letter, done } = await letters.next();
          if (done) return;
          if (!isChosen(letter)) continue;
          if (isLate(letter)) late += 1;
          else {
            const redriven = await redriveOne(letter);
            if (redriven) await tell(redriven);
          }
        }
      };
      const worker = () =>
        drain().catch((error: unknown) => {
          hasFailed = true;
          throw error;
        });
      // All of them end before the letters are put back.
      const ends = await Promise.allSettled(Array.from({ length: AT_ONCE }, worker));
      for (const end of ends) if (end.status === 'rejected') throw end.reason;
      return late;
    },
    stop,
  );
}

const COLOURS: Readonly<Record<Outcome, Colour>> = {
  'would go': 'bold',
  sent: 'green',
  'sent before': 'green',
  stays: 'red',
};

async function run(session: Session): Promise<Exit> {
  const { targets, values, output, now, aws } = session;
  const [target] = targets;
  if (!target) return EXIT.notReady;
  const began = now();
  const isDryRun = values['dry-run'] === true;
  const wanted = { isChosen: letterFilter(values, began), began, isDryRun, rate: rateOf(values) };
  const stop = session.interruption();
  const totals = new Map<Outcome, number>();
  const tell = async ({ letter, outcome, to, why }: Redriven) => {
    totals.set(outcome, (totals.get(outcome) ?? 0) + 1);
    if (output.isJson) return output.object({ ...told(letter), outcome, to, reason: why });
    const state = output.paint(COLOURS[outcome], outcome.padEnd(11));
    const where = to === undefined || outcome === 'stays' ? '' : `  to ${to}`;
    const reason = why === undefined ? '' : `: ${printable(why)}`;
    await output.line(`${state}  ${time(letter.time)}  ${keysOf(letter)}${where}${reason}`);
  };
  const late = await redriveLetters(aws(target), target, wanted, tell, stop);
  const parts = [...totals].map(([outcome, number]) => `${number} ${outcome}`);
  const sum = [...totals.values()].reduce((all, number) => all + number, 0);
  if (!output.isJson) {
    const seconds = Math.max(0.1, (now().getTime() - began.getTime()) / 1000).toFixed(1);
    const each = parts.length === 0 ? '' : `: ${parts.join(', ')}`;
    await output.line(`${count(sum, 'dead letter')} in ${seconds} s${each}`);
    if (late > 0)
      await output.line(
        `${count(late, 'letter')} came since the command began and stayed. Is the cause gone?`,
      );
  }
  if (stop.aborted)
    throw new Stop('interrupted. Letters that were not sent are in the queue again. Run it again to go on.');
  return (totals.get('stays') ?? 0) + late > 0 ? EXIT.unwell : EXIT.done;
}

export const redrive: Command = {
  name: 'redrive',
  summary: 'dead letters go again the way they came',
  takes: 'NAME',
  mostRest: 0,
  options: {
    ...LETTER_OPTIONS,
    'dry-run': { type: 'boolean', help: 'shows what would go where, and sends nothing' },
    rate: RATE_OPTION,
  },
  examples: [
    ['kubectl fip redrive invoices --dry-run', 'What would go where'],
    ['kubectl fip redrive invoices', 'All letters, when the cause is gone'],
    ['kubectl fip redrive invoices --error Throttl --rate 2', 'Those of one cause, slowly'],
    ['kubectl fip redrive invoices --key in/a.csv', 'One file'],
  ],
  run,
};
