import { fileTypeFromBuffer } from 'file-type';
import { isAvif } from '../shared/avif.ts';
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
import { EmptyImageError } from './errors.ts';
import { copySourceOf, extensionOf, prefixedKey, suffixedKey } from './keys.ts';

/** The dependencies of the handler. `s3` is an S3Client or a stand-in. */
export interface GetFileTypeDependencies {
  readonly s3: ObjectReader;
  readonly env: Environment;
  readonly logger: Log;
}

/** The result for a file. `copySource` is the source for CopyObject. */
export type FileType =
  | {
      readonly isImage: true;
      readonly format: ImageFormat;
      readonly contentType: string;
      readonly copySource: string;
      /** The key of the resized image. */
      readonly resizedKey: string;
    }
  | {
      readonly isImage: false;
      readonly reason: string;
      readonly copySource: string;
      /** The destination key, when the pipeline quarantines files that are not images. */
      readonly quarantineKey?: string;
    };

/** The number of first bytes that file-type reads. */
const FIRST_BYTES = 4_100;
/**
 * The beginnings of a TIFF, in both byte orders. file-type distinguishes a TIFF from similar raw formats by its directory.
 * That is often at the end of the file, and without it file-type returns nothing.
 */
const TIFF_BEGINNINGS = [Buffer.from('II*\0'), Buffer.from('MM\0*')];
/** Types that count as another type. An animated PNG is a PNG: programs without animation show its first image. */
const SAME_FORMAT: Readonly<Record<string, string>> = { 'image/apng': IMAGE_FORMATS.PNG.contentType };

/**
 * A handler that checks whether an uploaded object is an image of an accepted format. It compares the extension (in upper
 * or lower case) and the first bytes, so a renamed file is not accepted. The handler returns EmptyImageError or
 * KeyTooLongError as a `Refused` result. Its environment:
 *
 * - `FORMATS`: the accepted formats, such as `JPEG,PNG`
 * - `SUFFIX`: the text before the extension in the key of the resized image
 * - `QUARANTINE_PREFIX` (optional): the prefix of the new key for a file that is not an image
 *
 * @throws ConfigurationError when a variable is missing or wrong
 * @throws MalformedInputError, ObjectGoneError or ObjectIncompleteError from the handler
 */
export function createHandler({ s3, env, logger }: GetFileTypeDependencies) {
  const formats = formatsFrom(env);
  const suffix = requiredText(env, 'SUFFIX', 'what the key of the small image has before its extension');
  const quarantinePrefix = env['QUARANTINE_PREFIX'] || undefined;

  const typeOf = async (object: ObjectVersion, log: Log): Promise<FileType> => {
    const { bucket, key, size } = object;
    const copySource = copySourceOf(object);
    const refuse = (reason: string): FileType => {
      log.info('Not an image', { reason });
      const quarantine =
        quarantinePrefix === undefined ? {} : { quarantineKey: prefixedKey(key, quarantinePrefix) };
      return { isImage: false, reason, copySource, ...quarantine };
    };

    const extension = extensionOf(key);
    const format = formats.find((name) => extensionsOf(name).includes(extension));
    if (format === undefined)
      return refuse(`its extension ${describe(extension)} is none of ${listed(formats)}`);
    if (size === 0) {
      throw new EmptyImageError(`${describe(key)} in ${bucket} is empty: upload the ${format} file again`);
    }
    const { contentType } = IMAGE_FORMATS[format];
    const content = await contentTypeOf(await readObject(s3, object, FIRST_BYTES));
    if (content !== contentType) {
      const bytes = content ?? 'no known type';
      return refuse(`its extension ${describe(extension)} says ${contentType}, its first bytes say ${bytes}`);
    }
    log.info('Image found', { format });
    return { isImage: true, format, contentType, copySource, resizedKey: suffixedKey(key, suffix) };
  };

  return async (input: unknown): Promise<FileType | Refused> => {
    const object = objectVersionOf(input);
    const log = withFields(logger, { bucket: object.bucket, key: object.key });
    return orRefused(log, () => typeOf(object, log));
  };
}

async function contentTypeOf(firstBytes: Uint8Array): Promise<string | undefined> {
  // file-type reads only the major brand.
  if (isAvif(firstBytes)) return IMAGE_FORMATS.AVIF.contentType;
  const found = await fileTypeFromBuffer(firstBytes);
  if (found) return SAME_FORMAT[found.mime] ?? found.mime;
  const isTiff = TIFF_BEGINNINGS.some((beginning) => beginning.equals(firstBytes.subarray(0, 4)));
  return isTiff ? IMAGE_FORMATS.TIFF.contentType : undefined;
}

function formatsFrom(env: Environment): readonly ImageFormat[] {
  const what = `some of ${IMAGE_FORMAT_NAMES.join(',')}`;
  return requiredText(env, 'FORMATS', what)
    .split(',')
    .map((word) => {
      if (isImageFormat(word)) return word;
      throw new ConfigurationError(`FORMATS has ${describe(word)}: set it to ${what}`);
    });
}

function extensionsOf(format: ImageFormat): readonly string[] {
  return IMAGE_FORMATS[format].extensions;
}

function listed(formats: readonly ImageFormat[]): string {
  return formats.flatMap(extensionsOf).join(', ');
}
