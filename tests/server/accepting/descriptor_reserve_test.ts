import { assertEquals } from "@std/assert";
import {
  countFreeDescriptors,
  DescriptorReserve,
} from "../../../lib/server/accepting/descriptor_reserve.ts";

/** Descriptors of a process that may have `limit` of them. */
class Descriptors {
  open = 0;
  limit: number;

  constructor(limit: number) {
    this.limit = limit;
  }

  readonly take = (): Disposable => {
    if (this.open === this.limit) throw new Error("EMFILE");
    this.open++;
    return { [Symbol.dispose]: () => void this.open-- };
  };
}

Deno.test("DescriptorReserve holds descriptors until it is released", () => {
  const descriptors = new Descriptors(10);
  const reserve = new DescriptorReserve(descriptors.take);
  assertEquals([descriptors.open, reserve.isHeld], [4, true]);
  reserve.release();
  assertEquals([descriptors.open, reserve.isHeld], [0, false]);
  assertEquals([reserve.hold(), reserve.hold(), descriptors.open], [true, true, 4]);
});

Deno.test("DescriptorReserve takes all of its descriptors or none", () => {
  const descriptors = new Descriptors(3);
  const reserve = new DescriptorReserve(descriptors.take);
  assertEquals([descriptors.open, reserve.isHeld], [0, false]);
  descriptors.limit = 4;
  assertEquals([reserve.hold(), descriptors.open], [true, 4]);
});

Deno.test("countFreeDescriptors() counts free descriptors and keeps none", () => {
  const descriptors = new Descriptors(7);
  assertEquals(countFreeDescriptors(descriptors.take, 100), 7);
  assertEquals(countFreeDescriptors(descriptors.take, 5), 5);
  assertEquals(descriptors.open, 0);
});
