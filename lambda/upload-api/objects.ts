import { GetObjectCommand, S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import { createPresignedPost } from '@aws-sdk/s3-presigned-post';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';

/** A form that uploads one object: where it goes to, and the fields that stand before the file. */
export interface UploadForm {
  readonly url: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** The one object that a form may make. */
interface Announced {
  readonly key: string;
  readonly size: number;
  readonly contentType: string;
}

/** What the API signs; nothing of it is sent to S3. */
export interface Objects {
  /** A form for exactly this key, number of bytes and content type. */
  uploadForm(announced: Announced, expiresSeconds: number): Promise<UploadForm>;
  /** A link to an object, which a browser saves as `fileName`. */
  downloadLink(key: string, fileName: string, expiresSeconds: number): Promise<string>;
}

/**
 * Signs for one bucket with a client's credentials; when these are a role's, the session token is signed along.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html
 */
export function createObjects(config: S3ClientConfig, bucket: string): Objects {
  const s3 = new S3Client({
    ...config,
    // A link would carry the checksum of an empty body, and ask for one that no browser looks at.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
  return {
    uploadForm: ({ key, size, contentType }, expiresSeconds) =>
      createPresignedPost(s3, {
        Bucket: bucket,
        Key: key,
        Expires: expiresSeconds,
        Fields: { 'Content-Type': contentType },
        // The SDK adds one condition for each field, the key and the bucket.
        Conditions: [['content-length-range', size, size]],
      }),
    downloadLink: (key, fileName, expiresSeconds) => {
      const ResponseContentDisposition = attachment(fileName);
      const command = new GetObjectCommand({ Bucket: bucket, Key: key, ResponseContentDisposition });
      return getSignedUrl(s3, command, { expiresIn: expiresSeconds });
    },
  };
}

/** RFC 6266: a plain name for old programs, and the whole one in UTF-8. */
function attachment(fileName: string): string {
  const plain = fileName.replaceAll(/[^\x20-\x7e]|["\\%]/g, '_');
  const whole = encodeURIComponent(fileName.toWellFormed()).replaceAll(
    /['()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${plain}"; filename*=UTF-8''${whole}`;
}
