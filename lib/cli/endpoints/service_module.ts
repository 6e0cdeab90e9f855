/**
 * Loads the user's own services from the modules that `--service` names.
 *
 * @module
 */

import type { Service } from "../../server/session/service.ts";
import type { ServiceDefinition } from "../../service/mod.ts";
import { UsageError } from "../options/usage_error.ts";
import { isServiceName } from "./listen.ts";

const DEFAULT_MAX_LINE_BYTES = 4096;

/**
 * Loads the service that a module exports as `service`.
 *
 * @param file A path relative to the working directory.
 * @throws {UsageError} if the module cannot be loaded, exports no service, or one with a bad name.
 */
export async function loadService(file: string): Promise<ServiceDefinition> {
  const { service } = await importFile(file) as { service?: Partial<Service> };
  if (typeof service?.name !== "string" || typeof service.serve !== "function") {
    throw new UsageError(
      `Cannot use --service ${file}: it must export const service = ` +
        '{ name: "NAME", async serve(session) { ... } }',
    );
  }
  const { name, maxLineBytes = DEFAULT_MAX_LINE_BYTES, hear, editsLines = false } = service;
  if (!isServiceName(name)) {
    throw new UsageError(
      `Cannot use --service ${file}: its service is called ${JSON.stringify(name)}, ` +
        "but names may contain only letters, digits, - and _",
    );
  }
  const made: Service = {
    name,
    maxLineBytes,
    editsLines,
    serve: (session) => service.serve!(session),
    ...(hear ? { hear: hear.bind(service) } : {}),
  };
  return {
    name,
    endpointOptions: [],
    takesDatagrams: hear !== undefined,
    create: () => Promise.resolve(made),
  };
}

async function importFile(file: string): Promise<unknown> {
  try {
    const url = new URL(file, `file://${Deno.cwd()}/`);
    // Loading a pipe would wait for somebody to write to it.
    if (url.protocol === "file:" && !(await Deno.stat(url)).isFile) {
      throw new Error("it is not a regular file");
    }
    return await import(url.href);
  } catch (error) {
    const [reason] = (error as Error).message.split("\n");
    throw new UsageError(`Cannot load --service ${file}: ${reason}`);
  }
}
