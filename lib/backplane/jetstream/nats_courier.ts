/**
 * Messages between nodes over NATS that nobody keeps.
 *
 * @module
 */

import type { Msg, NatsConnection } from "@nats-io/transport-node";
import type { Courier } from "../../domain/courier.ts";
import { log } from "../../log.ts";
import { subjectOf } from "./jetstream_stream.ts";
import type { NatsLink } from "./nats_link.ts";

type Announced = (text: string, node: string) => void;

export class NatsCourier implements Courier {
  readonly #link: NatsLink;
  readonly #cluster: string;
  readonly #node: string;
  readonly #listeners = new Map<string, Set<Announced>>();
  #answer: ((text: string, node: string) => Promise<string>) | undefined;

  /**
   * @param cluster The name of the cluster.
   * @param node The name of this node; without dots, spaces and wildcards.
   */
  constructor(link: NatsLink, cluster: string, node: string) {
    this.#link = link;
    this.#cluster = cluster;
    this.#node = node;
    link.onConnected((connection) => this.#subscribe(connection));
    if (link.open) this.#subscribe(link.open);
  }

  announce(topic: string, text: string): void {
    const { open } = this.#link;
    if (!open || open.isClosed()) return;
    open.publish(subjectOf(this.#cluster, "news", topic, this.#node), text);
  }

  onAnnounced(topic: string, listener: Announced): () => void {
    const listeners = this.#listeners.get(topic) ?? new Set();
    this.#listeners.set(topic, listeners.add(listener));
    return () => listeners.delete(listener);
  }

  async ask(node: string, text: string, timeoutMs: number): Promise<string> {
    const { open } = this.#link;
    if (!open) throw new Error("the cluster cannot be reached");
    const subject = subjectOf(this.#cluster, "ask", node, this.#node);
    const reply = await open.request(subject, text, { timeout: timeoutMs });
    if (reply.headers?.hasError) throw new Error(`node ${node} did not answer`);
    return reply.string();
  }

  answer(answer: (text: string, node: string) => Promise<string>): void {
    this.#answer = answer;
  }

  #subscribe(connection: NatsConnection): void {
    connection.subscribe(subjectOf(this.#cluster, "news", "*", "*"), {
      callback: (error, message) => error ? undefined : this.#hear(message),
    });
    connection.subscribe(subjectOf(this.#cluster, "ask", this.#node, "*"), {
      callback: (error, message) => error ? undefined : void this.#reply(message),
    });
  }

  #hear(message: Msg): void {
    const [topic, node] = message.subject.split(".").slice(-2);
    if (node === this.#node) return;
    for (const listener of this.#listeners.get(topic) ?? []) listener(message.string(), node);
  }

  async #reply(message: Msg): Promise<void> {
    const node = message.subject.split(".").at(-1)!;
    try {
      message.respond(await this.#answer?.(message.string(), node) ?? "");
    } catch (error) {
      log("cluster").error("Cannot answer node {node}: {error}", { node, error });
    }
  }
}
