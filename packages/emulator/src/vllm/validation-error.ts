import type { JsonValue } from '../json.js'
import { pythonRepr } from './python-text.js'
import type { VllmBehaviour } from './vllm-behaviour.js'
import { VllmRequestError } from './vllm-request-error.js'

/** One complaint about a request body, as pydantic words it. */
export interface ValidationIssue {
  /** pydantic's name for the complaint, such as `missing`, `extra_forbidden` or `value_error`. */
  readonly type: string
  /** Path to the value, below the body. */
  readonly location: readonly (string | number)[]
  readonly message: string
  readonly input: JsonValue | undefined
}

/** The 400 for a body that breaks the schema. Its message spells the complaints as Python values. */
export function validationError(issues: readonly ValidationIssue[], behaviour: VllmBehaviour): VllmRequestError {
  const spelled = issues.map(spell)
  const location = issues[0]?.location ?? []
  if (!behaviour.nestsErrors) {
    return new VllmRequestError({
      status: 400,
      type: 'BadRequestError',
      message: `[${spelled.join(', ')}]`,
      param: null,
    })
  }
  const heading = `${issues.length} validation error${issues.length === 1 ? '' : 's'}:`
  const message = [heading, ...spelled.map((issue) => `  ${issue}`)].join('\n')
  const param = location.length === 0 ? null : ['body', ...location].join('.')
  return new VllmRequestError({ status: 400, type: 'Bad Request', message, param })
}

function spell({ type, location, message, input }: ValidationIssue): string {
  const path = ['body', ...location].map((part) => pythonRepr(part))
  const tuple = path.length === 1 ? `(${path[0]},)` : `(${path.join(', ')})`
  return `{'type': ${pythonRepr(type)}, 'loc': ${tuple}, 'msg': ${pythonRepr(message)}, 'input': ${pythonRepr(input)}}`
}
