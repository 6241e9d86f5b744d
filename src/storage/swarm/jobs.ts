/** The work of correlation: its lease, and under what name it keeps where it stands. */
export const CORRELATION_JOB = 'correlation'

/** What the name of an unfinished backfill begins with. */
export const BACKFILL_JOBS = 'backfill '
