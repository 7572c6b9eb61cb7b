/** The server as it ships, its bundle in a process of its own: health, TLS, and how it ends. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type ClientHttp2Stream, connect } from 'node:http2';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  FunctionRunnerServiceService,
  RunFunctionRequest,
  type RunFunctionResponse,
} from '@crossplane-org/function-sdk-typescript';
import { type ChannelCredentials, Client, credentials } from '@grpc/grpc-js';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { accepts, claimPort, HOST } from '../../tools/ports.ts';
import { buildFunction } from '../build.ts';
import { readClaim } from '../render.ts';
import { MESSAGE_LIMITS } from '../src/server.ts';

const { path, requestSerialize, responseDeserialize } = FunctionRunnerServiceService.runFunction;
const [, SERVICE = ''] = path.split('/');
const HEALTH = '/grpc.health.v1.Health/Check';
const folder = mkdtempSync(join(tmpdir(), 'fileingest-server-'));
beforeAll(() => buildFunction(join(folder, 'function')), 60_000);

const request = requestSerialize(
  RunFunctionRequest.fromPartial({
    meta: { tag: 'test' },
    observed: { composite: { resource: readClaim('claim.yaml') }, resources: {} },
  }),
);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** Starts the server and waits for its ports. `output` grows; `exit` resolves to code or signal. */
async function start({ args = ['--insecure'], env = {} }: { args?: string[]; env?: NodeJS.ProcessEnv } = {}) {
  const [port, healthPort] = [await claimPort(), await claimPort()];
  const child = spawn(
    process.execPath,
    [join(folder, 'function/main.js'), ...args, '--address', `${HOST}:${port}`],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, HEALTH_ADDRESS: `${HOST}:${healthPort}`, ...env },
    },
  );
  children.push(child);
  const server = { child, port, healthPort, output: '', exit: once(child, 'close').then(([code]) => code) };
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      server.output += chunk.toString();
    });
  }
  while (child.exitCode === null && !(await accepts(healthPort))) await delay(5);
  return server;
}

const asIs = (bytes: Buffer) => bytes;

/** One call with encoded messages; rejects with gRPC's error. */
function call(
  port: number,
  method: string,
  body: Buffer,
  as: ChannelCredentials = credentials.createInsecure(),
) {
  const client = new Client(`localhost:${port}`, as, MESSAGE_LIMITS);
  return new Promise<Buffer>((resolve, reject) => {
    client.makeUnaryRequest(method, asIs, asIs, body, { deadline: Date.now() + 10_000 }, (error, response) =>
      response ? resolve(response) : reject(error ?? new Error('no answer')),
    );
  }).finally(() => client.close());
}

/** Encoded by the protocol's rules: field 1, of type string. */
const asked = (service: string) =>
  service === '' ? Buffer.alloc(0) : Buffer.from([0x0a, service.length, ...Buffer.from(service)]);
/** Field 1, an enum: 1 is SERVING, 2 is NOT_SERVING. */
const check = async (port: number, service = '') => [...(await call(port, HEALTH, asked(service)))];

const rendered = (bytes: Buffer): RunFunctionResponse => responseDeserialize(bytes);

/** A render whose request is only half sent. */
async function halfSent(port: number) {
  const session = connect(`http://${HOST}:${port}`);
  await once(session, 'connect');
  const stream = session.request({
    ':method': 'POST',
    ':path': path,
    'content-type': 'application/grpc+proto',
    te: 'trailers',
  });
  const head = Buffer.alloc(5);
  head.writeUInt32BE(request.length, 1);
  stream.write(Buffer.concat([head, request.subarray(0, 20)]));
  await new Promise<void>((resolve, reject) => session.ping((error) => (error ? reject(error) : resolve())));
  return { session, stream };
}

async function finish(
  stream: ClientHttp2Stream,
): Promise<{ response: RunFunctionResponse; status: unknown }> {
  const chunks: Buffer[] = [];
  let status: unknown;
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  stream.on('trailers', (trailers) => {
    status = trailers['grpc-status'];
  });
  stream.end(request.subarray(20));
  await once(stream, 'end');
  return { response: rendered(Buffer.concat(chunks).subarray(5)), status };
}

describe('health', () => {
  it('is told on a port of its own and on the function’s, for the server and for its service', async () => {
    const { port, healthPort } = await start();
    for (const each of [port, healthPort]) {
      expect(await check(each)).toEqual([0x08, 1]);
      expect(await check(each, SERVICE)).toEqual([0x08, 1]);
    }
    expect(SERVICE).toBe('apiextensions.fn.proto.v1.FunctionRunnerService');
  });

  it('of an unknown service is NOT_FOUND, and a broken request is refused', async () => {
    const { healthPort } = await start();
    await expect(check(healthPort, 'other.Service')).rejects.toThrow('5 NOT_FOUND: no service is named');
    await expect(call(healthPort, HEALTH, Buffer.from([0x0a, 9, 1]))).rejects.toThrow(
      '13 INTERNAL: Error deserializing request',
    );
  });

  it('is all that the health port answers', async () => {
    const { port, healthPort } = await start();
    await expect(call(healthPort, path, request)).rejects.toThrow('12 UNIMPLEMENTED');
    expect(Object.keys(rendered(await call(port, path, request)).desired?.resources ?? {})).not.toEqual([]);
  });
});

