import { clientConfig } from './client-config.ts';
import type { Environment } from './env.ts';

/**
 * The settings of an EC2 client: like `clientConfig`, but with 2 tries of up to 10 s. A launch takes a few seconds, and a
 * call that times out may still have started the virtual machine.
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
