/** Creates the clients with which the rules query the emulator, one set per account and region. */
import { type Clients, createClients } from '../aws.ts';
import type { Signed } from './call.ts';

export interface AskAs {
  (signed: Signed): Clients;
  close(): void;
}

/**
 * The access key of the account's owner. Emulators treat an access key of twelve digits as the id of an account. All other keys belong
 * to one account, whose owner has the key `test`. Rules query as the owner, since the caller may not have the permissions.
 */
export const ownerOf = (accessKeyId: string): string => (/^\d{12}$/.test(accessKeyId) ? accessKeyId : 'test');

export function createAsk(endpoint: string, caFile?: string): AskAs {
  const made = new Map<string, Clients>();
  const ask = ({ accessKeyId, region }: Signed): Clients => {
    const owner = ownerOf(accessKeyId);
    const key = `${owner}/${region}`;
    const known = made.get(key);
    if (known !== undefined) return known;
    const credentials = { accessKeyId: owner, secretAccessKey: 'test' };
    const clients = createClients({
      endpoint,
      region,
      credentials,
      ...(caFile === undefined ? {} : { caFile }),
    });
    made.set(key, clients);
    return clients;
  };
  const close = (): void => {
    for (const clients of made.values()) clients.close();
  };
  return Object.assign(ask, { close });
}
