/**
 * The to-do list of the tutorial, and the requests that it understands.
 *
 * @module
 */

/** A request to the list. */
export type TodoRequest =
  | { readonly kind: "all" }
  | { readonly kind: "get"; readonly task: string }
  | { readonly kind: "post"; readonly task: string; readonly value: string };

/** The tasks of a new list. */
export const FIRST_TASKS: ReadonlyMap<string, string> = new Map([
  ["task_01", "see someone"],
  ["task_02", "read book"],
  ["task_03", "play basketball"],
]);

/**
 * Most characters in all names and values together. Each request for the whole list formats and
 * queues all of it as one line.
 */
export const MOST_CHARACTERS = 64 * 1024;

// A value may contain anything, even `/status`; only the last one ends it.
const GET = /^GET\/([^/=]+)\/status$/;
const POST = /^POST\/([^/=]+)=(.*)\/status$/s;

/** Parses a line; returns `undefined` if it is not a request. */
export function parseTodoRequest(line: string): TodoRequest | undefined {
  if (line === "GET") return { kind: "all" };
  const get = GET.exec(line);
  if (get) return { kind: "get", task: get[1] };
  const post = POST.exec(line);
  return post ? { kind: "post", task: post[1], value: post[2] } : undefined;
}

/** The characters of a task that count towards {@linkcode MOST_CHARACTERS}; 0 without a value. */
export function sizeOfTask(task: string, value: string | undefined): number {
  return value === undefined ? 0 : task.length + value.length;
}

/** All tasks as one JSON object, in their order. */
export function formatTasks(tasks: ReadonlyMap<string, string>): string {
  // `JSON.stringify` of an object would put names such as "7" before all others.
  const members = Array.from(tasks, (pair) => pair.map((text) => JSON.stringify(text)).join(":"));
  return `{${members.join(",")}}`;
}
