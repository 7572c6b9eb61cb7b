import { Problem } from './problem.ts';

/** The texts of a state, and how many of the four steps are completed. */
export interface StateWords {
  readonly headline: string;
  readonly detail: string;
  readonly steps: number;
}

const COME_BACK = 'You can close this page and come back to the same address later.';

/** The states of an upload, by the names that the API uses. */
export const STATES: Readonly<Record<string, StateWords>> = {
  // Not a state of the API: shown until the API has answered.
  asked: { headline: 'Looking up your upload', detail: '', steps: 0 },
  waiting: {
    headline: 'Your file was sent',
    detail: 'Waiting for confirmation that it arrived.',
    steps: 1,
  },
  uploaded: {
    headline: 'Your file has arrived',
    detail: `A virtual machine is being requested. ${COME_BACK}`,
    steps: 1,
  },
  launched: {
    headline: 'The virtual machine is starting',
    detail: `This takes one or two minutes. ${COME_BACK}`,
    steps: 1,
  },
  running: {
    headline: 'Your file is being processed',
    detail: COME_BACK,
    steps: 2,
  },
  done: { headline: 'Your result is ready', detail: '', steps: 4 },
  failed: { headline: 'Processing failed', detail: 'Your file could not be processed.', steps: 0 },
  expired: {
    headline: 'The file did not arrive in time',
    detail: 'Nothing was stored. Send the file again.',
    steps: 0,
  },
};

/** A size for people: `12 bytes`, `3.4 MB`. */
export function sizeInWords(bytes: number): string {
  const units = ['bytes', 'KB', 'MB', 'GB'];
  const power = Math.min(units.length - 1, bytes < 1024 ? 0 : Math.floor(Math.log2(bytes) / 10));
  const amount = bytes / 1024 ** power;
  return `${amount < 10 && power > 0 ? Number(amount.toFixed(1)) : Math.round(amount)} ${units[power]}`;
}

/** The limits of a file, such as `Up to 100 MB. Only text/csv or image/png.` */
export function limitsInWords(maxSize: number, contentTypes: readonly string[]): string {
  const types = typesInWords(contentTypes);
  return `Up to ${sizeInWords(maxSize)}.${types === '' ? '' : ` Only ${types}.`}`;
}

/** The type that is sent for a file whose type is not known. */
const UNKNOWN_TYPE = 'application/octet-stream';

/** A file's content type as the API compares it. A browser gives an empty type when its system does not know the file. */
export function plainType(type: string): string {
  const [plain = ''] = type.split(';');
  return plain.trim().toLowerCase() || UNKNOWN_TYPE;
}

/**
 * What is wrong with a file's content type, or undefined. The type comes from the operating system, not from the file: on
 * Windows with Excel, a CSV file has Excel's type.
 */
export function wrongTypeInWords(type: string, taken: readonly string[]): string | undefined {
  const plain = plainType(type);
  if (taken.length === 0 || taken.includes(plain)) return undefined;
  const says =
    plain === UNKNOWN_TYPE
      ? 'Your browser does not know the type of this file'
      : `Your browser reports the file type ${plain}`;
  return `${says}. Only ${typesInWords(taken)} is accepted.`;
}

/** A list of content types for people: `text/csv or image/png`. */
function typesInWords(contentTypes: readonly string[]): string {
  return new Intl.ListFormat('en', { type: 'disjunction' }).format(contentTypes);
}

/** The Problem for an upload that S3 rejected. https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
export function storageProblem(status: number, xml: string): Problem {
  const code = /<Code>([^<]*)</.exec(xml)?.[1] ?? '';
  if (code === 'EntityTooLarge' || code === 'EntityTooSmall') {
    return new Problem('input', 'The file has changed since you chose it. Choose it again.', 'file');
  }
  if (code === 'ExpiredToken' || (code === 'AccessDenied' && /expired/i.test(xml))) {
    return new Problem('fatal', 'The upload started too late, and its permission has expired. Try again.');
  }
  if (status === 429 || status >= 500 || code === 'RequestTimeout') {
    return new Problem('busy', 'The storage cannot accept the file right now. Try again in a minute.');
  }
  return new Problem(
    'fatal',
    `The storage rejected the file (${code || status}). Try again. If it happens again, report this code.`,
  );
}
