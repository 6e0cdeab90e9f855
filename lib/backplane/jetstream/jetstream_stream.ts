/**
 * A stream of NATS JetStream as the stream of entries. It is created if it is missing.
 *
 * @module
 */

import {
  AckPolicy,
  DeliverPolicy,
  DiscardPolicy,
  jetstream,
  JetStreamApiError,
  type JetStreamClient,
  type JetStreamManager,
  jetstreamManager,
  ReplayPolicy,
  RetentionPolicy,
  StorageType,
  type StreamInfo,
} from "@nats-io/jetstream";
import { nanos, type NatsConnection } from "@nats-io/transport-node";
import { countText } from "../../domain/wording.ts";
import { log } from "../../log.ts";
import {
  type EntryStream,
  type StreamDescription,
  type StreamEntry,
  StreamMissingError,
  StreamRefusedError,
} from "../entry_stream.ts";
import { askRepeatedly } from "./ask_repeatedly.ts";
import { type NatsLink, REQUEST_MS } from "./nats_link.ts";
import { readConsumer } from "./read_consumer.ts";

/** Codes of the JetStream API. */
const STREAM_NOT_FOUND = 10059;
const MESSAGE_NOT_FOUND = 10037;
const NOT_ENABLED = [10039, 10076];
/** What servers take unless told otherwise, with the headers of a message. */
const PAYLOAD_BYTES = 1024 * 1024;
const HEADER_BYTES = 1024;

export interface JetstreamOptions {
  /** The name of the cluster. */
  readonly name: string;
  /** Copies of each message, if the stream is created. */
  readonly replicas: number;
  /** How long messages are kept, if the stream is created, milliseconds. */
  readonly maxAgeMs: number;
}

/** What tells a stream from another one of the same name, at the end of its description. */
const CREATED = /created at (.+)$/;

function newIdentity(): string {
  return `${new Date().toISOString()} (${crypto.randomUUID().slice(0, 8)})`;
}

/** The subject of a cluster's messages of a kind. */
export function subjectOf(cluster: string, ...kind: readonly string[]): string {
  return ["partyline", cluster, ...kind].join(".");
}

export class JetstreamStream implements EntryStream {
  readonly maxBytes = PAYLOAD_BYTES - HEADER_BYTES;
  readonly #link: NatsLink;
  readonly #options: JetstreamOptions;
  readonly #stream: string;
  readonly #subject: string;
  #client: { readonly of: NatsConnection; readonly js: JetStreamClient } | undefined;
  /** Whether anybody was told how the stream differs from what is configured. */
  #isCompared = false;

  constructor(link: NatsLink, options: JetstreamOptions) {
    this.#link = link;
    this.#options = options;
    this.#stream = `PARTYLINE_${options.name}`;
    this.#subject = subjectOf(options.name, "entries");
  }

  async publish(bytes: Uint8Array<ArrayBuffer>, id: string): Promise<void> {
    // Synchronous once there is a client: messages go out in the order of the calls.
    const { open } = this.#link;
    const js = open && this.#client?.of === open ? this.#client.js : await this.#open();
    await js.publish(this.#subject, bytes, {
      msgID: id,
      timeout: REQUEST_MS,
      expect: { streamName: this.#stream },
    });
  }

  async *read(after: number, signal: AbortSignal): AsyncIterable<readonly StreamEntry[]> {
    const connection = await this.#link.connection();
    const manager = await managerOf(connection);
    const { cluster } = await this.#find(manager, false);
    const options = {
      connection,
      manager,
      after,
      // Read from the leader: a leader that was killed and started again (NATS 2.9) keeps handing
      // out entries that it had never replicated to a majority.
      server: cluster?.leader,
      stream: this.#stream,
      config: {
        ack_policy: AckPolicy.None,
        deliver_policy: DeliverPolicy.StartSequence,
        replay_policy: ReplayPolicy.Instant,
        mem_storage: true,
        num_replicas: 1,
        max_deliver: 1,
      },
    };
    yield* readConsumer(options, signal);
  }

  async describe(mayCreate: boolean): Promise<StreamDescription> {
    const connection = await this.#link.connection();
    checkPayload(connection);
    const manager = await managerOf(connection);
    const info = await this.#find(manager, mayCreate);
    this.#compare(info);
    const { config, state: { first_seq: firstSeq, last_seq: lastSeq } } = info;
    // Not `info.created`: each server of a cluster has a time of its own there.
    const created = CREATED.exec(config.description ?? "")?.[1] ?? "an unknown time";
    return { created, firstSeq: Math.max(firstSeq, 1), lastSeq };
  }

