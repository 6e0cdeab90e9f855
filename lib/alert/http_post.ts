/**
 * One POST over HTTP/1.1, to an address that was checked: the name is looked up once, what it stands
 * for is judged, and it is those very addresses that are connected to. No redirect is followed,
 * and nothing of the answer but its status is read.
 *
 * @module
 */

import { lookup } from "node:dns/promises";
import { request } from "node:http";
import { connect, isIP, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { type Clock, systemClock } from "../clock.ts";
import { VERSION } from "../version.ts";
import { isPublicAddress } from "./public_address.ts";

const DEFAULT_TIMEOUT_MS = 10_000;
/** Addresses of a name that are tried. */
const MOST_ADDRESSES = 4;

export interface PostOptions {
  /** Judges an address. @default {isPublicAddress} */
  readonly isAllowed?: (address: string) => boolean;
  /** The addresses of a name. @default {those that the system knows} */
  readonly resolve?: (name: string) => Promise<readonly string[]>;
  /** Milliseconds within which there has to be an answer. @default {10_000} */
  readonly timeoutMs?: number;
  /** Gives up when aborted. */
  readonly signal?: AbortSignal;
  /** @default {systemClock} */
  readonly clock?: Clock;
  /** Certificates of authorities to trust, in PEM form. @default {those of the system} */
  readonly authorities?: readonly string[];
}

/** Nothing was delivered. The message is what happened, without the URL, which may be a secret. */
export class PostError extends Error {
  override readonly name = "PostError";
  /** Whether another attempt may do better. */
  readonly isTemporary: boolean;

  constructor(message: string, isTemporary: boolean) {
    super(message);
    this.isTemporary = isTemporary;
  }
}

/**
 * Posts a JSON text.
 *
 * @throws {PostError} where it was not taken.
 */
export async function postJson(url: URL, json: string, options: PostOptions = {}): Promise<void> {
  const { timeoutMs = DEFAULT_TIMEOUT_MS, clock = systemClock, signal } = options;
  const end = new AbortController();
  const giveUp = (reason: string) => () => end.abort(new PostError(reason, true));
  const cancel = clock.after(timeoutMs, giveUp(`there was no answer within ${timeoutMs / 1000} s`));
  const onStop = giveUp("the server is stopping");
  signal?.addEventListener("abort", onStop);
  if (signal?.aborted) onStop();
  try {
    const addresses = await orEnd(addressesOf(url, options), end.signal);
    judge(await postToOne(addresses, { url, json, end: end.signal, ...options }));
  } finally {
    cancel();
    signal?.removeEventListener("abort", onStop);
  }
}

/** @throws {PostError} unless the status says that it was taken. */
function judge(status: number): void {
  if (status >= 200 && status < 300) return;
  if (status >= 300 && status < 400) {
    throw new PostError(`the answer was ${status}, and redirects are not followed`, false);
  }
  const isTemporary = status === 408 || status === 429 || status >= 500;
  throw new PostError(`the answer was ${status}`, isTemporary);
}

async function addressesOf(
  { hostname }: URL,
  { isAllowed = isPublicAddress, resolve = resolveBySystem }: PostOptions,
): Promise<readonly string[]> {
  const name = hostname.replace(/^\[(.*)\]$/, "$1");
  const addresses = isIP(name) ? [name] : await resolve(name).catch(({ message }) => {
    throw new PostError(`its name cannot be looked up: ${message}`, true);
  });
  if (addresses.length === 0) throw new PostError("its name has no address", true);
  const refused = addresses.find((address) => !isAllowed(address));
  if (refused === undefined) return addresses;
  throw new PostError(
    `${refused} is no address of the public internet; write allow-private = true if it is meant`,
    false,
  );
}

async function resolveBySystem(name: string): Promise<string[]> {
  const found = await lookup(name, { all: true });
  return found.map(({ address }) => address);
}

interface Posting extends PostOptions {
  readonly url: URL;
  readonly json: string;
  /** Aborted with an error when it has to end. */
  readonly end: AbortSignal;
}

/** The status that the first of the addresses answers that takes a connection. */
async function postToOne(addresses: readonly string[], posting: Posting): Promise<number> {
  let failure: Error | undefined;
  for (const address of addresses.slice(0, MOST_ADDRESSES)) {
    const answer = await postTo(address, posting);
    if (typeof answer === "number") return answer;
    failure = answer;
  }
  throw new PostError(`it cannot be connected to: ${failure!.message}`, true);
}

/** The status of the answer, or why there is no connection. @throws {PostError} once there was one. */
function postTo(
  address: string,
  { url, json, end, authorities }: Posting,
): Promise<number | Error> {
  const socket = connectTo(address, url, authorities);
  let isConnected = false;
  socket.once(url.protocol === "https:" ? "secureConnect" : "connect", () => isConnected = true);
  const body = new TextEncoder().encode(json);
  const sending = request({
    method: "POST",
    path: url.pathname + url.search,
    headers: {
      host: url.host,
      "content-type": "application/json",
      "content-length": body.length,
      "user-agent": `partyline/${VERSION}`,
      connection: "close",
    },
    createConnection: () => socket,
  });
  return new Promise<number | Error>((resolve, reject) => {
    end.addEventListener("abort", () => reject(end.reason), { once: true });
    sending.once("response", (answer) => {
      resolve(answer.statusCode ?? 0);
      answer.on("error", () => {}).destroy();
    });
    sending.on("error", (error: Error) => {
      if (isConnected) reject(new PostError(`the connection broke: ${error.message}`, true));
      else resolve(error);
    });
    sending.end(body);
  }).finally(() => {
    sending.destroy();
    socket.destroy();
  });
}

function connectTo(
  host: string,
  { protocol, port, hostname }: URL,
  authorities: readonly string[] | undefined,
): Socket {
  if (protocol !== "https:") return connect({ host, port: Number(port || 80) });
  return connectTls({
    host,
    port: Number(port || 443),
    // The certificate has to be of the name, whatever the address.
    servername: isIP(hostname.replace(/^\[|\]$/g, "")) ? undefined : hostname,
    ca: authorities && [...authorities],
  });
}

/** Rejects with the signal's reason where that comes first. */
function orEnd<Result>(work: Promise<Result>, end: AbortSignal): Promise<Result> {
  return new Promise((resolve, reject) => {
    if (end.aborted) reject(end.reason);
    end.addEventListener("abort", () => reject(end.reason), { once: true });
    work.then(resolve, reject);
  });
}
