/** Creates the gRPC server that Crossplane calls. */
import {
  type FunctionRunner,
  FunctionRunnerServiceService,
  type Logger,
  type RunFunctionRequest,
  type RunFunctionResponse,
} from '@crossplane-org/function-sdk-typescript';
import { type handleUnaryCall, Server } from '@grpc/grpc-js';

/**
 * The maximum size of a request or response. gRPC's default of 4 MiB is too small for a claim's composed resources: each object can have
 * 1.5 MiB in etcd, and a zip of code is in its spec and in its status. Crossplane itself accepts responses up to 4 MiB, which have only
 * the spec.
 */
const MESSAGE_BYTES = 64 * 1024 * 1024;

/** The gRPC options for both ends of a connection. */
export const MESSAGE_LIMITS = {
  'grpc.max_receive_message_length': MESSAGE_BYTES,
  'grpc.max_send_message_length': MESSAGE_BYTES,
};

/** The maximum age of a connection. Crossplane keeps a connection forever, and looks for other replicas only after it is closed. */
const CONNECTION_AGE_MS = 5 * 60_000;
/** How long running requests can take to finish after their connection was closed. */
const CONNECTION_GRACE_MS = 30_000;
/** The keepalive options, which detect clients that have disappeared. */
const KEEPALIVE = { 'grpc.keepalive_time_ms': 60_000, 'grpc.keepalive_timeout_ms': 20_000 };

/** The part of the SDK's FunctionRunner that {@link createServer} needs. */
type Runner = Pick<FunctionRunner, 'RunFunction'>;

/**
 * Creates a server with the function. The SDK's own server has no options.
 *
 * @param connectionAgeMs - the age at which a client must reconnect, plus or minus a tenth
 */
export function createServer(runner: Runner, logger: Logger, connectionAgeMs = CONNECTION_AGE_MS): Server {
  const server = new Server({
    ...MESSAGE_LIMITS,
    ...KEEPALIVE,
    'grpc.max_connection_age_ms': connectionAgeMs,
    'grpc.max_connection_age_grace_ms': CONNECTION_GRACE_MS,
  });
  const runFunction: handleUnaryCall<RunFunctionRequest, RunFunctionResponse> = ({ request }, answer) => {
    runner.RunFunction(request, logger).then(
      (response) => answer(null, response),
      (error: Error) => {
        logger.error(error, 'the function failed');
        answer(error);
      },
    );
  };
  server.addService(FunctionRunnerServiceService, { runFunction });
  return server;
}
