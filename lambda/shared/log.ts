import { Logger } from '@aws-lambda-powertools/logger';
import type { Environment } from './env.ts';

/** Fields of one log line. */
export type LogFields = Readonly<Record<string, string | number | Error>>;

/** The part of a Powertools logger that handlers use. */
export interface Log {
  info(message: string, fields: LogFields): void;
  warn(message: string, fields: LogFields): void;
  error(message: string, fields: LogFields): void;
}

/**
 * The logger of a cold start: JSON lines; the service is POWERTOOLS_SERVICE_NAME, else the function's name.
 * https://docs.aws.amazon.com/powertools/typescript/latest/features/logger/
 */
export function createLogger(env: Environment): Logger {
  const serviceName = env['POWERTOOLS_SERVICE_NAME'] || env['AWS_LAMBDA_FUNCTION_NAME'] || 'fileingest';
  return new Logger({ serviceName });
}

/**
 * A log that adds `bound` to each line. The logger's own `appendKeys` is shared by all records, which run side by
 * side: a key appended for one would show up in the lines of another.
 */
export function withFields(log: Log, bound: LogFields): Log {
  return {
    info: (message, fields) => log.info(message, { ...bound, ...fields }),
    warn: (message, fields) => log.warn(message, { ...bound, ...fields }),
    error: (message, fields) => log.error(message, { ...bound, ...fields }),
  };
}
