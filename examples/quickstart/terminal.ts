import colors from 'picocolors'

let steps = 0

/** Announces the next thing that happens. */
export function step(title: string): void {
  steps += 1
  console.log(`\n${colors.bold(colors.cyan(`${steps}. ${title}`))}`)
}

/** A line beside the point. */
export function note(text: string): void {
  console.log(colors.dim(text))
}

/** What a newcomer may want to do next. */
export function printNextSteps(isEmulated: boolean): void {
  const lines = [
    ...(isEmulated
      ? ['These answers came from an emulated server with no model behind it. With your own vLLM server:']
      : ['More to try:']),
    '  npm start -- --endpoint http://your-server:8000/v1 --model mistral-small-24b-instruct-2506',
    '  npm start -- --config your-duo-models.yaml',
    '  npm start -- --help',
    'In your own program: README.md begins with one. Single tasks: examples/.',
  ]
  console.log(`\n${colors.bold('What next')}\n${lines.join('\n')}`)
}
