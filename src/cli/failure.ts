/** What the process answers: 0 done, 1 failed, 2 bad usage or input. */
export const EXIT = { done: 0, failed: 1, badInput: 2, interrupted: 130 } as const

/** Ends a command with a message for the person at the terminal. */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure'
  readonly exitCode: number

  constructor(message: string, exitCode: number = EXIT.badInput) {
    super(message)
    this.exitCode = exitCode
  }
}

/** What is wrong, and what to do about it. */
export function withRemedy({ message, remedy }: { readonly message: string; readonly remedy: string }): string {
  return `${message.replace(/\.$/, '')}. ${remedy}`
}
