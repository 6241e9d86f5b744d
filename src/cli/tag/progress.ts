import type { Source } from '../../sources/open-source.js'

const INTERVAL_MILLISECONDS = 100
const BAR_WIDTH = 24

/** A progress line on standard error, drawn only on a terminal and never more than ten times a second. */
export class Progress {
  readonly #started = performance.now()
  readonly #isShown = process.stderr.isTTY === true
  #lastDrawn = 0
  #events = 0
  #tags = 0

  count(tags: number): void {
    this.#events++
    this.#tags += tags
  }

  draw(source: Source): void {
    if (!this.#isDue()) return
    const perSecond = Math.round(this.#events / Math.max((this.#lastDrawn - this.#started) / 1000, 0.001))
    const name = source.name.length > 30 ? `…${source.name.slice(-29)}` : source.name
    process.stderr.write(`\r\x1b[K${name} ${bar(source)} ${this.#counts()}, ${perSecond.toLocaleString('en')}/s`)
  }

  /** Where nobody knows how much is still to come. */
  drawCounts(): void {
    if (this.#isDue()) process.stderr.write(`\r\x1b[Kfollowing: ${this.#counts()}`)
  }

  #counts(): string {
    return `${this.#events.toLocaleString('en')} events, ${this.#tags.toLocaleString('en')} tags`
  }

  #isDue(): boolean {
    const now = performance.now()
    if (!this.#isShown || now - this.#lastDrawn < INTERVAL_MILLISECONDS) return false
    this.#lastDrawn = now
    return true
  }

  /** Takes the line away, so that words can follow. */
  clear(): void {
    if (this.#isShown && this.#lastDrawn > 0) process.stderr.write('\r\x1b[K')
  }
}

function bar(source: Source): string {
  const position = source.position()
  if (source.size === null || source.size === 0) return `${(position / 1e6).toFixed(1)} MB`
  const share = Math.min(position / source.size, 1)
  const filled = Math.round(share * BAR_WIDTH)
  return `${'█'.repeat(filled)}${'░'.repeat(BAR_WIDTH - filled)} ${Math.floor(share * 100)} %`
}
