interface Vertex {
  readonly at: readonly number[]
  readonly value: number
}

/**
 * Minimises a function of a few variables without derivatives (Nelder and Mead, 1965), from a starting point, with a
 * first simplex of edge `scale`. Deterministic.
 */
export function nelderMead(
  objective: (at: readonly number[]) => number,
  start: readonly number[],
  { scale = 0.1, tolerance = 1e-9, maxSteps = 2000 } = {},
): Vertex {
  const vertex = (at: readonly number[]): Vertex => ({ at, value: objective(at) })
  let simplex = [vertex(start), ...start.map((_, axis) => vertex(start.map((x, i) => (i === axis ? x + scale : x))))]
  for (let step = 0; step < maxSteps; step += 1) {
    simplex = simplex.sort((a, b) => a.value - b.value)
    const [best, worst] = [first(simplex), last(simplex)]
    if (worst.value - best.value < tolerance && spread(simplex) < tolerance) break
    simplex = advance(simplex, vertex)
  }
  return first(simplex.sort((a, b) => a.value - b.value))
}

// Sorted, best first. Moves the worst vertex, or shrinks everything towards the best.
function advance(simplex: readonly Vertex[], vertex: (at: readonly number[]) => Vertex): Vertex[] {
  const others = simplex.slice(0, -1)
  const [best, secondWorst, worst] = [first(others), last(others), last(simplex)]
  const centre = best.at.map((_, axis) => mean(others.map(({ at }) => at[axis] ?? 0)))
  const along = (factor: number) => vertex(centre.map((c, axis) => c + factor * ((worst.at[axis] ?? 0) - c)))
  const reflected = along(-1)
  if (reflected.value < best.value) {
    const expanded = along(-2)
    return [...others, expanded.value < reflected.value ? expanded : reflected]
  }
  if (reflected.value < secondWorst.value) return [...others, reflected]
  const contracted = along(reflected.value < worst.value ? -0.5 : 0.5)
  if (contracted.value < Math.min(reflected.value, worst.value)) return [...others, contracted]
  return simplex.map((one) => (one === best ? one : vertex(one.at.map((x, axis) => (x + (best.at[axis] ?? 0)) / 2))))
}

function spread(simplex: readonly Vertex[]): number {
  const best = first(simplex)
  return Math.max(...simplex.flatMap(({ at }) => at.map((x, axis) => Math.abs(x - (best.at[axis] ?? 0)))))
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

function first(simplex: readonly Vertex[]): Vertex {
  const [vertex] = simplex
  if (vertex === undefined) throw new RangeError('a simplex has at least one vertex')
  return vertex
}

function last(simplex: readonly Vertex[]): Vertex {
  return first(simplex.slice(-1))
}
