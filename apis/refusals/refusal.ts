/** What a wrong claim is, and the smallest right one that it is made from. */
import { isObject, type Json } from '../../function/src/objects.ts';
import type { WorkflowType } from '../../function/src/workflow.ts';

/** A wrong claim, and who says what about it. Nothing is ever made of one. */
export interface Refusal {
  /** What is wrong, in a few words; unique. */
  title: string;
  /** As given to `kubectl apply`, which asks for strict field validation by itself. Its `metadata.name` is unique. */
  claim: Json;
  /** The valid claim applied first, where the mistake is a change. It is paused, so nothing is made of it either. */
  before?: Json;
  /** `data` of the EnvironmentConfig `fileingest` while the claim is there; without it there is no EnvironmentConfig. */
  platform?: Json;
  /**
   * Who refuses: `kubectl` knows no such kind and sends nothing; the API server knows it from the `schema` or a CEL
   * `rule`; only the `function` knows it, and then the claim is taken and its condition `Synced` says so.
   */
  by: 'kubectl' | 'schema' | 'rule' | 'function';
  /** All of these are in the message of the refusal, or of the condition: the field's path, and the fix. */
  says: readonly string[];
}

/** What the smallest spec of each type has beside the region. */
export const SMALLEST_OF = {
  RecordFile: { workflow: { type: 'RecordFile' } },
  RecordMessage: { workflow: { type: 'RecordMessage' } },
  ProcessImage: { workflow: { type: 'ProcessImage' } },
  RunScript: {
    source: { upload: { authorization: { type: 'None' } } },
    workflow: { type: 'RunScript', runScript: { network: { publicAddress: true } } },
  },
  Custom: {
    workflow: {
      type: 'Custom',
      custom: { definition: { StartAt: 'Done', States: { Done: { Type: 'Succeed' } } } },
    },
  },
} satisfies Record<WorkflowType, Json>;

/** A copy with these changes, as `kubectl patch --type merge` makes them: a null removes a field. RFC 7386. */
export function patched(value: Json, patch: Json): Json {
  const changed = Object.entries(patch).map(([name, change]): [string, unknown] => {
    const before = value[name];
    return [name, isObject(change) ? patched(isObject(before) ? before : {}, change) : change];
  });
  const fields = Object.entries({ ...value, ...Object.fromEntries(changed) });
  return Object.fromEntries(fields.filter(([, inner]) => inner !== null));
}

/** The smallest right spec of a type, with these changes. */
export const specOf = (type: WorkflowType, changes: Json = {}): Json =>
  patched({ region: 'eu-west-1', ...SMALLEST_OF[type] }, changes);

/** The name of a title's claim. */
export function nameOf(title: string): string {
  const words = title.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
  return words.slice(0, 63).replaceAll(/^-|-$/g, '');
}

/** A claim with this spec, named after the title. */
export function claimOf(title: string, spec: Json, metadata: Json = {}): Json {
  return {
    apiVersion: 'fileingest.dev/v1alpha1',
    kind: 'FileIngestPipeline',
    metadata: { name: nameOf(title), ...metadata },
    spec,
  };
}

/** Letters and digits on either side would make other words of it: `10` is not said by `100`. */
function isSaid(words: string, message: string): boolean {
  const literal = words.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(?<!\\w)${literal}(?!\\w)`).test(message);
}

/** What should have been said of a wrong claim, in whole words, and was not. */
export function unsaid({ says }: Refusal, message: string): string[] {
  return says.filter((words) => !isSaid(words, message));
}
