#!/usr/bin/env node
import { runCli } from './run-cli.js'

// No top-level `await`: the package is built as CommonJS too.
void runCli(process.argv.slice(2)).then((code) => {
  process.exitCode = code
})
