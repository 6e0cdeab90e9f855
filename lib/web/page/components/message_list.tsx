/**
 * The list of messages. However long it is, only the rows on the screen and a few around them are
 * there; see `scroll_keeper.ts` for why nothing jumps.
 *
 * @module
 */

import { Component, createRef } from "preact";
import type { App } from "../app.ts";
import type { MessageView } from "../message_view.ts";
import type { Row } from "../row.ts";
import { moveRowFocus } from "../row_focus.ts";
import { RowLayout } from "../row_layout.ts";
import { ScrollKeeper } from "../scroll_keeper.ts";
import { RowView } from "./row_view.tsx";

export interface MessageListProps {
  readonly app: App;
  readonly view: MessageView;
  readonly rows: readonly Row[];
  /** Absent in conversations. */
  readonly room?: string;
  readonly label: string;
}

/** Rows are drawn this far beyond what is seen, so that fast scrolling finds them there. */
const MARGIN_PX = 900;
/** What is seen is drawn first, and these so much later. */
const MARGIN_AFTER_MS = 100;
/** They are drawn anew when less than this is left of that: not with every turn of the wheel. */
const LEAST_MARGIN_PX = 300;
/** History is loaded when what is at hand ends this many screens from what is seen. */
const AHEAD_SCREENS = 2;
/** Where an event that is gone to stands, as a share of the screen's height. */
const REVEAL_AT = 0.3;
/** After so long without scrolling nobody holds the scroll bar, and what is under it is loaded. */
const REST_MS = 120;

export class MessageList extends Component<MessageListProps> {
  readonly #scroller = createRef<HTMLDivElement>();
  readonly #rows = createRef<HTMLDivElement>();
  readonly #layout = new RowLayout();
  readonly #keeper = new ScrollKeeper(this.#layout);
  readonly #resized = new ResizeObserver(() => this.#resize());
  #range: readonly [start: number, end: number] = [0, 0];
  #scrollTop = 0;
  #height = 0;
  #width = 0;
  #wish: number | undefined;
  #restTimer: number | undefined;
  #marginTimer: number | undefined;
  /** How far beyond what is seen rows are drawn: at first not at all, to be there sooner. */
  #margin = 0;
  /** What is being loaded because the scroll bar was let go there. */
  #restSeq: number | undefined;

