import * as adapters from '@duo-models/adapters'
import { describe, expect, it } from 'vitest'
import * as core from './index.js'

describe('the public names', () => {
  it('are the client, its stream and every error class', () => {
    const errors = Object.keys(adapters).filter((name) => name.endsWith('Error'))
    expect(Object.keys(core).sort()).toEqual([...errors, 'BatchRun', 'ModelStream', 'createDuoModelClient'].sort())
  })
})
