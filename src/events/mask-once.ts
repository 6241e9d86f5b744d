import { memoiseText } from '../collections/memoise-text.js'
import { maskSecrets } from '../text/mask-secrets.js'

/** `maskSecrets`, remembering what it found: attackers repeat themselves, and masking is the dearest part of an event. */
export const maskOnce: (text: string) => string = memoiseText(maskSecrets, { entries: 4096, maxLength: 2048 })
