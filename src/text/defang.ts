/**
 * Makes an indicator harmless to click and to resolve: `http://a.example/x` becomes `hxxp://a[.]example/x`, an address
 * `192[.]0[.]2[.]1` or `2001[:]db8[:][:]1`, a mailbox `me[at]a[.]example`. A defanged indicator stays as it is.
 */
export function defang(indicator: string): string {
  const isAddress = ADDRESS_IPV6.test(indicator)
  return defangName(isAddress ? indicator.replace(UNGUARDED_COLON, '[:]') : indicator)
}

const ADDRESS_IPV6 = /^[0-9a-f:.]*:[0-9a-f:.]*:[0-9a-f:.]*(?:\/\d{1,3})?$/i
const UNGUARDED_COLON = /(?<!\[):(?!\])/g
const UNGUARDED_DOT = /(?<!\[)\.(?!\])/g
const BRACKETED_IPV6 = /\/\/\[([0-9a-f:.]{2,45})\]/i

function defangName(indicator: string): string {
  return indicator
    .replace(/\bhttp(?=s?:\/\/)/gi, 'hxxp')
    .replace(/\bftp(?=s?:\/\/)/gi, 'fxp')
    .replace(BRACKETED_IPV6, (_match, address: string) => `//[${address.replace(UNGUARDED_COLON, '[:]')}]`)
    .replace(UNGUARDED_DOT, '[.]')
    .replaceAll('@', '[at]')
}
