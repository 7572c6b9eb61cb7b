import { clientConfig } from './client-config.ts';
import type { Environment } from './env.ts';

/**
 * Settings of an EC2 client: those of every client, but 2 tries of at most 10 s, for a launch takes a few seconds and
 * one that was broken off may have started its machine all the same.
 *
 * @throws ConfigurationError when AWS_REGION is not set
 */
export function ec2ClientConfig(env: Environment) {
  return {
    ...clientConfig(env),
    maxAttempts: 2,
    requestHandler: { connectionTimeout: 1_000, requestTimeout: 10_000, throwOnRequestTimeout: true },
  };
}
