/** Where a policy holds, and how a place in it is written. */

/** A condition block, as IAM writes it. */
export type Condition = Record<string, Record<string, string | readonly string[]>>;

/** Where the policy holds, and what claims may name themselves. Patterns are IAM's: `*` any text, `?` one character. */
export interface Scope {
  partition: string;
  /** Twelve digits. */
  account: string;
  regions: readonly string[];
  /** Bucket names that claims give in `source.bucketName`, besides those that are generated. */
  buckets: readonly string[];
  /** Table names that claims give in `table.name`. */
  tables: readonly string[];
  /** State machine names that claims give in `workflow.name`. */
  stateMachines: readonly string[];
  /** KMS keys that claims give in `table.kmsKeyArn`, by ARN. */
  tableKeys: readonly string[];
  /** Names in `workflow.custom.functions`. */
  functions: readonly string[];
  /** `<bucket>/<key>` of the code and layers that claims give in S3. */
  codeObjects: readonly string[];
  /** Layers that claims give by ARN: names in this account, or ARNs without the version. */
  layers: readonly string[];
  /** Repositories of ECR whose images claims give for functions. */
  imageRepositories: readonly string[];
  /** SSM parameters that name the image of a virtual machine, with their leading slash; AWS's own are there already. */
  imageParameters: readonly string[];
  /** The policy that every role must have as its permissions boundary; any or none where absent. */
  permissionsBoundary?: string;
  /** A tag that the provider puts on what it makes; only what has it is deleted, where AWS can tell. */
  ownTag: { key: string; value: string };
}

/**
 * Claims may name a bucket, table or state machine as they like, so by default every name of the account passes. All
 * other names are the function's own. Each kind's group ends with the tag's value:
 * https://github.com/crossplane/crossplane-runtime/blob/v2.3.3/pkg/resource/resource.go (GetExternalTags).
 */
export const DEFAULT_SCOPE: Scope = {
  partition: 'aws',
  account: '111122223333',
  regions: ['eu-west-1'],
  buckets: ['*'],
  tables: ['*'],
  stateMachines: ['*'],
  tableKeys: [],
  functions: [],
  codeObjects: [],
  layers: ['*'],
  imageRepositories: [],
  imageParameters: [],
  ownTag: { key: 'crossplane-kind', value: '*.aws.m.upbound.io' },
};

export interface Place {
  /** No resource: the scope leaves the target out. */
  Resource: readonly string[];
  Condition?: Condition;
  /** Why the resource is `*`, or why it is wider than the resources that the function makes. */
  because?: string;
}
