/** A Helm repository on loopback, with Crossplane's chart from its Go module: the chart that is released under that version. */
import { createReadStream, mkdirSync } from 'node:fs';
import { createServer } from 'node:http';
import { basename, join } from 'node:path';
import { runCommand } from '../command.ts';
import { type Listening, listen } from '../ports.ts';

/**
 * Packages a chart and serves it.
 *
 * @param options.chart - the chart's folder.
 * @param options.version - with a leading v; charts go without it.
 */
export async function serveChart(options: {
  helm: string;
  chart: string;
  version: string;
  folder: string;
}): Promise<Listening> {
  const { helm, chart, version, folder } = options;
  mkdirSync(folder, { recursive: true });
  await runCommand(helm, [
    ...['package', chart, '--destination', folder],
    ...['--version', version.replace(/^v/, ''), '--app-version', version.replace(/^v/, '')],
  ]);
  const server = createServer((request, response) => {
    const file = createReadStream(join(folder, basename(request.url ?? '')));
    file.on('error', () => response.writeHead(404).end());
    file.pipe(response);
  });
  const listening = await listen(server);
  await runCommand(helm, ['repo', 'index', folder, '--url', listening.url]);
  return listening;
}
