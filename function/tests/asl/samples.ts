/** State machines in `samples`, each wrong in one way or right in a way that is easily taken for wrong. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

export interface Sample {
  /** Says why it is here. */
  readonly why: string;
  readonly definition: unknown;
  readonly execution?: 'Express';
  /** The errors, as lines, without the definition's own path, which all of them begin with; none where it is right. */
  readonly problems: readonly string[];
  /** Why `asl-validator` says the opposite; absent where it agrees. */
  readonly differs?: string;
}

/** As it is written: the errors are one text, a line each, and absent where it is right. */
type Written = Omit<Sample, 'problems'> & { readonly problems?: string };

const FOLDER = join(import.meta.dirname, 'samples');

function read(file: string): Sample[] {
  const samples: Written[] = parse(readFileSync(join(FOLDER, file), 'utf8'));
  return samples.map((sample) => ({ ...sample, problems: sample.problems?.trimEnd().split('\n') ?? [] }));
}

/** Too long for a file that people read. */
const TOO_LONG: Sample = {
  why: 'over a megabyte',
  definition: {
    StartAt: 'A',
    States: { A: { Type: 'Pass', End: true, Comment: 'c'.repeat(1024 * 1024) } },
  },
  problems: [': Too long: must have at most 1048576 bytes, but has 1048646. Shorten the definition.'],
  differs: 'it does not look at the size',
};

export const SAMPLES: readonly Sample[] = [...readdirSync(FOLDER).flatMap(read), TOO_LONG];
