/**
 * Parses `--listen SERVICE=ENDPOINT`. Nothing is opened here.
 *
 * @module
 */

import type { EndpointOption } from "../../service/mod.ts";
import {
  type Endpoint,
  EndpointError,
  formatHostAndPort,
  parseEndpoint,
} from "../../transport/endpoint.ts";
import { carriesDatagrams } from "../../transport/mod.ts";
import type { Resolved } from "../options/option.ts";
import { cannotParse, complain, nearest, oneOf } from "../options/usage_error.ts";
import { type Allowed, parseAllow } from "./allow.ts";

/** Where services listen if `--listen` says nothing; the word `default` in it stands for these. */
export const DEFAULT_LISTEN: readonly string[] = [
  "chat=ssh://127.0.0.1:2222",
  "chat=telnet://127.0.0.1:2323",
  "chat=tcp://127.0.0.1:2324",
  "irc=tcp://127.0.0.1:6667",
  "logger=tcp://127.0.0.1:1514",
];

/** A service and its endpoint. */
export interface ListenOption extends Allowed {
  readonly service: string;
  readonly endpoint: Endpoint;
  /** Whether the endpoint comes from `--tutorials`. */
  readonly isTutorial?: boolean;
}

/** A service that `--listen` can name. */
export interface KnownService {
  readonly name: string;
  /** The endpoint options it understands, besides `idle`, `max-line` and `allow`. */
  readonly endpointOptions: readonly EndpointOption[];
  /** Whether it works over datagrams. */
  readonly takesDatagrams?: boolean;
  /** Its endpoint with `--tutorials`, if it is one of the small services. */
  readonly tutorialEndpoint?: string;
}

/** Whether `--listen` accepts the name of a service. */
export function isServiceName(name: string): boolean {
  return /^[\w-]+$/.test(name);
}

/**
 * Parses the value of `--listen`. `default` in it stands for those of the defaults whose ports the
 * other values leave free.
 *
 * @param tutorials The endpoints that `--tutorials` adds.
 * @throws {UsageError} for text that is not `SERVICE=ENDPOINT`, an unknown service or endpoint
 * option, an invalid option value, or an address used twice.
 */
export function parseListen(
  { value, origin }: Resolved<readonly string[]>,
  services: readonly KnownService[],
  tutorials: readonly string[] = [],
): readonly ListenOption[] {
  const bindings: ListenOption[] = [];
  const conflictOf = ({ endpoint }: ListenOption) =>
    bindings.find((other) => overlap(other.endpoint, endpoint));
  const parse = (text: string): [ListenOption, Refuse] => {
    const refuse: Refuse = (reason) => {
      throw cannotParse(origin, JSON.stringify(text), reason);
    };
    return [parseBinding(text, services, refuse), refuse];
  };
  // Two listeners on one address would fail as "port in use", and people would look for a culprit.
  for (const text of value.filter((text) => text !== "default")) {
    const [binding, refuse] = parse(text);
    const other = conflictOf(binding);
    if (other) refuse(`${clash(binding.endpoint, other.endpoint)}; choose another`);
    bindings.push(binding);
  }
  if (value.includes("default")) {
    const defaults = DEFAULT_LISTEN.map((text) => parse(text)[0]);
    bindings.unshift(...defaults.filter((binding) => !conflictOf(binding)));
  }
  for (const text of tutorials) {
    const [binding] = parse(text);
    if (conflictOf(binding)) {
      const sentence = `Cannot use ${addressOf(binding.endpoint)}: --tutorials needs it for `;
      throw complain(
        origin,
        `${sentence}${binding.service}; choose another port for ${origin.label}`,
      );
    }
    bindings.push({ ...binding, isTutorial: true });
  }
  return bindings;
}

/** The defaults whose service and scheme are not in `listen`. */
export function defaultsOff(listen: readonly ListenOption[]): readonly string[] {
  const doors = listen.map(({ service, endpoint }) => `${service}=${endpoint.scheme}:`);
  return DEFAULT_LISTEN.filter((text) => !doors.some((door) => text.startsWith(door)));
}

