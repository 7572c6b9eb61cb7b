/**
 * gRPC's health protocol, `grpc.health.v1.Health/Check`: https://github.com/grpc/grpc/blob/master/doc/health-checking.md.
 *
 * Its two messages have one field each, so they are written out here: the package for it, grpc-health-check, reads its
 * .proto file when it starts, and a bundle of one file has none.
 */
import { type handleUnaryCall, type Server, type ServiceDefinition, status } from '@grpc/grpc-js';

const SERVING_STATUS = { SERVING: 1, NOT_SERVING: 2 } as const;

/** Whether new requests are welcome. */
export type ServingStatus = keyof typeof SERVING_STATUS;

export interface Health {
  /** Answers health checks on a server; several servers may answer the same. */
  addTo(server: Server): void;
  /** Changes what is answered from now on. */
  turn(to: ServingStatus): void;
}

interface Request {
  readonly service: string;
}

const STRING_FIELD_1 = 0x0a;
const ENUM_FIELD_1 = 0x08;
/** A longer length takes two bytes, and no service here has such a name. */
const LONGEST_NAME = 127;

/** `string service = 1`; the server as a whole is an empty message. The name itself would not do: grpc-js takes '' for no message. */
function decodeRequest(bytes: Buffer): Request {
  if (bytes.length === 0) return { service: '' };
  const length = bytes[1] ?? 0;
  if (bytes[0] !== STRING_FIELD_1 || length > LONGEST_NAME || bytes.length !== length + 2) {
    throw new Error(`not a HealthCheckRequest with a service name of up to ${LONGEST_NAME} bytes`);
  }
  return { service: bytes.toString('utf8', 2) };
}

const encodeResponse = (is: ServingStatus): Buffer => Buffer.from([ENUM_FIELD_1, SERVING_STATUS[is]]);

/** What a server never does: the decoders of a client are in the tests. */
const unused = (): never => {
  throw new Error('a server encodes no HealthCheckRequest and decodes no HealthCheckResponse');
};

const SERVICE: ServiceDefinition<{ check: handleUnaryCall<Request, ServingStatus> }> = {
  check: {
    path: '/grpc.health.v1.Health/Check',
    requestStream: false,
    responseStream: false,
    requestDeserialize: decodeRequest,
    responseSerialize: encodeResponse,
    requestSerialize: unused,
    responseDeserialize: unused,
  },
};

/**
 * A health service that says SERVING until it is turned. A name that it does not know is NOT_FOUND, as the protocol
 * has it. `Watch` is left out, which the protocol allows: Kubernetes asks with `Check`.
 *
 * @param services - full names, such as `apiextensions.fn.proto.v1.FunctionRunnerService`; the empty name, for the
 * server as a whole, is always known.
 */
export function createHealth(services: readonly string[]): Health {
  const known = new Set(['', ...services]);
  let current: ServingStatus = 'SERVING';
  const check: handleUnaryCall<Request, ServingStatus> = ({ request }, answer) => {
    if (known.has(request.service)) answer(null, current);
    else answer({ code: status.NOT_FOUND, details: `no service is named "${request.service}"` });
  };
  return {
    addTo: (server) => server.addService(SERVICE, { check }),
    turn: (to) => {
      current = to;
    },
  };
}
