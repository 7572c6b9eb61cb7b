import { PutObjectCommand, type PutObjectCommandOutput } from '@aws-sdk/client-s3';
import type { SharpConstructor } from 'sharp';
import { type Environment, requiredText } from '../shared/env.ts';
import { ConfigurationError, describe } from '../shared/errors.ts';
import {
  IMAGE_FORMAT_NAMES,
  IMAGE_FORMATS,
  type ImageFormat,
  isImageFormat,
} from '../shared/image-format.ts';
import { type Log, withFields } from '../shared/log.ts';
import {
  type ObjectReader,
  type ObjectVersion,
  objectVersionOf,
  readObject,
} from '../shared/object-version.ts';
import { orRefused, type Refused } from '../shared/refusal.ts';
import { MalformedInputError, readInput } from '../shared/task-input.ts';
import { ImageBrokenError } from './errors.ts';
import { limitsFor, refuseTooManyBytes } from './limits.ts';
import { type Dimensions, shrink } from './shrink.ts';

/** An S3Client, as far as writing needs one. */
interface ObjectWriter {
  send(command: PutObjectCommand): Promise<PutObjectCommandOutput>;
}

/** The dependencies of the handler. `s3` is an S3Client or a stand-in. */
export interface ResizeImageDependencies {
  readonly s3: ObjectReader & ObjectWriter;
  readonly sharp: SharpConstructor;
  readonly env: Environment;
  readonly logger: Log;
}

/** The resized image: its place, its size in bytes and its dimensions, and those of the original. */
export interface ResizedImage extends Dimensions {
  readonly bucket: string;
  readonly key: string;
  readonly size: number;
  readonly original: Dimensions & { readonly size: number };
}

const MAX_WIDTH = 4096;
/** The time that is reserved for reading and writing objects and for the result. */
const SPARE_SECONDS = 5;

/**
 * A handler that writes a smaller version of an image to another bucket. Its input has the object version in the form of
 * start-workflow, and `format` and `resizedKey` from get-file-type. The handler returns ImageTooLargeError,
 * ImageBrokenError or ImageTooSlowError as a `Refused` result. Its environment:
 *
 * - `DESTINATION_BUCKET`
 * - `WIDTH`: pixels, 1 to 4096
 * - `AWS_LAMBDA_FUNCTION_MEMORY_SIZE`: set by Lambda; it determines the maximum size of an image
 *
 * The same version gives the same bytes under the same key, so a repeated task changes nothing.
 *
 * @throws ConfigurationError when a variable is missing or wrong
 * @throws MalformedInputError, ObjectGoneError or ObjectIncompleteError from the handler
 */
export function createHandler({ s3, sharp, env, logger }: ResizeImageDependencies) {
  const bucket = requiredText(env, 'DESTINATION_BUCKET', 'the bucket for the small images');
  const width = wholeNumber(env, 'WIDTH', MAX_WIDTH, 'a number of pixels');
  const memoryMB = wholeNumber(env, 'AWS_LAMBDA_FUNCTION_MEMORY_SIZE', 10_240, "the function's memory in MB");

  const resize = async (object: ObjectVersion, { format, key }: Task, remainingMs: number, log: Log) => {
    const limits = limitsFor(memoryMB, format, object.size);
    refuseTooManyBytes(object, limits);
    if (object.size === 0)
      throw new ImageBrokenError(`${describe(object.key)} is empty: upload the file again`);

    const bytes = await readObject(s3, object, object.size);
    const seconds = Math.max(1, Math.floor(remainingMs / 1000) - SPARE_SECONDS);
    const small = await shrink(sharp, bytes, { key: object.key, format, width, limits, seconds });
    const { contentType } = IMAGE_FORMATS[format];
    await s3.send(
      new PutObjectCommand({ Bucket: bucket, Key: key, Body: small.data, ContentType: contentType }),
    );
    log.info('Image resized', { to: `${bucket}/${key}`, width: small.width, height: small.height });
    return {
      bucket,
      key,
      size: small.data.length,
      width: small.width,
      height: small.height,
      original: { ...small.original, size: object.size },
    };
  };

  return async (input: unknown, remainingMs: number): Promise<ResizedImage | Refused> => {
    const object = objectVersionOf(input);
    const task = taskOf(input);
    const log = withFields(logger, { bucket: object.bucket, key: object.key });
    return orRefused(log, () => resize(object, task, remainingMs, log));
  };
}

/** The task: the format and the key of the resized image. */
interface Task {
  readonly format: ImageFormat;
  readonly key: string;
}

function taskOf(input: unknown): Task {
  const fields = readInput(input);
  const format = fields.text('format');
  if (isImageFormat(format)) return { format, key: fields.text('resizedKey') };
  const expected = `one of ${IMAGE_FORMAT_NAMES.join(', ')}`;
  throw new MalformedInputError(`format: expected ${expected}, found ${describe(format)}`);
}

function wholeNumber(env: Environment, name: string, max: number, what: string): number {
  const value = requiredText(env, name, `${what} from 1 to ${max}`);
  const number = /^[1-9][0-9]{0,4}$/.test(value) ? Number(value) : Number.NaN;
  if (number <= max) return number;
  throw new ConfigurationError(`${name} is ${describe(value)}: set it to ${what} from 1 to ${max}`);
}
