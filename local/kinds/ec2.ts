/** What the kinds of EC2 have in common. */
import {
  CreateTagsCommand,
  DeleteTagsCommand,
  type ResourceType,
  type TagSpecification,
} from '@aws-sdk/client-ec2';
import { dictionary, type Fields } from '../fields.ts';
import { type Observation, type Subject, staleTags, tagList } from './kind.ts';

/** The tags that a resource is made with; EC2 takes no empty list of them. */
export function tagSpecifications(spec: Fields, type: ResourceType): TagSpecification[] | undefined {
  const Tags = tagList(dictionary(spec, 'tags'));
  return Tags.length > 0 ? [{ ResourceType: type, Tags }] : undefined;
}

/** Makes a resource's tags those of the manifest; its external name is the id that EC2 knows it by. */
export async function setTags({ clients, name, spec }: Subject, seen: Observation): Promise<void> {
  const tags = dictionary(spec, 'tags');
  const Resources = [name];
  const stale = staleTags(seen, tags).map((Key) => ({ Key }));
  if (stale.length > 0) await clients.ec2.send(new DeleteTagsCommand({ Resources, Tags: stale }));
  const Tags = tagList(tags);
  if (Tags.length > 0) await clients.ec2.send(new CreateTagsCommand({ Resources, Tags }));
}

/** The ARN of a resource of EC2, such as `security-group/sg-…`. */
export function ec2Arn({ accountId, clients }: Subject, resource: string): string {
  return `arn:aws:ec2:${clients.region}:${accountId}:${resource}`;
}
