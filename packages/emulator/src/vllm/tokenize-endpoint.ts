import type { Exchange } from '../http/exchange.js'
import { decode, encode, tokenToPiece } from '../text/tokenizer.js'
import { BodyReader, parseBody } from './body-reader.js'
import { readMessages, renderChat } from './chat-message.js'
import { isTokenList } from './completions-request.js'
import { knownFields } from './request-fields.js'
import { readModel, requireServedModel } from './request-model.js'
import { sendJson } from './send-json.js'
import type { VllmServerState } from './vllm-server-state.js'

/** `POST /tokenize`: tokens of a prompt, or of messages with the chat template applied. */
export async function answerTokenize(exchange: Exchange, state: VllmServerState): Promise<void> {
  const body = parseBody(exchange.body, exchange.headers['content-type'], state.behaviour)
  const reader = new BodyReader(body)
  if (state.behaviour.forbidsUnknownFields) reader.forbidOthers(knownFields.tokenize)
  const model = readModel(reader, state)
  const isChat = reader.value('messages') !== undefined
  if (!isChat) reader.require('prompt')
  const text = isChat ? renderChat(readMessages(reader)) : (reader.string('prompt') ?? '')
  // A chat template writes the begin token itself.
  const addSpecialTokens = reader.boolean('add_special_tokens') ?? !isChat
  const wantsStrings = reader.boolean('return_token_strs') ?? false
  reader.finish(state.behaviour)
  requireServedModel(model, state)
  const tokens = encode(text, addSpecialTokens || isChat)
  const strings = wantsStrings ? { token_strs: tokens.map(tokenToPiece) } : {}
  await sendJson(exchange.reply, 200, { count: tokens.length, max_model_len: state.maxModelLength, tokens, ...strings })
}

/** `POST /detokenize`: the text of tokens. */
export async function answerDetokenize(exchange: Exchange, state: VllmServerState): Promise<void> {
  const body = parseBody(exchange.body, exchange.headers['content-type'], state.behaviour)
  const reader = new BodyReader(body)
  if (state.behaviour.forbidsUnknownFields) reader.forbidOthers(knownFields.detokenize)
  const model = readModel(reader, state)
  reader.require('tokens')
  const tokens = reader.array('tokens') ?? []
  const valid = isTokenList(tokens) ? tokens : []
  if (tokens.length !== valid.length) reader.complain('int_type', ['tokens'], 'Input should be a valid integer', tokens)
  reader.finish(state.behaviour)
  requireServedModel(model, state)
  await sendJson(exchange.reply, 200, { prompt: decode(valid) })
}
