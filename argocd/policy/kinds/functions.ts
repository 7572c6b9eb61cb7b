/** The kinds of IAM, Lambda, Step Functions and EventBridge Scheduler. */
import type { KindAccess } from './access.ts';

export const iam: Record<string, KindAccess> = {
  Role: {
    source: ['iam/role.go', 'iam/tags.go'],
    needs: {
      // With a permissions boundary in the scope, only roles with this boundary can be created.
      boundedRole: { create: ['iam:CreateRole'], update: ['iam:PutRolePermissionsBoundary'] },
      unboundedRole: { update: ['iam:DeleteRolePermissionsBoundary'] },
      role: {
        create: ['iam:TagRole'],
        observe: ['iam:GetRole', 'iam:GetRolePolicy', 'iam:ListAttachedRolePolicies', 'iam:ListRolePolicies'],
        update: ['iam:TagRole', 'iam:UntagRole', 'iam:UpdateAssumeRolePolicy', 'iam:UpdateRole'],
        delete: ['iam:DeleteRole', 'iam:ListInstanceProfilesForRole'],
      },
    },
  },
  RolePolicy: {
    source: ['iam/role_policy.go'],
    needs: {
      boundedRole: { create: ['iam:PutRolePolicy'], update: ['iam:PutRolePolicy'] },
      role: { observe: ['iam:GetRolePolicy'], delete: ['iam:DeleteRolePolicy'] },
    },
  },
  InstanceProfile: {
    // Adding a role to a profile passes the role to EC2. Reading a profile reads its role too.
    source: ['iam/instance_profile.go', 'iam/tags.go'],
    needs: {
      instanceProfile: {
        create: ['iam:AddRoleToInstanceProfile', 'iam:CreateInstanceProfile', 'iam:TagInstanceProfile'],
        observe: ['iam:GetInstanceProfile'],
        update: [
          'iam:AddRoleToInstanceProfile',
          'iam:RemoveRoleFromInstanceProfile',
          'iam:TagInstanceProfile',
          'iam:UntagInstanceProfile',
        ],
        delete: ['iam:DeleteInstanceProfile', 'iam:RemoveRoleFromInstanceProfile'],
      },
      role: { observe: ['iam:GetRole'] },
      instanceRole: { create: ['iam:PassRole'], update: ['iam:PassRole'] },
    },
  },
};

