import { unambiguous } from '../events/unambiguous.js'

/**
 * User names and passwords that makers of devices ship, by an id that evidence may name. Which pairs they are is public
 * knowledge: makers print them in manuals, and worms such as Mirai carry lists of them.
 */
const DEFAULT_PAIRS: Readonly<Record<string, readonly (readonly [username: string, password: string])[]>> = {
  'generic-admin': [
    ['admin', 'admin'],
    ['admin', ''],
    ['admin', 'password'],
    ['admin', '1234'],
    ['admin', '12345'],
    ['admin', '123456'],
    ['admin', 'admin1234'],
    ['admin', '1111'],
    ['admin', '4321'],
    ['administrator', 'admin'],
    ['administrator', '1234'],
    ['Administrator', 'admin'],
  ],
  'generic-root': [
    ['root', 'root'],
    ['root', ''],
    ['root', 'default'],
    ['root', 'admin'],
    ['root', 'toor'],
  ],
  'generic-guest': [
    ['guest', 'guest'],
    ['guest', ''],
    ['guest', '12345'],
    ['default', ''],
    ['default', 'default'],
  ],
  'generic-support': [
    ['support', 'support'],
    ['service', 'service'],
    ['supervisor', 'supervisor'],
    ['tech', 'tech'],
  ],
  'hisilicon-recorder': [
    ['root', 'xc3511'],
    ['root', 'hi3518'],
    ['root', 'jvbzd'],
    ['root', 'klv123'],
    ['root', 'klv1234'],
    ['root', 'xmhdipc'],
    ['default', 'tlJwpbo6'],
    ['default', 'OxhlwSG8'],
    ['default', 'S2fGqNFs'],
  ],
  'dahua-camera': [
    ['root', 'vizxv'],
    ['root', 'dahua'],
    ['admin', '7ujMko0admin'],
    ['root', '7ujMko0admin'],
    ['root', '7ujMko0vizxv'],
    ['888888', '888888'],
    ['666666', '666666'],
  ],
  'axis-camera': [['root', 'pass']],
  'anko-recorder': [['root', 'anko']],
  'dreambox-receiver': [['root', 'dreambox']],
  'juantech-recorder': [['root', 'juantech']],
  'mobotix-camera': [['admin', 'meinsm']],
  'panasonic-printer': [['root', '00000000']],
  'packet8-telephone': [['root', 'zlxx.']],
  'realtek-router': [['root', 'realtek']],
  'samsung-camera': [['admin', '1111111']],
  'smc-router': [['admin', 'smcadmin']],
  'toshiba-camera': [['root', 'ikwb']],
  'ubiquiti-radio': [['ubnt', 'ubnt']],
  'vivotek-camera': [['root', 'system']],
  'zte-router': [
    ['root', 'Zte521'],
    ['root', 'zte9x15'],
    ['zte', 'zte'],
  ],
  'huawei-router': [
    ['telecomadmin', 'admintelecom'],
    ['root', 'adminHW'],
    ['root', 'admin@huawei'],
  ],
  'zyxel-router': [
    ['admin', '1234567890'],
    ['root', 'zyad1234'],
    ['admin', 'zyad1234'],
  ],
  'zhone-router': [['root', 'Zhone123']],
  'netgear-router': [['admin', 'netgear1']],
  'mikrotik-router': [['mikrotik', 'mikrotik']],
  'fortinet-firewall': [['maintainer', 'bcpb']],
  'cisco-device': [
    ['cisco', 'cisco'],
    ['enable', 'cisco'],
  ],
  'raspberry-pi': [['pi', 'raspberry']],
  'anonymous-ftp': [
    ['anonymous', ''],
    ['anonymous', 'anonymous'],
    ['ftp', 'ftp'],
  ],
  'tomcat-server': [
    ['tomcat', 'tomcat'],
    ['tomcat', 's3cret'],
  ],
}

const idOfPair: ReadonlyMap<string, string> = new Map(
  Object.entries(DEFAULT_PAIRS).flatMap(([id, pairs]) => pairs.map((pair) => [pairKey(...pair), id] as const)),
)

/** Whose default a user name and a password are: an id such as `dahua-camera`, or null if they are none. */
export function defaultPairId(username: string, password: string): string | null {
  return idOfPair.get(pairKey(username, password)) ?? null
}

function pairKey(username: string, password: string): string {
  return unambiguous(username) + password
}
