/** How a command ends without success: a sentence for the user, and the exit status. */

/** The exit statuses. docs/plugin.md tells them. */
export const EXIT = {
  done: 0,
  /** AWS, the cluster or this computer did not do what was asked. */
  failed: 1,
  /** The arguments are wrong. */
  usage: 2,
  /** There is no such claim, or it lacks what the command needs. */
  notReady: 3,
  /** The command worked, and the pipeline or the file is not well. */
  unwell: 4,
} as const;

export type Exit = (typeof EXIT)[keyof typeof EXIT];

/** Ends the command with its message on standard error. */
export class Stop extends Error {
  override readonly name = 'Stop';
  readonly exit: Exit;

  constructor(message: string, exit: Exit = EXIT.failed, options?: ErrorOptions) {
    super(message, options);
    this.exit = exit;
  }
}

/** Whether an error has one of these names, such as `QueueDoesNotExist` of an AWS SDK. */
export const hasName = (error: unknown, ...names: readonly string[]): boolean =>
  error instanceof Error && names.includes(error.name);
