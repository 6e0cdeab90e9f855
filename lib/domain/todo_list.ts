/**
 * The to-do list of the tutorial, and the little language in which it is asked.
 *
 * @module
 */

/** What a line asks of the list. */
export type TodoRequest =
  | { readonly kind: "all" }
  | { readonly kind: "get"; readonly task: string }
  | { readonly kind: "post"; readonly task: string; readonly value: string };

/** What a new list holds. */
export const FIRST_TASKS: ReadonlyMap<string, string> = new Map([
  ["task_01", "see someone"],
  ["task_02", "read book"],
  ["task_03", "play basketball"],
]);

/**
 * Characters in all names and values together. Whoever asks for the whole list gets it in one
 * line, which has to be made and queued for each who asks.
 */
export const MOST_CHARACTERS = 64 * 1024;

// A value may hold anything, even what looks like an end: the last `/status` counts.
const GET = /^GET\/([^/=]+)\/status$/;
const POST = /^POST\/([^/=]+)=(.*)\/status$/s;

/** The request in a line; `undefined` if it is in no form that the list knows. */
export function parseTodoRequest(line: string): TodoRequest | undefined {
  if (line === "GET") return { kind: "all" };
  const get = GET.exec(line);
  if (get) return { kind: "get", task: get[1] };
  const post = POST.exec(line);
  return post ? { kind: "post", task: post[1], value: post[2] } : undefined;
}

/** How much of {@linkcode MOST_CHARACTERS} a task takes; nothing if there is none. */
export function sizeOfTask(task: string, value: string | undefined): number {
  return value === undefined ? 0 : task.length + value.length;
}

/** All tasks as one JSON object, in their order. */
export function formatTasks(tasks: ReadonlyMap<string, string>): string {
  // An object made first would put names such as "7" before all others.
  const members = Array.from(tasks, (pair) => pair.map((text) => JSON.stringify(text)).join(":"));
  return `{${members.join(",")}}`;
}
