/** Another program has begun a run under the name of this node. @module */

export class SameNodeError extends Error {
  override readonly name = "SameNodeError";

  constructor(node: string) {
    super(
      `Another server runs as node ${node} of this cluster, so this one stops. ` +
        `Give each node a name of its own: node = "…" in [cluster]`,
    );
  }
}
