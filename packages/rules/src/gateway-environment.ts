import type { GitLabSettings } from './configuration.js'
import { jsonPointer } from './json-pointer.js'

/** Environment variables of the AI gateway, as far as they are stated. */
export type GatewayEnvironment = Readonly<Record<string, string>>

/** Where the environment stands in a configuration. */
export const environmentPath = '/gitlab/aiGateway/env'

/** The stated environment. */
export function environmentOf(gitlab: GitLabSettings | undefined): GatewayEnvironment | undefined {
  return gitlab?.aiGateway?.env
}

/** Pointer to a variable. */
export function variablePath(name: string): string {
  return environmentPath + jsonPointer([name])
}

/** The value of a variable; blank counts as not set. */
export function variable(environment: GatewayEnvironment | undefined, name: string): string | undefined {
  if (environment === undefined || !Object.hasOwn(environment, name)) return undefined
  const value = environment[name]?.trim()
  return value === '' ? undefined : value
}

/** Whether a variable is mentioned at all, blank included. */
export function mentions(environment: GatewayEnvironment, name: string): boolean {
  return Object.hasOwn(environment, name)
}

/** Whether the gateway reads a value as true. */
export function isTrue(value: string | undefined): boolean {
  return value !== undefined && /^(?:true|1|yes|on|t|y)$/i.test(value)
}

/**
 * Whether the environment speaks of the gateway's own set-up, so that what it lacks is missing. One that holds cloud
 * credentials only says nothing about the rest.
 */
export function describesSetUp(environment: GatewayEnvironment): boolean {
  return ['AIGW_CUSTOM_MODELS__ENABLED', 'AIGW_GITLAB_URL', 'AIGW_GITLAB_API_URL'].some((name) =>
    mentions(environment, name),
  )
}

/** The AWS Region the environment states. */
export function regionOf(environment: GatewayEnvironment | undefined): string | undefined {
  return variable(environment, 'AWS_REGION_NAME') ?? variable(environment, 'AWS_REGION')
}
