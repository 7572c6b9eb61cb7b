/** How many letters must be put in, taken out or replaced to turn one word into the other, whatever their case. */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...one].entries()) {
    const next = [i + 1];
    for (const [j, against] of [...other].entries()) {
      const replaced = (row[j] ?? 0) + (letter.toLowerCase() === against.toLowerCase() ? 0 : 1);
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}

/**
 * The known word that was probably meant; undefined where none is near. Near is at most two letters, or a third of the word, and
 * never more than half of it: `id` is not meant by `ab`.
 */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const [best] = known
    .map((candidate) => ({ candidate, away: distance(word, candidate) }))
    .filter(
      ({ candidate, away }) => away <= Math.max(2, candidate.length / 3) && away * 2 <= candidate.length,
    )
    .sort((a, b) => a.away - b.away);
  return best?.candidate;
}
