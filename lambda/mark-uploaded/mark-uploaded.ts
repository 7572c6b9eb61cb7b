import { type Environment, optionalDays, requiredText } from '../shared/env.ts';
import { describe } from '../shared/errors.ts';
import type { Log } from '../shared/log.ts';
import { type ObjectWork, processEvent } from '../shared/process-event.ts';
import { expiresAt } from '../shared/s3-event.ts';
import { moveRow, transition, type UpdateClient } from '../shared/transition.ts';
import { uploadOf } from '../shared/upload-row.ts';

/** The dependencies of the handler. `dynamodb` is a DynamoDBClient or a stand-in, `now` is the clock. */
export interface MarkUploadedDependencies {
  readonly dynamodb: UpdateClient;
  readonly env: Environment;
  readonly logger: Log;
  readonly now?: () => Date;
}

/** An object that the upload API gave no link for: nothing can be done with it. */
class UnknownUploadError extends Error {
  override readonly name = 'UnknownUploadError';
}

/**
 * A handler that sets the row of each uploaded file from `waiting` to `uploaded`, with the size that S3 reports. Its
 * environment:
 *
 * - `TABLE_NAME`, `PARTITION_KEY`
 * - `PREFIX`: the prefix of the keys, `<PREFIX><id>/<file name>`
 * - `TTL_ATTRIBUTE` and `EXPIRE_AFTER_DAYS` (both or neither): the row then expires when its file does
 *
 * A repeated event finds a later status and changes nothing. The API writes the row before it returns the form, so a file
 * without a row was put there by somebody else. Its event fails and goes to the dead-letter queue.
 *
 * @throws ConfigurationError when a variable is missing
 */
export function createHandler({ dynamodb, env, logger, now = () => new Date() }: MarkUploadedDependencies) {
  const table = requiredText(env, 'TABLE_NAME', 'the name of the table');
  const partitionKey = requiredText(env, 'PARTITION_KEY', "the name of the table's partition key");
  const prefix = requiredText(env, 'PREFIX', 'the prefix of uploads, such as uploads/');

  const ttl = env['TTL_ATTRIBUTE'] || undefined;
  const days = optionalDays(env, 'EXPIRE_AFTER_DAYS');

  const mark: ObjectWork = async ({ bucket, key, size, eventTime }, log) => {
    const expires = ttl === undefined || days === undefined ? undefined : expiresAt(eventTime, days);
    const id = uploadOf(key, prefix)?.id;
    if (id === undefined) {
      throw new UnknownUploadError(
        `${describe(key)} is not ${prefix}<id>/<file name>: upload through the API, or remove the object`,
      );
    }
    const request = transition({ table, partitionKey, id }, 'uploaded', now().toISOString(), {
      size: { N: String(size) },
    });
    const outcome = await moveRow(dynamodb, {
      ...request,
      UpdateExpression: request.UpdateExpression + (expires === undefined ? '' : ', #ttl = :ttl'),
      // The form is for one key. A file with another key is not the file of this row.
      ConditionExpression: `${request.ConditionExpression} AND #input_file_path = :input_file_path`,
      ExpressionAttributeNames: {
        ...request.ExpressionAttributeNames,
        '#input_file_path': 'input_file_path',
        ...(ttl !== undefined && expires !== undefined ? { '#ttl': ttl } : {}),
      },
      ExpressionAttributeValues: {
        ...request.ExpressionAttributeValues,
        ':input_file_path': { S: `${bucket}/${key}` },
        ...(expires === undefined ? {} : { ':ttl': { N: String(expires) } }),
      },
    });
    if (outcome.moved) {
      log.info('Row marked uploaded', { table, id, size });
      return;
    }
    const awaited = outcome.row?.['input_file_path']?.S;
    if (awaited !== `${bucket}/${key}`) {
      throw new UnknownUploadError(
        outcome.row === undefined
          ? `the table ${table} has no row ${id}: upload through the API, or remove the object`
          : `the row ${id} waits for ${describe(awaited)}: upload through the API, or remove the object`,
      );
    }
    log.info('Duplicate event: the row has a later status', {
      table,
      id,
      status: outcome.row?.['status']?.S ?? '',
    });
  };
  return (event: unknown): Promise<void> => processEvent(event, mark, logger);
}
