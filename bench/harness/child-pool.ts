import { availableParallelism } from 'node:os'
import { type Child, startChild } from './child.js'

/** Processes of one program that share the work; of use where no time is measured. */
export class ChildPool {
  readonly #children: readonly Child[]

  constructor(program: string) {
    this.#children = Array.from({ length: availableParallelism() }, () => startChild(program))
  }

  /** The answers to all questions, in their order. */
  async askAll<Question, Answer>(questions: readonly Question[]): Promise<readonly Answer[]> {
    const answers: Answer[] = []
    const remaining = questions.entries()
    const work = async (child: Child) => {
      for (const [index, question] of remaining) answers[index] = (await child.ask(question)) as Answer
    }
    await Promise.all(this.#children.map(work))
    return answers
  }

  async stop(): Promise<void> {
    await Promise.all(this.#children.map((child) => child.stop()))
  }
}
