/** `node release/sign.ts IMAGE@DIGEST…` signs packages without a key: with the identity of the workflow that runs it. */
import { parseArgs } from 'node:util';
import { runCommand } from '../tools/command.ts';
import { messageOf } from '../tools/errors.ts';
import { ensureBinaries } from '../tools/programs/binaries.ts';

/** Crossplane finds signatures in the older format only: `cosign.CheckOpts` of its validator asks for no bundle. */
const FORMAT = ['--new-bundle-format=false', '--use-signing-config=false'];

/**
 * Signs an image.
 *
 * @param image - with its digest
 * @param flags - such as those of a key; without one cosign asks the environment for an identity
 */
export async function sign(
  cosign: string,
  image: string,
  flags: readonly string[] = [],
  env = process.env,
): Promise<void> {
  if (!image.includes('@sha256:'))
    throw new Error(
      `IMAGE: Invalid value: "${image}": must have a digest. A tag can be moved before it is signed.`,
    );
  await runCommand(cosign, ['sign', '--yes', ...FORMAT, ...flags, image], { env });
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { help: { type: 'boolean', short: 'h' } },
  });
  if (values.help) return void console.log('Usage: node release/sign.ts IMAGE@DIGEST…');
  if (positionals.length === 0)
    throw new Error('IMAGE: Required value: name the images to sign, each with its digest');
  const { cosign } = await ensureBinaries(['cosign'], (line) => console.error(line));
  for (const image of positionals) {
    await sign(cosign, image);
    console.log(`signed ${image}`);
  }
}

if (import.meta.main)
  await main().catch((error: unknown) => {
    console.error(messageOf(error));
    process.exitCode = 1;
  });
