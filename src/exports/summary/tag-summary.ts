import { DistinctCounter } from '../../collections/distinct-counter.js'
import { FrequentItems } from '../../collections/frequent-items.js'
import { isConcluded } from '../../events/concluded-event.js'
import type { TaggerEvent } from '../../events/tagger-event.js'
import { type Basis, mostSpecificId, type Tag } from '../../tagging/tag.js'
import { maskSecrets } from '../../text/mask-secrets.js'
import { NO_OWN_ADDRESSES, type OwnAddresses } from '../../text/own-addresses.js'
import { truncateMiddle } from '../../text/truncate.js'
import { TimeSpan } from '../page/time-span.js'
import { createAttackerTallies } from './attacker-tally.js'
import { createIdentityTallies } from './identity-tally.js'
import { IndicatorTally } from './indicator-tally.js'
import { LineTally } from './line-tally.js'
import { SessionTallies } from './session-tally.js'
import { TechniqueTally } from './technique-tally.js'

const MAX_COMMANDS = 2048
const MAX_COMMAND_LENGTH = 400

/** Tells which identity an attacker belongs to; null where none is known. */
export type IdentityOf = (attackerUuid: string) => string | null

export interface TagSummaryOptions {
  /** Left out or null, identities are those that events name themselves. */
  readonly identityOf?: IdentityOf | null
  /** What is not to be shown of commands. */
  readonly ownAddresses?: OwnAddresses
}

type IdentityAnchors = Pick<TaggerEvent, 'attackerUuid' | 'identityUuid'>

/** Gathers what a run came to, in memory that does not grow with the telemetry. */
export class TagSummary {
  readonly lines = new LineTally()
  readonly attackers = new DistinctCounter()
  readonly sessions = new DistinctCounter()
  readonly deckies = new DistinctCounter()
  readonly identities = new DistinctCounter()
  readonly busiestAttackers = createAttackerTallies()
  readonly busiestIdentities = createIdentityTallies()
  readonly sessionTallies = new SessionTallies()
  readonly indicators = new IndicatorTally()
  /** Commands without a tag, secrets masked, by how often they were typed. */
  readonly untaggedCommands = new FrequentItems<null>({ capacity: MAX_COMMANDS, createDetail: () => null })
  /** Time of all events, tagged or not; what third parties say is of their own time. */
  readonly seen = new TimeSpan()
  /** Events that the telemetry told itself, not concluded from several, and those of them with a tag. */
  observedEventCount = 0
  taggedEventCount = 0
  tagCount = 0
  readonly tagCountByBasis: Record<Basis, number> = { observed: 0, derived: 0, asserted: 0 }
  untaggedCommandCount = 0
  readonly #techniques = new Map<string, TechniqueTally[]>()
  readonly #identityOf: IdentityOf | null
  readonly #ownAddresses: OwnAddresses

  constructor({ identityOf = null, ownAddresses = NO_OWN_ADDRESSES }: TagSummaryOptions = {}) {
    this.#identityOf = identityOf
    this.#ownAddresses = ownAddresses
  }

  /** Techniques seen, each under the tactic it was tagged with. */
  get techniques(): readonly TechniqueTally[] {
    return [...this.#techniques.values()].flat()
  }

  /** @param tags those of the event's tags that the page is to show */
  addTags(event: TaggerEvent, tags: readonly Tag[]): void {
    this.lines.eventCount++
    if (event.sourceKind !== 'intel') this.seen.add(event.observedAt.getTime())
    this.#countOrigin(event)
    if (!isConcluded(event)) {
      this.observedEventCount++
      if (tags.length > 0) this.taggedEventCount++
    }
    if (tags.length > 0) this.#addTagged(tags)
    else if (event.sourceKind === 'command') this.#addUntagged(event.payload.command_text)
  }

  #countOrigin(event: TaggerEvent): void {
    if (event.sessionId !== null) this.sessions.add(event.sessionId)
    if (event.deckyId !== null) this.deckies.add(event.deckyId)
    const attacker = event.sourceIp ?? event.attackerUuid
    if (attacker !== null) this.attackers.add(attacker)
    const identity = this.#identity(event)
    if (identity !== null) this.identities.add(identity)
  }

  #identity({ identityUuid, attackerUuid }: IdentityAnchors): string | null {
    if (identityUuid !== null || this.#identityOf === null || attackerUuid === null) return identityUuid
    return this.#identityOf(attackerUuid)
  }

  #addTagged(tags: readonly Tag[]): void {
    const identity = this.#identity(tags[0]!)
    this.tagCount += tags.length
    for (const tag of tags) {
      const techniqueId = mostSpecificId(tag)
      this.tagCountByBasis[tag.basis]++
      this.#tallyOf(tag.tactic, techniqueId).add(tag)
      if (tag.attackerUuid !== null) this.busiestAttackers.add(tag.attackerUuid).add(tag, techniqueId)
      if (identity !== null) this.busiestIdentities.add(identity).add(tag, techniqueId)
    }
    this.sessionTallies.addEvent(tags)
    this.indicators.addEvent(tags)
  }

  #addUntagged(commandText: unknown): void {
    if (typeof commandText !== 'string' || commandText.trim() === '') return
    this.untaggedCommandCount++
    const shown = this.#ownAddresses.mask(maskSecrets(commandText.trim()))
    this.untaggedCommands.add(truncateMiddle(shown, MAX_COMMAND_LENGTH))
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
