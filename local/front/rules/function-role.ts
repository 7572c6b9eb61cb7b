/** Lambda assumes the role of a function when the function is created. */
import { stringAt } from '../../../function/src/objects.ts';
import { fieldsOf } from '../call.ts';
import { isAssumable } from '../roles.ts';
import { type Rule, refuse } from '../rule.ts';

export const functionRole: Rule = {
  page: 'https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html',
  operations: ['lambda:CreateFunction', 'lambda:UpdateFunctionConfiguration'],
  async judge(call, ask) {
    const role = stringAt(fieldsOf(call), 'Role');
    if (role === undefined || (await isAssumable(role, ['lambda.amazonaws.com'], ask))) return undefined;
    return refuse(
      'InvalidParameterValueException',
      'The role defined for the function cannot be assumed by Lambda.',
    );
  },
};
