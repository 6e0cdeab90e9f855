import { assertEquals } from "@std/assert";
import { Leases } from "../../lib/backplane/leases.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { type MemoryCourier, MemoryPost } from "../support/memory_courier.ts";

/** Nodes that tell each other that they are alive, without a stream. */
class Scene implements Disposable {
  readonly clock = new FakeClock();
  readonly runs = new Map<string, { incarnation: string; isGone?: true }>();
  readonly declared: string[] = [];
  readonly couriers = new Map<string, MemoryCourier>();
  readonly cutOff = new Set<string>();
  readonly #post = new MemoryPost();
  readonly #leases: Leases[] = [];

  start(node: string, clock = this.clock): Leases {
    const courier = this.#post.connect(node);
    this.couriers.set(node, courier);
    this.runs.set(node, { incarnation: "1" });
    const leases = new Leases({
      node,
      courier,
      clock,
      runs: () => this.runs,
      isReached: () => !this.cutOff.has(node),
      submitGone: ({ node: gone, incarnation }) => {
        this.declared.push(`${node}: ${gone} ${incarnation}`);
        this.runs.set(gone, { incarnation, isGone: true });
      },
    });
    this.#leases.push(leases);
    return leases;
  }

  [Symbol.dispose](): void {
    for (const leases of this.#leases) leases[Symbol.dispose]();
  }
}

Deno.test("Leases has the first node by name of those alive decide", async () => {
  using scene = new Scene();
  const b = scene.start("b");
  const a = scene.start("a");
  await scene.clock.advance(10_000);
  assertEquals([a.isDecider(), b.isDecider()], [true, false]);
  assertEquals(b.alive, ["a", "b"]);
  scene.couriers.get("a")!.isCut = true;
  scene.cutOff.add("a");
  await scene.clock.advance(5000);
  assertEquals([a.isDecider(), b.isDecider()], [false, false]);
  await scene.clock.advance(2000);
  assertEquals(b.isDecider(), true);
  assertEquals(scene.declared, ["b: a 1"]);
});

Deno.test("Leases declares nobody gone because it was cut off or stopped itself", async () => {
  using scene = new Scene();
  const stopped = new FakeClock({ now: scene.clock.now() });
  scene.start("a", stopped);
  scene.start("b");
  for (let second = 0; second < 10; second++) {
    await scene.clock.advance(1000);
    await stopped.advance(1000);
  }
  assertEquals(scene.declared, []);
  // As after SIGCONT: a long time has passed at once, and nothing was heard.
  scene.couriers.get("b")!.isCut = true;
  stopped.tick(20_000);
  assertEquals(scene.declared, []);
  await stopped.advance(3000);
  assertEquals(scene.declared, []);
  scene.cutOff.add("a");
  await stopped.advance(20_000);
  scene.cutOff.delete("a");
  await stopped.advance(3000);
  assertEquals(scene.declared, []);
  await stopped.advance(5000);
  assertEquals(scene.declared, ["a: b 1"]);
});

Deno.test("Leases declares all nodes gone that died together", async () => {
  using scene = new Scene();
  for (const node of ["a", "b", "c"]) scene.start(node);
  await scene.clock.advance(3000);
  for (const node of ["a", "b"]) {
    scene.couriers.get(node)!.isCut = true;
    scene.cutOff.add(node);
  }
  await scene.clock.advance(8000);
  assertEquals(scene.declared, ["c: a 1", "c: b 1"]);
});
