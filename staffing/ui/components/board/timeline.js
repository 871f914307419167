// A timeline of people and days: a head, a row of cover, a row for each person; shifts are boxes placed by their minutes.
// It is drawn in one pass and listens in one place, however many shifts there are. Times are the site's own clock:
// the browser's zone has no part in them.
const MINUTE = 60_000;
const DAY_MIN = 24 * 60;
const ROW_PX = 30;
const CLOCKS_PX = 76; // of a bar, from which it holds both clocks
const SIGN_PX = 6; // of a figure in a bar
const HOUR_PX = 16; // of an hour in the head
const END_PX = 6; // of a bar, by which its end is pulled
const SLACK_PX = 4; // of a press that is no drag yet
const EDGE_PX = 28; // of the board, where a held shift scrolls it
const HOLD_MS = 300; // of a finger, until it holds a shift and does not scroll
const SETTLES_MS = 50; // after a drag, in which its own click is meant

const two = (number) => String(number).padStart(2, "0");
const minutes = (stamp) => Date.parse(`${stamp}Z`) / MINUTE;
const stamp = (at) => new Date(at * MINUTE).toISOString().slice(0, 16);
const clock = (at, words) => digits(stamp(at).slice(11), words);
const digits = (shown, words) => (words.digits ? shown.replace(/\d/g, (d) => words.digits[d]) : shown);
const node = (name, cls, text) => {
  const made = document.createElement(name);
  if (cls) made.className = cls;
  if (text !== undefined) made.textContent = text; // never markup: names are data
  return made;
};

class Timeline {
  // ``hands`` hears: moved(shift, person, start, end), asked(person, start) and openMenu(shift, box).
  constructor(place, hands) {
    this.place = place;
    this.hands = hands;
    this.boxes = new Map();
    this.grip = null; // the shift that a pointer is on
    for (const what of ["pointerdown", "pointermove", "pointerup", "pointercancel", "click", "dblclick"])
      place.addEventListener(what, (event) => this[what](event));
    const still = (event) => this.grip && this.grip.ghost && event.preventDefault();
    for (const what of ["touchmove", "contextmenu"]) place.addEventListener(what, still, { passive: false });
    new ResizeObserver(() => {
      if (this.data && !this.grip && place.clientWidth && place.clientWidth !== this.width) this.draw(this.data);
    }).observe(place);
  }

  draw(data) {
    this.drop();
    this.data = data;
    this.first = minutes(`${data.first}T00:00`);
    this.span = data.days * DAY_MIN;
    this.width = this.place.clientWidth;
    const slots = this.span / data.slot_min;
    const side = this.width < 640 ? 96 : 160;
    const least = slots * data.slot_width;
    this.lanePx = Math.max(this.width - side, least);
    const style = { side: `${side}px`, lane: `${least}px`, slots, days: data.days, row: `${ROW_PX}px` };
    for (const [name, value] of Object.entries(style)) this.place.style.setProperty(`--${name}`, value);
    this.place.style.maxHeight = data.height;
    this.lanes = new Map();
    this.shifts = new Map(data.shifts.map((shift) => [shift.id, shift]));
    this.boxes = new Map(data.shifts.map((shift) => [shift.id, this.box(shift)]));
    this.top = node("div", "board-top");
    this.top.append(this.head(), this.row("", node("span", "board-name", data.words.cover)));
    const sheet = node("div", "board-sheet");
    sheet.append(this.top, ...data.people.map((one) => this.row(one.id, ...this.person(one))));
    for (const slot of data.cover) this.put("", this.band(slot, `board-cover board-${slot.state}`));
    for (const span of data.away) this.put(span.person, this.band(span, "board-away"));
    for (const shift of data.shifts) this.put(shift.person, this.boxes.get(shift.id));
    this.place.replaceChildren(sheet);
  }

  put(person, box) {
    const lane = this.lanes.get(person);
    if (lane) lane.append(box);
  }

