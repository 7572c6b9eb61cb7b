import { describe, MalformedEventError } from '../shared/errors.ts';
import { fieldOf, isObject } from '../shared/fields.ts';

/** The part of a stream record that a launch needs. */
export interface UploadedRecord {
  readonly id: string;
  /** The time of the row's change, in milliseconds since 1970. */
  readonly changed: number;
}

/**
 * The records of a stream's event, each with its sequence number.
 * https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html
 *
 * @throws MalformedEventError when this is not a stream event: then no record can be reported as failed
 */
export function streamRecords(event: unknown): readonly { sequenceNumber: string; record: unknown }[] {
  const records: unknown = fieldOf(event, 'Records');
  if (!Array.isArray(records)) {
    throw new MalformedEventError(
      `Records: expected the list of a DynamoDB stream's event, found ${describe(records ?? event)}`,
    );
  }
  return records.map((record: unknown, index) => {
    const sequenceNumber = fieldOf(record, 'dynamodb.SequenceNumber');
    if (typeof sequenceNumber === 'string' && sequenceNumber !== '') return { sequenceNumber, record };
    throw new MalformedEventError(
      `Records[${index}].dynamodb.SequenceNumber: expected a text, found ${describe(sequenceNumber)}`,
    );
  });
}

/**
 * The id in the record of a row that is now `uploaded`, or undefined for every other change.
 *
 * @throws MalformedEventError when the row's id cannot be read
 */
export function uploadedRecord(record: unknown, partitionKey: string): UploadedRecord | undefined {
  const eventName = fieldOf(record, 'eventName');
  if (eventName !== 'INSERT' && eventName !== 'MODIFY') return undefined;
  const image = fieldOf(record, 'dynamodb.NewImage');
  if (fieldOf(image, 'status.S') !== 'uploaded') return undefined;
  const id = fieldOf(isObject(image) ? image[partitionKey] : undefined, 'S');
  if (typeof id !== 'string' || id === '') {
    throw new MalformedEventError(
      `dynamodb.NewImage.${partitionKey}.S: expected a text, found ${describe(id)}`,
    );
  }
  const seconds = fieldOf(record, 'dynamodb.ApproximateCreationDateTime');
  return { id, changed: typeof seconds === 'number' ? seconds * 1000 : 0 };
}
