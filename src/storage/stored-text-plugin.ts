import {
  type KyselyPlugin,
  OperationNodeTransformer,
  type PluginTransformQueryArgs,
  type PluginTransformResultArgs,
  type PrimitiveValueListNode,
  type QueryResult,
  type RootOperationNode,
  type UnknownRow,
  type ValueNode,
} from 'kysely'
import { originalText, storedText } from './stored-text.js'

/** Makes queries speak of the texts that were given, whatever they hold, instead of how these are stored. */
export class StoredTextPlugin implements KyselyPlugin {
  readonly #transformer = new StoredTextTransformer()

  transformQuery({ node, queryId }: PluginTransformQueryArgs): RootOperationNode {
    return this.#transformer.transformNode(node, queryId)
  }

  /** Changes the rows in place: the driver made them for this result. */
  async transformResult({ result }: PluginTransformResultArgs): Promise<QueryResult<UnknownRow>> {
    for (const row of result.rows) {
      for (const [column, value] of Object.entries(row)) {
        if (typeof value === 'string') row[column] = originalText(value)
      }
    }
    return result
  }
}

class StoredTextTransformer extends OperationNodeTransformer {
  protected override transformValue(node: ValueNode): ValueNode {
    return typeof node.value === 'string' ? { ...node, value: storedText(node.value) } : node
  }

  protected override transformPrimitiveValueList(node: PrimitiveValueListNode): PrimitiveValueListNode {
    return { ...node, values: node.values.map((value) => (typeof value === 'string' ? storedText(value) : value)) }
  }
}
