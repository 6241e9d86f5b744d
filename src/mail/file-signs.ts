import { type FileType, fileTypeOf } from './file-type.js'
import type { MailSign } from './mail-signs.js'
import type { MailFile } from './parse-mail.js'

/** Names whose files Windows runs. */
const RUNNABLE =
  /\.(?:exe|scr|com|pif|cpl|msi|msix|bat|cmd|ps1|vbs|vbe|js|jse|wsf|wsh|hta|jar|dll|reg|one|chm|xll|application|url)$/i
const DISK_IMAGE = /\.(?:iso|img|vhd|vhdx|udf)$/i
const DOCUMENT_BEFORE =
  /\.(?:pdf|docx?|xlsx?|pptx?|txt|jpe?g|png|gif|csv|rtf|zip|mp[34])[\s_.]{0,200}\.[a-z0-9]{1,11}$/i
const PAGE = /\.(?:s?html?|xht|xhtml|mht)$/i

/** Two of the parts that smuggling needs: bytes in the page, and a file made of them. */
const SMUGGLED_BYTES = /\batob\s{0,9}\(|fromcharcode|uint8array|base64,[a-z0-9+/]{400}|unescape\s{0,9}\(/i
const MADE_FILE =
  /\bnew\s{1,9}(?:blob|file)\b|mssaveoropenblob|mssaveblob|createobjecturl|\.download\s{0,9}=|\bdownload\s{0,9}=|document\.write|\.srcdoc|location(?:\.href)?\s{0,3}=/i

const LOOKED_AT = 1 << 20

/** What one file tells, by its content first and its name second. */
export function fileSigns({ name, content }: MailFile): readonly MailSign[] {
  const type = fileTypeOf(content)
  const runs = RUNNABLE.test(name)
  const isPage = type === 'html' || PAGE.test(name)
  const text = isPage || type === 'svg' ? content.subarray(0, LOOKED_AT).toString('latin1') : ''
  const isSmuggled = SMUGGLED_BYTES.test(text) && MADE_FILE.test(text)
  const holds: Partial<Record<MailSign, boolean>> = {
    macro: hasMacros(content, type),
    encrypted_archive: isEncrypted(content, type),
    html_file: isPage,
    html_smuggling: isPage && isSmuggled,
    svg_script: type === 'svg' && /<script|\bon(?:load|click|error)\s{0,9}=|javascript:|<foreignobject/i.test(text),
    disk_image: type === 'disk_image' || DISK_IMAGE.test(name),
    shortcut: type === 'shortcut' || /\.lnk$/i.test(name),
    executable: type === 'executable' || type === 'script' || runs,
    executable_disguised: type === 'executable' && name !== '' && !runs,
    double_extension: (runs || /\.lnk$/i.test(name) || PAGE.test(name)) && DOCUMENT_BEFORE.test(name),
  }
  return Object.entries(holds).flatMap(([sign, is]) => (is ? [sign as MailSign] : []))
}

/** Modules of VBA: by the name of their part in new documents, by that of their stream in old ones. */
function hasMacros(content: Buffer, type: FileType): boolean {
  if (type === 'ooxml') return content.includes('vbaProject.bin') || content.includes('xl/macrosheets/')
  return type === 'ole' && (content.includes(utf16('_VBA_PROJECT')) || content.includes('Attribute VB_'))
}

function utf16(text: string): Buffer {
  return Buffer.from(text, 'utf16le')
}

/** The flag of the first entry of a ZIP, or the marks of encrypted headers in the others and in documents. */
function isEncrypted(content: Buffer, type: FileType): boolean {
  if (type === 'zip' || type === 'ooxml') return content.length > 8 && (content[6]! & 1) === 1
  if (type === 'ole') return content.includes(utf16('EncryptedPackage'))
  if (type === 'rar') return isEncryptedRar(content)
  return type === '7z' && content.includes(Buffer.from('06f10701', 'hex'))
}

function isEncryptedRar(content: Buffer): boolean {
  const isVersion5 = content[6] === 1
  // Version 5: the first header after the mark is the one of encryption. Version 4: a flag of the archive header.
  if (isVersion5) return content.subarray(12, 15).includes(4)
  return ((content[10] ?? 0) & 0x80) !== 0
}
