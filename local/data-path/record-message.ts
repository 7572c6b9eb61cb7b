/** The data path of RecordMessage: each file is the input of an execution and gets one item. */

import { KEYS, policyKey } from '../../function/src/keys.ts';
import { at } from '../../function/src/objects.ts';
import type { LocalFile } from '../files.ts';
import { readItems } from '../upload.ts';
import type { DataPath } from './data-path.ts';
import { assertSucceeded, executeAll } from './executions.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const messageOf = ({ body }: LocalFile): unknown => at(JSON.parse(body.toString()), 'message');

export const recordMessage: DataPath = {
  files: 'record-message/files',
  opens: () => [
    KEYS.stateMachine,
    policyKey(KEYS.stateMachine),
    'say-hello',
    policyKey('say-hello'),
    KEYS.table,
  ],

  async first(given) {
    const body = Buffer.from(JSON.stringify({ message: 'first' }));
    assertSucceeded(await executeAll({ ...given, files: [{ key: 'first', body }] }));
  },

  async move(given, say) {
    const { parts, clients, files } = given;
    const { table, partitionKey } = parts;
    const sent = `${files.length} executions`;
    say(`Starting ${sent}`);
    const before = new Set((await readItems(clients, table)).map((item) => item[partitionKey]));
    const ended = await executeAll(given);
    assertSucceeded(ended);
    const items = (await readItems(clients, table)).filter((item) => !before.has(item[partitionKey]));
    const recorded = items.map((item) => String(item['Message'])).sort();
    const expected = files.map((file) => String(messageOf(file))).sort();
    if (JSON.stringify(recorded) !== JSON.stringify(expected))
      throw new Error(`sent ${JSON.stringify(expected)}, and recorded ${JSON.stringify(recorded)}`);
    for (const item of items) {
      if (!UUID.test(String(item[partitionKey]))) throw new Error(`${item[partitionKey]} is no UUID`);
      if (new Date(String(item['Timestamp'])).toISOString() !== item['Timestamp'])
        throw new Error(`${item['Timestamp']} is no ISO 8601 time`);
    }
    return {
      sent,
      recorded: items.length,
      items,
      columns: [partitionKey, 'Timestamp', 'Message'],
      notes: [],
    };
  },
};
