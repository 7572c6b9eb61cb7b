/** The options of `make promote`. */
export interface Options {
  readonly from: string;
  readonly to: string;
  /** The name of the claim to promote. Undefined for all claims. */
  readonly claim: string | undefined;
  /** Whether the Composition revision is promoted too. */
  readonly carryRevision: boolean;
  /** Environments between the two that are skipped on purpose. */
  readonly skip: readonly string[];
  readonly dryRun: boolean;
}

const EXAMPLE = 'make promote FROM=dev TO=staging';

function needed(env: NodeJS.ProcessEnv, name: string): string {
  const value = env[name];
  if (!value) throw new Error(`${name} is missing. Name the environment, such as ${EXAMPLE}.`);
  return value;
}

/** Whether the Composition revision is promoted. By default it is not with a single claim, as all claims share the revision. */
function revisionGoesAlong(text: string | undefined, claim: string | undefined): boolean {
  if (!text) return claim === undefined;
  if (text === 'keep' || text === 'carry') return text === 'carry';
  throw new Error(`REVISION=${text} is not known. Use keep or carry, or leave it out.`);
}

/** Whether this is a dry run. An unknown value is an error, so that a misspelt dry run does not write. */
function isDryRun(text: string | undefined): boolean {
  if (text === undefined || text === '' || text === '1') return text === '1';
  throw new Error(`DRY_RUN=${text} is not known. Use DRY_RUN=1, or leave it out.`);
}

/**
 * Reads the options from environment variables: FROM, TO, CLAIM, REVISION (`keep` or `carry`), SKIP, DRY_RUN. An empty variable counts
 * as not set.
 *
 * @param args - the command-line arguments; `--dry-run` means DRY_RUN=1
 * @throws Error with the option that is missing or wrong
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
