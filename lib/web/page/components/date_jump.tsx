/**
 * A field for a day, which goes to the first message of that day or later.
 *
 * @module
 */

import { h } from "preact";
import { useState } from "preact/hooks";
import type { App } from "../app.ts";
import { dayKey } from "../time_text.ts";

export function DateJump({ app }: { readonly app: App }) {
  const [day, setDay] = useState("");
  const onSubmit = (event: Event) => {
    event.preventDefault();
    if (day === "") return;
    app.overlays.open(undefined);
    void app.filters.goToDay(day);
  };
  return (
    <form class="jump-day" onSubmit={onSubmit}>
      <label for="day">Go to</label>
      <input
        id="day"
        type="date"
        value={day}
        max={dayKey(Date.now())}
        onInput={(event) => setDay(event.currentTarget.value)}
      />
      <button type="submit" disabled={day === ""}>Go</button>
    </form>
  );
}
