/** Where a Linux system keeps its programs; what is not listed is taken to be in `/usr/bin`. */
const PROGRAMS_BY_DIRECTORY: Readonly<Record<string, string>> = {
  '/bin': `sh ash bash dash rbash zsh ksh busybox cat chgrp chmod chown cp date dd df dmesg dnsdomainname echo ed egrep false
    fgrep fuser grep gunzip gzip hostname ip kill kmod less ln login ls lsblk lsmod mkdir mknod mktemp more mount mv nc netcat
    netstat ping ping6 ps pwd readlink rm rmdir run-parts sed sleep ss stty su sync tar touch true umount uname zcat`,
  '/sbin':
    'agetty getty halt ifconfig ifdown ifup init insmod losetup mkfs modprobe poweroff reboot rmmod route runlevel shutdown sulogin sysctl telinit',
  '/usr/sbin': `addgroup adduser arp arping chpasswd chroot cron crond deluser dmidecode dropbear ethtool fdisk groupadd groupdel
    groupmod ip6tables iptables iptables-restore iptables-save iptables-legacy lspci mkswap nft nologin rsyslogd service setenforce
    sshd swapoff swapon tcpdump telnetd traceroute ufw update-rc.d useradd userdel usermod visudo vipw xtables-multi chkconfig
    auditctl aa-status apparmor_status zic`,
  '/usr/bin': `apt apt-get at awk base32 base64 basename batch bzip2 chage chattr chsh clear command crontab curl cut dig dirname docker dpkg du
    env expr file find finger free ftp ftpget gawk gcc gdb git gpg groups head hexdump host htop id journalctl killall last lastlog
    lsattr lscpu lsof make man md5sum mkfifo mysql nano nice nmap node nohup nproc nslookup openssl passwd perl pgrep php pip pkill
    printf python python2 python3 rev rpm ruby scp screen script sftp shred shuf socat sort ssh ssh-keygen stat strace strings sudo systemctl
    tail tee telnet tftp time timeout tmux top tr tree truncate tty uniq unzip uptime vi vim w watch wc wget whereis which who
    whoami xargs xxd yes yum zip`,
}

/** Files that attackers name by a wildcard; several that a pattern fits leave it alone. */
const WELL_KNOWN_FILES =
  `/etc/passwd /etc/passwd- /etc/shadow /etc/shadow- /etc/shells /etc/services /etc/group /etc/gshadow /etc/hosts /etc/hostname
  /etc/crontab /etc/sudoers /etc/profile /etc/resolv.conf /etc/issue /etc/fstab /etc/motd /etc/rc.local /etc/inittab
  /etc/ssh/sshd_config /etc/ssh/ssh_config /etc/ld.so.preload /etc/environment /root/.ssh/authorized_keys /root/.bash_history
  /proc/cpuinfo /proc/meminfo /proc/version /proc/mounts /var/log/wtmp /var/log/btmp /var/log/lastlog /var/log/auth.log /var/run/utmp`.split(
    /\s+/,
  )

const STANDARD_DIRECTORIES = ['/bin/', '/sbin/', '/usr/bin/', '/usr/sbin/', '/usr/local/bin/', '/usr/local/sbin/']
/** Wildcards longer than that are not compared with the table. */
export const LONGEST_PATTERN = 64

const pathByProgram = new Map<string, string>()
for (const [directory, names] of Object.entries(PROGRAMS_BY_DIRECTORY)) {
  for (const name of names.trim().split(/\s+/)) pathByProgram.set(name, `${directory}/${name}`)
}
const knownProgramPaths = [...pathByProgram.values()]

/**
 * Full path of the program that a word names: the word itself if it is a path or holds something unresolved, else the
 * place where Linux keeps it, `/usr/bin/NAME` if unknown. Empty for an empty word.
 */
export function imageOf(program: string): string {
  if (program === '' || program.includes('/') || program.includes('$') || program.includes('`')) return program
  return pathByProgram.get(program) ?? `/usr/bin/${program}`
}

