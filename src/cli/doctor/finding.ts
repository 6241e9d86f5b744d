/** What one check came to. */
export interface Finding {
  readonly check: string
  /** `broken`: it does not work; `doubtful`: it works, and somebody should look. */
  readonly status: 'fine' | 'doubtful' | 'broken'
  readonly detail: string
  /** What to do; left out where nothing is to be done. */
  readonly remedy?: string
}

export function fine(check: string, detail: string): Finding {
  return { check, status: 'fine', detail }
}

export function doubtful(check: string, detail: string, remedy: string): Finding {
  return { check, status: 'doubtful', detail, remedy }
}

export function broken(check: string, detail: string, remedy: string): Finding {
  return { check, status: 'broken', detail, remedy }
}
