import { expect, it } from 'vitest';
import { readImages } from '../../../argocd/images/settings.ts';
import { installCrossplane, stockArgs } from './kubernetes.ts';
import { namesOf } from './names.ts';

const wordsOf = (settings: 'stock' | 'guide', env: NodeJS.ProcessEnv = {}) =>
  installCrossplane(namesOf('test'), settings, readImages(env)).args;

it('has Crossplane as the chart has it without the circuit breaker', () => {
  expect(stockArgs(['--circuit-breaker-burst=9', '--debug'])).toEqual(['--debug']);
  expect(() => stockArgs(['--debug'])).toThrow("'stock' and 'guide' would be the same");
  expect(wordsOf('stock')).toContain('args=[]');
  expect(wordsOf('guide')).not.toContain('args=[]');
});

it('takes chart and image from where they are', () => {
  expect(wordsOf('guide').join(' ')).toContain(' crossplane --repo https://charts.crossplane.io/stable ');
  const mirrored = wordsOf('guide', { IMAGE_MIRROR: 'a.b/c' }).join(' ');
  expect(mirrored).toContain(' oci://a.b/c/charts/crossplane --version ');
  expect(mirrored).toContain(' --set-json image={"repository":"a.b/c/crossplane/crossplane:v');
});
