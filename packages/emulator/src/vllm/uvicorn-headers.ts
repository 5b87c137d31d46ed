import type { HeaderList } from '../http/response-writer.js'

/** The headers uvicorn puts first on every response. */
export function uvicornHeaders(): HeaderList {
  return [
    ['date', new Date().toUTCString()],
    ['server', 'uvicorn'],
  ]
}
