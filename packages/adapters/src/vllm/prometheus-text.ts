const line = /^([A-Za-z_:][\w:]*)(?:\{.*\})?\s+(\S+)/

/** The samples of one name: one per engine of the server, as a rule. */
export type Samples = readonly number[]

/**
 * Reads the text format of Prometheus: the finite samples of every name that begins with `prefix`, whatever their labels.
 * Lines that are none are left out.
 */
export function readPrometheusText(text: string, prefix: string): ReadonlyMap<string, Samples> {
  const samples = new Map<string, number[]>()
  for (const row of text.split('\n')) {
    if (!row.startsWith(prefix)) continue
    const [, name, value] = line.exec(row) ?? []
    if (name === undefined || !Number.isFinite(Number(value))) continue
    const known = samples.get(name)
    if (known) known.push(Number(value))
    else samples.set(name, [Number(value)])
  }
  return samples
}
