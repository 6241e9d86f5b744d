import { describe, expect, it } from 'vitest'
import { CommandNormaliser } from './command-normaliser.js'
import { DEFAULT_LIMITS } from './limits.js'
import { normaliseCommand } from './normalise.js'

describe('CommandNormaliser', () => {
  it('answers what normaliseCommand answers, and remembers it', () => {
    const normaliser = new CommandNormaliser()
    const views = normaliser.normalise('w""get http://h')
    expect(views).toEqual(normaliseCommand('w""get http://h'))
    expect(normaliser.normalise('w""get http://h')).toBe(views)
  })

  it('forgets what was not asked for lately, and long lines at once', () => {
    const normaliser = new CommandNormaliser({ entries: 2 })
    const views = normaliser.normalise('id')
    for (let n = 0; n < 10; n++) normaliser.normalise(`echo ${n}`)
    expect(normaliser.normalise('id')).not.toBe(views)
    const long = `echo ${'x'.repeat(5000)}`
    expect(normaliser.normalise(long)).not.toBe(normaliser.normalise(long))
  })

  it('passes its limits on', () => {
    const normaliser = new CommandNormaliser({ limits: { ...DEFAULT_LIMITS, segments: 1 } })
    expect(normaliser.normalise('a;b').segments).toHaveLength(1)
  })
})
