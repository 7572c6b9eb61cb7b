/**
 * Between the provider and the emulator: an HTTP forward proxy. The provider calls AWS by a name that resolves nowhere,
 * which spares the machine's /etc/hosts (S3 Control calls go to `<account>.<name>`), and the proxy can be shut, which is
 * what an unreachable AWS looks like.
 */
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { signatureOf } from '../../../local/front/call.ts';
import { bodyOf } from '../../../local/front/forward.ts';
import { listen } from '../../../tools/ports.ts';
import type { AwsCall } from '../../aws-operations.ts';

/** The name that the provider calls AWS by. */
const AWS_NAME = 'aws.fileingest.test';

export type AwsProxy = Awaited<ReturnType<typeof startAwsProxy>>;

function operationOf(headers: IncomingMessage['headers'], body: Buffer): string {
  const target = headers['x-amz-target'];
  if (typeof target === 'string') return target;
  const isForm = (headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded');
  return isForm ? (new URLSearchParams(body.toString()).get('Action') ?? '') : '';
}

/** Starts the proxy in front of an emulator, on a free port of loopback. */
export async function startAwsProxy(emulatorEndpoint: string) {
  const target = new URL(emulatorEndpoint);
  const calls: AwsCall[] = [];
  let isOpen = true;

  const forward = async (incoming: IncomingMessage, answer: ServerResponse) => {
    const body = await bodyOf(incoming);
    const url = new URL(incoming.url ?? '/', target);
    const { 'proxy-connection': _, ...headers } = incoming.headers;
    const path = url.pathname + url.search;
    const { hostname, port, host } = target;
    const { method = '' } = incoming;
    const options = { hostname, port, method, path, headers: { ...headers, host } };
    const outgoing = request(options, (response) => {
      const service = signatureOf(headers)?.service ?? '';
      const status = response.statusCode ?? 502;
      calls.push({ service, method, path, operation: operationOf(headers, body), status });
      answer.writeHead(status, response.headers);
      response.pipe(answer);
    });
    outgoing.on('error', () => answer.destroy());
    outgoing.end(body);
  };

  const server = createServer((incoming, answer) => {
    if (!isOpen) return void incoming.socket.destroy();
    forward(incoming, answer).catch(() => answer.destroy());
  });
  server.on('connection', (socket) => {
    if (!isOpen) socket.destroy();
  });
  const { url, stop } = await listen(server);
  return {
    /** For HTTP_PROXY. */
    url,
    stop,
    /** What the provider is configured with. */
    endpoint: `http://${AWS_NAME}`,
    calls: (): readonly AwsCall[] => calls,
    /** New and open connections are cut until `open`. */
    shut: () => {
      isOpen = false;
      server.closeAllConnections();
    },
    open: () => {
      isOpen = true;
    },
  };
}
