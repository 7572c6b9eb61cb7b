/** The AWS clients of one endpoint and region, with the test credentials that an emulator takes. */

import { readFileSync } from 'node:fs';
import { ApiGatewayV2 } from '@aws-sdk/client-apigatewayv2';
import { ApplicationAutoScaling } from '@aws-sdk/client-application-auto-scaling';
import { CloudWatch } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { EC2 } from '@aws-sdk/client-ec2';
import { EventBridge } from '@aws-sdk/client-eventbridge';
import { IAM } from '@aws-sdk/client-iam';
import { Lambda } from '@aws-sdk/client-lambda';
import { S3 } from '@aws-sdk/client-s3';
import { Scheduler } from '@aws-sdk/client-scheduler';
import { SFN } from '@aws-sdk/client-sfn';
import { SQS } from '@aws-sdk/client-sqs';
import { STS } from '@aws-sdk/client-sts';
import { hasName } from '../tools/errors.ts';
import { isFields } from './fields.ts';

export interface ClientOptions {
  /** The URL of the emulator, such as `http://127.0.0.1:4566`. */
  readonly endpoint: string;
  readonly region: string;
  /** The PEM file of the certificate to trust, for an `https` endpoint with a self-signed certificate. */
  readonly caFile?: string;
  /** Called with the name of each command that AWS has answered, such as `PutObjectCommand`. */
  readonly onCall?: (command: string) => void;
  readonly credentials?: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
}

export type Clients = ReturnType<typeof createClients>;

/** A logger for the SDK, which calls it for every answer, including errors. */
function callLogger(onCall: (command: string) => void) {
  const note = (entry: unknown): void => {
    const command = isFields(entry) ? entry['commandName'] : undefined;
    if (typeof command === 'string') onCall(command);
  };
  return { trace() {}, debug() {}, info: note, warn() {}, error: note };
}

/** Creates one client per service. `close()` closes their connections. */
export function createClients(options: ClientOptions) {
  const { endpoint, region, caFile } = options;
  const config = {
    endpoint,
    region,
    credentials: options.credentials ?? { accessKeyId: 'test', secretAccessKey: 'test' },
    ...(options.onCall ? { logger: callLogger(options.onCall) } : {}),
    ...(caFile === undefined ? {} : { requestHandler: { httpsAgent: { ca: readFileSync(caFile) } } }),
  };
  const services = {
    // For requests with `Expect: 100-continue`, the SDK uses another agent, which does not know `caFile`.
    s3: new S3({ ...config, forcePathStyle: true, expectContinueHeader: false }),
    lambda: new Lambda(config),
    dynamodb: new DynamoDB(config),
    // The URL of a queue can have a host that is known only in the emulator's network.
    sqs: new SQS({ ...config, useQueueUrlAsEndpoint: false }),
    iam: new IAM(config),
    ec2: new EC2(config),
    logs: new CloudWatchLogs(config),
    cloudwatch: new CloudWatch(config),
    autoscaling: new ApplicationAutoScaling(config),
    apigateway: new ApiGatewayV2(config),
    scheduler: new Scheduler(config),
    events: new EventBridge(config),
    // StartSyncExecution would call `sync-<host>`, which does not resolve.
    sfn: new SFN({ ...config, disableHostPrefix: true }),
    sts: new STS(config),
  };
  const close = (): void => {
    for (const service of Object.values(services)) service.destroy();
  };
  return { ...services, endpoint, region, close };
}

/** The answer, or undefined where AWS refuses by one of these error names, such as `NoSuchBucket`. */
export async function answerUnless<T>(
  answer: Promise<T>,
  ...absent: readonly string[]
): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (hasName(error, ...absent)) return undefined;
    throw error;
  }
}

/** The twelve digits of the account that the clients act in. */
export async function accountId(clients: Pick<Clients, 'sts' | 'endpoint'>): Promise<string> {
  const { Account } = await clients.sts.getCallerIdentity({});
  if (Account === undefined) throw new Error(`${clients.endpoint} named no account for its credentials`);
  return Account;
}
