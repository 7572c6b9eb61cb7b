/** An instance can be launched only from a template that exists. */
import type { LaunchTemplate } from '@aws-sdk/client-ec2';
import { type Ask, type Rule, refuse } from '../rule.ts';

/** The launch templates. For missing ones, some emulators return an empty list. AWS and other emulators return an error. */
async function templates(ask: Ask): Promise<LaunchTemplate[]> {
  const found: LaunchTemplate[] = [];
  let NextToken: string | undefined;
  do {
    const page = await ask.ec2.describeLaunchTemplates(NextToken ? { NextToken } : {});
    found.push(...(page.LaunchTemplates ?? []));
    NextToken = page.NextToken;
  } while (NextToken);
  return found;
}

export const launchTemplate: Rule = {
  page: 'https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html',
  operations: ['ec2:RunInstances'],
  async judge({ body }, ask) {
    const form = new URLSearchParams(body.toString());
    const id = form.get('LaunchTemplate.LaunchTemplateId');
    const name = form.get('LaunchTemplate.LaunchTemplateName');
    if (id === null && name === null) return undefined;
    const found = (await templates(ask)).find(
      ({ LaunchTemplateId, LaunchTemplateName }) => LaunchTemplateId === id || LaunchTemplateName === name,
    );
    if (found === undefined) {
      return id !== null
        ? refuse(
            'InvalidLaunchTemplateId.NotFound',
            `The specified launch template, with template ID ${id}, does not exist.`,
          )
        : refuse(
            'InvalidLaunchTemplateName.NotFoundException',
            `The specified launch template, with template name ${name}, does not exist.`,
          );
    }
    const version = form.get('LaunchTemplate.Version') ?? '$Default';
    const isThere =
      version.startsWith('$') ||
      (Number(version) >= 1 && Number(version) <= (found.LatestVersionNumber ?? 0));
    return isThere
      ? undefined
      : refuse(
          'InvalidLaunchTemplateId.VersionNotFound',
          `Could not find the specified version ${version} for the launch template with ID ${found.LaunchTemplateId}.`,
        );
  },
};
