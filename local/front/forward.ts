/** Sends requests on to an emulator, byte for byte. */
import * as http from 'node:http';
import * as https from 'node:https';
import { pipeline } from 'node:stream/promises';
import { signatureOf } from './call.ts';
import type { Answer } from './rule.ts';

export interface Forward {
  /** Sends on a request and its answer as they come; `body` is what of the request has been read, which is all or nothing. */
  pass(incoming: http.IncomingMessage, outgoing: http.ServerResponse, body?: Buffer): Promise<void>;
  /** Sends on a request that has been read, and reads the answer. */
  exchange(incoming: http.IncomingMessage, body: Buffer): Promise<Answer>;
  close(): void;
}

/** On what a front has judged: another one behind it leaves it alone. */
const JUDGED = 'x-fileingest-front';

/** What is between two neighbours only. */
const HOP = new Set(['connection', 'keep-alive', 'proxy-connection', 'transfer-encoding', 'upgrade']);

/** `Expect: 100-continue` has been answered by our own server when it comes to this. */
const NOT_SENT = new Set([...HOP, 'expect', JUDGED]);

/** The emulator closes what is idle for 75 s, and a request that crosses that is lost. */
const IDLE_MS = 60_000;

export const isJudged = ({ headers }: http.IncomingMessage): boolean => headers[JUDGED] !== undefined;

/** Name, value, name, value without some names. */
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
    // A pipeline's own visitors are told nothing of it.
    ...(signatureOf(incoming.headers) === undefined ? [] : [JUDGED, '1']),
  ];
}

/** @param url - the emulator's own address. */
export function createForward(url: string): Forward {
  const target = new URL(url);
  const secure = target.protocol === 'https:';
  const idle = { keepAlive: true, timeout: IDLE_MS };
  // Its certificate is of its own making, and on this machine.
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
