import type { CalibrationErrors, SpeedConstant, SpeedProfile } from '../src/catalog/speed-profile.js'
import { catalog } from '../src/index.js'
import type { PerformanceFigures } from '../src/sizing/performance-figures.js'
import {
  coveredBy,
  coveredByOthersFactor,
  type FittedFigure,
  type ReportedRow,
  type ResponseTimeReport,
} from './response-time-report.js'
import { type PredictedReading, predictReadings } from './speed-readings.js'

/** The text of `docs/response-times.md`. */
export function responseTimesPage(report: ResponseTimeReport): string {
  return [
    introduction(report),
    errorSection(report),
    ...figureSection(report, 'secondsPerRequest', 'Mean time per request, seconds'),
    ...figureSection(report, 'totalSeconds', 'Time until the last response, seconds'),
    ...rateSection(report),
    contradictions,
    intervalSection(report),
    formula(report),
    ...profileSection(),
    ...readingSection(predictReadings()),
    limits,
  ].join('\n')
}

function introduction({ rows }: ResponseTimeReport): string {
  return `<!-- Written by packages/rules/scripts/fit-response-times.ts; change that, never this page. -->
# Response times: documented and predicted

GitLab's documentation has ${rows.length} measured rows: three models on three machines, with 1, 10 and 100 requests sent at once
([source](${catalog.sources['models-page-18.2'].url}), heading "Response time by model size and GPU").
\`predictPerformance\` returns such a row where one answers the question. Everything else is an estimate. This page compares
the estimate with every row, so that you know what it is worth.

\`pnpm --filter ./packages/rules run fit\` repeats the fit and writes this page.
`
}

function errorSection({ requestErrors, totalErrors }: ResponseTimeReport): string {
  const row = (name: string, key: keyof CalibrationErrors) =>
    `| ${name} | ${percent(requestErrors[key].median)} | ${percent(requestErrors[key].max)} | ${percent(totalErrors[key].median)} | ${percent(totalErrors[key].max)} |`
  return `## Errors

| Rows predicted by constants that were fitted to | Time per request: median | largest | Total time: median | largest |
|---|--:|--:|--:|--:|
${row('all rows', 'inSample')}
${row('all other rows', 'leaveOneRowOut')}
${row('the other two machines', 'leaveOneMachineOut')}
${row('the other two models', 'leaveOneModelOut')}

About a dozen forms of the formula were tried on these rows before this one was chosen, so that even the errors on rows left out
are somewhat too good. The largest errors are those of Mixtral 8x7B on the medium machine: see below.
`
}

function figureSection({ rows }: ResponseTimeReport, figure: FittedFigure, title: string): string[] {
  const lines = rows.map((reported) => {
    const { row, prediction, withoutRow, withoutMachine, withoutModel } = reported
    const { low, high } = prediction.interval[figure]
    const published = row[figure]
    return tableLine([
      ...labels(reported),
      published.toFixed(2),
      prediction[figure].toFixed(2),
      signedPercent(prediction[figure] / published),
      `${low.toFixed(2)} to ${high.toFixed(2)}`,
      published >= low && published <= high ? 'yes' : '**no**',
      signedPercent(withoutRow[figure] / published),
      signedPercent(withoutMachine[figure] / published),
      signedPercent(withoutModel[figure] / published),
    ])
  })
  return [
    `## ${title}\n`,
    '"Without it" are the errors of constants that were fitted without this row, its machine or its model.\n',
    '| Machine | Model | Requests | Published | Predicted | Error | Interval | Inside | Without it: row | machine | model |',
    '|---|---|--:|--:|--:|--:|--:|---|--:|--:|--:|',
    ...lines,
    '',
  ]
}

