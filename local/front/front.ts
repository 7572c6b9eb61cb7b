/**
 * A proxy in front of an emulator. It rejects requests that AWS rejects and the emulator accepts, and corrects some answers of the
 * emulator. It forwards everything else byte for byte, so signatures, presigned URLs and streams stay valid.
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
  /** The address of the emulator itself, such as `http://127.0.0.1:4566`. */
  readonly target: string;
  /** The port on which the front listens; by default a free one. */
  readonly port?: number;
  /** The address on which the front listens; by default only loopback. */
  readonly host?: string;
  /** The PEM files for HTTPS. The emulator uses the same. */
  readonly tls?: { cert: string; key: string };
}

export interface Front {
  readonly endpoint: string;
  stop(): Promise<void>;
}

/** How long idle connections are kept. Node's default of 5 s causes errors in clients that keep connections longer. */
const KEEP_ALIVE_MS = 75_000;

/** The error for a rule that cannot query the emulator. Closing the connection instead would hide the reason. */
const cannotAsk = (error: unknown) => ({
  status: 500,
  code: 'InternalFailure',
  message: `the front could not ask the emulator: ${messageOf(error)}`,
});

/** Starts the front. Resolves when it listens. */
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

  /** Handles a request. When the emulator does not answer, the front closes the connection too. */
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
