/** Entries of a node with thousands of people, as other nodes read them. */

import { changeJson, draftJson, encodeEntry } from "../../lib/backplane/entry.ts";
import { CLUSTER_NAME_STATE } from "../../lib/domain/visitor.ts";
import type { PersonFacts } from "../../lib/service/chat/remote/person_facts.ts";

/** The node, and its run. */
export const CROWDED = { node: "b", incarnation: "1.b" };
/** People who come in one entry. */
const TOGETHER = 500;
/** Connection numbers reserved for each run of a node. */
const CONNECTIONS = 2 ** 32;

/** Yields the node's hello, and entries in which people take names and enter rooms. */
export function* crowd(people: number, rooms: number): Generator<Uint8Array<ArrayBuffer>> {
  const { node } = CROWDED;
  yield encodeEntry({ ...CROWDED, batch: 1, hello: { base: 0 } }, [], []);
  for (let first = 0, batch = 2; first < people; first += TOGETHER, batch++) {
    const drafts: string[] = [];
    const changes: string[] = [];
    for (let number = first; number < Math.min(people, first + TOGETHER); number++) {
      const name = `person${number}`;
      const origin = 2 * CONNECTIONS + number;
      const facts: PersonFacts = { name, origin, node, via: "line", transport: "tcp" };
      const value = JSON.stringify(facts);
      changes.push(changeJson({ service: CLUSTER_NAME_STATE, key: name, was: null, value }));
      const room = `room${number % rooms}`;
      drafts.push(draftJson({ room, kind: "join", from: name, body: "", via: "line", origin }));
    }
    yield encodeEntry({ ...CROWDED, batch }, drafts, changes);
  }
}
