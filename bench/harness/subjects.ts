import type { SubjectFigures, SubjectTask } from '../subjects/serve-subject.js'
import { bundleProgram } from './bundle.js'
import { type Child, startChild } from './child.js'
import { subjectProgram } from './subject-program.js'

/** Clients whose packages are installed for the benchmarks alone. */
export const peerSubjects: readonly string[] = ['AI SDK', 'LangChain']

/** What a measurement needs: a server in one process, each subject in another. */
export interface Setting {
  readonly origins: readonly string[]
  run(subject: string, task: SubjectTask): Promise<SubjectFigures>
  stop(): Promise<void>
}

/** Starts the server and a process for every subject. */
export async function startSetting(names: readonly string[], ports = 1): Promise<Setting> {
  const server = startChild(await bundleProgram('server/stream-server.ts'))
  const children = new Map<string, Child>()
  for (const name of names)
    children.set(name, startChild(await programOf(name), [name], { nodeOptions: ['--expose-gc'] }))
  return {
    origins: (await server.ask(ports)) as readonly string[],
    run: async (name, task) => (await children.get(name)?.ask(task)) as SubjectFigures,
    stop: async () => {
      await Promise.all([server, ...children.values()].map((child) => child.stop()))
    },
  }
}

function programOf(name: string): Promise<string> {
  const isPeer = peerSubjects.includes(name)
  return subjectProgram(isPeer ? 'subjects/peers.ts' : 'subjects/main.ts', isPeer)
}

/** Gives every subject its task in turn, again and again, so that a busy machine is busy for all of them. */
export async function interleave(
  setting: Setting,
  names: readonly string[],
  task: SubjectTask | ((name: string) => SubjectTask),
  { warmUps, repetitions }: { readonly warmUps: number; readonly repetitions: number },
): Promise<ReadonlyMap<string, readonly SubjectFigures[]>> {
  const figures = new Map<string, SubjectFigures[]>(names.map((name) => [name, []]))
  for (let round = -warmUps; round < repetitions; round += 1)
    // There and back, so that nobody always follows the same one.
    for (const name of round % 2 === 0 ? names : [...names].reverse()) {
      const result = await setting.run(name, typeof task === 'function' ? task(name) : task)
      if (round >= 0) figures.get(name)?.push(result)
    }
  return figures
}
