import { GetObjectCommand, S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import { createPresignedPost } from '@aws-sdk/s3-presigned-post';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';

/** A form that uploads one object: its URL, and the fields before the file. */
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

/** The requests that the API signs. It does not send them to S3 itself. */
export interface Objects {
  /** A form for exactly this key, size in bytes and content type. */
  uploadForm(announced: Announced, expiresSeconds: number): Promise<UploadForm>;
  /** A link to an object. A browser saves it as `fileName`. */
  downloadLink(key: string, fileName: string, expiresSeconds: number): Promise<string>;
}

/**
 * Signs requests to one bucket with a client's credentials. A role's credentials add the session token.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html
 */
export function createObjects(config: S3ClientConfig, bucket: string): Objects {
  const s3 = new S3Client({
    ...config,
    // Otherwise a link has the checksum of an empty body, and asks S3 for a checksum that browsers do not check.
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
        // The SDK adds a condition for each field, for the key and for the bucket.
        Conditions: [['content-length-range', size, size]],
      }),
    downloadLink: (key, fileName, expiresSeconds) => {
      const ResponseContentDisposition = attachment(fileName);
      const command = new GetObjectCommand({ Bucket: bucket, Key: key, ResponseContentDisposition });
      return getSignedUrl(s3, command, { expiresIn: expiresSeconds });
    },
  };
}

/** RFC 6266: an ASCII name for old programs, and the full name in UTF-8. */
function attachment(fileName: string): string {
  const plain = fileName.replaceAll(/[^\x20-\x7e]|["\\%]/g, '_');
  const whole = encodeURIComponent(fileName.toWellFormed()).replaceAll(
    /['()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${plain}"; filename*=UTF-8''${whole}`;
}
