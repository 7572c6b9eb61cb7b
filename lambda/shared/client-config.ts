import { type Environment, requiredText } from './env.ts';

/**
 * Settings every AWS client of a handler is made with. The region comes from AWS_REGION and the credentials from the
 * environment alone, where Lambda puts those of the function's role; the endpoint is AWS_ENDPOINT_URL if that is set,
 * which the SDK reads by itself. A call takes 4 tries of at most 3 s each, so that it ends, one way or the other,
 * within a function's time.
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
 *
 * @throws ConfigurationError when AWS_REGION is not set
 */
export function clientConfig(env: Environment) {
  return {
    region: requiredText(env, 'AWS_REGION', 'the region of the AWS services it calls'),
    credentials: credentialsFrom(env),
    maxAttempts: 4,
    retryMode: 'standard',
    defaultsMode: 'standard',
    // Without throwOnRequestTimeout the SDK only logs that the time is over, and waits on.
    requestHandler: { connectionTimeout: 1_000, requestTimeout: 3_000, throwOnRequestTimeout: true },
  } as const;
}

/**
 * A credential provider on AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, read at each call of it.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
 */
export function credentialsFrom(env: Environment) {
  return async () => {
    const sessionToken = env['AWS_SESSION_TOKEN'];
    return {
      accessKeyId: requiredText(env, 'AWS_ACCESS_KEY_ID', 'an access key: Lambda sets it from the role'),
      secretAccessKey: requiredText(
        env,
        'AWS_SECRET_ACCESS_KEY',
        'a secret key: Lambda sets it from the role',
      ),
      ...(sessionToken ? { sessionToken } : {}),
    };
  };
}
