import { assertEquals } from "@std/assert";
import { setImmediate } from "node:timers/promises";
import { FollowerQueue } from "../../../../lib/service/chat/rooms/follower_queue.ts";

Deno.test("FollowerQueue gives others a turn while thousands follow, and lets each follow once", async () => {
  const queue = new FollowerQueue();
  let followed = 0;
  const followers = Array.from({ length: 2000 }, () => ({ follow: () => void followed++ }));
  for (const follower of [...followers, ...followers]) queue.add(follower);
  assertEquals(followed, 0);
  let most = 0;
  const settled = queue.settled();
  for (let before = 0; followed < followers.length; before = followed) {
    await setImmediate();
    most = Math.max(most, followed - before);
  }
  await settled;
  assertEquals([followed, most], [2000, 20]);
});

Deno.test("FollowerQueue lets the others follow if somebody cannot", async () => {
  const queue = new FollowerQueue();
  const told: string[] = [];
  const follower = (name: string) => ({
    follow() {
      told.push(name);
      if (name === "bob") throw new Error("Bob is stuck");
    },
  });
  for (const name of ["ann", "bob", "eve"]) queue.add(follower(name));
  await queue.settled();
  assertEquals(told, ["ann", "bob", "eve"]);
});
