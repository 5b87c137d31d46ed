import { secretInAddress } from '../secret-in-address.js'

const token =
  /(?<![\w-])(?:sk-|hf_|gl[a-z]{2,4}-|AKIA|ASIA|eyJ|Bearer\s+)[\w.~+/=-]{6,}|-----BEGIN [A-Z ]*PRIVATE KEY-----/
const secretOption = /(?:^|-)(?:key|keys|token|secret|password|passwd)$/

/** Whether a text is of a form that only secrets have: a well-known token, a private key, an address with credentials. */
export function looksLikeSecret(text: string): boolean {
  return token.test(text) || secretInAddress(text) !== undefined
}

/** Whether the value of a command-line option is a secret by the option's name. Files and paths are none. */
export function isSecretOption(name: string): boolean {
  return secretOption.test(name)
}

/** The variable that a text refers to as `${NAME}` or `$NAME`, when it is nothing else. */
export function variableIn(text: string | undefined): string | undefined {
  const match = /^\$(?:\{([A-Za-z_][A-Za-z0-9_]*)\}|([A-Za-z_][A-Za-z0-9_]*))$/.exec(text ?? '')
  return match?.[1] ?? match?.[2]
}
