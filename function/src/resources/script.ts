/** The script that RunScript's virtual machines run: the claim's own text, or the default one, as an object of the code bucket. */
import type { IObject } from '@crossplane-models/provider-upjet-aws/s3.aws.m.upbound.io/v1beta1/Object';
import { DEFAULT_SCRIPT } from '../../../lambda/vm/default-script.ts';
import type { Context } from '../context.ts';
import { KEYS } from '../keys.ts';
import { type ComposedResource, define } from '../plan.ts';
import type { RunScript } from './vm.ts';

/**
 * The place of the script. The key stays the same when the text changes. A virtual machine reads the script once, at its start, so it
 * always gets a complete script.
 */
export function scriptOf({ names }: Context, { scriptLocation }: RunScript): { bucket: string; key: string } {
  return scriptLocation ?? { bucket: names.codeBucket, key: 'script.sh' };
}

/** The object. Empty when the claim has the place of its own script. */
export function script(context: Context, runScript: RunScript): ComposedResource[] {
  if (runScript.scriptLocation) return [];
  return [
    define<IObject>(context, {
      apiVersion: 's3.aws.m.upbound.io/v1beta1',
      area: 'Code',
      key: KEYS.script,
      kind: 'Object',
      forProvider: {
        region: context.spec.region,
        bucketRef: { name: context.names.composed(KEYS.codeBucket) },
        key: scriptOf(context, runScript).key,
        content: runScript.script ?? DEFAULT_SCRIPT,
        contentType: 'text/x-shellscript',
      },
    }),
  ];
}
