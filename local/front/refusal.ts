/** Writes an error in the format of each AWS protocol. */

import { randomUUID } from 'node:crypto';
import type { Answer, Refusal } from './rule.ts';
import { escapeXml } from './xml.ts';

type Writer = (refusal: Refusal, requestId: string) => { headers: readonly string[]; body: string };

const XML = ['content-type', 'text/xml'];

/** The error of S3. https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
const s3: Writer = ({ code, message }, id) => ({
  headers: ['content-type', 'application/xml', 'x-amz-request-id', id],
  body: `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${escapeXml(message)}</Message><RequestId>${id}</RequestId></Error>`,
});

/** The error of EC2. https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-error-codes.html */
const ec2: Writer = ({ code, message }, id) => ({
  headers: XML,
  body: `<?xml version="1.0" encoding="UTF-8"?>\n<Response><Errors><Error><Code>${code}</Code><Message>${escapeXml(message)}</Message></Error></Errors><RequestID>${id}</RequestID></Response>`,
});

/** The error of the JSON protocol. https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html */
const json: Writer = ({ code, message }, id) => ({
  headers: ['content-type', 'application/x-amz-json-1.0', 'x-amzn-requestid', id],
  body: JSON.stringify({ __type: code, message }),
});

/** The error of the REST-JSON protocol; only Lambda writes `Message`. https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html */
const restJson =
  (field: 'message' | 'Message'): Writer =>
  ({ code, message }, id) => ({
    headers: ['content-type', 'application/json', 'x-amzn-errortype', code, 'x-amzn-requestid', id],
    body: JSON.stringify({ [field]: message, ...(field === 'Message' ? { Type: 'User' } : {}) }),
  });

const WRITERS: Readonly<Record<string, Writer>> = {
  s3,
  ec2,
  states: json,
  lambda: restJson('Message'),
  apigateway: restJson('message'),
};

/**
 * The answer for a refusal.
 *
 * @param service - the service's name in signatures
 */
export function answerOf(service: string, refusal: Refusal, requestId: string = randomUUID()): Answer {
  const { headers, body } = (WRITERS[service] ?? json)(refusal, requestId);
  return { status: refusal.status, rawHeaders: headers, body: Buffer.from(body) };
}
