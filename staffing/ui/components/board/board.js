// The roster as a timeline of people and days. It draws what Python gives and reports what hands do; whether a change
// is taken is Python's word, and the next data shows it: a refused shift is simply drawn where it was.
const MINUTE = 60_000;
const CLOCKS_PX = 76; // of a bar, from which it holds both clocks
const SIGN_PX = 6.5; // of a figure in a bar
const LOST_MS = 20_000; // after which no answer is waited for any more

const stamp = (date) =>
  `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}T${two(date.getHours())}:${two(date.getMinutes())}`;
const two = (number) => String(number).padStart(2, "0");
const clock = (date, words) => digits(`${two(date.getHours())}:${two(date.getMinutes())}`, words);
const digits = (shown, words) => (words.digits ? shown.replace(/\d/g, (d) => words.digits[d]) : shown);
const node = (name, cls, text) => {
  const made = document.createElement(name);
  if (cls) made.className = cls;
  if (text !== undefined) made.textContent = text; // never markup: names are data
  return made;
};

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
    root.replaceChildren(this.place, this.bubble, this.menu);
    root.addEventListener("keydown", (event) => this.key(event));
    root.addEventListener("pointerdown", (event) => {
      if (!this.menu.contains(event.target)) this.closeMenu();
      if (!this.bubble.contains(event.target)) this.bubble.hidden = true;
    });
  }

  draw(data) {
    this.data = data;
    this.hold();
    this.hear();
    this.root.dir = data.words.rtl ? "rtl" : "ltr";
    this.root.lang = data.words.code;
    const options = this.options(data);
    const shape = JSON.stringify([data.days, data.first, data.slot_min, data.words.code, data.editable]);
    if (this.calendar && this.shape === shape) {
      this.calendar.setOption("resources", options.resources);
      this.calendar.setOption("events", options.events);
    } else {
      if (this.calendar) EventCalendar.destroy(this.calendar);
      this.calendar = EventCalendar.create(this.place, options);
      this.untable();
      this.shape = shape;
    }
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

  options(data) {
    const words = data.words;
    const heads = Object.fromEntries(data.heads);
    return {
      view: "resourceTimelineWeek",
      views: { resourceTimelineWeek: { duration: { days: data.days } } },
      date: data.first,
      headerToolbar: { start: "", center: "", end: "" },
      firstDay: new Date(`${data.first}T00:00`).getDay(),
      height: data.height,
      slotDuration: { minutes: data.slot_min },
      snapDuration: { minutes: data.step_min },
      slotWidth: data.slot_width,
      slotLabelFormat: (date) => digits(two(date.getHours()), words),
      slotLabelInterval: { minutes: data.slot_min },
      dayHeaderFormat: (date) => heads[stamp(date).slice(0, 10)] || "",
      resources: [{ id: "", title: words.cover }, ...data.people.map((one) => ({ id: one.id, title: one.name }))],
      resourceLabelContent: (info) => this.person(info.resource.id),
      events: [...this.cover(data), ...this.away(data), ...data.shifts.map((shift) => this.shift(shift, data))],
      editable: data.editable,
      eventLongPressDelay: 300,
      dragScroll: true,
      eventTimeFormat: (start, end) => `${clock(start, words)}${words.to}${clock(end, words)}`,
      eventContent: (info) => this.content(info),
      eventDidMount: (info) => this.dress(info),
      eventAllUpdated: () => this.untable(),
      eventDrop: (info) => this.moved(info),
      eventResize: (info) => this.moved(info),
      eventDblClick: undefined,
      dateClick: (info) => this.clicked(info),
      eventClick: (info) => this.openMenu(info.event.extendedProps.shift, info.el),
    };
  }

  person(id) {
    if (id === "") return { domNodes: [node("span", "board-cover-name", this.data.words.cover)] };
    const one = this.data.people.find((person) => person.id === id);
    const name = node("span", "board-name", one ? one.name : "");
    name.dir = "auto";
    const note = node("span", "board-note", one ? one.note : "");
    if (one && one.title) name.title = one.title;
    const head = node("span", "board-person");
    head.append(name, note);
    return { domNodes: [head] };
  }

  shift(shift, data) {
    return {
      id: shift.id,
      resourceIds: [shift.person],
      start: shift.start,
      end: shift.end,
      title: shift.label,
      editable: data.editable && !shift.locked,
      backgroundColor: shift.fill,
      textColor: "#1f2933",
      classNames: ["board-shift", `board-${shift.state}`, ...(shift.locked ? ["board-locked"] : [])],
      extendedProps: { shift },
    };
  }

  away(data) {
    return data.away.map((span, number) => ({
      id: `away-${number}`,
      resourceIds: [span.person],
      start: span.start,
      end: span.end,
      title: span.label,
      editable: false,
      startEditable: false,
      durationEditable: false,
      backgroundColor: "transparent",
      classNames: ["board-away"],
      extendedProps: {},
    }));
  }

  cover(data) {
    return data.cover.map((slot, number) => ({
      id: `cover-${number}`,
      resourceIds: [""],
      start: slot.start,
      end: slot.end,
      title: slot.label,
      editable: false,
      startEditable: false,
      durationEditable: false,
      backgroundColor: "transparent",
      classNames: ["board-cover", `board-${slot.state}`],
      extendedProps: { tip: slot.tip },
    }));
  }

  content(info) {
    const shift = info.event.extendedProps.shift;
    if (!shift) return { domNodes: [node("span", "board-label", info.event.title)] };
    const from = new Date(shift.start).getTime();
    const whole = new Date(shift.end).getTime() - from;
    const label = node("span", "board-label", this.hours(shift, whole) || info.event.title || info.timeText);
    const pauses = shift.breaks.map((pause) => {
      const gap = node("span", "board-break");
      gap.style.insetInlineStart = `${((new Date(pause.start) - from) / whole) * 100}%`;
      gap.style.width = `${((new Date(pause.end) - new Date(pause.start)) / whole) * 100}%`;
      gap.title = pause.label;
      return gap;
    });
    return { domNodes: [label, ...pauses] };
  }

  // What a bar too narrow for its clocks says: hours alone, or the hour of its start; nothing where clocks fit.
  hours(shift, whole) {
    const { slot_min, slot_width, words } = this.data;
    const wide = (whole / MINUTE / slot_min) * slot_width;
    const [first, last] = [shift.start, shift.end].map((at) => clock(new Date(at), words).replace(/^[0۰](?=.:)|:(00|۰۰)$/g, ""));
    if (wide >= CLOCKS_PX) return "";
    const both = `${first}${words.to}${last}`;
    return wide >= SIGN_PX * (both.length + 1.5) ? both : first;
  }

  // The calendar calls itself a table without rows; to a screen reader it is a group of named shifts.
  untable() {
    const roles = ["table", "rowgroup", "row", "rowheader", "columnheader", "cell"].map((role) => `[role=${role}]`);
    for (const part of this.place.querySelectorAll(roles.join(","))) part.removeAttribute("role");
    for (const name of ["colindex", "rowindex", "colcount", "rowcount", "colspan", "rowspan"]) {
      for (const part of this.place.querySelectorAll(`[aria-${name}]`)) part.removeAttribute(`aria-${name}`);
    }
  }

  dress(info) {
    const { shift, tip } = info.event.extendedProps;
    if (tip) info.el.title = tip;
    if (!shift) return;
    info.el.dataset.shift = shift.id;
    info.el.tabIndex = 0;
    info.el.setAttribute("role", "button");
    info.el.setAttribute("aria-label", shift.told);
    info.el.title = shift.told;
  }

  moved(info) {
    const shift = info.event.extendedProps.shift;
    this.focus = shift.id;
    const person = info.newResource ? info.newResource.id : info.event.resourceIds[0];
    if (person === "") {
      info.revert();
      return;
    }
    this.edit({ what: "move", shift: shift.id, person, start: stamp(info.event.start), end: stamp(info.event.end) });
  }

  clicked(info) {
    const now = performance.now();
    const again = now - (this.lastClick || 0) < 400;
    this.lastClick = again ? 0 : now;
    const person = info.resource ? info.resource.id : "";
    if (!again || !this.data.editable || person === "") return;
    this.edit({ what: "ask", person, start: stamp(info.date) });
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
  }

  // Where a shift goes by steps: milliseconds at its start and end, and rows down.
  stepped({ shift, start, end, rows }) {
    const now = this.find(shift);
    const names = this.data.people.map((one) => one.id);
    const row = now && (start || end || rows) ? names.indexOf(now.person) + rows : -1;
    if (row < 0 || row >= names.length) return null;
    const later = (at, by) => stamp(new Date(new Date(at).getTime() + by));
    return { what: "move", shift, person: names[row], start: later(now.start, start), end: later(now.end, end) };
  }

  find(id) {
    return this.data.shifts.find((shift) => shift.id === id);
  }

  elementOf(id) {
    return [...this.root.querySelectorAll("[data-shift]")].find((one) => one.dataset.shift === id);
  }

  key(event) {
    if (event.key === "Escape") {
      this.bubble.hidden = true;
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
    const step = sign * this.data.step_min * MINUTE * (event.altKey ? (24 * 60) / this.data.step_min : 1);
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
    const row = [...this.root.querySelectorAll(".board-name")].find((one) => one.textContent === offers.person);
    this.showMenu(items, row || this.place);
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
