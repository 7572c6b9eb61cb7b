/** Options that come from the environment. */

/** @throws when the value is none of those, naming the option and what there is. */
export function oneOf<T extends string>(name: string, value: string, values: readonly T[]): T {
  const found = values.find((one) => one === value);
  if (found === undefined) throw new Error(`${name}=${value} is not known. Use one of ${values.join(', ')}.`);
  return found;
}

/** The words of a list that is separated by commas or spaces. */
export const words = (text = ''): string[] => text.split(/[\s,]+/).filter(Boolean);
