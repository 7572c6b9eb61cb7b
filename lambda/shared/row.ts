/**
 * The attributes that every row has, besides its key. The partition key and the time-to-live attribute cannot have one of
 * these names.
 */
export const ROW_ATTRIBUTES = [
  'bucket',
  'size',
  'eTag',
  'versionId',
  'sequencer',
  'eventTime',
  'recordedAt',
] as const;

/** The name of an attribute that every row has. */
export type RowAttribute = (typeof ROW_ATTRIBUTES)[number];

/** Whether a name is one of `ROW_ATTRIBUTES`. The comparison is case-sensitive, like DynamoDB. */
export function isRowAttribute(name: string): boolean {
  return ROW_ATTRIBUTES.some((attribute) => attribute === name);
}

/**
 * The DynamoDB condition for writing a row: there is no row yet, or the row is older. `#pk` is the partition key;
 * `#sequencer` and `:sequencer` are the attribute and its new value. The values come from `comparable`, so text order is
 * event order.
 */
export const NEWER_ROW_CONDITION = 'attribute_not_exists(#pk) OR #sequencer < :sequencer';

/** The attribute with the reason why a file was rejected. The row of an accepted file does not have it. */
export const REJECTED = 'rejected';

/**
 * The DynamoDB condition for writing the row of an accepted file. It also replaces the rejection of the same file, for a
 * retry that succeeds after the cause was fixed. `#rejected` is `REJECTED`.
 */
export const TAKEN_ROW_CONDITION = `${NEWER_ROW_CONDITION} OR (#sequencer = :sequencer AND attribute_exists(#rejected))`;
