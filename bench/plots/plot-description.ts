import { simulationProfiles } from '@duo-models/emulator/simulation'

/** What a profile is when it is measured with as many requests as fit, and what happens once happens a minute later. */
const descriptions: Readonly<Record<string, string>> = {
  'mixed-lengths': 'Four short code completions for every long chat answer.',
  'capacity-step': 'The server is four times slower from 80 to 100 seconds.',
  'replica-loss': 'One of three replicas is lost after 80 seconds with all it holds, and is back after 100.',
  'rejecting-server': 'The server takes 32 requests and answers 429 to more.',
  'unlimited-queue': 'The server runs 32 requests and queues all others without limit.',
}

/** A sentence about a profile that says nothing of its own rate of requests. */
export function plotDescription(profileName: string): string {
  const profile = simulationProfiles.find(({ name }) => name === profileName)
  if (profile === undefined) throw new RangeError(`There is no profile '${profileName}'.`)
  const { options, description } = profile
  const isDocumented = profileName.endsWith(`-${options.model}`)
  return descriptions[profileName] ?? (isDocumented ? `${options.model} on ${options.machine}.` : description)
}
