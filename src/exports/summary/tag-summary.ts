import { DistinctCounter } from '../../collections/distinct-counter.js'
import { FrequentItems } from '../../collections/frequent-items.js'
import type { TaggerEvent } from '../../events/tagger-event.js'
import { mostSpecificId, type Tag } from '../../tagging/tag.js'
import { maskSecrets } from '../../text/mask-secrets.js'
import { truncateMiddle } from '../../text/truncate.js'
import { createAttackerTallies } from './attacker-tally.js'
import { IndicatorTally } from './indicator-tally.js'
import { LineTally } from './line-tally.js'
import { TechniqueTally } from './technique-tally.js'
import { TimeSpan } from './time-span.js'

const MAX_COMMANDS = 2048
const MAX_COMMAND_LENGTH = 400

/** Gathers what a run came to, in memory that does not grow with the telemetry. */
export class TagSummary {
  readonly lines = new LineTally()
  readonly attackers = new DistinctCounter()
  readonly sessions = new DistinctCounter()
  readonly deckies = new DistinctCounter()
  readonly busiestAttackers = createAttackerTallies()
  readonly indicators = new IndicatorTally()
  /** Commands without a tag, secrets masked, by how often they were typed. */
  readonly untaggedCommands = new FrequentItems<null>({ capacity: MAX_COMMANDS, createDetail: () => null })
  /** Time of all events, tagged or not. */
  readonly seen = new TimeSpan()
  tagCount = 0
  taggedEventCount = 0
  untaggedCommandCount = 0
  readonly #techniques = new Map<string, TechniqueTally[]>()

  /** Techniques seen, each under the tactic it was tagged with. */
  get techniques(): readonly TechniqueTally[] {
    return [...this.#techniques.values()].flat()
  }

  /** @param tags those of the event's tags that the page is to show */
  addTags(event: TaggerEvent, tags: readonly Tag[]): void {
    this.lines.eventCount++
    this.seen.add(event.observedAt.getTime())
    this.#countOrigin(event)
    if (tags.length > 0) this.#addTagged(tags)
    else if (event.sourceKind === 'command') this.#addUntagged(event.payload.command_text)
  }

  #countOrigin(event: TaggerEvent): void {
    if (event.sessionId !== null) this.sessions.add(event.sessionId)
    if (event.deckyId !== null) this.deckies.add(event.deckyId)
    const attacker = event.sourceIp ?? event.attackerUuid ?? event.identityUuid
    if (attacker !== null) this.attackers.add(attacker)
  }

  #addTagged(tags: readonly Tag[]): void {
    this.taggedEventCount++
    this.tagCount += tags.length
    for (const tag of tags) {
      const techniqueId = mostSpecificId(tag)
      this.#tallyOf(tag.tactic, techniqueId).add(tag)
      const attacker = tag.attackerUuid ?? tag.identityUuid
      if (attacker !== null) this.busiestAttackers.add(attacker).add(tag, techniqueId)
    }
    this.indicators.addEvent(tags)
  }

  #addUntagged(commandText: unknown): void {
    if (typeof commandText !== 'string' || commandText.trim() === '') return
    this.untaggedCommandCount++
    this.untaggedCommands.add(truncateMiddle(maskSecrets(commandText.trim()), MAX_COMMAND_LENGTH))
  }

  #tallyOf(tactic: string, techniqueId: string): TechniqueTally {
    let tallies = this.#techniques.get(techniqueId)
    if (tallies === undefined) {
      tallies = []
      this.#techniques.set(techniqueId, tallies)
    }
    const known = tallies.find((tally) => tally.tactic === tactic)
    if (known) return known
    const tally = new TechniqueTally(tactic, techniqueId)
    tallies.push(tally)
    return tally
  }
}