  head() {
    const { heads, words } = this.data;
    const slotPx = (this.data.slot_min / this.span) * this.lanePx;
    const slot = this.data.slot_min * (slotPx < HOUR_PX ? 2 : 1);
    const lane = node("div", "board-lane");
    for (const [, told] of heads) {
      const day = node("div", "board-day");
      const hours = node("div", "board-hours");
      for (let at = 0; at < DAY_MIN; at += slot) hours.append(node("span", "", digits(two(at / 60), words)));
      day.append(node("span", "", told), hours);
      lane.append(day);
    }
    const row = node("div", "board-heads");
    row.append(node("div", "board-side"), lane);
    return row;
  }

  row(id, ...told) {
    const row = node("div", "board-row");
    const side = node("div", "board-side");
    const lane = node("div", "board-lane");
    row.dataset.person = id;
    side.append(...told);
    row.append(side, lane);
    this.lanes.set(id, lane);
    return row;
  }

  person(one) {
    const name = node("span", "board-name", one.name);
    name.dir = "auto";
    name.title = [one.name, one.title].filter(Boolean).join(" · ");
    return [name, node("span", "board-note", one.note)];
  }

  band(span, cls) {
    const made = node("div", cls);
    made.append(node("span", "board-label", span.label));
    made.title = span.tip || span.label;
    this.lay(made, minutes(span.start), minutes(span.end));
    return made;
  }

  box(shift) {
    const made = node("div", `board-shift board-${shift.state}${shift.locked ? " board-locked" : ""}`);
    const [from, to] = this.lay(made, minutes(shift.start), minutes(shift.end));
    made.style.backgroundColor = shift.fill;
    made.dataset.shift = shift.id;
    made.tabIndex = 0;
    made.setAttribute("role", "button");
    made.setAttribute("aria-label", shift.told);
    made.title = shift.told;
    made.append(node("span", "board-label", this.hours(shift, to - from)));
    for (const pause of shift.breaks) {
      const gap = node("span", "board-break");
      const [begins, ends] = [minutes(pause.start), minutes(pause.end)];
      gap.style.insetInlineStart = `${((begins - from) / (to - from)) * 100}%`;
      gap.style.inlineSize = `${((ends - begins) / (to - from)) * 100}%`;
      gap.title = pause.label;
      made.append(gap);
    }
    return made;
  }

  // Place a box from a minute to a minute, no further than the days shown; where it then begins and ends.
  lay(box, start, end) {
    const from = Math.max(start, this.first);
    const to = Math.max(from, Math.min(end, this.first + this.span));
    box.style.insetInlineStart = `${((from - this.first) / this.span) * 100}%`;
    box.style.inlineSize = `${((to - from) / this.span) * 100}%`;
    return [from, to];
  }

  // What a bar says: its clocks; where it is too narrow the hours alone, or the hour of its start.
  hours(shift, length) {
    const { words } = this.data;
    const wide = (length / this.span) * this.lanePx;
    if (wide >= CLOCKS_PX) return shift.label;
    const short = (at) => clock(minutes(at), words).replace(/^[0۰](?=.:)|:(00|۰۰)$/g, "");
    const both = `${short(shift.start)}${words.to}${short(shift.end)}`;
    return wide >= SIGN_PX * (both.length + 1) ? both : short(shift.start);
  }

  // The minute under a point across, and the person at a point down, of the rows that are seen.
  minuteAt(x) {
    const lane = this.lanes.get("").getBoundingClientRect();
    const part = this.data.words.rtl ? lane.right - x : x - lane.left;
    return this.first + (part / lane.width) * this.span;
  }

  personAt(y) {
    const seen = this.place.getBoundingClientRect();
    const head = this.top.getBoundingClientRect();
    const within = Math.min(Math.max(y, head.bottom), seen.bottom - 1);
    const row = Math.floor((within - head.bottom + this.place.scrollTop) / ROW_PX);
    return this.data.people[Math.min(row, this.data.people.length - 1)].id;
  }

  pointerdown(event) {
    const box = event.target.closest("[data-shift]");
    const shift = box && this.shifts.get(box.dataset.shift);
    if (!shift || event.button || this.grip || !this.data.editable || shift.locked) return;
    const [x, y] = [event.clientX, event.clientY];
    this.grip = { box, shift, part: this.partOf(box, x), pointer: event.pointerId, x, y, from: this.minuteAt(x) };
    if (event.pointerType === "mouse") this.grip.held = true;
    else this.grip.timer = setTimeout(() => this.lift(), HOLD_MS);
  }

