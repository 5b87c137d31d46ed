import { type ChildProcess, fork } from 'node:child_process'

/** A program in a process of its own that answers one question at a time. */
export interface Child {
  ask(question: unknown): Promise<unknown>
  stop(): Promise<void>
}

/** How a program is started. */
export interface ChildOptions {
  readonly nodeOptions?: readonly string[]
  /** Whether what it prints is shown. @default true */
  readonly isShown?: boolean
}

/** Starts a program; it must call {@link answerParent}. */
export function startChild(path: string, args: readonly string[] = [], options: ChildOptions = {}): Child {
  const { nodeOptions = [], isShown = true } = options
  const output = isShown ? 'inherit' : 'ignore'
  const child = fork(path, [...args], { execArgv: [...nodeOptions], stdio: ['ignore', output, output, 'ipc'] })
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  return {
    ask: (question) => askChild(child, question),
    stop: () => {
      child.kill()
      return gone
    },
  }
}

function askChild(child: ChildProcess, question: unknown): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null) => reject(new Error(`A measured process ended with code ${code}.`))
    child.once('exit', onExit)
    child.once('message', (message: { readonly answer?: unknown; readonly error?: string }) => {
      child.off('exit', onExit)
      if (message.error === undefined) resolve(message.answer)
      else reject(new Error(message.error))
    })
    child.send({ question })
  })
}

/** In the child: answers every question of the parent, errors included, and ends with it. */
export function answerParent(answer: (question: never) => unknown): void {
  process.once('disconnect', () => process.exit())
  process.on('message', async ({ question }: { readonly question: never }) => {
    try {
      process.send?.({ answer: await answer(question) })
    } catch (error) {
      process.send?.({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) })
    }
  })
}
