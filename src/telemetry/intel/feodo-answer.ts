import type { AnswerShape } from './answer-shapes.js'

/** An entry of the IP blocklists of Feodo Tracker. */
export const feodoAnswer: AnswerShape = {
  provider: 'feodo',
  fits: (entry) => entry.has('ip_address') && ['malware', 'first_seen', 'last_online'].some((name) => entry.has(name)),
  read(entry, reading) {
    reading.add({
      provider: 'feodo',
      address: entry.filledText('ip_address'),
      times: [entry.filledText('last_online'), entry.filledText('first_seen')],
      score: 1,
      categories: ['listed'],
      family: entry.text('malware'),
    })
  },
}