export const lambda: Record<string, KindAccess> = {
  Function: {
    // GetFunction returns tags only to callers that can list them. Lambda reads code and layers with the caller's permissions, and
    // adds itself to the policy of an image repository: https://docs.aws.amazon.com/lambda/latest/dg/images-create.html#gettingstarted-images-permissions
    source: ['lambda/function.go', 'lambda/tags_gen.go'],
    needs: {
      function: {
        create: ['lambda:CreateFunction', 'lambda:PutFunctionConcurrency', 'lambda:TagResource'],
        observe: [
          'lambda:GetFunction',
          'lambda:GetFunctionCodeSigningConfig',
          'lambda:GetFunctionConcurrency',
          'lambda:GetFunctionConfiguration',
          'lambda:ListTags',
          'lambda:ListVersionsByFunction',
        ],
        update: [
          'lambda:DeleteFunctionConcurrency',
          'lambda:PutFunctionConcurrency',
          'lambda:TagResource',
          'lambda:UntagResource',
          'lambda:UpdateFunctionCode',
          'lambda:UpdateFunctionConfiguration',
        ],
        delete: ['lambda:DeleteFunction'],
      },
      codeObject: { create: ['s3:GetObject'], update: ['s3:GetObject'] },
      givenObject: { create: ['s3:GetObject'], update: ['s3:GetObject'] },
      givenLayer: { create: ['lambda:GetLayerVersion'], update: ['lambda:GetLayerVersion'] },
      layer: { create: ['lambda:GetLayerVersion'], update: ['lambda:GetLayerVersion'] },
      imageRepository: {
        create: ['ecr:GetRepositoryPolicy', 'ecr:SetRepositoryPolicy'],
        update: ['ecr:GetRepositoryPolicy', 'ecr:SetRepositoryPolicy'],
      },
      functionRole: { create: ['iam:PassRole'], update: ['iam:PassRole'] },
    },
  },
  FunctionEventInvokeConfig: {
    source: ['lambda/function_event_invoke_config.go'],
    needs: {
      function: {
        create: ['lambda:PutFunctionEventInvokeConfig'],
        observe: ['lambda:GetFunctionEventInvokeConfig'],
        update: ['lambda:PutFunctionEventInvokeConfig'],
        delete: ['lambda:DeleteFunctionEventInvokeConfig'],
      },
    },
  },
  Permission: {
    // Terraform cannot update it: a change is a new AddPermission.
    source: ['lambda/permission.go'],
    needs: {
      invokedFunction: { create: ['lambda:AddPermission'] },
      function: { observe: ['lambda:GetPolicy'], delete: ['lambda:RemovePermission'] },
    },
  },
  EventSourceMapping: {
    source: ['lambda/event_source_mapping.go', 'lambda/tags_gen.go'],
    needs: {
      newMapping: { create: ['lambda:CreateEventSourceMapping'] },
      mapping: {
        observe: ['lambda:GetEventSourceMapping'],
        update: ['lambda:UpdateEventSourceMapping'],
        delete: ['lambda:DeleteEventSourceMapping'],
      },
      mappingTags: {
        create: ['lambda:TagResource'],
        observe: ['lambda:ListTags'],
        update: ['lambda:TagResource', 'lambda:UntagResource'],
      },
    },
  },
  LayerVersion: {
    // A version never changes: a new version has another name in AWS.
    source: ['lambda/layer_version.go'],
    needs: {
      layer: {
        create: ['lambda:PublishLayerVersion'],
        observe: ['lambda:GetLayerVersion'],
        delete: ['lambda:DeleteLayerVersion'],
      },
      givenObject: { create: ['s3:GetObject'] },
    },
  },
};

export const stateMachine: KindAccess = {
  // The provider validates the definition before it creates the state machine.
  source: ['sfn/state_machine.go', 'sfn/tags_gen.go'],
  needs: {
    anything: {
      create: ['states:ValidateStateMachineDefinition'],
      update: ['states:ValidateStateMachineDefinition'],
    },
    stateMachine: {
      create: ['states:CreateStateMachine', 'states:TagResource'],
      observe: [
        'states:DescribeStateMachine',
        'states:ListStateMachineVersions',
        'states:ListTagsForResource',
      ],
      update: ['states:TagResource', 'states:UntagResource'],
    },
    ownStateMachine: { update: ['states:UpdateStateMachine'], delete: ['states:DeleteStateMachine'] },
    stateMachineRole: { create: ['iam:PassRole'], update: ['iam:PassRole'] },
  },
};

export const events: Record<string, KindAccess> = {
  Rule: {
    source: ['events/rule.go', 'events/tags_gen.go'],
    needs: {
      rule: {
        create: ['events:PutRule', 'events:TagResource'],
        observe: ['events:DescribeRule', 'events:ListTagsForResource'],
        update: ['events:PutRule', 'events:TagResource', 'events:UntagResource'],
        delete: ['events:DeleteRule'],
      },
    },
  },
  Target: {
    source: ['events/target.go'],
    needs: {
      rule: {
        create: ['events:PutTargets'],
        observe: ['events:ListTargetsByRule'],
        update: ['events:PutTargets'],
        delete: ['events:RemoveTargets'],
      },
    },
  },
};

export const schedule: KindAccess = {
  source: ['scheduler/schedule.go'],
  needs: {
    schedule: {
      create: ['scheduler:CreateSchedule'],
      observe: ['scheduler:GetSchedule'],
      update: ['scheduler:UpdateSchedule'],
      delete: ['scheduler:DeleteSchedule'],
    },
    scheduleRole: { create: ['iam:PassRole'], update: ['iam:PassRole'] },
  },
};