  override componentDidMount(): void {
    const scroller = this.#scroller.current!;
    this.#height = scroller.clientHeight;
    this.#width = scroller.clientWidth;
    this.#resized.observe(scroller);
    this.#resized.observe(this.#rows.current!);
    this.#settle();
    this.#marginTimer = setTimeout(() => {
      this.#margin = MARGIN_PX;
      this.forceUpdate();
    }, MARGIN_AFTER_MS);
  }

  override getSnapshotBeforeUpdate(): boolean {
    return this.#rows.current!.contains(document.activeElement);
  }

  override componentDidUpdate(_props: MessageListProps, _state: unknown, hadFocus: boolean): void {
    const scroller = this.#scroller.current!;
    // The row that had it is not on the screen any more.
    if (hadFocus && !scroller.contains(document.activeElement)) {
      scroller.focus({ preventScroll: true });
    }
    this.#settle();
  }

  override componentWillUnmount(): void {
    this.#resized.disconnect();
    clearTimeout(this.#restTimer);
    clearTimeout(this.#marginTimer);
  }

  override render({ app, view, rows, room, label }: MessageListProps) {
    if (rows !== this.#layout.rows) this.#layout.setRows(rows);
    this.#range = this.#rangeWithin(this.#margin);
    const shown = rows.slice(...this.#range);
    const { pager } = view;
    return (
      <div
        class="messages"
        ref={this.#scroller}
        role="region"
        aria-label={label}
        aria-busy={pager.isLoading}
        tabIndex={0}
        onScroll={this.#onScroll}
        onKeyDown={this.#onKeyDown}
      >
        <div class="rows" ref={this.#rows}>
          {shown.map((row) => (
            <RowView key={row.key} {...{ app, view, row, room }} onOpen={this.#onOpen} />
          ))}
        </div>
      </div>
    );
  }

  /** The rows that are seen, and those up to `margin` beyond. */
  #rangeWithin(margin: number): readonly [start: number, end: number] {
    const { rows } = this.#layout;
    // Before the first measurement the end is what will be seen.
    const viewport = this.#height || 800;
    const top = this.#keeper.isPinned ? this.#layout.total - viewport : this.#scrollTop;
    const range = this.#layout.rangeOf(top - margin, top + viewport + margin);
    return rows.length === 0 ? [0, 0] : range;
  }

  /** After each drawing: measures, keeps in place what is read, and draws again if need be. */
  #settle(): void {
    this.#measure();
    this.#reveal();
    const { timeline, pager } = this.props.view;
    const scroller = this.#scroller.current!;
    const position = this.#keeper.settle(timeline, this.#scrollTop, this.#height);
    this.#pad();
    if (Math.abs(position - scroller.scrollTop) >= 1) scroller.scrollTop = position;
    this.#scrollTop = scroller.scrollTop;
    const isAtRest = !this.#drawMissing() && !pager.isLoading;
    if (isAtRest) this.#keeper.rest(this.#scrollTop, this.#height, timeline.isAtEnd);
    this.#tellWhetherAtBottom();
  }

  /**
   * Leaves the space of the rows that are not there. By padding, so that the rows that are there
   * stay where they are in the eyes of the browser too.
   */
  #pad(): void {
    const { style } = this.#rows.current!;
    const [start, end] = this.#range;
    style.paddingTop = `${this.#layout.top(start)}px`;
    style.paddingBottom = `${this.#layout.total - this.#layout.top(end)}px`;
  }

  /** Draws rows that are seen and not there; returns whether there were any. */
  #drawMissing(): boolean {
    const [start, end] = this.#rangeWithin(Math.min(LEAST_MARGIN_PX, this.#margin));
    const isMissing = start < this.#range[0] || end > this.#range[1];
    if (isMissing) this.forceUpdate();
    else this.#loadAhead();
    return isMissing;
  }

  #tellWhetherAtBottom(): void {
    const { view, app } = this.props;
    if (view.isAtBottom === this.#keeper.isPinned) return;
    view.isAtBottom = this.#keeper.isPinned;
    app.refresh();
  }

  #measure(): void {
    const heights = new Map<string, number>();
    for (const element of this.#rows.current!.children) {
      const key = element.getAttribute("data-key");
      if (key !== null) heights.set(key, element.getBoundingClientRect().height);
    }
    this.#layout.measure(heights);
  }

  /** Goes where somebody wants to be. */
  #reveal(): void {
    const { reveal } = this.props.view;
    const isWish = reveal && reveal.wish !== this.#wish;
    this.#wish = reveal?.wish;
    if (isWish && reveal.seq === Infinity) return this.#keeper.pin();
    const index = this.#layout.indexOfSeq(isWish ? reveal.seq : this.#restSeq ?? Infinity);
    if (index === -1) return;
    if (isWish) {
      this.#scrollTop = Math.max(0, this.#layout.top(index) - this.#height * REVEAL_AT);
      this.#keeper.hold(index, this.#layout.top(index) - this.#scrollTop);
    } else if (this.#restSeq !== undefined) {
      // Whoever holds the scroll bar does not want it moved: the list comes to the bar.
      this.#keeper.hold(index, this.#height / 2);
    }
    this.#restSeq = undefined;
  }

  #loadAhead(): void {
    const { view, app } = this.props;
    const { pager } = view;
    const ahead = this.#height * AHEAD_SCREENS;
    const { above, loaded } = this.#layout;
    const bottom = this.#scrollTop + this.#height;
    const isInside = bottom >= above && this.#scrollTop <= above + loaded;
    if (isInside && this.#scrollTop - above < ahead) pager.older();
    else if (isInside && above + loaded - bottom < ahead) pager.newer();
    app.attention.look();
  }

  readonly #onScroll = (): void => {
    const { timeline } = this.props.view;
    const scroller = this.#scroller.current!;
    if (scroller.scrollTop === this.#scrollTop) return;
    this.#scrollTop = scroller.scrollTop;
    this.#keeper.scrolled(this.#scrollTop, this.#height, timeline.isAtEnd);
    this.#drawMissing();
    this.#tellWhetherAtBottom();
    clearTimeout(this.#restTimer);
    this.#restTimer = setTimeout(() => this.#rest(), REST_MS);
  };

  /** Nobody scrolls now: loads what is on the screen, lets go of what is far from it. */
  async #rest(): Promise<void> {
    const { pager, timeline } = this.props.view;
    const seq = this.#keeper.seqAt(timeline, this.#scrollTop, this.#height);
    if (seq !== undefined) {
      this.#restSeq = seq;
      return await pager.around(seq);
    }
    const index = this.#layout.indexAt(this.#scrollTop);
    if (index !== -1) pager.trim(this.#layout.rows[index].firstSeq);
  }

  #resize(): void {
    const scroller = this.#scroller.current!;
    this.#height = scroller.clientHeight;
    if (this.#width !== scroller.clientWidth) {
      this.#width = scroller.clientWidth;
      this.#layout.forgetHeights();
    }
    this.#settle();
  }

  /** A row is about to open: it stays where it is, and what is below it makes room. */
  readonly #onOpen = (row: Row): void => {
    const index = this.#layout.rows.indexOf(row);
    if (index !== -1) this.#keeper.hold(index, this.#layout.top(index) - this.#scrollTop);
  };

  readonly #onKeyDown = (event: KeyboardEvent): void => {
    if (moveRowFocus(event, this.#rows.current!)) event.preventDefault();
  };
}
