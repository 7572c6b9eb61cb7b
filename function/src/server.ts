/** The gRPC server that Crossplane calls. */
import {
  type FunctionRunner,
  FunctionRunnerServiceService,
  type Logger,
  type RunFunctionRequest,
  type RunFunctionResponse,
} from '@crossplane-org/function-sdk-typescript';
import { type handleUnaryCall, Server } from '@grpc/grpc-js';

/**
 * Of one request or answer. gRPC's own limit of 4 MiB is less than a claim's composed resources may have: each is an object of up to
 * 1.5 MiB in etcd, and a zip of code stands in its spec and in its status. Crossplane itself takes answers of 4 MiB, which have
 * the spec alone.
 */
const MESSAGE_BYTES = 64 * 1024 * 1024;

/** Both ends of a connection are told the same. */
export const MESSAGE_LIMITS = {
  'grpc.max_receive_message_length': MESSAGE_BYTES,
  'grpc.max_send_message_length': MESSAGE_BYTES,
};

/** Crossplane keeps a connection for ever, and looks for other replicas only once it is closed. */
const CONNECTION_AGE_MS = 5 * 60_000;
/** What runs on a connection that is closed may take this long to finish. */
const CONNECTION_GRACE_MS = 30_000;
/** A client that is gone without a word is found out. */
const KEEPALIVE = { 'grpc.keepalive_time_ms': 60_000, 'grpc.keepalive_timeout_ms': 20_000 };

/** What {@link createServer} needs of the SDK's FunctionRunner. */
type Runner = Pick<FunctionRunner, 'RunFunction'>;

/**
 * A server with the function. The SDK's own takes no options.
 *
 * @param connectionAgeMs - after which a client is told to go and connect again, a tenth more or less.
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
