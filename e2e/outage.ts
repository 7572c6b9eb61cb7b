/** A part that can be taken away and given back. Both resolve when the change has taken effect. */
export interface Outage {
  begin(): Promise<void>;
  end(): Promise<void>;
}

/** Does something while a part is away. The part is back afterwards, whatever failed: what follows needs it. */
export async function during<T>(outage: Outage, run: () => Promise<T>): Promise<T> {
  try {
    await outage.begin();
    return await run();
  } finally {
    await outage.end();
  }
}