/** Last component of a path; the whole text if that would be empty. */
export function baseName(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1)
  return name === '' ? path : name
}

/** The program as a plain writer types it: `/usr/bin/wget` becomes `wget`, a path elsewhere stays. */
export function shortProgram(program: string): string {
  if (!program.startsWith('/')) return program
  for (const directory of STANDARD_DIRECTORIES) {
    if (
      program.length > directory.length &&
      program.startsWith(directory) &&
      !program.includes('/', directory.length)
    ) {
      return program.slice(directory.length)
    }
  }
  return program
}

/** The one known program that a wildcard such as `/???/w?et` or `/bin/c?t` can mean, or null; at most `LONGEST_PATTERN` long. */
export function programOfPattern(pattern: string): string | null {
  if (pattern.includes('/')) {
    const paths = knownProgramPaths.filter((path) => matchesAnyPlace(pattern, path))
    return baseName(pattern).includes('*') ? onlyOne(paths) : mostFamiliar(paths)
  }
  return onlyOne(knownProgramPaths.map(baseName).filter((name) => matchesWildcard(pattern, name)))
}

/** The one well-known file that a wildcard path can mean, or null; at most `LONGEST_PATTERN` long. */
export function fileOfPattern(pattern: string): string | null {
  return onlyOne(WELL_KNOWN_FILES.filter((path) => matchesWildcard(pattern, path)))
}

/** Programs are in `/bin` and `/usr/bin` alike on most systems, so a pattern may mean either. */
function matchesAnyPlace(pattern: string, path: string): boolean {
  return (
    matchesWildcard(pattern, path) || matchesWildcard(pattern, path.startsWith('/usr') ? path.slice(4) : `/usr${path}`)
  )
}

function onlyOne(candidates: readonly string[]): string | null {
  return candidates.length === 1 ? (candidates[0] ?? null) : null
}

const FAMILIAR = ['cat', 'nc', 'sh', 'bash', 'id', 'wget', 'curl', 'ls', 'rm', 'ps']

/** A pattern that fits several programs is read as the one that attackers write so. */
function mostFamiliar(paths: readonly string[]): string | null {
  for (const name of FAMILIAR) {
    const path = paths.find((candidate) => baseName(candidate) === name)
    if (path !== undefined) return path
  }
  return onlyOne(paths)
}

/** Shell wildcard match with `*`, `?` and `[…]`; linear but for one restart a star. */
export function matchesWildcard(pattern: string, text: string): boolean {
  let p = 0
  let t = 0
  let star = -1
  let restart = 0
  while (t < text.length) {
    const step = p < pattern.length ? matchOne(pattern, p, text.charAt(t)) : 0
    if (step > 0) {
      p += step
      t++
    } else if (pattern.charAt(p) === '*') {
      star = p++
      restart = t
    } else if (star >= 0 && text.charAt(restart) !== '/') {
      p = star + 1
      t = ++restart
    } else {
      return false
    }
  }
  while (pattern.charAt(p) === '*') p++
  return p === pattern.length
}

/** Length of the pattern element at `p` if it takes `character`, else 0. */
function matchOne(pattern: string, p: number, character: string): number {
  const element = pattern.charAt(p)
  if (element === '*') return 0
  if (element === '?') return character === '/' ? 0 : 1
  const close = element === '[' ? pattern.indexOf(']', p + 2) : -1
  if (close < 0) return element === character ? 1 : 0
  return bracketHolds(pattern.slice(p + 1, close), character) ? close - p + 1 : 0
}

function bracketHolds(bracket: string, character: string): boolean {
  const negated = bracket.startsWith('!') || bracket.startsWith('^')
  let held = false
  for (let i = negated ? 1 : 0; i < bracket.length; i++) {
    if (bracket.charAt(i + 1) === '-' && i + 2 < bracket.length) {
      if (character >= bracket.charAt(i) && character <= bracket.charAt(i + 2)) held = true
      i += 2
    } else if (bracket.charAt(i) === character) {
      held = true
    }
  }
  return held !== negated
}
