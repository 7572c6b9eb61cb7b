/** From which pages a browser may read and write a bucket. */
import {
  type CORSRule,
  DeleteBucketCorsCommand,
  GetBucketCorsCommand,
  PutBucketCorsCommand,
} from '@aws-sdk/client-s3';
import { blocks, defined, type Fields, number, text, texts } from '../fields.ts';
import { bucketSetting } from './bucket-setting.ts';

function toRule(rule: Fields): CORSRule {
  return {
    ID: text(rule, 'id'),
    AllowedHeaders: texts(rule, 'allowedHeaders'),
    AllowedMethods: texts(rule, 'allowedMethods'),
    AllowedOrigins: texts(rule, 'allowedOrigins'),
    ExposeHeaders: texts(rule, 'exposeHeaders'),
    MaxAgeSeconds: number(rule, 'maxAgeSeconds'),
  };
}

function fromRule(rule: CORSRule): Fields {
  return defined({
    id: rule.ID,
    allowedHeaders: rule.AllowedHeaders,
    allowedMethods: rule.AllowedMethods,
    allowedOrigins: rule.AllowedOrigins,
    exposeHeaders: rule.ExposeHeaders,
    maxAgeSeconds: rule.MaxAgeSeconds,
  });
}

const RULE = ['id', 'allowedHeaders', 'allowedMethods', 'allowedOrigins', 'exposeHeaders', 'maxAgeSeconds'];

const cors = bucketSetting({
  kind: 'BucketCorsConfiguration',
  fields: RULE.map((field) => `corsRule[].${field}`),
  absent: ['NoSuchCORSConfiguration'],
  async get(s3, Bucket) {
    const { CORSRules } = await s3.send(new GetBucketCorsCommand({ Bucket }));
    return { corsRule: CORSRules?.map(fromRule) };
  },
  put: (s3, Bucket, spec) => {
    const CORSRules = blocks(spec, 'corsRule').map(toRule);
    return s3.send(new PutBucketCorsCommand({ Bucket, CORSConfiguration: { CORSRules } }));
  },
  remove: (s3, Bucket) => s3.send(new DeleteBucketCorsCommand({ Bucket })),
});

export const bucketCorsKinds = [cors];
