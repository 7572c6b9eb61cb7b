/** The rules of Choice states. https://states-language.net/spec.html#choice-state */

import { type FieldError, forbidden, invalid, required } from '../errors.ts';
import { isObject, type Json } from '../objects.ts';
import { checkJsonataTemplate } from './jsonata.ts';
import { objectsAt, type State } from './machine.ts';
import { isPath } from './paths.ts';
import { below, suggestion } from './problem.ts';
import { assign, type Check, expression, isTimestamp, payloadTemplate, text } from './values.ts';

const typed =
  (holds: (value: unknown) => boolean, what: string): Check =>
  (value, path) =>
    holds(value) ? [] : [invalid(path, value, `must be ${what}. Write one.`)];

const path = typed(isPath, 'a path');
const flag = typed((value) => typeof value === 'boolean', 'true or false');
const string: Check = (value, path) => {
  if (typeof value === 'string') return [];
  // YAML makes one of a bare word: `StringEquals: no`.
  const fix = typeof value === 'boolean' ? 'Write the word in quotes.' : 'Write one.';
  return [invalid(path, value, `must be a string. ${fix}`)];
};
const number = typed((value) => typeof value === 'number', 'a number');
const time = typed(isTimestamp, 'a timestamp such as 2027-01-31T08:30:00Z');

const ORDER = ['Equals', 'LessThan', 'GreaterThan', 'LessThanEquals', 'GreaterThanEquals'];
const compared = (kind: string, constant: Check, by: readonly string[]) =>
  by.flatMap((comparison): [string, Check][] => [
    [`${kind}${comparison}`, constant],
    [`${kind}${comparison}Path`, path],
  ]);

/** The operators that compare a Variable. */
const TESTS: Readonly<Record<string, Check>> = Object.fromEntries([
  ...compared('String', string, ORDER),
  ...compared('Numeric', number, ORDER),
  ...compared('Timestamp', time, ORDER),
  ...compared('Boolean', flag, ['Equals']),
  ['StringMatches', string],
  ...['IsNull', 'IsPresent', 'IsNumeric', 'IsString', 'IsBoolean', 'IsTimestamp'].map(
    (name): [string, Check] => [name, flag],
  ),
]);
const COMBINED = ['And', 'Or', 'Not'];

/** The fields of a rule that are not operators. Inside And, Or and Not, only Variable and Comment are allowed. */
const BESIDES = ['Variable', 'Next', 'Comment', 'Assign'];

function checkCombined(rule: Json, name: string, here: string): FieldError[] {
  const inner = rule[name];
  const at = below(here, name);
  if (name === 'Not')
    return isObject(inner)
      ? checkTest(inner, at, false)
      : [invalid(at, inner, 'must be one test. Write an object with a comparison.')];
  const tests = objectsAt(inner, at);
  if (!Array.isArray(inner) || tests.length === 0 || tests.length < inner.length)
    return [invalid(at, inner, 'must be a list of tests. Write at least one.')];
  return tests.flatMap((test) => checkTest(test.value, test.path, false));
}

/** A test of a JSONPath state: And, Or, Not, or one comparison of a Variable. */
function checkTest(rule: Json, here: string, outermost: boolean): FieldError[] {
  const operators = Object.keys(rule).filter((name) => !BESIDES.includes(name));
  const known = [...COMBINED, ...Object.keys(TESTS)];
  const unknown = operators.find((name) => !known.includes(name));
  if (unknown === 'Condition')
    return [
      forbidden(
        below(here, unknown),
        'only JSONata states have conditions. Set QueryLanguage: JSONata in the state, or compare a Variable.',
      ),
    ];
  if (unknown !== undefined)
    return [
      invalid(below(here, unknown), rule[unknown], `unknown comparison. ${suggestion(unknown, known)}`),
    ];
  const [name, ...others] = operators;
  if (name === undefined)
    return [required(here, 'a rule needs a comparison. Add one, such as StringEquals.')];
  if (others.length > 0)
    return [
      forbidden(
        here,
        `a rule has one comparison, and this one has ${operators.join(' and ')}. Put each into a test of its own below And.`,
      ),
    ];
  const misplaced = outermost ? undefined : ['Next', 'Assign'].find((field) => field in rule);
  if (misplaced !== undefined)
    return [
      forbidden(
        below(here, misplaced),
        `no test inside And, Or or Not has ${misplaced}. Move it to the rule itself.`,
      ),
    ];
  if (COMBINED.includes(name)) return checkCombined(rule, name, here);
  return [
    ...(isPath(rule['Variable'])
      ? []
      : [
          invalid(
            below(here, 'Variable'),
            rule['Variable'],
            'must be a path. Say what is compared, such as $.size.',
          ),
        ]),
    ...(TESTS[name]?.(rule[name], below(here, name)) ?? []),
  ];
}

const EXPRESSION_RULE: Readonly<Record<string, Check>> = {
  Condition: (value, at) => (typeof value === 'boolean' ? [] : expression(value, at)),
  Next: () => [],
  Comment: text,
  Output: checkJsonataTemplate,
  Assign: assign(checkJsonataTemplate),
};

function checkExpressionRule(rule: Json, here: string): FieldError[] {
  const condition =
    rule['Condition'] === undefined
      ? [required(below(here, 'Condition'), 'a rule needs a condition. Write it as {% ... %}.')]
      : [];
  return [
    ...condition,
    ...Object.entries(rule).flatMap(([name, value]) => {
      const check = Object.hasOwn(EXPRESSION_RULE, name) ? EXPRESSION_RULE[name] : undefined;
      if (check) return check(value, below(here, name));
      const fix = 'unknown field of a rule in a JSONata state. Write the test as Condition: {% ... %}.';
      return [invalid(below(here, name), value, fix)];
    }),
  ];
}

/** What is wrong with a Choice state's rules. Where they go is checked with all transitions. */
export function checkChoices(state: State): FieldError[] {
  const choices = state.value['Choices'];
  const here = below(state.path, 'Choices');
  if (choices === undefined) return [];
  const rules = objectsAt(choices, here);
  if (!Array.isArray(choices) || rules.length === 0 || rules.length < choices.length)
    return [invalid(here, choices, 'must be a list of rules. Write at least one, with Next.')];
  return rules.flatMap(({ value, path: at }) =>
    state.language === 'JSONata'
      ? checkExpressionRule(value, at)
      : [
          ...checkTest(value, at, true),
          ...(value['Assign'] === undefined
            ? []
            : assign(payloadTemplate)(value['Assign'], below(at, 'Assign'))),
        ],
  );
}
