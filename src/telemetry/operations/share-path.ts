/**
 * The share and the path inside it of a name as Windows writes it, with slashes and without the server:
 * `\\server\documents` and `hr\pay.xlsx` are `documents/hr/pay.xlsx`.
 */
export function sharePath(share: string, path: string = ''): string {
  const parts = share.split(/[\\/]+/).filter((part) => part !== '')
  const name = share.startsWith('\\\\') ? parts.slice(1) : parts
  const inside = path === '<share_root>' ? [] : path.split(/[\\/]+/).filter((part) => part !== '')
  return [...name, ...inside].join('/')
}
