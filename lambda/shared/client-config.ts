import { type Environment, requiredText } from './env.ts';

/**
 * The settings of every AWS client of a handler. The region comes from AWS_REGION. The credentials come only from the
 * environment, where Lambda puts the credentials of the function's role. The SDK itself reads AWS_ENDPOINT_URL. A call
 * takes up to 4 tries of up to 3 s each, so it succeeds or fails before the function's timeout.
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
    // Without throwOnRequestTimeout the SDK only logs a timeout and keeps waiting.
    requestHandler: { connectionTimeout: 1_000, requestTimeout: 3_000, throwOnRequestTimeout: true },
  } as const;
}

/**
 * A credential provider that reads AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN at each call.
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