/** Whether two listeners cannot be open at the same time. Streams and datagrams are separate. */
function overlap(one: Endpoint, other: Endpoint): boolean {
  if (carriesDatagrams(one.scheme) !== carriesDatagrams(other.scheme)) return false;
  if (one.path !== undefined || other.path !== undefined) return one.path === other.path;
  if (one.port !== other.port || one.port === 0) return false;
  const hosts = [one.hostname.toLowerCase(), other.hostname.toLowerCase()];
  if (hosts[0] === hosts[1] || hosts.includes("::")) return true;
  return hosts.includes("0.0.0.0") && !hosts.some((host) => host.includes(":"));
}

function clash(endpoint: Endpoint, other: Endpoint): string {
  const [address, taken] = [addressOf(endpoint), addressOf(other)];
  return address === taken ? `${address} is used twice` : `${address} overlaps with ${taken}`;
}

/** Host and port, or the path. */
function addressOf({ path, hostname, port }: Endpoint): string {
  return path ?? formatHostAndPort(hostname, port).toLowerCase();
}

type Refuse = (reason: string) => never;

function parseBinding(
  text: string,
  services: readonly KnownService[],
  refuse: Refuse,
): ListenOption {
  const [, name = "", rest = ""] = /^([\w-]+)=(.*)$/s.exec(text) ??
    refuse("service is missing; write it as SERVICE=ENDPOINT, for example chat=tcp://HOST:PORT");
  const service = services.find((service) => service.name === name) ??
    refuse(
      name === "web"
        ? `the web page has an option of its own; use --web ${rest}`
        : unknown("service", name, services.map((service) => service.name)),
    );
  const endpoint = readEndpoint(rest, refuse);
  if (carriesDatagrams(endpoint.scheme) && !service.takesDatagrams) {
    refuse(`${name} does not work over datagrams; use tcp, tls or unix`);
  }
  checkOptions(endpoint, service, refuse);
  return { service: name, endpoint, ...parseAllow(endpoint, refuse) };
}

function checkOptions(endpoint: Endpoint, { endpointOptions }: KnownService, refuse: Refuse): void {
  for (const [name, value] of endpoint.options) {
    const option = endpointOptions.find((option) => option.name === name);
    if (!option) {
      const known = endpointOptions.map((option) => option.name);
      const own = endpoint.scheme === "ssh" ? ["host-key"] : [];
      const all = ["idle", "max-line", "allow", ...own, ...known];
      return refuse(unknown("endpoint option", name, all));
    }
    if (option.isForStreamsOnly && carriesDatagrams(endpoint.scheme)) {
      refuse(`${name} does not apply to datagrams; leave it out`);
    }
    const advice = adviceOn(value, option) ?? option.adviseOn?.(value, {
      carriesDatagrams: carriesDatagrams(endpoint.scheme),
      options: endpoint.options,
    });
    if (advice !== undefined) refuse(`${name} is "${value}"; ${advice}`);
  }
}

/** What to use instead of `value`; `undefined` if it is valid. */
function adviceOn(value: string, { values, advise }: EndpointOption): string | undefined {
  if (values && !values.includes(value)) {
    const guess = nearest(value, values);
    return `use ${oneOf(values)}${guess === undefined ? "" : `; did you mean ${guess}?`}`;
  }
  const advice = advise?.(value);
  return advice === undefined ? undefined : `use ${advice}`;
}

function readEndpoint(text: string, refuse: Refuse): Endpoint {
  try {
    return parseEndpoint(text);
  } catch (error) {
    if (error instanceof EndpointError) refuse(error.reason);
    throw error;
  }
}

function unknown(what: string, name: string, known: readonly string[]): string {
  const guess = nearest(name, known);
  const advice = guess === undefined ? `use ${oneOf(known)}` : `did you mean ${guess}?`;
  return `unknown ${what} "${name}"; ${advice}`;
}
