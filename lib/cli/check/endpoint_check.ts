/**
 * Checks that the endpoints of a server can be opened, and that their certificates and host keys
 * are good.
 *
 * @module
 */

import { X509Certificate } from "node:crypto";
import { readCertifiedKey } from "../../transport/certificate.ts";
import { type Endpoint, formatEndpoint, ListenError } from "../../transport/endpoint.ts";
import { carriesDatagrams } from "../../transport/mod.ts";
import { hostKeyFileIn } from "../endpoints/host_key_file.ts";
import { explainFailure } from "../endpoints/listeners.ts";
import type { Origin } from "../options/usage_error.ts";
import { type CheckFinding, findingAt } from "./finding.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
/** A certificate that ends sooner should have been renewed by now. */
const SOON_DAYS = 14;

/** An endpoint, and where it is set. */
export interface CheckedEndpoint {
  readonly endpoint: Endpoint;
  /** The option that names it: `--listen`. */
  readonly flag: string;
  readonly origin: Origin;
  /** Whether the server starts without it. */
  readonly isOptional?: boolean;
  /** Names by which clients know it. */
  readonly hosts?: readonly string[];
}

export interface EndpointCheckOptions {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Whether a server is running that may use the ports already. */
  readonly isRunning: boolean;
  /** The data directory. */
  readonly data: string;
}

export async function* checkEndpoint(
  checked: CheckedEndpoint,
  { now, isRunning, data }: EndpointCheckOptions,
): AsyncGenerator<CheckFinding> {
  const { endpoint, origin, flag, isOptional } = checked;
  try {
    if (endpoint.certFile !== undefined) yield* checkCertificate(checked, now);
    if (endpoint.scheme === "ssh") await checkKey(endpoint, data);
  } catch (error) {
    if (!(error instanceof ListenError)) throw error;
    yield findingAt("fault", origin, error.message.replace(/\.$/, ""));
  }
  if (endpoint.path !== undefined) {
    const reason = whyNoFile(endpoint.path);
    if (reason === undefined) return;
    const what = formatEndpoint(endpoint);
    yield findingAt("fault", origin, `Cannot listen on ${what}: ${reason}, or choose another path`);
    return;
  }
  try {
    tryToListen(endpoint);
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    if (error instanceof Deno.errors.AddrInUse && isRunning) return;
    const { message } = await explainFailure(error as Error, endpoint, flag);
    yield findingAt(isOptional ? "warning" : "fault", origin, message.replace(/\.$/, ""));
  }
}

async function* checkCertificate(
  { endpoint, origin, hosts = [] }: CheckedEndpoint,
  now: number,
): AsyncGenerator<CheckFinding> {
  const { cert } = await readCertifiedKey(endpoint);
  const certificate = new X509Certificate(cert);
  const { validFrom, validTo } = certificate;
  const [starts, ends] = [Date.parse(validFrom), Date.parse(validTo)];
  const what = `The certificate ${endpoint.certFile}`;
  const warn = (sentence: string) => findingAt("warning", origin, `${what} ${sentence}`);
  if (ends <= now) yield warn(`ended on ${day(ends)}, so clients refuse it. Renew it`);
  else if (starts > now) yield warn(`is not valid before ${day(starts)}. Check the clock`);
  else if (ends - now < SOON_DAYS * DAY_MS) yield warn(`ends on ${day(ends)}. Renew it soon`);
  for (const host of hosts) {
    if (certificate.checkHost(host) !== undefined) continue;
    yield warn(`is not for ${host}. Get one that is, or correct --web-host`);
  }
}

async function checkKey(endpoint: Endpoint, data: string): Promise<void> {
  const { checkHostKey } = await import("../../transport/ssh/host_key.ts");
  await checkHostKey(endpoint, hostKeyFileIn(data));
}

/** Opens the endpoint and closes it again. */
function tryToListen({ scheme, hostname, port }: Endpoint): void {
  if (carriesDatagrams(scheme)) {
    Deno.listenDatagram({ transport: "udp", hostname, port }).close();
  } else Deno.listen({ hostname, port }).close();
}

/** Why a socket file cannot be made. It is not tried: that of a running server would be lost. */
function whyNoFile(path: string): string | undefined {
  const directory = path.replace(/\/[^/]*$/, "") || "/";
  try {
    if (Deno.lstatSync(directory).isFile) return `${directory} is not a directory. Move it away`;
    Deno.removeSync(Deno.makeTempFileSync({ dir: directory, prefix: ".partyline-check-" }));
    return undefined;
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    return error instanceof Deno.errors.NotFound
      ? `there is no directory ${directory}. Create it`
      : `nothing can be created in ${directory}. Change its permissions`;
  }
}

function day(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
