import fc from 'fast-check'

/**
 * Every run of the tests draws the same cases: what fails once fails again, and a change is not held up by a rare case
 * that it has nothing to do with. New cases are drawn by `npm run soak`, which sets both variables.
 */
const { PROPERTY_TEST_SEED = '1', PROPERTY_TEST_CASES = '100' } = process.env

fc.configureGlobal({ seed: Number(PROPERTY_TEST_SEED), numRuns: Number(PROPERTY_TEST_CASES) })
