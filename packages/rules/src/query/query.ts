/**
 * A question about models, taken apart. `values` are the words of a term as they were written, in the order of its
 * pattern: `{ kind: 'term', term: 'fits', values: ['2', 'a100-80gb'] }`.
 */
export type Query =
  | { readonly kind: 'term'; readonly term: string; readonly values: readonly string[] }
  | { readonly kind: 'not'; readonly query: Query }
  | { readonly kind: 'and' | 'or'; readonly queries: readonly Query[] }

/** One condition of a query. */
export type QueryTerm = Extract<Query, { kind: 'term' }>