  async entryAt(seq: number): Promise<StreamEntry | undefined> {
    const manager = await managerOf(await this.#link.connection());
    try {
      // Asks the leader: the copies of other servers may lag behind.
      const message = await askRepeatedly(() => manager.streams.getMessage(this.#stream, { seq }));
      return message ? { seq, at: message.time.getTime(), bytes: message.data } : undefined;
    } catch (error) {
      if (codeOf(error) === MESSAGE_NOT_FOUND) return undefined;
      throw error;
    }
  }

  async #open(): Promise<JetStreamClient> {
    const of = await this.#link.connection();
    if (this.#client?.of !== of) this.#client = { of, js: jetstream(of) };
    return this.#client.js;
  }

  async #find(manager: JetStreamManager, mayCreate: boolean): Promise<StreamInfo> {
    try {
      const info = await askRepeatedly(() => manager.streams.info(this.#stream));
      // A server that has just ceased to be the leader may know less than the next one.
      if (info.cluster && !info.cluster.leader) throw new Error("the stream has no leader");
      return info;
    } catch (error) {
      if (NOT_ENABLED.includes(codeOf(error) ?? 0) || /not enabled/.test(`${error}`)) {
        throw this.#withoutJetstream(error);
      }
      if (codeOf(error) !== STREAM_NOT_FOUND) throw error;
      if (mayCreate) return await this.#create(manager);
      throw new StreamMissingError(`there is no stream ${this.#stream}`);
    }
  }

  async #create(manager: JetStreamManager): Promise<StreamInfo> {
    const { replicas, maxAgeMs, name } = this.#options;
    try {
      const created = await manager.streams.add({
        name: this.#stream,
        subjects: [this.#subject],
        description: `The order of the Partyline cluster ${name}, created at ${newIdentity()}`,
        retention: RetentionPolicy.Limits,
        storage: StorageType.File,
        discard: DiscardPolicy.Old,
        num_replicas: replicas,
        max_age: nanos(maxAgeMs),
        max_bytes: -1,
        max_msgs: -1,
        // Nobody removes what nodes may not have applied.
        deny_delete: true,
        deny_purge: true,
      });
      log("cluster").info(
        `Created the stream ${this.#stream} in files, with ${countText(replicas, "replica")}; ` +
          `entries are kept for ${countText(Math.round(maxAgeMs / 86_400_000), "day")}`,
      );
      return created;
    } catch (error) {
      if (!(error instanceof JetStreamApiError)) throw error;
      // Another node may create it at this moment.
      const found = await manager.streams.info(this.#stream).catch(() => undefined);
      if (found) return found;
      throw new Error(
        `cannot create the stream ${this.#stream} with ${
          countText(replicas, "replica")
        }: ${error.message}`,
      );
    }
  }

  /** Says how a stream that was there differs from what is configured. */
  #compare({ config }: StreamInfo): void {
    if (this.#isCompared) return;
    this.#isCompared = true;
    if (config.storage !== StorageType.File) {
      throw new StreamRefusedError(
        `The stream ${this.#stream} is kept in memory, and would be lost when its server restarts. ` +
          `Delete it and start again, or give the cluster another name`,
      );
    }
    const { replicas } = this.#options;
    if (config.num_replicas === replicas) return;
    log("cluster").warning(
      `The stream ${this.#stream} has ${
        countText(config.num_replicas, "replica")
      }, and [cluster] says ` +
        `${replicas}. To change it: nats stream edit ${this.#stream} --replicas ${replicas}`,
    );
  }

  #withoutJetstream(error: unknown): Error {
    // Servers of a cluster say so as well while they elect a leader.
    const message = `the NATS servers have no JetStream: start them with -js`;
    return new Error(message, { cause: error });
  }
}

/** @throws {StreamRefusedError} if an entry might be too large for the server. */
function checkPayload({ info }: NatsConnection): void {
  if (info === undefined || info.max_payload >= PAYLOAD_BYTES) return;
  throw new StreamRefusedError(
    `The NATS server ${info.server_name} takes messages of at most ${info.max_payload} bytes, and ` +
      `Partyline needs ${PAYLOAD_BYTES}: set max_payload in its configuration`,
  );
}

function managerOf(connection: NatsConnection): Promise<JetStreamManager> {
  return jetstreamManager(connection, { checkAPI: false, timeout: REQUEST_MS });
}

function codeOf(error: unknown): number | undefined {
  return error instanceof JetStreamApiError ? error.code : undefined;
}
