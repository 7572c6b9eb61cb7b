/** A Helm repository on loopback, with Crossplane's chart from its Go module: the chart that is released under that version. */
import { createReadStream, mkdirSync } from 'node:fs';
import { createServer } from 'node:http';
import { basename, join } from 'node:path';
import { runCommand } from '../command.ts';
import { claimPort, HOST } from '../ports.ts';

export interface Charts {
  /** Such as `http://127.0.0.1:40123`. */
  readonly url: string;
  stop(): Promise<void>;
}

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
}): Promise<Charts> {
  const { helm, chart, version, folder } = options;
  mkdirSync(folder, { recursive: true });
  const port = await claimPort();
  const url = `http://${HOST}:${port}`;
  await runCommand(helm, [
    ...['package', chart, '--destination', folder],
    ...['--version', version.replace(/^v/, ''), '--app-version', version.replace(/^v/, '')],
  ]);
  await runCommand(helm, ['repo', 'index', folder, '--url', url]);
  const server = createServer((request, response) => {
    const file = createReadStream(join(folder, basename(request.url ?? '')));
    file.on('error', () => response.writeHead(404).end());
    file.pipe(response);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, HOST, resolve);
  });
  return {
    url,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
