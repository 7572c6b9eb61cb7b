/** What must hold before a version is released. */

/** What is known when a release begins. */
export interface Facts {
  /** Such as `v1.3.0`. */
  readonly tag: string;
  /** `package.json`'s, without a leading v. */
  readonly version: string;
  readonly changelog: string;
  /** Whether main has the commit. */
  readonly isOnMain: boolean;
  /** Where the workflow can push, such as `ghcr.io/acme`. */
  readonly registry: string;
  /** Where the manifests and the Configuration's dependency say that the packages are. */
  readonly named: string;
  /** Images and releases of this version that others may have fetched already. */
  readonly published: readonly string[];
}

/** What the changelog says of a version: the text under its heading; undefined where there is no such heading. */
export function sectionOf(changelog: string, version: string): string | undefined {
  const sections = changelog.split(/^## /m).slice(1);
  const section = sections.find((text) => text.split(/\s/, 1)[0] === version);
  return section?.replace(/^.*\n?/, '').trim();
}

/** Whether a version, such as `1.3.0-rc.1`, is a candidate. */
export const isPrerelease = (version: string): boolean => version.includes('-');

/** What is wrong, each with the fix; empty when the version can be released. */
export function problems(facts: Facts): string[] {
  const { tag, version, changelog, isOnMain, registry, named, published } = facts;
  const section = sectionOf(changelog, version);
  const heading = `## ${version} - <date>`;
  const move = `git grep -lz ${named} | xargs -0 sed -i s,${named},${registry},g`;
  return [
    ...(tag === `v${version}`
      ? []
      : [
          `tag: Invalid value: "${tag}": must be v${version}, the version in package.json. Run \`make bump\` before you tag.`,
        ]),
    ...(section === undefined
      ? [`CHANGELOG.md: Required value: has no "${heading}". \`make bump\` writes it.`]
      : []),
    ...(section === ''
      ? [`CHANGELOG.md: Required value: nothing is under "## ${version}". Say what is new.`]
      : []),
    ...(isOnMain
      ? []
      : [
          `${tag}: Forbidden: its commit is not on main. Merge it, delete the tag, and tag the commit on main.`,
        ]),
    ...(registry === named
      ? []
      : [
          `registry: Invalid value: "${named}": must be ${registry}, where this repository can push. Run \`${move}\`, and commit.`,
        ]),
    ...published.map(
      (name) =>
        `${name}: Forbidden: is published already, and is never overwritten. Release a new patch version.`,
    ),
  ];
}
