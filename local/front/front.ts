/**
 * A thin front before an emulator: it refuses what AWS refuses and the emulator takes, and answers what AWS answers and the
 * emulator does not. Everything else goes through byte for byte, so signatures, presigned URLs and streams stay what they are.
 */
import { readFileSync } from 'node:fs';
import * as http from 'node:http';
import * as https from 'node:https';
import { messageOf } from '../../tools/errors.ts';
import { HOST, listen } from '../../tools/ports.ts';
import { createAsk } from './ask.ts';
import { type Call, readCall } from './call.ts';
import { bodyOf, createForward, isJudged, without } from './forward.ts';
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

/** Node's servers close what is idle for 5 s, which surprises clients that keep their connections for longer. */
const KEEP_ALIVE_MS = 75_000;

/** A rule that could not ask: an error of its own, since a connection that is cut would tell nobody why. */
const cannotAsk = (error: unknown) => ({
  status: 500,
  code: 'InternalFailure',
  message: `the front could not ask the emulator: ${messageOf(error)}`,
});

/** Starts the front; resolves when it listens. */
export async function startFront(options: FrontOptions): Promise<Front> {
  const forward = createForward(options.target);
  const ask = createAsk(options.target, options.tls?.cert);
  const rules = createRules();

  const judge = async (call: Call, incoming: http.IncomingMessage): Promise<Answer> => {
    const sequels: Sequel[] = [];
    let isDone = false;
    try {
      for (const rule of rules.filter(({ operations }) => operations.includes(call.operation))) {
        const verdict = await rule.judge(call, ask(call));
        if (verdict === undefined) continue;
        if ('refusal' in verdict) return answerOf(call.service, verdict.refusal);
        if ('answer' in verdict) return verdict.answer;
        sequels.push(verdict);
      }
      let answer = await forward.exchange(incoming, call.body);
      for (const { after } of sequels) answer = await after(answer);
      isDone = true;
      return answer;
    } finally {
      if (!isDone) for (const { failed } of sequels) failed?.();
    }
  };

  const handle = async (incoming: http.IncomingMessage, outgoing: http.ServerResponse): Promise<void> => {
    const call = isJudged(incoming) ? undefined : await readCall(incoming, () => bodyOf(incoming));
    if (call === undefined) return forward.pass(incoming, outgoing);
    if ('unruled' in call) return forward.pass(incoming, outgoing, call.unruled);
    const { status, rawHeaders, body } = await judge(call, incoming).catch((error: unknown) =>
      answerOf(call.service, cannotAsk(error)),
    );
    const headers = without(rawHeaders, new Set(['content-length']));
    outgoing.writeHead(status, [...headers, 'Content-Length', String(body.length)]);
    outgoing.end(body);
  };

  /** Where the emulator does not answer, the front does not either. */
  const listener: http.RequestListener = (incoming, outgoing) => {
    handle(incoming, outgoing).catch(() => outgoing.destroy());
  };
  const { tls } = options;
  const server =
    tls === undefined
      ? http.createServer(listener)
      : https.createServer({ cert: readFileSync(tls.cert), key: readFileSync(tls.key) }, listener);
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.requestTimeout = 0;
  const { port, stop } = await listen(server, options.port, options.host);
  // What it is in front of keeps a process alive, or nothing does.
  server.unref();
  return {
    endpoint: `${tls === undefined ? 'http' : 'https'}://${HOST}:${port}`,
    stop: async () => {
      const stopped = stop();
      ask.close();
      forward.close();
      await stopped;
    },
  };
}
