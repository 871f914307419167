// The roster as a timeline of people and days. It draws what Python gives and reports what hands do; whether a change
// is taken is Python's word, and the next data shows it: a refused shift is simply drawn where it was.
const LOST_MS = 20_000; // after which no answer is waited for any more

class Board {
  constructor(root, send) {
    this.root = root;
    this.send = send;
    this.copied = null;
    this.focus = null; // the shift that keys move, while it is drawn anew
    this.waiting = []; // changes made before the one under way is answered
    this.pending = null;
    this.number = 0;
    this.bubble = node("div", "board-bubble");
    this.bubble.setAttribute("role", "status");
    this.bubble.hidden = true;
    this.menu = node("div", "board-menu");
    this.menu.setAttribute("role", "menu");
    this.menu.hidden = true;
    this.place = node("div", "board-place");
    this.place.tabIndex = -1;
    this.place.setAttribute("role", "group");
    this.timeline = new Timeline(this.place, this);
    root.replaceChildren(this.place, this.bubble, this.menu);
    root.addEventListener("keydown", (event) => this.key(event));
    root.addEventListener("pointerdown", (event) => {
      if (!this.menu.contains(event.target)) this.closeMenu();
      if (!this.bubble.contains(event.target)) this.bubble.hidden = true;
    });
  }

  // What is drawn already is left alone: the page runs more often than the roster changes.
  draw(data) {
    const told = JSON.stringify(data);
    if (told === this.told) return;
    this.told = told;
    this.data = data;
    this.hold();
    this.hear();
    this.root.dir = data.words.rtl ? "rtl" : "ltr";
    this.root.lang = data.words.code;
    this.place.setAttribute("aria-label", data.words.board);
    this.timeline.draw(data);
    requestAnimationFrame(() => this.settle());
  }

  // A shift in focus is drawn anew: keys pressed meanwhile are still meant for it.
  hold() {
    const active = document.activeElement;
    if (!active || !this.place.contains(active)) return;
    this.focus = this.focus || active.dataset.shift || null;
    if (this.focus) this.place.focus({ preventScroll: true });
  }

  // Take what was said about the change under way; those that wait for it mean the shift where it now is.
  hear() {
    const { answer, heard } = this.data;
    if (!this.pending || heard !== this.pending.number) return;
    const moved = answer && answer.number === heard && answer.taken ? answer.shift : "";
    const before = this.pending.shift;
    if (moved && before) {
      if (this.focus === before) this.focus = moved;
      for (const change of this.waiting) if (change.shift === before) change.shift = moved;
    }
    this.pending = null;
  }

  moved(shift, person, start, end) {
    this.focus = shift.id;
    this.edit({ what: "move", shift: shift.id, person, start, end });
  }

  asked(person, start) {
    this.edit({ what: "ask", person, start });
  }

  // One change at a time: those made before it is answered wait, and steps of one shift by key become one.
  edit(change) {
    const last = this.waiting[this.waiting.length - 1];
    if (change.what === "step" && last && last.what === "step" && last.shift === change.shift)
      for (const part of ["start", "end", "rows"]) last[part] += change[part];
    else this.waiting.push(change);
    this.next();
  }

  next() {
    while (!this.pending && this.waiting.length) {
      const change = this.waiting.shift();
      const meant = change.what === "step" ? this.stepped(change) : change;
      if (!meant) continue;
      this.number += 1;
      const sent = { ...meant, number: `${Date.now()}-${this.number}` };
      this.pending = sent;
      this.root.classList.add("board-busy");
      setTimeout(() => this.lost(sent), LOST_MS);
      this.send("edit", sent);
    }
  }

  lost(sent) {
    if (this.pending !== sent) return;
    this.pending = null;
    this.waiting = [];
    this.root.classList.remove("board-busy");
    this.timeline.draw(this.data);
  }

  // Where a shift goes by steps: minutes at its start and end, and rows down.
  stepped({ shift, start, end, rows }) {
    const now = this.find(shift);
    const names = this.data.people.map((one) => one.id);
    const row = now && (start || end || rows) ? names.indexOf(now.person) + rows : -1;
    if (row < 0 || row >= names.length) return null;
    const later = (at, by) => stamp(minutes(at) + by);
    return { what: "move", shift, person: names[row], start: later(now.start, start), end: later(now.end, end) };
  }

  find(id) {
    return this.timeline.shifts.get(id);
  }

  elementOf(id) {
    return this.timeline.boxes.get(id);
  }

