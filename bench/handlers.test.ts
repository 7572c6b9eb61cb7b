import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HANDLERS } from '../function/src/catalogue.ts';
import { handlerSettings, linkPackages, unpackLayer } from './handlers.ts';

describe('the settings of handlers', () => {
  it('has every handler', async () => {
    expect([...(await handlerSettings()).keys()]).toEqual(HANDLERS);
  });

  it('are what the function renders, and what Lambda sets', async () => {
    expect((await handlerSettings()).get('resize-image')).toEqual({
      variables: {
        AWS_REGION: 'eu-west-1',
        AWS_ACCESS_KEY_ID: 'test',
        AWS_SECRET_ACCESS_KEY: 'test',
        AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '1024',
        DESTINATION_BUCKET: 'default-photos-images-0f1e2d3c',
        WIDTH: '150',
      },
      layer: true,
    });
  });

  it('give the layer to resize-image alone', async () => {
    const withLayer = [...(await handlerSettings())].filter(([, { layer }]) => layer);
    expect(withLayer.map(([name]) => name)).toEqual(['resize-image']);
  });
});

describe('packages of a folder outside the project', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bench-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it("are the project's, and sharp is in none of them", async () => {
    await linkPackages(folder);
    const { resolve } = createRequire(join(folder, 'handler.js'));

    expect(resolve('@aws-sdk/client-s3')).toContain('client-s3');
    expect(() => resolve('sharp')).toThrow("Cannot find module 'sharp'");
  });

  it('have sharp from the layer', { timeout: 180_000 }, async () => {
    const nodePath = await unpackLayer(join(folder, 'layer'));

    expect(createRequire(import.meta.url).resolve('sharp', { paths: [nodePath] })).toBe(
      join(nodePath, 'sharp/dist/index.cjs'),
    );
  });
});
