import { ConfigurationError } from '@duo-models/adapters'

const reference = /\$\{([^}]*)\}/g
const variableName = /^[A-Za-z_][A-Za-z0-9_]*$/

/**
 * Puts the environment's values where strings say `${NAME}`.
 * @throws ConfigurationError naming every variable that is missing or empty, and where it is asked for.
 */
export function replaceVariables(
  input: unknown,
  environment: Readonly<Record<string, string | undefined>>,
  name: string,
): unknown {
  const faults: string[] = []
  const output = replace(input, '', environment, faults)
  if (faults.length > 0)
    throw new ConfigurationError({
      message: `${name} asks for what the environment does not give: ${faults.join('; ')}. Set the variables, or write the values.`,
    })
  return output
}

function replace(
  value: unknown,
  path: string,
  environment: Readonly<Record<string, string | undefined>>,
  faults: string[],
): unknown {
  if (typeof value === 'string') return replaceInText(value, path, environment, faults)
  if (Array.isArray(value)) return value.map((item, index) => replace(item, `${path}/${index}`, environment, faults))
  if (typeof value !== 'object' || value === null) return value
  const copy: Record<string, unknown> = {}
  // `__proto__` as a plain assignment would change the copy's prototype.
  for (const [key, item] of Object.entries(value))
    Object.defineProperty(copy, key, {
      value: replace(item, `${path}/${key}`, environment, faults),
      enumerable: true,
      configurable: true,
      writable: true,
    })
  return copy
}

function replaceInText(
  text: string,
  path: string,
  environment: Readonly<Record<string, string | undefined>>,
  faults: string[],
): string {
  return text.replace(reference, (written, variable: string) => {
    if (!variableName.test(variable)) {
      faults.push(`${written} at ${path} is no variable name`)
      return written
    }
    const value = Object.hasOwn(environment, variable) ? environment[variable] : undefined
    if (value === undefined || value === '')
      faults.push(`${variable} (at ${path}) is ${value === '' ? 'empty' : 'not set'}`)
    return value ?? ''
  })
}
