const octet = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)'
// Names that `URL` would read as something else, and those of the machine itself, are left to the rules.
const name = '(?:(?!xn--)[a-z0-9][a-z0-9-]*\\.)*(?!xn--|localhost(?:[:/]|$))[a-z][a-z0-9-]*'
const port = '(?::(?:[1-9]\\d{0,3}|[1-5]\\d{4}))?'
const origin = `https?://(?:${name}|(?!127\\.|0\\.)${octet}(?:\\.${octet}){3})${port}`
const withVersion = new RegExp(`^${origin}/v1$`)
const withOrWithout = new RegExp(`^${origin}(?:/v1)?$`)
const ofGateway = new RegExp(`^https?://${name}${port}/?$`)
const longest = 255

/**
 * Whether an address of a model server is of the form nearly all have: http or https, another machine and perhaps a
 * port, and behind them `/v1` on vLLM, at most `/v1` elsewhere. What is not may still be right: the rules about
 * addresses say.
 */
export function isUsualAddress(address: string, platform: string): boolean {
  return address.length <= longest && (platform === 'vllm' ? withVersion : withOrWithout).test(address)
}

/**
 * Whether an address of the AI gateway is of the form nearly all have: http or https, the name of another machine, and
 * perhaps a port.
 */
export function isUsualGatewayAddress(address: string): boolean {
  return address.length <= longest && ofGateway.test(address)
}
