/** Every name that a render gives to something in AWS or in Kubernetes, and what each service takes for one. */
import { at, type Json, stringAt } from '../src/objects.ts';

/** What a name must match, by kind of managed resource. https://docs.aws.amazon.com/general/latest/gr/aws-service-information.html */
export const LEGAL: Record<string, RegExp> = {
  API: /^[\x20-\x7e]{1,128}$/,
  Authorizer: /^[\x20-\x7e]{1,128}$/,
  // Named after its bucket, where that is adopted.
  BucketNotification: /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/,
  Bucket: /^(?!xn--|sthree-|amzn-s3-demo-)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/,
  Function: /^[A-Za-z0-9_-]{1,64}$/,
  Group: /^[A-Za-z0-9_./#-]{1,512}$/,
  InstanceProfile: /^[\w+=,.@-]{1,128}$/,
  LaunchTemplate: /^[A-Za-z0-9()./_-]{3,128}$/,
  MetricAlarm: /^[\x20-\x7e]{1,255}$/,
  Policy: /^[\x20-\x7e]{1,256}$/,
  Queue: /^[A-Za-z0-9_-]{1,80}$/,
  Role: /^[\w+=,.@-]{1,64}$/,
  RolePolicy: /^[\w+=,.@-]{1,128}$/,
  Rule: /^[A-Za-z0-9_.-]{1,64}$/,
  Schedule: /^[0-9A-Za-z_.-]{1,64}$/,
  // EC2 keeps the names that begin with sg- to itself.
  SecurityGroup: /^(?!sg-)[A-Za-z0-9 ._:/()#,@[\]+=&;{}!$*-]{1,255}$/,
  Stage: /^(\$default|[A-Za-z0-9_-]{1,128})$/,
  StateMachine: /^[A-Za-z0-9_-]{1,80}$/,
  Table: /^[A-Za-z0-9_.-]{3,255}$/,
};

/** A DNS subdomain, as names in Kubernetes are. */
export const KUBERNETES_NAME =
  /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/;

export interface AwsName {
  readonly key: string;
  readonly kind: string;
  readonly name: string;
}

/** The names in AWS of a render's resources; kinds that AWS gives a name itself have none. */
export function awsNames(resources: Record<string, Json>): AwsName[] {
  return Object.entries(resources).flatMap(([key, manifest]) => {
    const external = stringAt(manifest, 'metadata', 'annotations', 'crossplane.io/external-name');
    const name = external ?? at(manifest, 'spec', 'forProvider', 'name');
    return typeof name === 'string' ? [{ key, kind: String(manifest['kind']), name }] : [];
  });
}
