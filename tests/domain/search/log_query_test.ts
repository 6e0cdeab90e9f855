import { assertEquals, assertThrows } from "@std/assert";
import { DomainError } from "../../../lib/domain/domain_error.ts";
import { parseLogQuery } from "../../../lib/domain/search/log_query.ts";
import { logQueryText, textOfOptions } from "../../../lib/domain/search/log_query_text.ts";

Deno.test("logQueryText() accepts short forms for a level and a source", () => {
  for (
    const [text, query] of [
      ["level=warn", "level:warn+"],
      ["LEVEL=err+ timeout", "level:err+ timeout"],
      ["source=api,db level=warn", "source:api,db level:warn+"],
      ["level:warn from:api -debug", "level:warn from:api -debug"],
      ['"level=warn" x', '"level=warn" x'],
      ["sublevel=warn", "sublevel=warn"],
      ["  ", ""],
    ]
  ) assertEquals(logQueryText(text), query);
});

Deno.test("textOfOptions() takes a level as a threshold, and a source as it is", () => {
  assertEquals(textOfOptions({}), "");
  const options = { level: "warn", source: 'web "1"', words: "disk -tmp" };
  assertEquals(textOfOptions(options), 'level:warn+ source:"web 1" disk -tmp');
});

Deno.test("parseLogQuery() returns nothing for an empty filter, and refuses a wrong one", () => {
  assertEquals(parseLogQuery(" ", 0), undefined);
  const error = assertThrows(() => parseLogQuery("level=loud", 0), DomainError);
  assertEquals(error.message.split(".")[0], "There is no level:loud");
});
