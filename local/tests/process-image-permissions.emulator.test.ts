/** Images with the roles and bucket policies enforced, over TLS: the functions may do what they do, and no more lets them. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readClaim } from '../../function/render.ts';
import { processImage } from '../data-path/process-image.ts';
import { readFiles } from '../files.ts';
import { type Pipeline, startPipeline } from '../pipeline.ts';
import { allMessages } from '../redrive.ts';
import { EXAMPLE_IMAGES } from '../testing/example-images.ts';
import { readItems, upload } from '../upload.ts';

let pipeline: Pipeline;
beforeEach(async () => {
  const claim = readClaim('process-image/formats-quarantine.yaml');
  pipeline = await startPipeline(claim, { auth: true, tls: true, waitScale: 0.01 });
});
afterEach(() => pipeline?.stop());

it('all example files come out', async () => {
  const { clients, composite: claim } = pipeline;
  const files = readFiles(EXAMPLE_IMAGES);

  const moved = await processImage.move({ claim, parts: pipeline, clients, files }, () => undefined);

  expect(moved.recorded).toBe(6);
});

it.each(['get-file-type', 'resize-image'])(
  'without its policy %s fails, the image is a dead letter, and nothing is recorded',
  async (key) => {
    const { clients, bucket, table, deadLetterQueue, functionNames } = pipeline;
    const RoleName = functionNames.find((name) => name.includes(key)) ?? '';
    const Statement = [{ Effect: 'Allow', Action: 'sqs:ListQueues', Resource: '*' }];
    const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
    await clients.iam.putRolePolicy({ RoleName, PolicyName: key, PolicyDocument });
    const files = readFiles(EXAMPLE_IMAGES).filter((file) => file.key === 'incoming/beach.jpg');

    await upload(clients, bucket, files);

    const letters: string[] = [];
    for (const end = Date.now() + 60_000; letters.length === 0 && Date.now() < end; )
      letters.push(...(await allMessages(clients, deadLetterQueue)).map(({ Body }) => Body ?? ''));
    expect(letters).toHaveLength(1);
    expect(letters[0]).toMatch(/incoming\/beach\.jpg/);
    expect(letters[0]).toMatch(/not authorized|Access ?Denied/i);
    expect(await readItems(clients, table)).toEqual([]);
  },
);
