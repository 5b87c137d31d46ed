import { parse, View } from 'vega'
import { compile } from 'vega-lite'
import { answerParent } from '../harness/child.js'

/** Draws a Vega-Lite specification. */
answerParent(async (plot: Readonly<Record<string, unknown>>): Promise<string> => {
  const svg = await new View(parse(compile(plot).spec), { renderer: 'none' }).toSVG()
  return shorten(svg)
})

/** Coordinates to a tenth of a pixel: files stay small and the same on every machine. */
function shorten(svg: string): string {
  return svg.replace(/-?\d+\.\d{2,}/g, (number) => String(Number(Number(number).toFixed(1))))
}
