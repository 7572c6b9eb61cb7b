/** Lists all rules, in the order in which they judge. A new rule is a file in `rules` and a line here. */
import type { Rule } from './rule.ts';
import { blockedEncryption } from './rules/blocked-encryption.ts';
import { createClientTokens } from './rules/client-tokens.ts';
import { createEncodedFilters } from './rules/encoded-filters.ts';
import { functionCode } from './rules/function-code.ts';
import { functionRole } from './rules/function-role.ts';
import { launchTemplate } from './rules/launch-template.ts';
import { notificationPermission } from './rules/notification-permission.ts';
import { overlappingFilters } from './rules/overlapping-filters.ts';
import { routeAuthorizer } from './rules/route-authorizer.ts';
import { stateMachineDefinition } from './rules/state-machine-definition.ts';
import { stateMachineRole } from './rules/state-machine-role.ts';

/** Creates the rules of one front. Two of them keep state. */
export const createRules = (): readonly Rule[] => [
  overlappingFilters,
  notificationPermission,
  createEncodedFilters(),
  blockedEncryption,
  functionCode,
  functionRole,
  stateMachineDefinition,
  stateMachineRole,
  // Before the rule about launch templates: a repeated token returns its instance, even when the template was deleted since.
  createClientTokens(),
  launchTemplate,
  routeAuthorizer,
];
