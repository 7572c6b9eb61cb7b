/** The kinds of EC2. It checks each call on everything that the call names, and a tag on creation as CreateTags. */
import type { KindAccess } from './access.ts';

export const ec2: Record<string, KindAccess> = {
  LaunchTemplate: {
    // A template may name its image by a parameter, which is then read as the caller:
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
    // The rule that lets everything out, which AWS adds to a new group, is taken away again.
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
        // It looks for what Lambda may have left in the group, and deletes that; no function of ours is in a VPC.
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
      // A rule that is not there yet has no tags.
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
