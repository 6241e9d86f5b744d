import type { View } from '../events/view.js'
import { decodeJsonEscapes } from './backslash-escapes.js'
import { foldDisguise, type Place } from './fold-disguise.js'
import { hiddenTexts } from './hidden-texts.js'
import { decodePercent } from './percent-decoding.js'

/** What to make views of. */
export interface PlacedText {
  /** Already cut to what may be looked at. */
  readonly text: string
  readonly place: Place
  /** How many characters of hidden texts may be added; none where it is 0. */
  readonly hiddenBudget: number
}

/**
 * Every reading of one text: `raw`, `folded` where the disguise came off, and `decoded` for each text hidden in it.
 * An empty text has none, nor has a disguise with nothing under it, such as a lone NUL, a folded one.
 */
export function textViews({ text, place, hiddenBudget }: PlacedText): readonly View[] {
  if (text === '') return []
  const views = [view('raw', text)]
  const folded = foldDisguise(text, place)
  if (folded !== text && folded !== '') views.push(view('folded', folded))
  if (hiddenBudget <= 0) return views
  for (const hidden of hiddenTexts(withoutEncoding(text, place), hiddenBudget)) views.push(view('decoded', hidden))
  return views
}

/** Folding would cost base64 its plus signs and double slashes, so only the place's own encoding comes off. */
function withoutEncoding(text: string, place: Place): string {
  return place === 'json' ? decodeJsonEscapes(text) : decodePercent(text)
}

export function view(name: 'raw' | 'folded' | 'decoded', text: string): View {
  return { name, segment: null, text }
}
