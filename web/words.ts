import { Problem } from './problem.ts';

/** What a person reads at a state, and how many of the four steps are behind. */
export interface StateWords {
  readonly headline: string;
  readonly detail: string;
  readonly steps: number;
}

/** The states of an upload, as the API names them. */
export const STATES: Readonly<Record<string, StateWords>> = {
  // Not the API's own: what is said until it has answered.
  asked: { headline: 'Looking for your upload', detail: '', steps: 0 },
  waiting: {
    headline: 'Your file has been sent',
    detail: 'We are making sure that it arrived.',
    steps: 1,
  },
  uploaded: {
    headline: 'Your file has arrived',
    detail: 'A computer is being ordered for it. You may close this page and come back to the same address.',
    steps: 1,
  },
  launched: {
    headline: 'A computer is starting up',
    detail: 'This takes a minute or two. You may close this page and come back to the same address.',
    steps: 1,
  },
  running: {
    headline: 'Your file is being worked on',
    detail: 'You may close this page and come back to the same address.',
    steps: 2,
  },
  done: { headline: 'Your result is ready', detail: '', steps: 4 },
  failed: { headline: 'It did not work', detail: 'Your file could not be worked on.', steps: 0 },
  expired: {
    headline: 'The file did not arrive in time',
    detail: 'Nothing was kept. Send it once more.',
    steps: 0,
  },
};

/** A size as a person says it: `12 bytes`, `3.4 MB`. */
export function sizeInWords(bytes: number): string {
  const units = ['bytes', 'KB', 'MB', 'GB'];
  const power = Math.min(units.length - 1, bytes < 1024 ? 0 : Math.floor(Math.log2(bytes) / 10));
  const amount = bytes / 1024 ** power;
  return `${amount < 10 && power > 0 ? Number(amount.toFixed(1)) : Math.round(amount)} ${units[power]}`;
}

/** What the file may be, such as `Up to 100 MB. Only text/csv or image/png.` */
export function limitsInWords(maxSize: number, contentTypes: readonly string[]): string {
  const types = typesInWords(contentTypes);
  return `Up to ${sizeInWords(maxSize)}.${types === '' ? '' : ` Only ${types}.`}`;
}

/** What is said of a file that has no known type. */
const UNKNOWN_TYPE = 'application/octet-stream';

/** A file's content type as the API compares it. A browser has an empty one for what its system does not know. */
export function plainType(type: string): string {
  const [plain = ''] = type.split(';');
  return plain.trim().toLowerCase() || UNKNOWN_TYPE;
}

/**
 * What is wrong with a file's content type, or undefined. It is the system's word and not the file's: with Excel installed,
 * Windows says of a CSV file that it is Excel's.
 */
export function wrongTypeInWords(type: string, taken: readonly string[]): string | undefined {
  const plain = plainType(type);
  if (taken.length === 0 || taken.includes(plain)) return undefined;
  const says =
    plain === UNKNOWN_TYPE
      ? 'Your browser does not know the type of this file'
      : `Your browser says that this is a file of type ${plain}`;
  return `${says}, and only ${typesInWords(taken)} is taken.`;
}

/** Content types as a person lists them: `text/csv or image/png`. */
function typesInWords(contentTypes: readonly string[]): string {
  return new Intl.ListFormat('en', { type: 'disjunction' }).format(contentTypes);
}

/** What the storage's refusal of an upload means. https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
export function storageProblem(status: number, xml: string): Problem {
  const code = /<Code>([^<]*)</.exec(xml)?.[1] ?? '';
  if (code === 'EntityTooLarge' || code === 'EntityTooSmall') {
    return new Problem('input', 'The file has changed since you chose it. Choose it again.', 'file');
  }
  if (code === 'ExpiredToken' || (code === 'AccessDenied' && /expired/i.test(xml))) {
    return new Problem('fatal', 'Sending began too late, and the permission for it has run out. Try again.');
  }
  if (status === 429 || status >= 500 || code === 'RequestTimeout') {
    return new Problem('busy', 'The storage could not take the file just now. Try again in a minute.');
  }
  return new Problem(
    'fatal',
    `The storage refused the file (${code || status}). Try again; if it goes on, tell us.`,
  );
}
