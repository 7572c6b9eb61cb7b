/** The software bill of materials of what ships, as CycloneDX: https://cyclonedx.org/docs/1.6/json/ */
import { createHash } from 'node:crypto';
import { type BundledPackage, sorted } from '../lambda/bundled.ts';

/** A bundle that ships: its path in `dist/function`, its bytes, and the packages of which it contains code. */
export interface Bundle {
  readonly path: string;
  readonly content: Uint8Array;
  readonly packages: readonly BundledPackage[];
}

const sha256 = (content: Uint8Array | string) => createHash('sha256').update(content).digest('hex');

/** https://github.com/package-url/purl-spec/blob/main/types-doc/npm-definition.md */
const purlOf = ({ name, version }: BundledPackage) => `pkg:npm/${name.replace('@', '%40')}@${version}`;

/** A UUID, of version 8, that follows from a text. */
function uuidOf(text: string): string {
  const hex = sha256(text);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}

/**
 * The SBOM of the bundles, as JSON: every package with its version and licence, every bundle with its digest, and which bundle contains
 * which package. The same bundles give the same text.
 *
 * @param version - of the release, without a leading v
 * @throws Error when no bundle contains a package: then the SBOM would say nothing
 */
export function sbom(version: string, bundles: readonly Bundle[]): string {
  const packages = sorted(bundles.flatMap((bundle) => bundle.packages));
  if (packages.length === 0)
    throw new Error('the SBOM is empty: no bundle contains a package. Build with `metafile: true`.');
  const root = `pkg:generic/function-fileingest@${version}`;
  const document = {
    version: 1,
    metadata: { component: { type: 'application', 'bom-ref': root, name: 'function-fileingest', version } },
    components: [
      ...bundles.map(({ path, content }) => ({
        type: 'file',
        'bom-ref': path,
        name: path,
        hashes: [{ alg: 'SHA-256', content: sha256(content) }],
      })),
      ...packages.map((one) => ({
        type: 'library',
        'bom-ref': purlOf(one),
        name: one.name,
        version: one.version,
        licenses: [{ expression: one.licence }],
        purl: purlOf(one),
      })),
    ],
    dependencies: [
      { ref: root, dependsOn: bundles.map(({ path }) => path) },
      ...bundles.map(({ path, packages }) => ({ ref: path, dependsOn: packages.map(purlOf) })),
    ],
  };
  const serialNumber = `urn:uuid:${uuidOf(JSON.stringify(document))}`;
  return `${JSON.stringify({ bomFormat: 'CycloneDX', specVersion: '1.6', serialNumber, ...document }, null, 2)}\n`;
}
