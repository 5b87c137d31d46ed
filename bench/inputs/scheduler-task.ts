/** The schedulers that are measured, by what a table calls them. */
export const schedulerNames = [
  'duo-models, 1 replica',
  'duo-models, 4 replicas',
  'duo-models, 1 replica, a promise each',
  'p-queue 9',
  'an array of promises',
] as const

export type SchedulerName = (typeof schedulerNames)[number]

/** What a scheduler is asked for. */
export interface SchedulerTask {
  /** Requests that are answered while it is measured. */
  readonly requests: number
  /** How many more wait from now on. @default as many as did */
  readonly queued?: number
}
