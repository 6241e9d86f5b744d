/**
 * decnet-ttp as a library: compile rules, judge events, read logs.
 *
 * @module
 */
export {
  getRuleStore,
  getTagger,
  type LivePipeline,
  loadRuleset,
  type OpenDatabaseOptions,
  openBus,
  openDatabase,
  openGeography,
  openLivePipeline,
  openPipeline,
  type RuleStoreParts,
  SHIPPED_RULES,
  type TaggerParts,
  UnknownNameError,
} from './app.js'
export { type AttackCatalogue, attackCatalogue, type Tactic, type Technique } from './attack/attack-catalogue.js'
export { sameFamily } from './attack/attack-ids.js'
export { type Translation, translateTactic, translateTechnique } from './attack/attack-translation.js'
export { killChainPhase } from './attack/kill-chain.js'
export type {
  Bus,
  BusCapabilities,
  BusMessage,
  BusOptions,
  ConsumerProgress,
  MessageEdit,
  MessageHandler,
  MessageOutcome,
  OutgoingMessage,
  SubscribeOptions,
  Subscription,
} from './bus/bus.js'
export { BusClosedError, BusError, type BusErrorCode } from './bus/bus-error.js'
export type { BusLog } from './bus/bus-log.js'
export type {
  DeadLetterPayload,
  RuleRejectedPayload,
  RuleReloadedPayload,
  RuleStatePayload,
} from './bus/payloads.js'
export { STREAMS, type StreamDefinition } from './bus/streams.js'
export { subjectMatches } from './bus/subject-pattern.js'
export { SUBJECTS, type SubjectDefinition, subjectDefinition } from './bus/subject-table.js'
export { SubjectError } from './bus/subject-token.js'
export * as subjects from './bus/subjects.js'
export { type Config, ConfigError, loadConfig } from './config/config.js'
export {
  type CorrelationOptions,
  FILE_CORRELATION,
  STREAM_CORRELATION,
} from './correlation/correlation-options.js'
export {
  type CorrelationLosses,
  type CorrelationSnapshot,
  SnapshotError,
} from './correlation/correlation-snapshot.js'
export { Correlator, type CorrelatorParts, type OnConclusion } from './correlation/correlator.js'
export { IdentityMembership } from './correlation/identity-membership.js'
export { type ExplainedRule, type ExplainedTechnique, explainEvent, explainWhy } from './engine/explain.js'
export { LiveRuleset, type LiveRulesetOptions } from './engine/live-ruleset.js'
export { RuleEngine } from './engine/rule-engine.js'
export { createEvent, type EventDescription } from './events/create-event.js'
export type { EventProducer, ProducedFields } from './events/producer.js'
export { KNOWN_SOURCE_KINDS, SOURCE_KINDS, type SourceKind, type TimelineStep } from './events/source-kinds.js'
export type { Outcome, Payload, TaggerEvent } from './events/tagger-event.js'
export { tagCsvHeader, tagToCsv } from './exports/csv.js'
export { TagJsonLines, tagToJsonLine } from './exports/jsonl.js'
export { type TagRow, tagRow } from './exports/tag-row.js'
export { type Geography, NO_GEOGRAPHY } from './geography/geography.js'
export { BusIntake } from './intake/bus-intake.js'
export { DirectIntake } from './intake/direct-intake.js'
export type { EventIntake, UntakenEvent } from './intake/event-intake.js'
export { LIFTERS } from './lifters/lifters.js'
export { CorrelationStage, type CorrelationStageOptions } from './pipeline/correlation-stage.js'
export { EventPipeline, type PipelineParts, type RulesetSource } from './pipeline/event-pipeline.js'
export { type TaggedEvent, type TagStreamOptions, tagStream } from './pipeline/tag-stream.js'
export { UnrecognisedFormatError } from './pipeline/unrecognised-format-error.js'
export { DatabaseRuleStore, type DatabaseRuleStoreOptions } from './rule-store/database/database-rule-store.js'
export {
  type Reconciliation,
  type SyncOptions,
  syncFromFilesystem,
} from './rule-store/database/sync-from-filesystem.js'
export {
  FilesystemRuleStore,
  type FilesystemRuleStoreOptions,
} from './rule-store/filesystem/filesystem-rule-store.js'
export {
  type HistoryQuery,
  type RuleChange,
  type RuleLogEntry,
  type RuleStore,
  SubscriberLaggedError,
} from './rule-store/rule-store.js'
export { compileRuleset, type RulesetCompilation, type RulesetOptions } from './rules/compile-ruleset.js'
export { type CompiledRule, type Emission, type RuleSource, withState } from './rules/compiled-rule.js'
export { formatRuleIssue, type RuleIssue, type RuleIssueCode } from './rules/rule-issue.js'
export { DEFAULT_RULE_STATE, type RuleState, RuleStateError } from './rules/rule-state.js'
export { Ruleset } from './rules/ruleset.js'
export type { CommandViews, DecodedText, Segment } from './shell/command-views.js'
export { normaliseCommand } from './shell/normalise.js'
export type { FilePosition } from './sources/follow/file-position.js'
export type { FollowListener } from './sources/follow/follow-listener.js'
export type { FollowedChunk } from './sources/follow/followed-chunk.js'
export { LogFollower, type LogFollowerOptions } from './sources/follow/log-follower.js'
export { GeographyError } from './sources/geography-error.js'
export { openSource, type Source } from './sources/open-source.js'
export { DigestListError } from './sources/read-digest-list.js'
export { SourceError } from './sources/source-error.js'
export type { Batch, KeptBatch } from './storage/batch.js'
export type { ChangeSignal } from './storage/change-signal.js'
export type { Database, DatabaseDialect, DatabaseTransaction } from './storage/database.js'
export { DatabaseError, type DatabaseErrorCode } from './storage/database-error.js'
export { leaveEvents } from './storage/events/leave-events.js'
export { formIdentity, mergeIdentities, readMembership, unmergeIdentity } from './storage/identities.js'
export type { StorageQueries, StorageSchema } from './storage/schema.js'
export type { StoredTag, TagRepository } from './storage/tag-repository.js'
export { keepVerdicts } from './storage/verdicts.js'
export { CompositeTagger } from './tagging/composite-tagger.js'
export { EvidenceShapeError } from './tagging/evidence-shape.js'
export { type Lifter, lifterTagger, type Observation } from './tagging/lifter.js'
export { type BenignVerdict, BenignVerdicts, readConfidence } from './tagging/read-confidence.js'
export { runSamples, type SampleFailure, type SampleReport } from './tagging/run-samples.js'
export { type Basis, type Evidence, mostSpecificId, type Tag } from './tagging/tag.js'
export { computeTagUuid, type TagStatement } from './tagging/tag-id.js'
export type { Awaitable, TagContext, Tagger } from './tagging/tagger.js'
export { type TaggingLog, tolerant } from './tagging/tolerant-tagger.js'
export { encodeEvent } from './telemetry/events/encode-event.js'
export { findLogFormat, logFormats } from './telemetry/formats.js'
export { AttackReleaseMismatchError } from './worker/attack-release-mismatch-error.js'
export { RuleAnnouncer } from './worker/rule-announcer.js'
export { WORKER_SUBSCRIPTIONS, type WorkerSubscription } from './worker/subscriptions.js'
export { TaggingWorker, type TaggingWorkerOptions } from './worker/tagging-worker.js'
