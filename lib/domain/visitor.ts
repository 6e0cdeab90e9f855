/**
 * Who is where in a cluster, as it is in the replicated state.
 *
 * @module
 */

/**
 * Where the names in use are in the state store, by key of the name. The node of its holder writes
 * a value, a JSON object with at least a `node`.
 */
export const CLUSTER_NAME_STATE = "cluster.name";
/** Where it is who is in which rooms, by origin. Follows from the joins and parts. */
export const CLUSTER_PERSON_STATE = "cluster.person";

/**
 * Where it is what holds in a room as long as somebody is there, by key of the room; see
 * `access/shared_attendance.ts`.
 */
export const CLUSTER_STAY_STATE = "cluster.stay";
/** Where the jobs are that wait at the nodes, by number; the values are JSON objects with a `node`. */
export const CLUSTER_JOB_STATE = "cluster.job";

/** A room that somebody is in. */
export interface VisitRecord {
  readonly room: string;
  /** Whether nobody else was in it when they came. */
  readonly isFirst?: true;
  /** Whether the room keeps no log, so that their leaving is not to be kept either. */
  readonly isUnlogged?: true;
}

/** Somebody who is in a room. */
export interface Visitor {
  readonly node: string;
  readonly name: string;
  readonly via?: string;
  readonly rooms: readonly VisitRecord[];
}

/** Writes a value of {@linkcode CLUSTER_PERSON_STATE}. */
export function formatVisitor({ node, name, via, rooms }: Visitor): string {
  return JSON.stringify({ node, name, via, rooms });
}

/** Reads such a value. @throws {SyntaxError} if it is not JSON. */
export function parseVisitor(value: string): Visitor {
  return JSON.parse(value);
}
