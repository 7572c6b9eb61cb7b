/** The server of the repository that Argo CD reads: git's own, in a container on kind's network. */
import { basename, join } from 'node:path';
import { buildFile, buildxVersion, docker, runContainer } from './containers.ts';
import { BUILT, MANIFESTS, type Names } from './names.ts';
import { succeeds } from './run.ts';
import { type Extra, type KindContext, untilWell } from './start-cluster.ts';

const HOST = 'git.fileingest.test';
const PORT = 9418;
/** Where the repositories are in the container. */
const FOLDER = '/srv/git';

export const gitContainer = (names: Names): string => `${names.cluster}-git`;

const urlAt = (host: string, bare: string): string => `git://${host}:${PORT}/${basename(bare)}`;

/** What the cluster knows the repository by. */
export const repositoryUrl = (bare: string): string => urlAt(HOST, bare);

/**
 * The server as a part of the cluster.
 *
 * @param bare - the repository's folder on this machine.
 */
export function gitServer({ run, names, images }: KindContext, bare: string): Extra {
  const container = gitContainer(names);
  return {
    title: 'git server',
    host: HOST,
    container,
    async start() {
      const buildx = await succeeds(run, buildxVersion);
      await run(buildFile(buildx, 'git', join(MANIFESTS, 'images'), images));
      // A folder that the engine does not see, such as one of another machine, is refused. Pushes to it show at once.
      const mount = `type=bind,source=${bare},target=${FOLDER}/${basename(bare)},readonly`;
      await run(runContainer(names, container, PORT, BUILT.git, ['--mount', mount]));
      // As Argo CD asks. An empty repository is answered, too.
      const listRefs = docker('exec', container, 'git', 'ls-remote', urlAt('127.0.0.1', bare));
      await untilWell(repositoryUrl(bare), () => succeeds(run, listRefs));
    },
  };
}
