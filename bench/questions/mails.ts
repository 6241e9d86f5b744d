import { runMails } from '../processes.js'
import { median, type Question } from '../question.js'

/** How fast mails are read and judged, against parsing alone. */
export const mails: Question = {
  name: 'mails',
  async run({ workspace, quick }) {
    const run = await runMails(quick ? 200 : 1000, { rounds: quick ? 3 : 5, folder: workspace.folder })
    const [bare, judged] = [median(run.bare), median(run.judged)]
    const rate = (seconds: number) => `${Math.round(run.mails / seconds)} mails/s`
    return [
      {
        what: 'mails read and judged ÷ parsed, CPU time',
        aim: '>= 0.3',
        measured: (bare / judged).toFixed(2),
        detail: `${rate(judged)} of ${rate(bare)}, ${(run.tags / run.mails).toFixed(2)} tags a mail`,
      },
    ]
  },
}
