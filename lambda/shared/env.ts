import { ConfigurationError, describe } from './errors.ts';

/** Environment variables by name, as `process.env` has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

const MAX_DAYS = 36_500;

/**
 * The value of a required variable. `what` describes the value for the error message.
 *
 * @throws ConfigurationError when it is absent or empty
 */
export function requiredText(env: Environment, name: string, what: string): string {
  const value = env[name];
  if (!value)
    throw new ConfigurationError(`${name} is not set: set it in the function's environment to ${what}`);
  return value;
}

/**
 * The value of a variable that must be one of `choices`.
 *
 * @throws ConfigurationError when it is absent or not one of them
 */
export function requiredChoice<T extends string>(env: Environment, name: string, choices: readonly T[]): T {
  const what = choices.join(' or ');
  const value = requiredText(env, name, what);
  const choice = choices.find((word) => word === value);
  if (choice === undefined) throw new ConfigurationError(`${name} is ${describe(value)}: set it to ${what}`);
  return choice;
}

/**
 * A whole number of days from 1 to 36500, or undefined when the variable is absent or empty.
 *
 * @throws ConfigurationError when it is anything else
 */
export function optionalDays(env: Environment, name: string): number | undefined {
  const value = env[name];
  if (!value) return undefined;
  const days = /^[1-9][0-9]{0,4}$/.test(value) ? Number(value) : Number.NaN;
  if (!(days <= MAX_DAYS)) {
    const range = `a whole number of days from 1 to ${MAX_DAYS}`;
    throw new ConfigurationError(`${name} is ${describe(value)}: set it to ${range}, or leave it out`);
  }
  return days;
}
