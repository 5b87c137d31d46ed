import { HuggingFaceConfigError, type HuggingFaceConfigErrorCode } from './hugging-face-config-error.js'

const download =
  "Get the file itself: `hf download <model> config.json`, or the download button under 'Files' on the model's page."

interface TextKind {
  readonly code: HuggingFaceConfigErrorCode
  readonly matches: (text: string) => boolean
  readonly message: string
}

// The first that matches says what it is.
const kinds: readonly TextKind[] = [
  { code: 'empty', matches: (text) => text.trim() === '', message: `There is nothing in this file. ${download}` },
  {
    code: 'git-lfs-pointer',
    matches: (text) => text.startsWith('version https://git-lfs.github.com/spec/'),
    message:
      'This is a Git LFS pointer, not the file it points to. Run `git lfs pull` in the clone of the model first.',
  },
  {
    code: 'binary-file',
    matches: (text) => text.startsWith('GGUF'),
    message:
      'This is a GGUF file: weights in the format of llama.cpp. The sizing needs the config.json of the model that it was made from.',
  },
  {
    code: 'binary-file',
    // Eight bytes of length, then JSON.
    matches: (text) => text.slice(0, 8).includes('\0') && text.slice(0, 32).includes('{"'),
    message: 'This is a safetensors file: weights. The sizing needs the config.json that stands beside it.',
  },
  {
    code: 'binary-file',
    matches: (text) => text.startsWith('PK\u0003\u0004') || text.startsWith('\u001f') || text.includes('\0'),
    message:
      'This is a binary file, such as weights or an archive. The sizing needs the config.json that stands beside it.',
  },
  {
    code: 'web-page',
    matches: (text) => /^\s*</.test(text) && /sign[ -]?in|log[ -]?in|password/i.test(text),
    message: `This looks like a web page that asks for a login. Log in and accept the model's licence if it has one. ${download}`,
  },
  {
    code: 'web-page',
    matches: (text) => /^\s*</.test(text),
    message: `This looks like a web page: download the raw file instead. ${download}`,
  },
  {
    code: 'server-message',
    matches: (text) => refusal.test(text),
    message: `This is a server's refusal, not the file: the model is gated, private or has another name. ${download}`,
  },
  {
    code: 'not-json',
    matches: (text) => /^\s*https?:\/\/\S*\s*$/i.test(text),
    message: 'This is an address, not a configuration. Download what stands there and pass its text.',
  },
  {
    code: 'not-json',
    matches: (text) => text.length < 4096 && /^\s*[^\s{}[\]"]+\.json\s*$/.test(text),
    message: 'This is a path, not a configuration. Read the file and pass its text.',
  },
  {
    code: 'not-json',
    matches: (text) => /^\s*[\w.-]+\/[\w.-]+\s*$/.test(text),
    message: `This is the name of a model, not its configuration. ${download}`,
  },
]

const refusal =
  /^\s*(?:Access to model|Invalid username|Invalid credentials|Unauthorized|Forbidden|Entry not found|Repository not found|Not Found|40[134]\b)/i

/** Throws when text is recognisably something else than JSON. */
export function refuseOtherText(text: string): void {
  const kind = kinds.find(({ matches }) => matches(text))
  if (kind !== undefined) throw new HuggingFaceConfigError({ code: kind.code, message: kind.message })
}

/** The error for text that is like JSON but cannot be parsed. It repeats nothing of the text, which may be anything. */
export function notJson(text: string): HuggingFaceConfigError {
  return new HuggingFaceConfigError({ code: 'not-json', message: `This is not valid JSON${reason(text)}` })
}

function reason(text: string): string {
  if (/^\s*\{\s*'/.test(text)) return ": it looks like a printed Python dictionary. Write it with Python's json.dump."
  if (/[:,[]\s*-?(?:Infinity|NaN)\s*[,\]}]/.test(text))
    return ': it holds NaN or Infinity, which Python writes and JSON does not have. Put null in their place.'
  if (!text.trimStart().startsWith('{')) return `: it does not begin with a brace. ${download}`
  if (!text.trimEnd().endsWith('}')) return `: it ends before its last brace; was it cut off? ${download}`
  return '. Look for a trailing comma, a comment or a missing quote.'
}
