/**
 * The attributes of a row beside its key: what every table row says of a file, whoever writes it. No partition key
 * and no time-to-live attribute may have one of these names.
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

/** Name of an attribute that every row has. */
export type RowAttribute = (typeof ROW_ATTRIBUTES)[number];

/** Whether a name is taken by one of `ROW_ATTRIBUTES`. DynamoDB's names are case-sensitive, and so is this. */
export function isRowAttribute(name: string): boolean {
  return ROW_ATTRIBUTES.some((attribute) => attribute === name);
}

/**
 * DynamoDB's condition on a write of a row: there is none yet, or an older one. `#pk` stands for the partition key,
 * `#sequencer` and `:sequencer` for the attribute and its new value. Sequencers are `comparable`: text order is
 * theirs.
 */
export const NEWER_ROW_CONDITION = 'attribute_not_exists(#pk) OR #sequencer < :sequencer';

/** The attribute that says why a file was refused; a row of a file that was taken has none. */
export const REJECTED = 'rejected';

/**
 * The condition on a row of a file that was taken: it may also take the place of the same file's refusal, once the cause of
 * that is gone and the file was tried again. `#rejected` stands for `REJECTED`.
 */
export const TAKEN_ROW_CONDITION = `${NEWER_ROW_CONDITION} OR (#sequencer = :sequencer AND attribute_exists(#rejected))`;
