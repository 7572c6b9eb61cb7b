/** `node tools/programs/build.ts [name…]` makes the control plane's binaries, all if none is named, and prints their paths. */
import { messageOf } from '../errors.ts';
import { ensureBinaries } from './binaries.ts';
import { BINARY_NAMES, binaryName } from './modules.ts';

try {
  const wanted = process.argv.slice(2).map(binaryName);
  const names = wanted.length > 0 ? wanted : BINARY_NAMES;
  const paths = await ensureBinaries(names, (line) => console.error(line));
  for (const name of names) console.log(`${name} ${paths[name]}`);
} catch (error) {
  console.error(messageOf(error));
  process.exitCode = 1;
}
