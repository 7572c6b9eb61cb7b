import { expect, it } from 'vitest';
import { at } from '../../function/src/objects.ts';
import type { KubeObject } from '../../tools/cluster.ts';
import { environmentOf } from '../../tools/servers/argocd.ts';
import { settingNamed, withSetting } from './settings.ts';

const CONTROLLER = 'argocd-application-controller';
const reference = { name: 'argocd-cmd-params-cm', key: 'controller.status.processors', optional: true };

const manifests: KubeObject[] = [
  { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'argocd-cmd-params-cm' } },
  {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: CONTROLLER },
    spec: {
      template: {
        spec: {
          containers: [
            {
              name: CONTROLLER,
              env: [
                { name: 'ARGOCD_K8S_CLIENT_QPS', value: '300' },
                { name: 'STATUS', valueFrom: { configMapKeyRef: reference } },
              ],
            },
          ],
        },
      },
    },
  },
];

it("a parameter reaches the controller's environment", () => {
  expect(environmentOf(withSetting(manifests, settingNamed('processors')), CONTROLLER)).toEqual({
    ARGOCD_K8S_CLIENT_QPS: '300',
    STATUS: '50',
  });
});

it('a variable takes the place of the one that is there, once', () => {
  const changed = withSetting(manifests, settingNamed('stock-qps'));
  expect(environmentOf(changed, CONTROLLER)).toEqual({
    ARGOCD_K8S_CLIENT_QPS: '50',
    ARGOCD_K8S_CLIENT_BURST: '100',
  });
  const [container]: unknown[] = [at(changed[1], 'spec', 'template', 'spec', 'containers')].flat();
  expect([at(container, 'env')].flat()).toHaveLength(3);
});

it('ours are the manifests as they are, and what was given stays as it was', () => {
  const before = structuredClone(manifests);
  withSetting(manifests, settingNamed('stock-qps'));
  expect(manifests).toEqual(before);
  expect(environmentOf(withSetting(manifests, settingNamed('ours')), CONTROLLER)).toEqual({
    ARGOCD_K8S_CLIENT_QPS: '300',
  });
});

it('a workload without variables is named', () => {
  const bare = { apiVersion: 'apps/v1', kind: 'StatefulSet', metadata: { name: CONTROLLER } };
  expect(() => withSetting([bare], settingNamed('stock-qps'))).toThrow(
    `the manifests' ${CONTROLLER} has no container with variables`,
  );
});
