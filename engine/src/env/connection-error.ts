import { EngineError, ErrorCode } from '../base/engine-error.ts'

const meanings: Readonly<Record<string, readonly [meaning: string, advice: string]>> = {
  EADDRINUSE: ['the port is taken', 'choose another port or 0 for any free one'],
  EADDRNOTAVAIL: ['this machine does not have the address', 'check the host'],
  ECONNREFUSED: ['nothing listens there', 'start the peer or check host and port'],
  ECONNRESET: ['the peer ended it without a word', 'see the log of the peer, then connect again'],
  EHOSTUNREACH: ['no way to the host', 'check the network'],
  ENOTFOUND: ['the host name is unknown', 'check the host name'],
  EPIPE: ['the connection is closed', 'connect again'],
  ETIMEDOUT: ['the peer does not answer', 'check the network and the peer'],
}

/**
 * The error of a failed network operation, worded alike on every platform: `cannot connect to
 * db:9092: ECONNREFUSED, nothing listens there; start the peer or check host and port`.
 *
 * @param doing the words after "cannot", such as `connect to`.
 */
export function connectionError(
  doing: string,
  address: string,
  systemCode: string,
  cause?: unknown,
): EngineError {
  const [meaning, advice] = meanings[systemCode] ?? [
    cause instanceof Error ? cause.message : 'the network failed',
    'see the cause',
  ]
  const message = `cannot ${doing} ${address}: ${systemCode}, ${meaning}; ${advice}`
  return new EngineError(ErrorCode.CONNECTION, message, { retryable: true, cause })
}
