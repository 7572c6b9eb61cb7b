/** Forwards requests to an emulator, byte for byte. */
import * as http from 'node:http';
import * as https from 'node:https';
import { pipeline } from 'node:stream/promises';
import { signatureOf } from './call.ts';
import type { Answer } from './rule.ts';

export interface Forward {
  /** Forwards a request and streams its answer back. `body` is the request's body if it was already read. */
  pass(incoming: http.IncomingMessage, outgoing: http.ServerResponse, body?: Buffer): Promise<void>;
  /** Forwards a request that was read, and reads the answer. */
  exchange(incoming: http.IncomingMessage, body: Buffer): Promise<Answer>;
  close(): void;
}

/** The header of requests that a front has already judged, so that another front behind it does not. */
const JUDGED = 'x-fileingest-front';

/** Hop-by-hop headers, which are not forwarded. */
const HOP = new Set(['connection', 'keep-alive', 'proxy-connection', 'transfer-encoding', 'upgrade']);

/** Headers that are not forwarded. Our own server has already answered `Expect: 100-continue`. */
const NOT_SENT = new Set([...HOP, 'expect', JUDGED]);

/** How long idle connections are kept. The emulator closes them after 75 s, and a request at that moment would be lost. */
const IDLE_MS = 60_000;

export const isJudged = ({ headers }: http.IncomingMessage): boolean => headers[JUDGED] !== undefined;

/** A list of names and values, without the headers in `names`. */
export function without(rawHeaders: readonly string[], names: ReadonlySet<string>): string[] {
  return rawHeaders.filter((_, i) => !names.has(rawHeaders[i - (i % 2)]?.toLowerCase() ?? ''));
}

export async function bodyOf(message: http.IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

function headersFor(incoming: http.IncomingMessage, body: Buffer | undefined): string[] {
  const isChunked = incoming.headers['transfer-encoding'] !== undefined;
  return [
    ...without(incoming.rawHeaders, NOT_SENT),
    ...(isChunked && body === undefined ? ['Transfer-Encoding', 'chunked'] : []),
    ...(isChunked && body !== undefined ? ['Content-Length', String(body.length)] : []),
    // Unsigned requests do not get the header: a pipeline's functions would see it.
    ...(signatureOf(incoming.headers) === undefined ? [] : [JUDGED, '1']),
  ];
}

/**
 * Creates a forwarder.
 *
 * @param url - the address of the emulator itself
 */
export function createForward(url: string): Forward {
  const target = new URL(url);
  const secure = target.protocol === 'https:';
  const idle = { keepAlive: true, timeout: IDLE_MS };
  // The emulator has a self-signed certificate and is on this machine.
  const agent = secure ? new https.Agent({ ...idle, rejectUnauthorized: false }) : new http.Agent(idle);

  const send = (incoming: http.IncomingMessage, body: Buffer | undefined): Promise<http.IncomingMessage> =>
    new Promise((resolve, reject) => {
      const { hostname: host, port } = target;
      const { method, url: path } = incoming;
      const headers = headersFor(incoming, body);
      const outgoing = (secure ? https : http).request({ agent, host, port, method, path, headers });
      outgoing.once('response', resolve);
      outgoing.once('error', reject);
      if (body !== undefined) outgoing.end(body);
      else pipeline(incoming, outgoing).catch(reject);
    });

  return {
    async pass(incoming, outgoing, body) {
      const response = await send(incoming, body);
      const { statusCode = 502, statusMessage, rawHeaders } = response;
      outgoing.writeHead(statusCode, statusMessage, without(rawHeaders, HOP));
      await pipeline(response, outgoing);
    },
    async exchange(incoming, body) {
      const response = await send(incoming, body);
      const { statusCode: status = 502, rawHeaders } = response;
      return { status, rawHeaders: without(rawHeaders, HOP), body: await bodyOf(response) };
    },
    close: () => agent.destroy(),
  };
}
