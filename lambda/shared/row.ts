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
