/**
 * What Kubernetes makes of `command` and `args`: `$$` is one dollar, `$(NAME)` the variable when there is one, any other
 * dollar itself.
 */
export function expandVariables(text: string, variables: ReadonlyMap<string, string>): string {
  return text.replace(/\$\$|\$\(([^)]*)\)/g, (match, name?: string) =>
    name === undefined ? '$' : (variables.get(name) ?? match),
  )
}
