/**
 * Since April 2026, a bucket blocks encryption with keys from the client by default. S3 returns this in the bucket's encryption
 * configuration.
 */
import type { Answer, Rule } from '../rule.ts';

const BLOCKED = '<BlockedEncryptionTypes><EncryptionType>SSE-C</EncryptionType></BlockedEncryptionTypes>';

function withBlocked(answer: Answer): Answer {
  if (answer.status !== 200) return answer;
  const xml = answer.body
    .toString()
    .replaceAll(/<Rule>.*?<\/Rule>/gs, (rule) =>
      rule.includes('<BlockedEncryptionTypes') ? rule : rule.replace('</Rule>', `${BLOCKED}</Rule>`),
    );
  return { ...answer, body: Buffer.from(xml) };
}

export const blockedEncryption: Rule = {
  page: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/default-s3-c-encryption-setting-faq.html',
  operations: ['s3:GetBucketEncryption'],
  judge: () => ({ after: withBlocked }),
};
