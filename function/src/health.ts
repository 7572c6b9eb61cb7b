/**
 * Implements gRPC's health protocol, `grpc.health.v1.Health/Check`: https://github.com/grpc/grpc/blob/master/doc/health-checking.md.
 *
 * Its two messages have one field each, so they are encoded here by hand. The package grpc-health-check reads a .proto file at start,
 * and the bundle is a single file.
 */
import { type handleUnaryCall, type Server, type ServiceDefinition, status } from '@grpc/grpc-js';

const SERVING_STATUS = { SERVING: 1, NOT_SERVING: 2 } as const;

/** Whether the server accepts new requests. */
export type ServingStatus = keyof typeof SERVING_STATUS;

export interface Health {
  /** Adds the health service to a server. Several servers can share it. */
  addTo(server: Server): void;
  /** Changes the status of later answers. */
  turn(to: ServingStatus): void;
}

interface Request {
  readonly service: string;
}

const STRING_FIELD_1 = 0x0a;
const ENUM_FIELD_1 = 0x08;
/** The longest name whose length takes one byte. All services here have shorter names. */
const LONGEST_NAME = 127;

/** Decodes `string service = 1`. An empty message means the whole server. It returns an object, since grpc-js treats '' as no message. */
function decodeRequest(bytes: Buffer): Request {
  if (bytes.length === 0) return { service: '' };
  const length = bytes[1] ?? 0;
  if (bytes[0] !== STRING_FIELD_1 || length > LONGEST_NAME || bytes.length !== length + 2) {
    throw new Error(`not a HealthCheckRequest with a service name of up to ${LONGEST_NAME} bytes`);
  }
  return { service: bytes.toString('utf8', 2) };
}

const encodeResponse = (is: ServingStatus): Buffer => Buffer.from([ENUM_FIELD_1, SERVING_STATUS[is]]);

/** A codec that a server never uses. The tests have the codecs of a client. */
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
 * Creates a health service. It answers SERVING until `turn` changes it, and NOT_FOUND for an unknown name, as the protocol says. It does
 * not implement `Watch`, which the protocol allows: Kubernetes uses `Check`.
 *
 * @param services - full names, such as `apiextensions.fn.proto.v1.FunctionRunnerService`; the empty name, for the whole server, is
 *   always known
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
