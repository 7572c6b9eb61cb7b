/** `dead-letters` and `redrive`, on a pipeline that runs on the embedded emulator. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Running, startRunning, steady } from './running.ts';

let running: Running;
const fip: Running['fip'] = (...args) => running.fip(...args);
const WHY = 'DynamoDB.ResourceNotFoundException: Requested resource not found';
const BAD = ['in/a.txt', 'in/b c.txt', 'in/lost.txt'];

/** The lines of an output, sorted: a queue has no order. */
const sorted = (text: string) => steady(text).split('\n').filter(Boolean).sort();
const keysIn = (text: string): string[] =>
  text
    .split('\n')
    .flatMap((line): string[] => (line === '' ? [] : [JSON.parse(line).objects[0].key]))
    .sort();

beforeAll(async () => {
  running = await startRunning({ source: { prefix: 'in/' }, workflow: { type: 'RecordFile' } });
  await running.break();
  await running.put(...BAD);
  await running.untilLetters(3);
});
afterAll(() => running?.stop());

describe('dead-letters', () => {
  it('looks, and takes none', async () => {
    const { code, stdout, stderr } = await fip('dead-letters', 'invoices');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(sorted(stdout)).toEqual([
      '3 dead letters',
      ...BAD.map((key) => `TIME  execution    ID  ${key}: ${WHY}`),
    ]);
    expect(keysIn((await fip('dead-letters', 'invoices', '-o', 'json')).stdout)).toEqual(BAD);
  });

  it('chooses by key, error and age', async () => {
    const keys = async (...options: string[]) =>
      keysIn((await fip('dead-letters', 'invoices', '-o', 'json', ...options)).stdout);
    expect(await keys('--key', 'in/b c.txt')).toEqual(['in/b c.txt']);
    expect(await keys('--error', 'resourcenotfound', '--newer-than', '1d')).toEqual(BAD);
    expect(await keys('--error', 'throttl')).toEqual([]);
    expect(await keys('--older-than', '1d')).toEqual([]);
  });

  it('exports them into a new file, or to standard output', async () => {
    const { stdout } = await fip('dead-letters', 'invoices', '--export', 'letters.jsonl');
    expect(stdout).toBe('3 dead letters, written to letters.jsonl\n');
    const written = readFileSync(join(running.folder, 'letters.jsonl'), 'utf8');
    expect(keysIn(written)).toEqual(BAD);
    expect(keysIn((await fip('dead-letters', 'invoices', '--export', '-')).stdout)).toEqual(BAD);

    writeFileSync(join(running.folder, 'mine.txt'), 'mine');
    const refused = await fip('dead-letters', 'invoices', '--export', 'mine.txt', '--delete', '--yes');
    expect(refused).toEqual({
      code: 2,
      stdout: '',
      stderr:
        'kubectl fip: --export: mine.txt cannot be written: there is such a file already. Name another one.\n',
    });
    expect(readFileSync(join(running.folder, 'mine.txt'), 'utf8')).toBe('mine');
  });

  it('deletes what was chosen, and only after a question', async () => {
    const chosen = ['dead-letters', 'invoices', '--key', 'in/lost.txt', '--delete'];
    const unasked = await fip(...chosen);
    expect(unasked).toMatchObject({
      code: 2,
      stderr: 'kubectl fip: there is no terminal to ask on. Use --yes.\n',
    });
    expect(await running.letters()).toBe(3);

    const { code, stdout } = await fip(...chosen, '--yes');
    expect(code).toBe(0);
    expect(steady(stdout).split('\n')).toEqual([
      `TIME  execution    ID  in/lost.txt: ${WHY}`,
      '1 dead letter',
      '1 deleted',
      '',
    ]);
    expect(keysIn((await fip('dead-letters', 'invoices', '-o', 'json')).stdout)).toEqual(BAD.slice(0, 2));
  });
});
