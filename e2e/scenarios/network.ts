/** NetworkPolicies as the cluster enforces them: only Crossplane reaches the function, and the function reaches nothing. */
import { at, stringAt } from '../../function/src/objects.ts';
import type { KubeObject } from '../../tools/cluster.ts';
import { expect, expectNone, type Scenario } from '../scenario.ts';
import type { Stage } from '../stage.ts';

const NAMESPACE = 'crossplane-system';
const OURS = 'app.kubernetes.io/name=function-fileingest';
const WAIT_MS = 5000;
/** For a new pod to be known to what enforces the policies. */
const ENFORCED_MS = 60_000;

/** Prints whether a TCP connection is made. A policy drops packets, so that one waits. */
const CONNECT = `const [host, port] = process.argv.slice(1);
const socket = require('node:net').connect(Number(port), host);
const end = (word) => { console.log(word); process.exit(); };
socket.once('connect', () => end('open'));
socket.once('error', () => end('blocked'));
setTimeout(() => end('blocked'), ${WAIT_MS});`;

/** A pod that waits, of the function's image, which is on the node. */
const probe = (app: string, image: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: `probe-${app}`, namespace: NAMESPACE, labels: { app } },
  spec: {
    terminationGracePeriodSeconds: 0,
    containers: [
      {
        name: 'probe',
        image,
        imagePullPolicy: 'IfNotPresent',
        command: ['node', '-e', 'setInterval(() => {}, 1e6)'],
      },
    ],
  },
});

/** What a pod can reach. */
interface Reach {
  readonly who: string;
  readonly what: string;
  readonly pod: string;
  readonly to: readonly [host: string, port: number];
  readonly wanted: 'open' | 'blocked';
}

const functionPods = async (stage: Stage): Promise<unknown[]> => {
  const listed: unknown = JSON.parse(
    await stage.kubectl('get', 'pods', '-n', NAMESPACE, '-l', OURS, '-o', 'json'),
  );
  const items: unknown = at(listed, 'items');
  return Array.isArray(items) ? items : [];
};

/** A text of an object. @throws when it has none. */
function textAt(object: unknown, ...path: string[]): string {
  const text = stringAt(object, ...path);
  expect(text !== undefined, `${stringAt(object, 'metadata', 'name')} has no ${path.join('.')}`);
  return text;
}

async function addressesOf(stage: Stage) {
  const get = async (...words: string[]) => (await stage.kubectl('get', ...words)).trim();
  const { hostname, port } = new URL(stage.substrate.providerEndpoint);
  return {
    api: await get('service', 'kubernetes', '-n', 'default', '-o', 'jsonpath={.spec.clusterIP}'),
    dns: await get('service', 'kube-dns', '-n', 'kube-system', '-o', 'jsonpath={.spec.clusterIP}'),
    aws: [hostname, Number(port)] as const,
  };
}

export const scenario: Scenario = {
  name: 'network',
  title: 'only Crossplane reaches the function, and the function reaches nothing',
  needs: [],
  lacksOn: ({ substrate }) =>
    substrate.name === 'host' ? 'plain processes have no NetworkPolicies' : undefined,
  run: async (stage) => {
    const [pod] = await functionPods(stage);
    expect(pod !== undefined, `no pod of the function in ${NAMESPACE}`);
    const [container]: unknown[] = [at(pod, 'spec', 'containers') ?? []].flat();
    const ours = textAt(pod, 'metadata', 'name');
    const ip = textAt(pod, 'status', 'podIP');
    const { api, dns, aws } = await addressesOf(stage);
    const probes = ['crossplane', 'nobody'].map((app) => probe(app, textAt(container, 'image')));
    const names = probes.map(({ metadata }) => metadata.name);
    const connect = async (from: string, [host, port]: readonly [string, number]) => {
      const inPod = ['exec', from, '-n', NAMESPACE, '--', 'node', '-e', CONNECT, host, String(port)];
      return (await stage.kubectl(...inPod)).trim();
    };
    const reaches: readonly Reach[] = [
      { who: 'Crossplane', what: 'the function', pod: 'probe-crossplane', to: [ip, 9443], wanted: 'open' },
      { who: 'another pod', what: 'the function', pod: 'probe-nobody', to: [ip, 9443], wanted: 'blocked' },
      // The probes of the kubelet come from there, which no policy can name.
      {
        who: 'another pod',
        what: "the function's health",
        pod: 'probe-nobody',
        to: [ip, 8081],
        wanted: 'open',
      },
      // What is blocked for the function is open for others.
      { who: 'another pod', what: 'the API server', pod: 'probe-nobody', to: [api, 443], wanted: 'open' },
      { who: 'another pod', what: 'names', pod: 'probe-nobody', to: [dns, 53], wanted: 'open' },
      { who: 'another pod', what: 'AWS', pod: 'probe-nobody', to: aws, wanted: 'open' },
      { who: 'the function', what: 'the API server', pod: ours, to: [api, 443], wanted: 'blocked' },
      { who: 'the function', what: 'names', pod: ours, to: [dns, 53], wanted: 'blocked' },
      { who: 'the function', what: 'AWS', pod: ours, to: aws, wanted: 'blocked' },
    ];
    try {
      for (const one of probes) await stage.cluster.apply(one);
      await stage.kubectl(
        ...['wait', ...names.map((name) => `pod/${name}`), '-n', NAMESPACE],
        '--for=condition=Ready',
        '--timeout=5m',
      );
      const wrong: string[] = [];
      for (const { who, what, pod: from, to, wanted } of reaches) {
        let found = await connect(from, to);
        for (const last = Date.now() + ENFORCED_MS; found !== wanted && Date.now() < last; )
          found = await connect(from, to);
        const line = `${who} to ${what}: ${found}`;
        stage.say(line);
        if (found !== wanted) wrong.push(`${line}, not ${wanted}`);
      }
      expectNone(wrong, 'the NetworkPolicy does not hold');
      return reaches.map(({ who, what, wanted }) => `${who} to ${what}: ${wanted}`);
    } finally {
      await stage.kubectl(
        ...['delete', 'pod', ...names, '-n', NAMESPACE],
        '--ignore-not-found',
        '--wait=false',
      );
    }
  },
};
