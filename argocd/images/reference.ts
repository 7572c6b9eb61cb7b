/** Names of images, as Docker and Kubernetes write them: https://pkg.go.dev/github.com/distribution/reference */

export interface Reference {
  /** With the registry where it is written. */
  readonly repository: string;
  readonly tag?: string;
  /** With its algorithm, `sha256:…`. */
  readonly digest?: string;
}

const HOST = /^(?:localhost|[^/]*[.:][^/]*)\//;
const FORM =
  /^((?:[\w.-]+(?::\d+)?\/)?[a-z0-9]+(?:[._/-]+[a-z0-9]+)*)(?::([\w][\w.-]{0,127}))?(?:@(sha256:[a-f0-9]{64}))?$/;

/** The parts of a name; undefined when it is none. */
export function parseReference(name: string): Reference | undefined {
  const [, repository, tag, digest] = FORM.exec(name) ?? [];
  if (repository === undefined) return undefined;
  return { repository, ...(tag && { tag }), ...(digest && { digest }) };
}

/** A repository with its registry: Docker Hub's where none is written, and its `library` for one without an owner. */
export function fullRepository(repository: string): string {
  if (HOST.test(repository)) return repository;
  return `docker.io/${repository.includes('/') ? '' : 'library/'}${repository}`;
}

/** A repository's path in its registry, such as `library/node`. */
export const pathInRegistry = (repository: string): string =>
  fullRepository(repository).replace(/^[^/]+\//, '');
