/**
 * What has passed the doors of the server since it started, for its operator. Counted where
 * it happens, as plain numbers.
 *
 * @module
 */

/** Connections to one service by one transport, and their bytes. */
export class DoorTraffic {
  /** The service, e.g. `chat`, or `web`. */
  readonly service: string;
  /** The scheme of its endpoints, e.g. `telnet`. */
  readonly door: string;
  /** Connections now. */
  open = 0;
  /** Connections so far, without those that were refused. */
  accepted = 0;
  refused = 0;
  /** Connections ended because the peer read nothing. */
  stalled = 0;
  bytesIn = 0;
  bytesOut = 0;

  constructor(service: string, door: string) {
    this.service = service;
    this.door = door;
  }
}

/** All doors. Endpoints with the same service and scheme are one. */
export class DoorCounters {
  readonly #doors: DoorTraffic[] = [];

  [Symbol.iterator](): Iterator<DoorTraffic> {
    return this.#doors.values();
  }

  /** The counts of a door, which begin at zero. */
  at(service: string, door: string): DoorTraffic {
    const known = this.#doors.find((each) => each.service === service && each.door === door);
    if (known) return known;
    const traffic = new DoorTraffic(service, door);
    this.#doors.push(traffic);
    return traffic;
  }
}
