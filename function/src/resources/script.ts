/** The script that RunScript's virtual machines run: the claim's own text, or the default one, as an object of the code bucket. */
import type { IObject } from '@crossplane-models/provider-upjet-aws/s3.aws.m.upbound.io/v1beta1/Object';
import { DEFAULT_SCRIPT } from '../../../lambda/vm/default-script.ts';
import type { Context } from '../context.ts';
import { KEYS } from '../keys.ts';
import { type ComposedResource, define } from '../plan.ts';
import type { RunScript } from './vm.ts';

/**
 * Where the script is. The key stays when the text changes: a machine reads it once, at its start, and so finds it whole,
 * whichever it was started with.
 */
export function scriptOf({ names }: Context, { scriptLocation }: RunScript): { bucket: string; key: string } {
  return scriptLocation ?? { bucket: names.codeBucket, key: 'script.sh' };
}

/** The object; none where the claim says where its script is. */
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
