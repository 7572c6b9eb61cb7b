import { Logger } from '@aws-lambda-powertools/logger';
import type { Environment } from './env.ts';

/** The fields of a log line. */
export type LogFields = Readonly<Record<string, string | number | Error>>;

/** The part of a Powertools logger that handlers use. */
export interface Log {
  info(message: string, fields: LogFields): void;
  warn(message: string, fields: LogFields): void;
  error(message: string, fields: LogFields): void;
}

/**
 * Creates the logger of a cold start. It writes JSON lines. The service is POWERTOOLS_SERVICE_NAME, else the function's name.
 * https://docs.aws.amazon.com/powertools/typescript/latest/features/logger/
 */
export function createLogger(env: Environment): Logger {
  const serviceName = env['POWERTOOLS_SERVICE_NAME'] || env['AWS_LAMBDA_FUNCTION_NAME'] || 'fileingest';
  return new Logger({ serviceName });
}

/**
 * A log that adds `bound` to each line. The logger's `appendKeys` would not do: records are processed in parallel, and a
 * key that is appended for one record would appear in the lines of the others.
 */
export function withFields(log: Log, bound: LogFields): Log {
  return {
    info: (message, fields) => log.info(message, { ...bound, ...fields }),
    warn: (message, fields) => log.warn(message, { ...bound, ...fields }),
    error: (message, fields) => log.error(message, { ...bound, ...fields }),
  };
}
