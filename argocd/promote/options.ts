/** What `make promote` is told. */
export interface Options {
  from: string;
  to: string;
  /** Name of the one claim to carry; all of them where undefined. */
  claim: string | undefined;
  /** Whether the Composition's revision goes along. */
  carryRevision: boolean;
  /** Environments between the two that are passed over on purpose. */
  skip: readonly string[];
  dryRun: boolean;
}

const EXAMPLE = 'make promote FROM=dev TO=staging';

function needed(env: NodeJS.ProcessEnv, name: string): string {
  const value = env[name];
  if (!value) throw new Error(`${name} is missing. Name the environment, such as ${EXAMPLE}.`);
  return value;
}

/** One claim moves alone: the revision is that of all claims. */
function revisionGoesAlong(text: string | undefined, claim: string | undefined): boolean {
  if (!text) return claim === undefined;
  if (text === 'keep' || text === 'carry') return text === 'carry';
  throw new Error(`REVISION=${text} is not known. Use keep or carry, or leave it out.`);
}

/** What looks like a dry run must not write. */
function isDryRun(text: string | undefined): boolean {
  if (text === undefined || text === '' || text === '1') return text === '1';
  throw new Error(`DRY_RUN=${text} is not known. Use DRY_RUN=1, or leave it out.`);
}

/**
 * Options from the environment: FROM, TO, CLAIM, REVISION (`keep` or `carry`), SKIP, DRY_RUN. An empty one counts as not given.
 *
 * @param args - of the command line: `--dry-run` is DRY_RUN=1.
 * @throws naming the option that is missing or not what it should be.
 */
export function readOptions(env: NodeJS.ProcessEnv, args: readonly string[] = []): Options {
  const unknown = args.find((arg) => arg !== '--dry-run');
  if (unknown !== undefined) throw new Error(`${unknown} is not known. There is --dry-run and no other.`);
  const from = needed(env, 'FROM');
  const to = needed(env, 'TO');
  if (from === to)
    throw new Error(`FROM and TO are both ${from}. Name two environments, such as ${EXAMPLE}.`);
  const claim = env['CLAIM'] || undefined;
  return {
    from,
    to,
    claim,
    carryRevision: revisionGoesAlong(env['REVISION'], claim),
    skip: (env['SKIP'] ?? '').split(/[\s,]+/).filter(Boolean),
    dryRun: isDryRun(env['DRY_RUN']) || args.length > 0,
  };
}
