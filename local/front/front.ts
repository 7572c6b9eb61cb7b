/**
 * A thin front before an emulator: it refuses what AWS refuses and the emulator takes, and answers what AWS answers and the
 * emulator does not. Everything else goes through byte for byte, so signatures, presigned URLs and streams stay what they are.
 */
import { readFileSync } from 'node:fs';
import * as http from 'node:http';
import * as https from 'node:https';
import { pipeline } from 'node:stream/promises';
import { HOST } from '../ports.ts';
import { createAsk } from './ask.ts';
import { type Call, readCall } from './call.ts';
import { answerOf } from './refusal.ts';
import type { Answer, Sequel } from './rule.ts';
import { createRules } from './rules.ts';

export interface FrontOptions {
  /** The emulator's own address, such as `http://127.0.0.1:4566`. */
  target: string;
  /** Where the front listens; by default on a free port. */
  port?: number;
  /** By default loopback alone. */
  host?: string;
  /** PEM files to serve HTTPS with; the emulator has the same. */
  tls?: { cert: string; key: string };
}

export interface Front {
  endpoint: string;
  stop(): Promise<void>;
}

/** On what a front has judged: another one behind it leaves it alone. */
const JUDGED = 'x-fileingest-front';

/** What is between two neighbours only. */
const HOP = new Set(['connection', 'keep-alive', 'proxy-connection', 'transfer-encoding', 'upgrade']);

/** `Expect: 100-continue` has been answered by our own server when it comes to this. */
const NOT_SENT = new Set([...HOP, 'expect', JUDGED]);

/** The loopback of Node closes what is idle after 5 s, which surprises clients that keep their connections for longer. */
const KEEP_ALIVE_MS = 75_000;

function without(rawHeaders: readonly string[], names: ReadonlySet<string>): string[] {
  const kept: string[] = [];
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const [name = '', value = ''] = rawHeaders.slice(i, i + 2);
    if (!names.has(name.toLowerCase())) kept.push(name, value);
  }
  return kept;
}

async function bodyOf(message: http.IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

/** Starts the front; resolves when it listens. */
export async function startFront(options: FrontOptions): Promise<Front> {
  const target = new URL(options.target);
  const secure = target.protocol === 'https:';
  // The emulator's certificate is of its own making, and on this machine.
  const agent = secure
    ? new https.Agent({ keepAlive: true, rejectUnauthorized: false })
    : new http.Agent({ keepAlive: true });
  const ask = createAsk(options.target, options.tls?.cert);
  const rules = createRules();

  /** Sends a request on; its body is the one that was read, or follows as a stream. */
  const send = (incoming: http.IncomingMessage, body: Buffer | undefined): Promise<http.IncomingMessage> =>
    new Promise((resolve, reject) => {
      const streamed = incoming.headers['transfer-encoding'] !== undefined && body === undefined;
      const headers = [
        ...without(incoming.rawHeaders, NOT_SENT),
        ...(streamed ? ['Transfer-Encoding', 'chunked'] : []),
        ...[JUDGED, '1'],
      ];
      const outgoing = (secure ? https : http).request({
        agent,
        host: target.hostname,
        port: target.port,
        method: incoming.method,
        path: incoming.url,
        headers,
      });
      outgoing.once('response', resolve);
      outgoing.once('error', reject);
      if (body !== undefined) outgoing.end(body);
      else pipeline(incoming, outgoing).catch(reject);
    });

  const pass = async (
    incoming: http.IncomingMessage,
    outgoing: http.ServerResponse,
    body: Buffer | undefined,
  ): Promise<void> => {
    const response = await send(incoming, body);
    outgoing.writeHead(response.statusCode ?? 502, response.statusMessage, without(response.rawHeaders, HOP));
    await pipeline(response, outgoing);
  };

  const exchange = async (incoming: http.IncomingMessage, body: Buffer): Promise<Answer> => {
    const response = await send(incoming, body);
    const { statusCode: status = 502, rawHeaders } = response;
    return { status, rawHeaders: without(rawHeaders, HOP), body: await bodyOf(response) };
  };

  const judged = async (call: Call, incoming: http.IncomingMessage): Promise<Answer> => {
    const sequels: Sequel[] = [];
    try {
      for (const rule of rules.filter(({ operations }) => operations.includes(call.operation))) {
        const verdict = await rule.judge(call, ask(call));
        if (verdict === undefined) continue;
        if ('refusal' in verdict) return answerOf(call.service, verdict.refusal);
        if ('answer' in verdict) return verdict.answer;
        sequels.push(verdict);
      }
      let answer = await exchange(incoming, call.body);
      for (const { after } of sequels) answer = await after(answer);
      return answer;
    } catch (error) {
      for (const { failed } of sequels) failed?.();
      throw error;
    }
  };

  const handle = async (incoming: http.IncomingMessage, outgoing: http.ServerResponse): Promise<void> => {
    const call =
      incoming.headers[JUDGED] === undefined ? await readCall(incoming, () => bodyOf(incoming)) : undefined;
    if (call === undefined) return pass(incoming, outgoing, undefined);
    if ('unruled' in call) return pass(incoming, outgoing, call.unruled);
    const { status, rawHeaders, body } = await judged(call, incoming);
    const headers = without(rawHeaders, new Set([...HOP, 'content-length']));
    outgoing.writeHead(status, [...headers, 'Content-Length', String(body.length)]);
    outgoing.end(body);
  };

  /** As if the emulator itself were not there. */
  const listener: http.RequestListener = (incoming, outgoing) => {
    handle(incoming, outgoing).catch(() => outgoing.destroy());
  };
  const server = options.tls
    ? https.createServer(
        { cert: readFileSync(options.tls.cert), key: readFileSync(options.tls.key) },
        listener,
      )
    : http.createServer(listener);
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.requestTimeout = 0;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, options.host ?? HOST, resolve);
  });
  // What it is in front of keeps a process alive, or nothing does.
  server.unref();
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : options.port;
  return {
    endpoint: `${options.tls ? 'https' : 'http'}://${HOST}:${port}`,
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
        ask.close();
        agent.destroy();
      }),
  };
}
