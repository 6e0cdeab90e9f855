/**
 * Services over datagrams: each line of a datagram is answered, and the answers are sent back as
 * one datagram.
 *
 * The sender's address may be forged, so an answer may hit somebody who never asked. That is why no
 * answer goes to a port below 1024, where another server might answer it in turn; no answer is
 * longer than its request, so nobody can amplify an attack; and no source gets more than its
 * budget, which also ends a loop with a server at a higher port.
 *
 * @module
 */

import { type Clock, sleep } from "../../clock.ts";
import { type ConnectionContext, runInConnection } from "../../context.ts";
import { log } from "../../log.ts";
import type { Datagram, DatagramSocket } from "../../transport/datagram.ts";
import type { Guard } from "../../transport/guarded_listener.ts";
import { untilQuiet } from "../connections/drain.ts";
import type { DoorTraffic } from "../door_traffic.ts";
import type { WorkAccount } from "../fairness/work_account.ts";
import type { DatagramDrops, DatagramOrigin, Service } from "../session/service.ts";
import { joinAnswers, readDatagramLines } from "./datagram_lines.ts";
import { DropWatch } from "./drop_watch.ts";
import { RefusedDatagrams } from "./refused_datagrams.ts";
import { ReplyBudget } from "./reply_budget.ts";

const FIRST_FREE_PORT = 1024;
/** Answers per second to one source. */
const REPLY_RATE = 100;
const REPLY_BURST = 100;
const MAX_SOURCES = 10_000;
/** Milliseconds to wait after a failed receive. */
const PAUSE_MS = 100;
const NO_OPTIONS: ReadonlyMap<string, string> = new Map();

/** What is served at a socket, and how. */
export interface DatagramBinding {
  readonly service: Service;
  /** The endpoint's scheme, e.g. `udp`. */
  readonly scheme: string;
  /** Longest line in bytes. @default {the service's} */
  readonly maxLineBytes?: number;
  /** The options of the endpoint that are for the service. */
  readonly options?: ReadonlyMap<string, string>;
  /** Decides whose datagrams are served; the others get no answer. @default {everybody's} */
  readonly guard?: Guard;
  readonly clock: Clock;
  /** Charged for each datagram. @default {nothing is} */
  readonly work?: WorkAccount;
  /** Counts their bytes. @default {nobody wants to know} */
  readonly traffic?: DoorTraffic;
  /** Closes the socket, after its dropped datagrams have been counted. */
  readonly signal?: AbortSignal;
}

/**
 * Serves datagrams until the socket is closed or the signal is aborted, and then resolves.
 *
 * @throws {RangeError} if the service does not take datagrams.
 */
export async function serveDatagrams(
  socket: DatagramSocket,
  binding: DatagramBinding,
): Promise<void> {
  const { service, clock, scheme, signal, guard, options: endpointOptions = NO_OPTIONS } = binding;
  if (!service.hear && !service.takeDatagram) {
    throw new RangeError(`Cannot serve ${socket.endpoint}: ${service.name} takes no datagrams`);
  }
  const budget = new ReplyBudget({
    rate: REPLY_RATE,
    burst: REPLY_BURST,
    maxSources: MAX_SOURCES,
    clock,
  });
  const { endpoint } = socket;
  const noteDrops = (reason: DatagramDrops["reason"]) => (datagrams: number) => {
    service.noteDrops?.({ datagrams, reason, endpoint, scheme, endpointOptions });
  };
  const watch = service.noteDrops
    ? new DropWatch(socket, { clock, note: noteDrops("dropped") })
    : undefined;
  const refused = new RefusedDatagrams(clock, noteDrops("address"));
  const close = () => {
    refused.flush();
    guard?.close?.();
  };
  let received = 0;
  let handled = 0;
  const stopped = new Promise<void>((resolve) => {
    const stop = async () => {
      let seen = -1;
      await untilQuiet(clock, () => seen === (seen = received) && handled === received);
      await watch?.stop();
      close();
      socket.close();
      resolve();
    };
    if (signal?.aborted) stop();
    else signal?.addEventListener("abort", stop, { once: true });
  });
  for (;;) {
    try {
      for await (const datagram of socket.receive()) {
        watch?.noteReceived();
        const isAdmitted = guard === undefined || guard.admits(datagram.address);
        if (isAdmitted) received++;
        if (binding.traffic) binding.traffic.bytesIn += datagram.bytes.length;
        const turn = binding.work?.admit();
        if (turn) await turn;
        if (!isAdmitted) {
          refused.note();
          continue;
        }
        // Number 0, because a datagram belongs to no connection.
        const context: ConnectionContext = {
          connection: 0,
          transport: scheme,
          remote: datagram.source,
        };
        await runInConnection(context, () => serveDatagram(datagram, binding, budget));
        handled++;
      }
      if (signal?.aborted) await stopped;
      close();
      return;
    } catch (error) {
      log("server").warning("Cannot receive datagrams for now: {error}", { error });
      await sleep(clock, PAUSE_MS);
    }
  }
}

async function serveDatagram(
  datagram: Datagram,
  binding: DatagramBinding,
  budget: ReplyBudget,
): Promise<void> {
  const { service, scheme, maxLineBytes = service.maxLineBytes } = binding;
  const { source: remote, address, bytes, port = FIRST_FREE_PORT } = datagram;
  const { options: endpointOptions = NO_OPTIONS } = binding;
  const origin = { remote, address, scheme, endpointOptions, maxLineBytes };
  if (service.takeDatagram) return await takeWhole(service, bytes, origin);
  try {
    const answers = hearLines(service, bytes, origin);
    if (answers.length === 0 || port < FIRST_FREE_PORT) return;
    const answer = joinAnswers(answers, bytes);
    if (!answer || !budget.take(address)) return;
    await datagram.reply(answer);
    if (binding.traffic) binding.traffic.bytesOut += answer.length;
  } catch (error) {
    log("server").debug("Cannot answer a datagram: {error}", { error });
  }
}

async function takeWhole(
  service: Service,
  bytes: Uint8Array,
  origin: DatagramOrigin,
): Promise<void> {
  try {
    await service.takeDatagram!(bytes, origin);
  } catch (error) {
    log("server").error("Service failed: {error}", { error });
  }
}

function hearLines(service: Service, bytes: Uint8Array, origin: DatagramOrigin): string[] {
  const answers: string[] = [];
  for (const { text, damage } of readDatagramLines(bytes, origin.maxLineBytes)) {
    try {
      const answer = service.hear!(text, { ...origin, damage });
      if (answer !== undefined) answers.push(answer);
    } catch (error) {
      // The other lines of the datagram are not affected.
      log("server").error("Service failed: {error}", { error });
    }
  }
  return answers;
}
