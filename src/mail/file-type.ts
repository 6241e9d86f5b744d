/** What a file is by its content, as far as that tells; `unknown` else. */
export type FileType =
  | 'executable'
  | 'ole'
  | 'ooxml'
  | 'zip'
  | 'rar'
  | '7z'
  | 'gzip'
  | 'cab'
  | 'shortcut'
  | 'disk_image'
  | 'pdf'
  | 'svg'
  | 'html'
  | 'script'
  | 'picture'
  | 'unknown'

/** The type of a file by its first bytes, whatever its name says. */
export function fileTypeOf(content: Buffer): FileType {
  for (const [type, offset, magic] of MAGICS) {
    if (content.subarray(offset, offset + magic.length).equals(magic)) {
      return type === 'zip' && content.includes('[Content_Types].xml') ? 'ooxml' : type
    }
  }
  return textTypeOf(content.subarray(0, HEAD_BYTES).toString('latin1').toLowerCase())
}

const HEAD_BYTES = 4096

const hex = (text: string) => Buffer.from(text, 'hex')

/** Type, offset and bytes. */
const MAGICS: readonly (readonly [FileType, number, Buffer])[] = [
  ['executable', 0, Buffer.from('MZ')],
  ['executable', 0, hex('7f454c46')],
  ['ole', 0, hex('d0cf11e0a1b11ae1')],
  ['zip', 0, hex('504b0304')],
  ['rar', 0, hex('526172211a07')],
  ['7z', 0, hex('377abcaf271c')],
  ['gzip', 0, hex('1f8b08')],
  ['cab', 0, Buffer.from('MSCF')],
  ['shortcut', 0, hex('4c0000000114020000000000c000000000000046')],
  ['disk_image', 0x8001, Buffer.from('CD001')],
  ['disk_image', 0, Buffer.from('conectix')],
  ['disk_image', 0, Buffer.from('vhdxfile')],
  ['pdf', 0, Buffer.from('%PDF')],
  ['picture', 0, hex('89504e47')],
  ['picture', 0, hex('ffd8ff')],
  ['picture', 0, Buffer.from('GIF8')],
]

function textTypeOf(head: string): FileType {
  const start = head.replace(/^[\u00ef\u00bb\u00bf\s]+/, '')
  if (start.includes('<svg')) return 'svg'
  if (start.includes('<html') || start.startsWith('<!doctype html') || start.includes('<script')) return 'html'
  if (start.startsWith('#!')) return 'script'
  return 'unknown'
}
