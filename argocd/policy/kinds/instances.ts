/** The kinds of EC2. EC2 checks a call for every resource in it, and tags on creation as CreateTags. */
import type { KindAccess } from './access.ts';

export const ec2: Record<string, KindAccess> = {
  LaunchTemplate: {
    // A template can have a parameter as its image. It is read with the caller's permissions:
    // https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/create-launch-template.html
    source: ['ec2/ec2_launch_template.go', 'ec2/find.go', 'ec2/tags_gen.go'],
    needs: {
      launchTemplate: { create: ['ec2:CreateLaunchTemplate'] },
      ownLaunchTemplate: {
        update: [
          'ec2:CreateLaunchTemplateVersion',
          'ec2:CreateTags',
          'ec2:DeleteTags',
          'ec2:ModifyLaunchTemplate',
        ],
        delete: ['ec2:DeleteLaunchTemplate'],
      },
      imageParameter: { create: ['ssm:GetParameters'], update: ['ssm:GetParameters'] },
      taggedOnCreation: { create: ['ec2:CreateTags'] },
      anything: { observe: ['ec2:DescribeLaunchTemplates', 'ec2:DescribeLaunchTemplateVersions'] },
    },
  },
  SecurityGroup: {
    // AWS adds a rule to a new group that allows all outgoing traffic. The provider removes it.
    source: ['ec2/vpc_security_group.go', 'ec2/find.go', 'ec2/tags_gen.go'],
    needs: {
      newSecurityGroup: { create: ['ec2:CreateSecurityGroup'] },
      ownSecurityGroup: {
        create: ['ec2:RevokeSecurityGroupEgress'],
        update: ['ec2:CreateTags', 'ec2:DeleteTags'],
        delete: ['ec2:DeleteSecurityGroup'],
      },
      taggedOnCreation: { create: ['ec2:CreateTags'] },
      anything: {
        observe: ['ec2:DescribeSecurityGroups'],
        // The provider searches for network interfaces that Lambda left in the group, and deletes them. Our functions are in no VPC.
        delete: ['ec2:DescribeNetworkInterfaces'],
      },
    },
  },
  SecurityGroupEgressRule: {
    source: [
      'ec2/vpc_security_group_egress_rule.go',
      'ec2/vpc_security_group_ingress_rule.go',
      'ec2/find.go',
    ],
    needs: {
      ownSecurityGroup: {
        create: ['ec2:AuthorizeSecurityGroupEgress'],
        update: ['ec2:CreateTags', 'ec2:DeleteTags', 'ec2:ModifySecurityGroupRules'],
        delete: ['ec2:RevokeSecurityGroupEgress'],
      },
      // A rule that does not exist yet has no tags.
      securityGroupRule: {
        create: ['ec2:AuthorizeSecurityGroupEgress'],
        update: ['ec2:ModifySecurityGroupRules'],
        delete: ['ec2:RevokeSecurityGroupEgress'],
      },
      taggedOnCreation: { create: ['ec2:CreateTags'] },
      anything: { observe: ['ec2:DescribeSecurityGroupRules'] },
    },
  },
};
