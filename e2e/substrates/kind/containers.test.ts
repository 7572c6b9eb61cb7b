import { expect, it } from 'vitest';
import { imageOf, readImages } from '../../../argocd/images/settings.ts';
import { addressFrom, buildFile, portFrom, runEmulator } from './containers.ts';
import { namesOf } from './names.ts';

const PUBLIC = readImages({});

it('needs what Docker says to be an address and a port', () => {
  expect(addressFrom('a', '172.18.0.4\n')).toBe('172.18.0.4');
  expect(() => addressFrom('a', '<no value>\n')).toThrow(
    'a has no IPv4 address on Docker\'s network kind: docker said "<no value>"',
  );
  expect(portFrom('a', '127.0.0.1:49153\n')).toBe(49153);
  expect(() => portFrom('a', '')).toThrow('a has no port on loopback: docker port said ""');
});

it('builds without buildx where Docker has none', () => {
  expect(buildFile(true, 'front', '.', PUBLIC).args.join(' ')).toMatch(/^buildx build --load --tag /);
  expect(buildFile(false, 'front', '.', PUBLIC).args.join(' ')).toMatch(/^build --tag /);
});

it('runs LocalStack, and its functions, from the images that are set', () => {
  const settings = { emulator: 'localstack', port: 4570, region: 'eu-west-1' } as const;
  const mirrored = readImages({ IMAGE_MIRROR: 'a.b/c' });
  const [args, replaced] = [PUBLIC, mirrored].map(
    (images) => runEmulator(settings, namesOf('test'), images).args,
  );
  expect(args?.join(' ')).not.toContain('LAMBDA_RUNTIME_IMAGE_MAPPING');
  expect(replaced).toContain('LAMBDA_RUNTIME_IMAGE_MAPPING={"nodejs24.x":"a.b/c/lambda/nodejs:24"}');
  expect(replaced?.at(-1)).toBe(imageOf(mirrored, 'localstack').target);
});