  partOf(box, x) {
    const { left, right, width } = box.getBoundingClientRect();
    if (width < 4 * END_PX) return "whole";
    const { rtl } = this.data.words;
    return x < left + END_PX ? (rtl ? "end" : "start") : x > right - END_PX ? (rtl ? "start" : "end") : "whole";
  }

  pointermove(event) {
    const grip = this.grip;
    if (!grip || event.pointerId !== grip.pointer) return;
    const far = Math.hypot(event.clientX - grip.x, event.clientY - grip.y) > SLACK_PX;
    if (!grip.ghost && far) {
      if (!grip.held) return this.drop(); // a finger that scrolls
      this.lift();
    }
    [grip.x, grip.y] = grip.ghost ? [event.clientX, event.clientY] : [grip.x, grip.y];
    if (grip.ghost) this.carry();
  }

  // The shift comes into the hand: what moves is a likeness of it.
  lift() {
    const grip = this.grip;
    grip.ghost = grip.box.cloneNode(true);
    grip.ghost.removeAttribute("data-shift");
    grip.ghost.removeAttribute("tabindex");
    grip.ghost.setAttribute("aria-hidden", "true");
    grip.ghost.classList.add("board-ghost");
    grip.box.classList.add("board-lifted");
    this.place.setPointerCapture(grip.pointer);
    requestAnimationFrame(() => this.scroll());
  }

  carry() {
    const { shift, part, ghost, from, x, y } = this.grip;
    const { step_min: step, words } = this.data;
    const by = Math.round((this.minuteAt(x) - from) / step) * step;
    const start = minutes(shift.start) + (part === "end" ? 0 : by);
    const end = minutes(shift.end) + (part === "start" ? 0 : by);
    if (end - start < step) return;
    const person = part === "whole" ? this.personAt(y) : shift.person;
    this.grip.meant = { person, start, end };
    if (ghost.parentElement !== this.lanes.get(person)) this.put(person, ghost);
    this.lay(ghost, start, end);
    ghost.firstChild.textContent = `${clock(start, words)}${words.to}${clock(end, words)}`;
  }

  // A shift held near an edge brings what lies beyond it into sight.
  scroll() {
    const grip = this.grip;
    if (!grip || !grip.ghost) return;
    const seen = this.place.getBoundingClientRect();
    const pull = (at, low, high) => (at < low + EDGE_PX ? -8 : at > high - EDGE_PX ? 8 : 0);
    const [left, top] = [this.place.scrollLeft, this.place.scrollTop];
    const down = pull(grip.y, this.top.getBoundingClientRect().bottom - EDGE_PX, seen.bottom);
    this.place.scrollBy(pull(grip.x, seen.left, seen.right), grip.part === "whole" ? down : 0);
    if (left !== this.place.scrollLeft || top !== this.place.scrollTop) this.carry();
    requestAnimationFrame(() => this.scroll());
  }

  // Let go: the likeness stays where it was put until the board is drawn anew.
  pointerup(event) {
    const grip = this.grip;
    if (!grip || event.pointerId !== grip.pointer) return;
    const { shift, meant, ghost } = grip;
    const where = meant && [meant.person, stamp(meant.start), stamp(meant.end)];
    if (!where || where.join() === [shift.person, shift.start, shift.end].join()) this.drop();
    else {
      this.grip = null;
      this.hands.moved(shift, ...where);
    }
    if (ghost) this.dropped = event.timeStamp;
  }

  pointercancel() {
    this.drop();
  }

  drop() {
    const grip = this.grip;
    this.grip = null;
    if (!grip) return;
    clearTimeout(grip.timer);
    grip.box.classList.remove("board-lifted");
    if (grip.ghost) grip.ghost.remove();
  }

  click(event) {
    const box = event.target.closest("[data-shift]");
    if (box && !(event.timeStamp - this.dropped < SETTLES_MS)) this.hands.openMenu(this.shifts.get(box.dataset.shift), box);
  }

  dblclick(event) {
    const row = event.target.closest(".board-row");
    if (!row || !row.dataset.person || !this.data.editable) return;
    if (event.target.closest(".board-lane") && !event.target.closest("[data-shift]"))
      this.hands.asked(row.dataset.person, stamp(Math.floor(this.minuteAt(event.clientX))));
  }
}
