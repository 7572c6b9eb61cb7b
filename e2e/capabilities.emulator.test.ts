import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type Clients, createClients } from '../local/aws.ts';
import { type Emulator, startEmulator } from '../local/emulator.ts';
import { askAbilities } from './capabilities.ts';

let emulator: Emulator;
let clients: Clients;
beforeAll(async () => {
  emulator = await startEmulator({ region: 'eu-west-1' });
  clients = createClients({ endpoint: emulator.endpoint, region: 'eu-west-1' });
});
afterAll(async () => {
  clients?.close();
  await emulator?.stop();
});

const nothingLeft = async () => {
  expect((await clients.lambda.listFunctions({})).Functions).toEqual([]);
  expect((await clients.iam.listRoles({})).Roles).toEqual([]);
};

it('lacks only what it refuses, in its own words, and leaves nothing', async () => {
  const lacks = await askAbilities('ministack', clients);
  expect(lacks).toEqual({
    autoscaling: expect.stringMatching(/^MiniStack here has no Application Auto Scaling: ./),
  });
  await nothingLeft();
});

it('lacks Lambda when functions are made and do not run, and leaves nothing', async () => {
  const invoke = vi.spyOn(clients.lambda, 'invoke').mockRejectedValue(new Error('no runtime\nat all'));
  try {
    const lacks = await askAbilities('localstack', clients);
    expect(lacks.lambda).toBe('LocalStack here has no Lambda functions: no runtime');
    expect(lacks.parity).toContain('only MiniStack can be compared');
    await nothingLeft();
  } finally {
    invoke.mockRestore();
  }
});
