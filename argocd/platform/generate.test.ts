import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { activated } from '../../local/activated.ts';
import { providerFiles } from './generate.ts';

const read = (file: string) => readFileSync(join(import.meta.dirname, '../..', file), 'utf8');

describe('the lists of providers', () => {
  it.each([...providerFiles()])(
    '%s is what activation-policy.yaml says; `make generate` writes it',
    (file, text) => {
      expect(read(file), `${file}: run make generate`).toBe(text);
    },
  );

  it('have a service once that a new kind is of', () => {
    const before = providerFiles();
    const after = providerFiles([
      ...activated(),
      'topics.sns.aws.m.upbound.io',
      'others.sns.aws.m.upbound.io',
    ]);
    for (const [file, text] of after) {
      const added = text.split('\n').filter((line) => !before.get(file)?.includes(line));
      expect(added.join('\n').match(/provider-aws-sns$|provider-aws-sns:v/gm)?.length, file).toBe(
        file.endsWith('providers.yaml') ? 2 : 1,
      );
    }
  });

  it('cannot be of a policy without a list', () => {
    expect(() => activated('spec: {}')).toThrow('activation-policy.yaml: spec.activate is no list.');
  });
});
