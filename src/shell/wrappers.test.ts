import { describe, expect, it } from 'vitest'
import { unwrap } from './wrappers.js'

describe('unwrap', () => {
  it.each([
    ['sudo -u root -E nohup env -i A=b /usr/bin/wget x', ['sudo', 'nohup', 'env'], '/usr/bin/wget'],
    ['sudo --user=root -- id', ['sudo'], 'id'],
    ['sudo -u#-1 /bin/bash', ['sudo'], '/bin/bash'],
    ['doas -u op id', ['doas'], 'id'],
    ['/bin/busybox wget x', ['busybox'], 'wget'],
    ['timeout -s KILL 5 curl x', ['timeout'], 'curl'],
    ['timeout -t 5 curl x', ['timeout'], 'curl'],
    ['nice -n 19 ionice -c 3 ./m', ['nice', 'ionice'], './m'],
    ['nice -19 ./m', ['nice'], './m'],
    ['stdbuf -oL setsid ./m', ['stdbuf', 'setsid'], './m'],
    ['xargs -0 -n 1 -I {} rm {}', ['xargs'], 'rm'],
    ['chroot /mnt sh', ['chroot'], 'sh'],
    ['watch -n 1 -d who', ['watch'], 'who'],
    ['unshare -r -m sh', ['unshare'], 'sh'],
    ['exec -a [kworker] ./m', ['exec'], './m'],
    ['command builtin cd x', ['command', 'builtin'], 'cd'],
  ])('%s', (line, wrappers, program) => {
    const words = line.split(' ')
    const unwrapped = unwrap(words)
    expect(unwrapped.wrappers).toEqual(wrappers)
    expect(words[unwrapped.program]).toBe(program)
  })

  it.each([
    'sudo -l',
    'sudo -i',
    'env',
    'command -v wget',
    'exec',
    'xargs',
    'busybox --list',
    'chroot /mnt',
    'ls -la',
    '',
  ])('leaves %s alone', (line) => {
    expect(unwrap(line.split(' '))).toEqual({ wrappers: [], program: 0, assignments: [] })
  })

  it('finds the variables that a wrapper sets', () => {
    expect(unwrap('env -u X A=1 sudo B=2 id'.split(' ')).assignments).toEqual([3, 5])
  })
})
