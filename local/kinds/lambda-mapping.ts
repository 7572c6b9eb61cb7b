/** A Lambda function, from the provider's words to Lambda's and back. */
import {
  ApplicationLogLevel,
  Architecture,
  type FunctionConfiguration,
  LogFormat,
  Runtime,
  SystemLogLevel,
  TracingMode,
} from '@aws-sdk/client-lambda';
import { block, choice, dictionary, type Fields, needText, number, text, texts } from '../fields.ts';
import type { Subject } from './kind.ts';

/** The processor architectures of a field as the SDK types them. */
export function architectures(spec: Fields, field = 'architectures'): Architecture[] | undefined {
  return texts(spec, field)?.map((name) => {
    const known = Object.values(Architecture).find((architecture) => architecture === name);
    if (known === undefined) throw new Error(`forProvider.${field} has no ${JSON.stringify(name)}`);
    return known;
  });
}

/** Is the code a container image, rather than a zip? */
export function isImage(spec: Fields): boolean {
  return text(spec, 'packageType') === 'Image';
}

/** All that CreateFunction and UpdateFunctionConfiguration both take. */
export function configurationOf({ spec, name }: Subject) {
  const logging = block(spec, 'loggingConfig');
  const storage = number(spec, 'ephemeralStorage.size');
  const mode = choice(TracingMode, spec, 'tracingConfig.mode');
  return {
    FunctionName: name,
    Role: needText(spec, 'role'),
    Runtime: choice(Runtime, spec, 'runtime'),
    Handler: text(spec, 'handler'),
    Description: text(spec, 'description'),
    MemorySize: number(spec, 'memorySize'),
    Timeout: number(spec, 'timeout'),
    // An image has its code within, and Lambda refuses even an empty list for it.
    Layers: isImage(spec) ? undefined : texts(spec, 'layers'),
    Environment: { Variables: dictionary(spec, 'environment.variables') },
    ...(storage === undefined ? {} : { EphemeralStorage: { Size: storage } }),
    KMSKeyArn: text(spec, 'kmsKeyArn'),
    ...(mode ? { TracingConfig: { Mode: mode } } : {}),
    ...(logging
      ? {
          LoggingConfig: {
            LogFormat: choice(LogFormat, logging, 'logFormat'),
            LogGroup: text(logging, 'logGroup'),
            ApplicationLogLevel: choice(ApplicationLogLevel, logging, 'applicationLogLevel'),
            SystemLogLevel: choice(SystemLogLevel, logging, 'systemLogLevel'),
          },
        }
      : {}),
  };
}

/** What Lambda answers, in the words of `forProvider`. */
export function stateOf(found: FunctionConfiguration, applied: Fields): Fields {
  return {
    architectures: found.Architectures,
    description: found.Description ?? '',
    environment: { variables: found.Environment?.Variables ?? {} },
    ephemeralStorage: { size: found.EphemeralStorage?.Size ?? 512 },
    handler: found.Handler,
    kmsKeyArn: found.KMSKeyArn ?? '',
    layers: (found.Layers ?? []).map(({ Arn }) => Arn),
    loggingConfig: {
      logFormat: found.LoggingConfig?.LogFormat,
      logGroup: found.LoggingConfig?.LogGroup,
      applicationLogLevel: found.LoggingConfig?.ApplicationLogLevel,
      systemLogLevel: found.LoggingConfig?.SystemLogLevel,
    },
    memorySize: found.MemorySize,
    packageType: found.PackageType,
    role: found.Role,
    runtime: found.Runtime,
    sourceCodeHash: found.CodeSha256,
    timeout: found.Timeout,
    tracingConfig: { mode: found.TracingConfig?.Mode },
    // Lambda forgets where its code came from.
    s3Bucket: applied['s3Bucket'],
    s3Key: applied['s3Key'],
    s3ObjectVersion: applied['s3ObjectVersion'],
  };
}

/** The ARN by which API Gateway invokes a function. */
export function invokeArn(region: string, arn: string | undefined): string {
  return `arn:aws:apigateway:${region}:lambda:path/2015-03-31/functions/${arn}/invocations`;
}