it('takes a claim whose observed code is 10 MB', async () => {
  const { port } = await start();
  const old = { kind: 'Object', spec: { forProvider: { contentBase64: 'x'.repeat(10 * 1024 * 1024) } } };
  const large = RunFunctionRequest.fromPartial({
    observed: {
      composite: { resource: readClaim('claim.yaml') },
      resources: { 'code-of-an-earlier-release': { resource: old } },
    },
  });
  const { desired } = rendered(await call(port, path, requestSerialize(large)));
  expect(Object.keys(desired?.resources ?? {})).toContain('code-bucket');
});

describe('SIGTERM', () => {
  it('ends an idle server with 0, although a client stays connected', async () => {
    const server = await start();
    const session = connect(`http://${HOST}:${server.port}`);
    // The server's end may reach it as a reset.
    session.on('error', () => {});
    await once(session, 'connect');
    server.child.kill('SIGTERM');
    expect(await server.exit).toBe(0);
    session.destroy();
    expect(server.output).toContain('server shut down');
    expect(server.output).not.toContain('still running');
  });

  it('lets a render finish: health turns first, nothing new is taken, then it ends with 0', async () => {
    const server = await start();
    const { stream } = await halfSent(server.port);
    server.child.kill('SIGTERM');
    while (!server.output.includes('received SIGTERM')) await delay(5);
    expect(await check(server.healthPort)).toEqual([0x08, 2]);
    expect(await accepts(server.port)).toBe(false);
    const { response, status } = await finish(stream);
    expect(status).toBe('0');
    expect(Object.keys(response.desired?.resources ?? {})).toContain('code-bucket');
    expect(await server.exit).toBe(0);
    expect(server.output).toContain('server shut down');
  });

  it('waits five seconds for a client that does not finish, and says so', async () => {
    const server = await start();
    const { session, stream } = await halfSent(server.port);
    stream.on('error', () => {});
    session.on('error', () => {});
    server.child.kill('SIGTERM');
    expect(await server.exit).toBe(1);
    expect(server.output).toContain('requests were still running after 5 s');
  });
});

describe('TLS', () => {
  const certificates = join(folder, 'certificates');
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: certificates, stdio: 'pipe' });
  const pem = (file: string) => readFileSync(join(certificates, file));

  /** As Crossplane makes them: all with the authority's subject, none with a key identifier. */
  function certify(name: string, authority?: string) {
    const subject = '/ST=Earth/L=Earth/O=Crossplane/CN=Crossplane';
    const self = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1', '-subj', subject];
    const out = ['-keyout', `${name}.key`, '-out', `${name}.crt`];
    const by = authority ? ['-CA', `${authority}.crt`, '-CAkey', `${authority}.key`] : [];
    const extensions = [
      `basicConstraints=critical,CA:${authority ? 'FALSE' : 'TRUE'}`,
      'subjectAltName=DNS:localhost',
    ];
    const adding = extensions.flatMap((extension) => ['-addext', extension]);
    openssl(...self, '-config', 'openssl.cnf', ...out, ...by, ...adding);
  }

  beforeAll(() => {
    mkdirSync(certificates);
    // The system's own configuration adds key identifiers.
    writeFileSync(join(certificates, 'openssl.cnf'), '[req]\ndistinguished_name=dn\n[dn]\n');
    certify('ca');
    for (const name of ['tls', 'crossplane']) certify(name, 'ca');
  });

  it('serves Crossplane, whose certificate OpenSSL would not verify, by the folder that it names', async () => {
    const { port, healthPort } = await start({ args: [], env: { TLS_SERVER_CERTS_DIR: certificates } });
    const crossplane = credentials.createSsl(pem('ca.crt'), pem('crossplane.key'), pem('crossplane.crt'));
    const response = rendered(await call(port, path, request, crossplane));
    expect(Object.keys(response.desired?.resources ?? {})).toContain('code-bucket');
    expect(await check(healthPort)).toEqual([0x08, 1]);
  });

  it('refuses who speaks no TLS', async () => {
    const { port } = await start({ args: ['--tls-server-certs-dir', certificates] });
    await expect(call(port, path, request)).rejects.toThrow('14 UNAVAILABLE');
  });
});

describe('a server that cannot start says why, and ends with 1', () => {
  it('without certificates', async () => {
    const server = await start({ args: ['--tls-server-certs-dir', join(folder, 'nowhere')] });
    expect(await server.exit).toBe(1);
    expect(server.output).toContain('or run without TLS by --insecure');
  });

  it('on a port that is taken', async () => {
    const taken = createServer().listen(0, HOST);
    await once(taken, 'listening');
    const address = taken.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const server = await start({ env: { HEALTH_ADDRESS: `${HOST}:${port}` } });
    expect(await server.exit).toBe(1);
    expect(server.output).toContain('EADDRINUSE');
    taken.close();
  });

  it('with a flag that it does not know: 2, the exit code of wrong usage', async () => {
    const server = await start({ args: ['--insecur'] });
    expect(await server.exit).toBe(2);
    expect(server.output).toContain("Try 'function-fileingest --help'");
  });
});