function rateSection({ rows }: ResponseTimeReport): string[] {
  const cells = ({ row, prediction }: ReportedRow, rate: keyof PerformanceFigures & keyof typeof row) => [
    row[rate].toFixed(2),
    prediction[rate].toFixed(2),
    signedPercent(prediction[rate] / row[rate]),
  ]
  return [
    '## Rates, tokens per second\n',
    'The published rate of one request is a mean of ratios, the predicted one a ratio of means.\n',
    '| Machine | Model | Requests | One request: published | predicted | error | In total: published | predicted | error |',
    '|---|---|--:|--:|--:|--:|--:|--:|--:|',
    ...rows.map((reported) =>
      tableLine([
        ...labels(reported),
        ...cells(reported, 'tokensPerSecondPerRequest'),
        ...cells(reported, 'totalTokensPerSecond'),
      ]),
    ),
    '',
  ]
}

const contradictions = `## Rows that contradict the others

The three rows of Mixtral 8x7B on the medium machine do not agree with each other. One request runs at 62 tokens per second
on 4 GPUs and at 117 on 8, although the same model with 10 and 100 requests loses much less. Their total time is 1.96 and
2.15 times the mean time, where all other bursts have 1.33 to 1.63. A likely reason for the first row is that the first
request of a mixture of experts waits two to three seconds for its kernels to be compiled: 6.5 s less that is the estimate.
It is a likely reason, not a known one. The fit counts errors beyond 5 % less and less, so that these rows do not bend it,
and they stay in every figure of this page. For a question that such a row answers, \`predictPerformance\` returns the row
with the finding \`response-times-contradict\`, and an interval that holds both the row and the estimate.
`

function intervalSection(report: ResponseTimeReport): string {
  const { rows, requestFactor, totalFactor } = report
  const line = (name: string, figure: FittedFigure, factor: number) =>
    tableLine([
      name,
      `÷ and × ${factor.toFixed(2)}`,
      ofRows(rows.filter(({ row, prediction }) => isInside(row[figure], prediction.interval[figure])).length),
      ofRows(coveredBy(rows, figure, factor, 'withoutRow')),
      ofRows(coveredBy(rows, figure, factor, 'withoutMachine')),
      ofRows(coveredByOthersFactor(rows, figure)),
    ])
  const ofRows = (count: number) => `${count} of ${rows.length}`
  return `## Intervals

An interval is a factor below and above the estimate. It is the wider of two: the 95 % prediction interval of the errors on
rows left out, and the range that holds nine tenths of them. It is meant to hold the truth in nine cases of ten.

| Figure | Factor | Rows inside | Constants without the row | Constants without the machine | Constants and factor without the row |
|---|--:|--:|--:|--:|--:|
${line('time per request, and its rates', 'secondsPerRequest', requestFactor)}
${line('total time, and its rate', 'totalSeconds', totalFactor)}

Outside of what was measured the factor grows by ${catalog.speedProfiles['a100-v0'].interval.outsideFactor}: for another number of GPUs or requests, longer texts, quantised
weights and the like; profiles that no fit stands behind have wider factors of their own.
`
}

function isInside(value: number, { low, high }: { readonly low: number; readonly high: number }): boolean {
  return value >= low && value <= high
}

function formula({ errorsByPromptTokens }: ResponseTimeReport): string {
  const errors = Object.values(errorsByPromptTokens).map(percent)
  return `## The formula

One step of the engine makes one token for each of n running requests. It takes

\`\`\`
step(n)   = layers × layerOverhead × (1 + log2 tp) + expertLayers × expertLayerOverhead + n × sequenceOverhead
          + n × exchanged bytes / all-reduce rate
          + max( (weights(n) / tp + cache(n)) / (bandwidth × bandwidthEfficiency), n × operations / compute rate )
weights(n) = shared weights + all experts × (1 − (1 − experts per token / experts)^n)
burst     = request overhead + reading all prompts + (tokens − 1) × step(n), with n = 1 + burstOccupancy × (requests − 1)
total     = burst × (1 + (burstTail − 1) × (1 − 1 / requests))
\`\`\`

Four constants are fitted: \`bandwidthEfficiency\`, \`layerOverheadUs\` and \`sequenceOverheadUs\` to the 18 mean times, by the
least sum of ln(1 + (error / 5 %)²), and \`burstTail\` as the median of the 12 measured ratios. The cost of a layer with
experts and the rates between GPUs were measured by others. The page does not say how long its prompts were: 100 tokens are
assumed. With ${Object.keys(errorsByPromptTokens).join(', ')} the median error after a new fit is ${errors.join(', ')}. Nor does the page name the
tensor parallel size: every GPU of the machine is assumed. The documented length of the responses is an input, so that the
time per request and its rate are one observation, not two.

At a steady rate the number of requests at once follows from Little's law: as many as the rate times their time in the
server, which grows with their number. The formula for bursts was checked; the one for steady rates rests on it, and no
measurement checks it.
`
}

