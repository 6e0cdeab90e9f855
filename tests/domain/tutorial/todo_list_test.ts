import { assert, assertEquals } from "@std/assert";
import {
  formatTasks,
  parseTodoRequest,
  sizeOfTask,
} from "../../../lib/domain/tutorial/todo_list.ts";
import { SeededRandom } from "../../support/random.ts";

Deno.test("parseTodoRequest() parses three forms", () => {
  assertEquals(parseTodoRequest("GET"), { kind: "all" });
  assertEquals(parseTodoRequest("GET/task_01/status"), { kind: "get", task: "task_01" });
  assertEquals(parseTodoRequest("POST/task_09=buy milk/status"), {
    kind: "post",
    task: "task_09",
    value: "buy milk",
  });
});

Deno.test("parseTodoRequest() accepts any text as a value", () => {
  const values = ["", " ", "a=b", "a/b", "/status", "x/status/status", "é 你\t\u2028\0", "GET"];
  for (const value of values) {
    assertEquals(parseTodoRequest(`POST/t=${value}/status`), { kind: "post", task: "t", value });
  }
});

Deno.test("parseTodoRequest() accepts spaces in the name of a task", () => {
  assertEquals(parseTodoRequest("GET/my task/status"), { kind: "get", task: "my task" });
});

Deno.test("parseTodoRequest() is undefined for any other form", () => {
  const lines = [
    "",
    "get",
    "GET ",
    " GET",
    "GET/",
    "GET/task_01",
    "GET/task_01/",
    "GET/task_01/status/",
    "GET/task_01/status ",
    "GET/task_01/state",
    "GET//status",
    "GET/a/b/status",
    "GET/a=b/status",
    "POST",
    "POST/task_01/status",
    "POST/=x/status",
    "POST/a/b=x/status",
    "POST/task_01=x",
    "post/task_01=x/status",
    "PUT/task_01=x/status",
    "GET / HTTP/1.1",
  ];
  for (const line of lines) assertEquals(parseTodoRequest(line), undefined, line);
});

Deno.test("parseTodoRequest() splits any line without losing a character", () => {
  const random = new SeededRandom(3);
  const pieces = ["GET", "POST", "/", "/", "=", "/status", "status", "a", " ", "\0", "é", "\n"];
  const seen = { all: 0, get: 0, post: 0 };
  for (let round = 0; round < 200_000; round++) {
    const line = Array.from({ length: 1 + random.int(6) }, () => random.pick(pieces)).join("");
    const request = parseTodoRequest(line);
    if (!request) continue;
    seen[request.kind]++;
    if (request.kind === "all") assertEquals(line, "GET");
    if (request.kind === "get") assertEquals(`GET/${request.task}/status`, line);
    if (request.kind === "post") assertEquals(`POST/${request.task}=${request.value}/status`, line);
    if (request.kind !== "all") assert(/^[^/=]+$/.test(request.task), JSON.stringify(line));
  }
  assert(Object.values(seen).every((count) => count > 10), JSON.stringify(seen));
});

Deno.test("formatTasks() is a JSON object in the order of the tasks", () => {
  const tasks = new Map([["b", "1"], ["7", 'say "hi"'], ["__proto__", "x"], ["a", "\n"]]);
  const text = formatTasks(tasks);
  assertEquals(text, String.raw`{"b":"1","7":"say \"hi\"","__proto__":"x","a":"\n"}`);
  assertEquals(new Map(Object.entries(JSON.parse(text))).size, 4);
  assertEquals(formatTasks(new Map()), "{}");
});

Deno.test("sizeOfTask() counts name and value, and 0 if there is no task", () => {
  assertEquals([sizeOfTask("ab", "cde"), sizeOfTask("ab", ""), sizeOfTask("ab", undefined)], [
    5,
    2,
    0,
  ]);
});
