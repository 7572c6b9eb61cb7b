/** All rules, in the order in which they are asked. A new one is a file in `rules` and a line here. */
import type { Rule } from './rule.ts';
import { blockedEncryption } from './rules/blockedEncryption.ts';
import { createClientTokens } from './rules/clientTokens.ts';
import { createEncodedFilters } from './rules/encodedFilters.ts';
import { functionCode } from './rules/functionCode.ts';
import { functionRole } from './rules/functionRole.ts';
import { launchTemplate } from './rules/launchTemplate.ts';
import { notificationPermission } from './rules/notificationPermission.ts';
import { overlappingFilters } from './rules/overlappingFilters.ts';
import { routeAuthorizer } from './rules/routeAuthorizer.ts';
import { stateMachineDefinition } from './rules/stateMachineDefinition.ts';
import { stateMachineRole } from './rules/stateMachineRole.ts';

/** A front's own set: two of them remember what they have seen. */
export const createRules = (): readonly Rule[] => [
  overlappingFilters,
  notificationPermission,
  createEncodedFilters(),
  blockedEncryption,
  functionCode,
  functionRole,
  stateMachineDefinition,
  stateMachineRole,
  // Before the next: what a token stands for is had again, whatever became of its template.
  createClientTokens(),
  launchTemplate,
  routeAuthorizer,
];