  key(event) {
    if (event.key === "Escape") {
      this.bubble.hidden = true;
      this.timeline.drop();
      this.closeMenu();
      return;
    }
    if (this.menu.contains(event.target)) return this.menuKey(event);
    const control = event.ctrlKey || event.metaKey;
    const letter = event.key.toLowerCase();
    if (control && letter === "z" && this.data.editable) {
      event.preventDefault();
      return this.edit({ what: event.shiftKey ? "redo" : "undo" });
    }
    const shift = this.find(event.target === this.place ? this.focus : event.target.dataset && event.target.dataset.shift);
    if (!shift) return;
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      return this.openMenu(shift, event.target);
    }
    if (event.key === "Tab" || !this.data.editable) return;
    if (control && letter === "c") this.copied = shift.id;
    else if (control && letter === "v" && this.copied) this.edit({ what: "paste", shift: this.copied, onto: shift.id });
    else if (event.key === "Delete" && !shift.locked) this.edit({ what: "remove", shift: shift.id });
    else if (event.key.startsWith("Arrow") && !shift.locked) this.nudge(shift, event);
    else return;
    event.preventDefault();
  }

  nudge(shift, event) {
    const forward = this.data.words.rtl ? "ArrowLeft" : "ArrowRight";
    const backward = this.data.words.rtl ? "ArrowRight" : "ArrowLeft";
    const sign = event.key === forward ? 1 : event.key === backward ? -1 : 0;
    const step = sign * (event.altKey ? DAY_MIN : this.data.step_min);
    const rows = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    this.edit({ what: "step", shift: shift.id, start: event.shiftKey ? 0 : step, end: step, rows });
  }

  openMenu(shift, element) {
    if (!shift) return;
    const words = this.data.words;
    const items = [node("div", "board-menu-head", shift.told)];
    if (this.data.editable && !shift.locked) {
      items.push(this.item(words.others, () => this.edit({ what: "ask", person: shift.person, start: shift.start })));
      items.push(this.item(words.copy, () => (this.copied = shift.id)));
      items.push(this.item(words.remove, () => this.edit({ what: "remove", shift: shift.id })));
    }
    this.showMenu(items, element, shift.id);
  }

  showOffers(offers) {
    const items = [node("div", "board-menu-head", offers.told)];
    offers.choices.forEach((one) =>
      items.push(this.item(one.told, () => this.edit({ what: "put", person: offers.person, day: offers.day, span: one.span }))),
    );
    if (this.copied) {
      const words = this.data.words;
      items.push(this.item(words.paste, () => this.edit({ what: "paste", shift: this.copied, person: offers.person, day: offers.day })));
    }
    this.showMenu(items, this.timeline.lanes.get(offers.person) || this.place);
  }

  item(told, act) {
    const made = node("button", "board-menu-item", told);
    made.setAttribute("role", "menuitem");
    made.type = "button";
    made.addEventListener("click", () => {
      this.closeMenu();
      act();
    });
    return made;
  }

  // Focus goes back to the shift, or to the board where the menu is a free day's.
  showMenu(items, element, shift = "") {
    this.from = shift;
    this.menu.replaceChildren(...items);
    this.menu.hidden = false;
    this.beside(this.menu, element);
    const first = this.menu.querySelector("button");
    if (first) first.focus();
  }

  menuKey(event) {
    if (event.key === "Tab") return this.closeMenu();
    const items = [...this.menu.querySelectorAll("button")];
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (!step || !items.length) return;
    event.preventDefault();
    items[(items.indexOf(document.activeElement) + step + items.length) % items.length].focus();
  }

  closeMenu() {
    const held = this.menu.contains(document.activeElement);
    this.menu.hidden = true;
    if (held) ((this.from && this.elementOf(this.from)) || this.place).focus({ preventScroll: true });
  }

  beside(box, element) {
    const frame = this.root.getBoundingClientRect();
    const spot = element.getBoundingClientRect();
    const left = Math.min(Math.max(spot.left - frame.left, 8), frame.width - box.offsetWidth - 8);
    const below = spot.bottom - frame.top + 4;
    const above = spot.top - frame.top - box.offsetHeight - 4;
    box.style.left = `${left}px`;
    box.style.top = `${below + box.offsetHeight > frame.height && above > 0 ? above : below}px`;
  }

  settle() {
    const { answer, offers } = this.data;
    this.next();
    if (!this.pending) this.root.classList.remove("board-busy");
    if (!answer) this.bubble.hidden = true;
    if (answer && answer.number !== this.answered) {
      this.answered = answer.number;
      this.bubble.textContent = answer.told;
      this.bubble.className = `board-bubble board-${answer.taken ? "taken" : "refused"}`;
      this.bubble.hidden = false;
      this.beside(this.bubble, this.elementOf(answer.shift) || this.place);
    }
    if (offers && offers.number !== this.offered) {
      this.offered = offers.number;
      this.showOffers(offers);
    } else if (this.focus) {
      const element = this.elementOf(this.focus);
      if (element) element.focus({ preventScroll: true });
    }
    this.focus = null;
  }
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".board");
  if (!root.board) root.board = new Board(root, (name, value) => setTriggerValue(name, value));
  root.board.send = (name, value) => setTriggerValue(name, value);
  root.board.draw(data);
}
