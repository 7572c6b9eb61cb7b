/** Mistakes in `spec.source.upload`. */
import { type Row, SMALLEST_OF, upload } from './refusal.ts';

const jwt = { type: 'JWT', issuer: 'https://login.example.com', audience: ['uploads'] };

export const UPLOAD: readonly Row[] = [
  [
    'an upload API without authorization',
    { ...SMALLEST_OF.RunScript, source: { upload: {} } },
    'spec.source.upload.authorization',
  ],
  [
    'authorization without its type',
    upload({ authorization: { issuer: jwt.issuer } }),
    'spec.source.upload.authorization.type',
  ],
  [
    'authorization by a service of AWS',
    upload({ authorization: { type: 'Cognito' } }),
    'spec.source.upload.authorization.type',
    'None',
    'IAM',
    'JWT',
  ],
  [
    'authorization by its type only',
    upload({ authorization: 'None' }),
    'spec.source.upload.authorization',
    'must be of type object',
  ],
  [
    'an issuer without TLS',
    upload({ authorization: { ...jwt, issuer: 'http://login.example.com' } }),
    'spec.source.upload.authorization.issuer',
    '^https://',
  ],
  [
    'an issuer without its scheme',
    upload({ authorization: { ...jwt, issuer: 'login.example.com' } }),
    'spec.source.upload.authorization.issuer',
    '^https://',
  ],
  [
    'one audience, not a list',
    upload({ authorization: { ...jwt, audience: 'uploads' } }),
    'spec.source.upload.authorization.audience',
    'must be of type array',
  ],
  [
    'no audience in the list',
    upload({ authorization: { ...jwt, audience: [] } }),
    'spec.source.upload.authorization.audience',
    'at least 1',
  ],
  [
    'any origin',
    upload({ allowedOrigins: ['*'] }),
    'spec.source.upload.allowedOrigins[0]',
    '^https?://[A-Za-z0-9.-]+(:[0-9]+)?$',
  ],
  [
    'an origin with a path',
    upload({ allowedOrigins: ['https://app.example.com/'] }),
    'spec.source.upload.allowedOrigins[0]',
    '^https?://[A-Za-z0-9.-]+(:[0-9]+)?$',
  ],
  [
    'the same origin twice',
    upload({ allowedOrigins: ['https://app.example.com', 'https://app.example.com'] }),
    'spec.source.upload.allowedOrigins[1]',
    'https://app.example.com',
  ],
  [
    'a size with its unit',
    upload({ maxSizeMB: '100MB' }),
    'spec.source.upload.maxSizeMB',
    'must be of type integer',
  ],
  ['a size in bytes', upload({ maxSizeMB: 104_857_600 }), 'spec.source.upload.maxSizeMB', '5120'],
  ['no size at all', upload({ maxSizeMB: 0 }), 'spec.source.upload.maxSizeMB', '1'],
  [
    'uploads that expire in half a minute',
    upload({ expiresSeconds: 30 }),
    'spec.source.upload.expiresSeconds',
    '60',
  ],
  [
    'uploads that expire in a day',
    upload({ expiresSeconds: 86_400 }),
    'spec.source.upload.expiresSeconds',
    '3600',
  ],
  [
    'a content type with a wildcard',
    upload({ contentTypes: ['image/*'] }),
    'spec.source.upload.contentTypes[0]',
    '^[a-z0-9][a-z0-9!#$&^_.+-]*/',
  ],
  [
    'a file extension for a content type',
    upload({ contentTypes: ['text/csv', '.csv'] }),
    'spec.source.upload.contentTypes[1]',
    '^[a-z0-9][a-z0-9!#$&^_.+-]*/',
  ],
];
