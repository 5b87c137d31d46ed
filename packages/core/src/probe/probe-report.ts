import type { DuoModelErrorJson, EndpointReport } from '@duo-models/adapters'
import type { Finding } from '@duo-models/rules'

/** What the servers said. */
export interface ProbeReport {
  /** Whether no finding is an error. */
  readonly ok: boolean
  /** What is wrong, or not as configured; those of all replicas. */
  readonly findings: readonly ProbeFinding[]
  /** By name in the configuration; of each its replicas, in the order of their endpoints. */
  readonly deployments: Readonly<Record<string, readonly ReplicaProbe[]>>
}

/** One thing that is wrong, in the form of a rule's finding. */
export interface ProbeFinding extends Pick<Finding, 'severity' | 'message' | 'fix'> {
  /** A stable code, such as `probe-unreachable`. */
  readonly rule: ProbeRule
  readonly deployment: string
  /** Without user name, password and query; absent on platforms that find it by region. */
  readonly endpoint?: string
}

/** What a probe may find. */
export type ProbeRule =
  | 'probe-unreachable'
  | 'probe-unauthorised'
  | 'probe-unhealthy'
  | 'probe-model-not-served'
  | 'probe-request-failed'
  | 'probe-version-differs'
  | 'probe-context-length-shorter'

/** One replica. What its server does not say is absent. */
export interface ReplicaProbe extends Omit<EndpointReport, 'problems'> {
  /** Without user name, password and query; absent on platforms that find it by region. */
  readonly endpoint?: string
  /** Whether the tiny request was answered as a stream, to its end; absent where none was sent. */
  readonly isStreaming?: boolean
  /** Of the tiny request. */
  readonly timeToFirstTokenMs?: number
  /** Of the tiny request: the mean time between two deltas. */
  readonly interTokenLatencyMs?: number
  /** Of the tiny request. */
  readonly endToEndLatencyMs?: number
  /** One for each question that was not answered. */
  readonly problems: readonly DuoModelErrorJson[]
}
