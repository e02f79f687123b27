import { EngineError, ErrorCode } from '../base/engine-error.ts'
import { murmurString } from '../base/murmur.ts'
import type { StreamEdge } from './stream-graph.ts'
import { type Transformation, uidOf } from './transformation.ts'

/**
 * Gives every operator the address of its state. A uid gives an address that survives any change of
 * the graph around it; without one the address follows from the operator's place in the graph, so
 * that adding or moving operators changes it. The name is part of it then: state must be refused
 * rather than given to another operator that now has the place.
 * @throws INVALID_PROGRAM if two operators have the same uid
 */
export function assignOperatorIds(
  nodes: readonly Transformation[],
  edges: readonly StreamEdge[],
): ReadonlyMap<number, string> {
  const ids = new Map<number, string>()
  const ownerOfUid = new Map<string, Transformation>()
  nodes.forEach((node, index) => {
    const uid = uidOf(node)
    if (uid !== undefined) {
      const other = ownerOfUid.get(uid)
      if (other !== undefined) {
        throw new EngineError(
          ErrorCode.INVALID_PROGRAM,
          `operators '${other.name}' and '${node.name}' have the same uid '${uid}'; ` +
            'a uid is the address of one operator, give one of them another',
        )
      }
      ownerOfUid.set(uid, node)
      ids.set(node.id, operatorIdOfUid(uid))
      return
    }
    const inputs = edges
      .filter((edge) => edge.target === node.id)
      .map((edge) => `${ids.get(edge.source) ?? ''}:${edge.inputIndex}:${edge.tagId ?? ''}`)
    const kind = node.keyed === undefined ? node.body.kind : `keyed ${node.body.kind}`
    ids.set(node.id, hexId(`place|${index}|${kind}|${inputs.join(',')}|${node.name}`))
  })
  return ids
}

/** The address of the state of an operator with this uid. */
export function operatorIdOfUid(uid: string): string {
  return hexId(`uid|${uid}`)
}

/** The address of an operator that the plan puts ahead of an input of another. */
export function operatorIdAhead(operatorId: string, input: number): string {
  return hexId(`ahead|${operatorId}|${input}`)
}

function hexId(text: string): string {
  const first = murmurString(text)
  const second = murmurString(`${text}|${first}`)
  return hex(first) + hex(second)
}

function hex(word: number): string {
  return (word >>> 0).toString(16).padStart(8, '0')
}
