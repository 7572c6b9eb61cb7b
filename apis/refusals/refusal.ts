/** What a wrong claim is, and how to write one down. */
import type { Json } from '../../function/src/objects.ts';
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

/** A mistake as a row: what is wrong, the fields of the spec that differ from {@link SMALLEST}, and what is said. */
export type Row = [title: string, spec: Json, ...says: string[]];

/** A wrong change as a row: before and after are the fields that differ from {@link SMALLEST}. */
export type ChangeRow = [title: string, before: Json, after: Json, ...says: string[]];

/** The smallest spec that is right. */
export const SMALLEST: Json = { region: 'eu-west-1', workflow: { type: 'RecordFile' } };

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

/** A spec of type ProcessImage with these settings. */
export const processImage = (fields: Json): Json => ({
  workflow: { type: 'ProcessImage', processImage: fields },
});

/** A spec of type RunScript, right but for these settings. */
export function runScript(fields: Json): Json {
  const { source, workflow } = SMALLEST_OF.RunScript;
  return { source, workflow: { ...workflow, runScript: { ...workflow.runScript, ...fields } } };
}

/** A spec of type RunScript, right but for these settings of its upload API. */
export function upload(fields: Json): Json {
  const { source, workflow } = SMALLEST_OF.RunScript;
  return { source: { upload: { ...source.upload, ...fields } }, workflow };
}

/** A spec of type Custom, right but for these settings. */
export function custom(fields: Json): Json {
  const { workflow } = SMALLEST_OF.Custom;
  return { workflow: { ...workflow, custom: { ...workflow.custom, ...fields } } };
}

/** A spec of type Custom whose only function is right but for these settings. */
export function customFunction(fields: Json): Json {
  const code = { bucket: 'orders-code', key: 'parse.zip', sha256: 'a'.repeat(64) };
  return custom({
    functions: [{ name: 'parse', runtime: 'nodejs24.x', handler: 'index.handler', code, ...fields }],
  });
}

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

/** A claim that is wrong from its creation on. */
export function creation(by: Refusal['by'], [title, spec, ...says]: Row): Refusal {
  return { title, claim: claimOf(title, { ...SMALLEST, ...spec }), by, says };
}

/** A claim that was right before it was changed. */
export function change([title, before, after, ...says]: ChangeRow): Refusal {
  const paused = { annotations: { 'crossplane.io/paused': 'true' } };
  return {
    title,
    before: claimOf(title, { ...SMALLEST, ...before }, paused),
    claim: claimOf(title, { ...SMALLEST, ...after }, paused),
    by: 'rule',
    says,
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

/** Several entries of a map, or of a list by their keys. */
export function many(count: number, key: (index: number) => string): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [key(index), 'x']));
}
