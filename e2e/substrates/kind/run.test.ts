import { expect, it } from 'vitest';
import { readImages } from '../../../argocd/images/settings.ts';
import { kind } from './containers.ts';
import { apply, installCrossplane } from './kubernetes.ts';
import { namesOf } from './names.ts';
import { commandEnvironment, createRun } from './run.ts';

const NAMES = namesOf('test');

const helm = installCrossplane(NAMES, 'guide', readImages({}));

it.each([kind(NAMES, 'delete'), apply(NAMES, []), helm])('$program is told its kubeconfig', ({ args }) => {
  expect(args[args.indexOf('--kubeconfig') + 1]).toBe(NAMES.kubeconfig);
});

it("does not let the user's own settings reach the commands", () => {
  const kept = { PATH: '/usr/bin', HOME: '/home/me', DOCKER_HOST: 'unix:///run/user/1000/docker.sock' };
  const own = {
    ...kept,
    KUBECONFIG: '/home/me/.kube/config',
    KUBERNETES_MASTER: 'https://prod',
    KIND_EXPERIMENTAL_DOCKER_NETWORK: 'other',
    HELM_KUBECONTEXT: 'prod',
  };
  expect(commandEnvironment(own, NAMES)).toEqual({
    ...kept,
    KUBECONFIG: NAMES.kubeconfig,
    KIND_EXPERIMENTAL_PROVIDER: 'docker',
    HELM_CACHE_HOME: `${NAMES.folder}/helm/cache`,
    HELM_CONFIG_HOME: `${NAMES.folder}/helm/config`,
    HELM_DATA_HOME: `${NAMES.folder}/helm/data`,
  });
});

const node = process.execPath;
const paths = { docker: node, kind: node, helm: node, kubectl: node, crossplane: node };
const script = (text: string) => ({ program: 'kubectl', args: ['--eval', text] }) as const;

it('tells what a command that failed was, and kills what takes too long', async () => {
  await expect(createRun(paths, {})(script('console.error("no such pod"); process.exit(3)'))).rejects.toThrow(
    `kubectl --eval 'console.error("no such pod"); process.exit(3)': exit code 3\nno such pod`,
  );
  const impatient = createRun(paths, {}, 0.2);
  await expect(impatient(script('setInterval(() => {}, 1000)'))).rejects.toThrow('killed by SIGKILL');
});
