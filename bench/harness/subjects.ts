import type { SubjectFigures, SubjectTask } from '../subjects/main.js'
import { bundleProgram } from './bundle.js'
import { type Child, startChild } from './child.js'

/** What a measurement needs: a server in one process, each subject in another. */
export interface Setting {
  readonly origins: readonly string[]
  run(subject: string, task: SubjectTask): Promise<SubjectFigures>
  stop(): Promise<void>
}

/** Starts the server and a process for every subject. */
export async function startSetting(names: readonly string[], ports = 1): Promise<Setting> {
  const server = startChild(await bundleProgram('server/stream-server.ts'))
  const program = await bundleProgram('subjects/main.ts', { external: ['openai', 'undici'] })
  const children = new Map<string, Child>(names.map((name) => [name, startChild(program, [name], ['--expose-gc'])]))
  return {
    origins: (await server.ask(ports)) as readonly string[],
    run: async (name, task) => (await children.get(name)?.ask(task)) as SubjectFigures,
    stop: async () => {
      await Promise.all([server, ...children.values()].map((child) => child.stop()))
    },
  }
}

/** Gives every subject the same task in turn, again and again, so that a busy machine is busy for all of them. */
export async function interleave(
  setting: Setting,
  names: readonly string[],
  task: SubjectTask,
  { warmUps, repetitions }: { readonly warmUps: number; readonly repetitions: number },
): Promise<ReadonlyMap<string, readonly SubjectFigures[]>> {
  const figures = new Map<string, SubjectFigures[]>(names.map((name) => [name, []]))
  for (let round = -warmUps; round < repetitions; round += 1)
    for (const name of names) {
      const result = await setting.run(name, task)
      if (round >= 0) figures.get(name)?.push(result)
    }
  return figures
}