function profileSection(): string[] {
  const profiles = Object.values(catalog.speedProfiles)
  const names = Object.keys(catalog.speedProfiles['a100-v0'].constants) as (keyof SpeedProfile['constants'])[]
  return [
    '## Speed profiles\n',
    'A profile is an engine generation on a family of GPUs. Bold constants are fitted, those in italics set by hand, the others were measured by someone else; `data/speed-profiles.yaml` names the source of each.\n',
    tableLine(['Constant', ...profiles.map(({ id }) => `\`${id}\``)]),
    tableLine(['---', ...profiles.map(() => '--:')]),
    ...names.map((name) =>
      tableLine([`\`${name}\``, ...profiles.map(({ constants }) => constantText(constants[name]))]),
    ),
    tableLine([
      'factor of the interval: time per request',
      ...profiles.map(({ interval }) => String(interval.requestFactor)),
    ]),
    tableLine(['total time', ...profiles.map(({ interval }) => String(interval.totalFactor))]),
    tableLine(['time to the first token', ...profiles.map(({ interval }) => String(interval.firstTokenFactor))]),
    '',
    ...profiles.flatMap(({ id, name, notes }) => [`- \`${id}\` (${name}): ${notes.join(' ')}`]),
    '',
  ]
}

function constantText({ value, origin }: SpeedConstant): string {
  return { fitted: `**${value}**`, measured: String(value), 'hand-set': `*${value}*` }[origin]
}

function readingSection(readings: readonly PredictedReading[]): string[] {
  return [
    '## Readings from elsewhere\n',
    'One step, in milliseconds, as others measured it; nothing was fitted to these. The constants of `h100-v0`, and `pcieAllReduceUs`, were chosen with them in view.\n',
    '| Profile | Model | GPUs | Running requests | Measured | Predicted | Error | Source |',
    '|---|---|---|--:|--:|--:|--:|---|',
    ...readings.map(({ reading, decodeStepMs }) => {
      const source = catalog.sources[reading.source as 'models-page-18.2']
      return tableLine([
        `\`${reading.profile}\``,
        reading.model ?? reading.architecture?.name ?? '',
        `${reading.tensorParallelSize} × ${reading.gpu}`,
        String(reading.runningSequences),
        String(reading.decodeStepMs),
        decodeStepMs.toFixed(2),
        signedPercent(decodeStepMs / reading.decodeStepMs),
        `[${source.title}](${source.url}): ${reading.heading}. ${reading.reading}`,
      ])
    }),
    '',
  ]
}

const limits = `## What is not in it

Prefix caching, speculative decoding, LoRA adapters, disaggregated prefill, and the slower first request of a mixture of
experts. Attention layers with a window or with a state of fixed size are counted, but no measurement of such a model was
found. One hour on a server with 4 or 8 GPUs and a current vLLM would improve the profiles of V1 more than anything else.
`

function labels({ row }: ReportedRow): string[] {
  return [row.machine, row.documentedModel, String(row.requests)]
}

function tableLine(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`
}

function signedPercent(ratio: number): string {
  const value = (100 * (ratio - 1)).toFixed(1)
  return `${value.startsWith('-') ? '−' : '+'}${value.replace('-', '')} %`
}
