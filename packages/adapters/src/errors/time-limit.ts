/**
 * A limit of time: opening the connection, from there to the first content, from one piece of content to the next,
 * the whole request, or the server's own (it answered that it gave up).
 */
export type TimeLimit = 'connect' | 'first-token' | 'inter-token' | 'total' | 'server'
