/** Step Functions assumes the role of a state machine when the state machine is created. */
import { stringAt } from '../../../function/src/objects.ts';
import { fieldsOf } from '../call.ts';
import { isAssumable } from '../roles.ts';
import { type Rule, refuse } from '../rule.ts';

export const stateMachineRole: Rule = {
  page: 'https://docs.aws.amazon.com/step-functions/latest/dg/procedure-create-iam-role.html',
  operations: ['states:CreateStateMachine', 'states:UpdateStateMachine'],
  async judge(call, ask) {
    const role = stringAt(fieldsOf(call), 'roleArn');
    const services = ['states.amazonaws.com', `states.${call.region}.amazonaws.com`];
    if (role === undefined || (await isAssumable(role, services, ask))) return undefined;
    return refuse(
      'AccessDeniedException',
      'Neither the global service principal states.amazonaws.com, nor the regional one is authorized to assume the provided role.',
    );
  },
};
