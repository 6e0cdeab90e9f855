/** A node with many people is gone, and another node applies that in several transactions. */

import { assertEquals, assertRejects } from "@std/assert";
import { encodeEntry } from "../../lib/backplane/entry.ts";
import { PersonLedger } from "../../lib/backplane/person_ledger.ts";
import { type AppliedEntry, Replica } from "../../lib/backplane/replica.ts";
import { CLUSTER_JOB_STATE, CLUSTER_NAME_STATE } from "../../lib/domain/visitor.ts";
import { crowd, CROWDED } from "../support/crowd.ts";
import { MemoryDisk } from "../support/memory_node.ts";

const PEOPLE = 1200;
const OWN = { node: "a", incarnation: "1.a" };
const HELLO = encodeEntry({ ...OWN, batch: 1, hello: { base: 0 } }, [], []);
const CLAIM = { service: CLUSTER_NAME_STATE, key: "ann", was: null, value: '{"node":"a"}' };
const OTHERS = encodeEntry({ ...OWN, batch: 2 }, [], [JSON.stringify(CLAIM)]);
const GONE = encodeEntry({ ...OWN, batch: 3, gone: CROWDED }, [], []);
const ENTRIES = [HELLO, ...crowd(PEOPLE, 3), OTHERS, GONE].map((bytes, index) => {
  return { seq: index + 1, at: 1000, bytes };
});

/** Applies the entries that this replica has not applied yet; returns the results. */
async function apply(replica: Replica, entries = ENTRIES): Promise<AppliedEntry[]> {
  const all: AppliedEntry[] = [];
  await replica.apply(entries, "once", (applied) => {
    all.push(...applied);
    return Promise.resolve();
  });
  return all;
}

async function open({ log, state }: MemoryDisk): Promise<Replica> {
  const ledger = await PersonLedger.read(state);
  return await Replica.open({ log, state, ledger, nextTurn: () => Promise.resolve() });
}

/** A node that has applied everything except the end of the other one's run. */
async function crowded(): Promise<{ disk: MemoryDisk; replica: Replica }> {
  const disk = new MemoryDisk();
  const replica = await open(disk);
  await apply(replica, ENTRIES.slice(0, -1));
  return { disk, replica };
}

/** Everything that a node has stored. */
async function stored({ log, state }: MemoryDisk): Promise<unknown> {
  const services = await Promise.all(
    state.services().map(async (service) => {
      return [service, ...await state.all(service)];
    }),
  );
  const rooms = await Promise.all([0, 1, 2].map((room) => log.read(`room${room}`, 0, 10_000)));
  return [services, rooms];
}

/** The names that listeners would hear are free. */
function freed(applied: readonly AppliedEntry[]): string[] {
  return applied.flatMap(({ consequences }) => consequences)
    .flatMap(({ service, key, value }) =>
      service === CLUSTER_NAME_STATE && value === null ? [key] : []
    );
}

Deno.test("Replica.apply() frees the names of a node that is gone in several transactions", async () => {
  const { disk, replica } = await crowded();
  const counts: number[] = [];
  disk.log.beforeStoring = async () => {
    counts.push((await disk.state.all(CLUSTER_NAME_STATE)).size);
  };
  const applied = await apply(replica);
  assertEquals(counts, [1201, 702, 202, 1]);
  assertEquals([...await disk.state.all(CLUSTER_NAME_STATE)], [["ann", '{"node":"a"}']]);
  assertEquals(new Set(freed(applied)).size, PEOPLE);
  assertEquals(applied.flatMap(({ events }) => events).length, PEOPLE);
});

Deno.test("Replica.apply() removes the queued jobs of a node that is gone", async () => {
  const { disk, replica } = await crowded();
  for (const node of ["a", "b"]) {
    disk.state.set({ service: CLUSTER_JOB_STATE, key: node, value: JSON.stringify({ node }) });
  }
  await apply(replica);
  assertEquals([...(await disk.state.all(CLUSTER_JOB_STATE)).keys()], ["a"]);
});

/** Applies the end of the run, of which one transaction fails. */
async function applyInVain(disk: MemoryDisk, replica: Replica, failing: number): Promise<void> {
  let transaction = 0;
  disk.log.beforeStoring = () => void (disk.log.isFull = ++transaction === failing);
  await assertRejects(() => apply(replica), Error, "full");
}

for (const failing of [1, 2, 3, 4]) {
  Deno.test(`Replica.apply() ends a run normally after transaction ${failing} has failed once`, async () => {
    const { disk: spared, replica: undisturbed } = await crowded();
    await apply(undisturbed);
    const { disk, replica } = await crowded();
    await applyInVain(disk, replica, failing);
    const applied = await apply(replica);
    assertEquals(new Set(freed(applied)).size, PEOPLE);
    assertEquals(await stored(disk), await stored(spared));
  });

  Deno.test(`A node that dies before transaction ${failing} ends the run like the others`, async () => {
    const { disk: spared, replica: undisturbed } = await crowded();
    await apply(undisturbed);
    const { disk, replica } = await crowded();
    await applyInVain(disk, replica, failing);
    disk.log.isFull = false;
    await apply(await open(disk));
    assertEquals(await stored(disk), await stored(spared));
  });
}
