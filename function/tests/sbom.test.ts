import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildFunction } from '../build.ts';
import { sbom } from '../sbom.ts';
import { at } from '../src/objects.ts';

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

describe('of the build', () => {
  const folder = mkdtempSync(join(tmpdir(), 'fileingest-sbom-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  let document: unknown;
  beforeAll(async () => {
    await buildFunction(folder);
    document = JSON.parse(readFileSync(join(folder, 'sbom.cdx.json'), 'utf8'));
  });
  const components = (type: string) =>
    list(at(document, 'components')).filter((component) => at(component, 'type') === type);
  const contentOf = (ref: string) =>
    list(at(document, 'dependencies'))
      .filter((dependency) => at(dependency, 'ref') === ref)
      .flatMap((dependency) => list(at(dependency, 'dependsOn')));

  it('has main.js and each zip, with its digest', () => {
    const files = components('file');
    expect(files.length).toBe(10);
    for (const file of files) {
      const content = readFileSync(join(folder, String(at(file, 'name'))));
      expect(at(file, 'hashes')).toEqual([
        { alg: 'SHA-256', content: createHash('sha256').update(content).digest('hex') },
      ]);
    }
  });

  it('has the packages that are in each, with their licences', () => {
    const { devDependencies }: { devDependencies: Record<string, string> } = JSON.parse(
      readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8'),
    );
    const purl = (name: string) => `pkg:npm/${name.replace('@', '%40')}@${devDependencies[name]}`;
    expect(contentOf('main.js')).toEqual(
      expect.arrayContaining([
        purl('@crossplane-org/function-sdk-typescript'),
        purl('jsonata'),
        purl('pino'),
      ]),
    );
    expect(contentOf('handlers/upload-api.zip')).toContain(purl('nanoid'));
    expect(contentOf('handlers/get-file-type.zip')).toContain(purl('file-type'));
    expect(contentOf('handlers/say-hello.zip')).toEqual([
      purl('@aws-lambda-powertools/logger').replace('logger', 'commons'),
      purl('@aws-lambda-powertools/logger'),
      expect.stringMatching(/^pkg:npm\/%40aws\/lambda-invoke-store@/),
    ]);
    const libraries = components('library');
    expect(libraries.length).toBeGreaterThan(50);
    for (const library of libraries)
      expect(at(library, 'licenses'), String(at(library, 'name'))).toEqual([
        { expression: expect.stringMatching(/^\(?[\w.-]+( (AND|OR) [\w.-]+)*\)?$/) },
      ]);
  });

  it('every package’s licence is in the file beside the bundle', () => {
    const texts = (path: string) =>
      path === 'main.js'
        ? readFileSync(join(folder, 'LICENSES.txt'), 'utf8')
        : Buffer.from(unzipSync(readFileSync(join(folder, path)))['LICENSES.txt'] ?? []).toString();
    for (const file of components('file')) {
      const path = String(at(file, 'name'));
      const named = contentOf(path).map((purl) =>
        String(purl)
          .replace('pkg:npm/', '')
          .replace('%40', '@')
          .replace(/@([^@]+)$/, ' $1: '),
      );
      const text = texts(path);
      expect(
        named.filter((name) => !text.includes(name)),
        path,
      ).toEqual([]);
    }
  });
});

describe('sbom', () => {
  const content = Buffer.from('code');
  const packages = [{ name: '@a/b', version: '1.0.0', licence: 'MIT', text: 'Use it.' }];

  it('is the same for the same bundles, and has another serial number for others', () => {
    const serial = (version: string) =>
      String(JSON.parse(sbom(version, [{ path: 'main.js', content, packages }])).serialNumber);
    expect(serial('1.0.0')).toBe(serial('1.0.0'));
    expect(serial('1.0.0')).not.toBe(serial('1.0.1'));
    expect(serial('1.0.0')).toMatch(
      /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/,
    );
  });

  it('is refused where it is empty', () => {
    expect(() => sbom('1.0.0', [{ path: 'main.js', content, packages: [] }])).toThrow('the SBOM is empty');
  });
});
