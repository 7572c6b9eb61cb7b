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

/** What the handler needs from outside; `s3` is an S3Client or a stand-in for one. */
export interface GetFileTypeDependencies {
  readonly s3: ObjectReader;
  readonly env: Environment;
  readonly logger: Log;
}

/** What is said of a file. `copySource` is what CopyObject takes as its source. */
export type FileType =
  | {
      readonly isImage: true;
      readonly format: ImageFormat;
      readonly contentType: string;
      readonly copySource: string;
      /** The key of the small image. */
      readonly resizedKey: string;
    }
  | {
      readonly isImage: false;
      readonly reason: string;
      readonly copySource: string;
      /** Where it goes, when files that are no images are kept apart. */
      readonly quarantineKey?: string;
    };

/** file-type tells what it knows from no more than this. */
const FIRST_BYTES = 4_100;
/**
 * file-type tells a TIFF from the raw formats that look like one by its directory, which is often at the file's end, and
 * says nothing without it. These files begin as a TIFF does, in either byte order.
 */
const TIFF_BEGINNINGS = [Buffer.from('II*\0'), Buffer.from('MM\0*')];
/** An animated PNG is a PNG whose first picture is shown where animation is not known. */
const SAME_FORMAT: Readonly<Record<string, string>> = { 'image/apng': IMAGE_FORMATS.PNG.contentType };

/**
 * A handler that tells whether an uploaded object is an image of a wanted format: by its extension, in any case, and by
 * its first bytes, so that neither a renamed file nor a wrong extension passes. Its environment:
 *
 * - `FORMATS`: the wanted formats, such as `JPEG,PNG`
 * - `SUFFIX`: what the key of the small image has before its extension
 * - `QUARANTINE_PREFIX` (optional): a file that is no image gets a key below it
 *
 * @throws ConfigurationError at once, when a variable is missing or wrong
 * It answers a file that it refuses with EmptyImageError or KeyTooLongError.
 *
 * @throws MalformedInputError, ObjectGoneError or ObjectIncompleteError for one object
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
      throw new EmptyImageError(
        `${describe(key)} in ${bucket} has no bytes: upload the ${format} file again`,
      );
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
  // file-type goes by the major brand alone.
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
