import { EC2ServiceException } from '@aws-sdk/client-ec2';
import { expect, it } from 'vitest';
import { createClients } from './aws.ts';
import { startMachines } from './machines.ts';

/** An EC2 client that reports each call and then fails. */
function refusing(onAsked: () => void) {
  const clients = createClients({ endpoint: 'http://127.0.0.1:1', region: 'eu-west-1' });
  clients.ec2.middlewareStack.add(
    () => async () => {
      onAsked();
      throw new EC2ServiceException({ name: 'Gone', $fault: 'client', message: 'it is gone', $metadata: {} });
    },
    { step: 'initialize' },
  );
  return clients;
}

it('stop says what went wrong meanwhile', async () => {
  const asked = Promise.withResolvers<void>();
  const machines = startMachines({ clients: refusing(asked.resolve), launcher: 'l', pipeline: 'a/b' });
  await asked.promise;
  await new Promise((resolve) => setImmediate(resolve));
  await expect(machines.stop()).rejects.toThrow('machines could not be run: it is gone');
});

it('stop does not mind what fails after it: Ctrl-C ends the emulator first', async () => {
  const machines = startMachines({ clients: refusing(() => undefined), launcher: 'l', pipeline: 'a/b' });
  await expect(machines.stop()).resolves.toBeUndefined();
});
