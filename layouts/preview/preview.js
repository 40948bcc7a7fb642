// The preview in the browser. What is shown stands in the fragment of the address; what comes from the server, or from
// the file itself, are events: the layout of a language, its pages, or what the proofreader found.
"use strict";

const settings = JSON.parse(document.getElementById("settings").textContent);
const languages = new Map(settings.languages.map((one) => [one.code, one]));
const columns = new Map();
const shown = { name: "", languages: [], view: "html", draft: false, lines: false, ui: settings.ui };
let found = { findings: [], rows: [], marks: {} };
let chosen = { code: "", row: -1, id: "" };

const element = (id) => document.getElementById(id);
const word = (name) => settings.words[shown.ui][name];
const filled = (name, values) => word(name).replace(/\{(\w+)\}/g, (_, key) => values[key]);

function made(tag, properties = {}, ...children) {
  const { attributes = {}, ...own } = properties;
  const one = Object.assign(document.createElement(tag), own);
  for (const [name, value] of Object.entries(attributes)) one.setAttribute(name, value);
  one.append(...children);
  return one;
}

// Put others in the place of what an element holds; of buttons the one at the same place stays in focus.
function refill(one, ...others) {
  const at = [...one.querySelectorAll("button, a")].indexOf(document.activeElement);
  one.replaceChildren(...others);
  if (at >= 0) one.querySelectorAll("button, a")[at]?.focus();
}

// ---- Where it comes from

const server = {
  stream: null,
  follow(tell) {
    this.stream?.close();
    const query = new URLSearchParams({ languages: shown.languages.join(","), view: shown.view });
    if (shown.draft) query.set("draft", "");
    if (shown.lines) query.set("lines", "");
    this.stream = new EventSource(`/events/${shown.name}?${query}`);
    for (const kind of ["html", "pages", "findings"])
      this.stream.addEventListener(kind, (event) => tell(kind, JSON.parse(event.data)));
    this.stream.onopen = () => connected(true);
    this.stream.onerror = () => connected(false);
  },
  list: () => fetched("/list.json"),
  status: (name) => fetched(`/status/${name}.json`),
  picture: (page) => `/pages/${page.name}.png`,
  file: (code) => `/files/${shown.name}/${code}.pdf${marks()}`,
  archive: () => `/files/${shown.name}.zip${marks()}`,
  document: (name) => `#${fragment({ name })}`,
  sheets: (event) => ["/assets/faces.css", ...event.sheets, "/assets/screen.css"],
};

// The same from a file that carries everything.
const carried = {
  follow(tell) {
    for (const code of shown.languages) tell(shown.view, settings.documents[shown.view][code]);
    tell("findings", settings.documents.findings);
  },
  list: async () => settings.list,
  status: async (name) => settings.list.find((one) => one.name === name)?.status ?? {},
  picture: (page) => settings.pictures[page.name],
  file: (code) => settings.files[code],
  archive: () => "",
  document: (name) => `${name}.html`,
  sheets: (event) => ["faces", ...event.sheets, "screen"].map((one) => settings.sheets[one]),
};

const source = settings.documents ? carried : server;

async function fetched(address) {
  const answer = await fetch(address);
  return answer.ok ? answer.json() : {};
}

function marks() {
  const query = [shown.draft && "draft", shown.lines && "lines"].filter(Boolean);
  return query.length ? `?${query.join("&")}` : "";
}

function connected(live) {
  const one = element("connection");
  one.dataset.word = live ? "live" : "reconnecting";
  one.textContent = word(one.dataset.word);
  one.classList.toggle("lost", !live);
}

// ---- What is shown

function fragment(change = {}) {
  const wish = { ...shown, ...change };
  const query = new URLSearchParams({ doc: wish.name, view: wish.view, ui: wish.ui });
  if (wish.languages.length) query.set("languages", wish.languages.join(","));
  if (wish.draft) query.set("draft", "1");
  if (wish.lines) query.set("lines", "1");
  return query.toString();
}

function wish(change) {
  location.hash = fragment(change);
}

async function read() {
  const query = new URLSearchParams(location.hash.slice(1));
  const before = { ...shown };
  const list = await listed();
  shown.ui = languages.has(query.get("ui")) ? query.get("ui") : settings.ui;
  shown.name = settings.name ?? query.get("doc") ?? (list.length === 1 ? list[0].name : "");
  if (!entry()) shown.name = "";
  const known = entry()?.languages ?? [];
  shown.languages = (query.get("languages") ?? "").split(",").filter((code) => known.includes(code));
  if (!shown.languages.length) shown.languages = first(known);
  shown.view = query.get("view") === "pages" ? "pages" : "html";
  shown.draft = query.has("draft");
  shown.lines = query.has("lines");
  label();
  if (!shown.name) return openList();
  element("list").close();
  if (before.name !== shown.name) {
    found = { findings: [], rows: [], marks: {} };
    chosen = { code: "", row: -1, id: "" };
    element("place").textContent = "";
    element("edit").hidden = true;
  }
  arrange(before);
  status();
  source.follow(told);
}

// As many languages as there is room for, that of the page first.
function first(known) {
  const room = Math.max(1, Math.floor(innerWidth / 480));
  return [...known].sort((one, other) => (other === shown.ui) - (one === shown.ui)).slice(0, room);
}

let list = null;
async function listed() {
  if (!list) {
    list = await source.list();
    list.forEach(searchable);
  }
  return list;
}

function searchable(one) {
  one.words = plain([one.symbol, ...Object.values(one.titles)].join(" "));
}

// The title of a resolution, in the language of the page where there is one.
const title = (one) => one?.titles[shown.ui] ?? one?.titles[one.original] ?? "";

const entry = () => list?.find((one) => one.name === shown.name);

function arrange(before) {
  const anew = before.name !== shown.name || before.view !== shown.view;
  for (const [code, column] of columns)
    if (anew || !shown.languages.includes(code)) {
      column.remove();
      columns.delete(code);
    }
  let place = element("columns").firstElementChild;
  for (const code of shown.languages) {
    let column = columns.get(code);
    if (column && column.element === place) place = place.nextElementSibling;
    else {
      column?.remove(); // a frame that is moved is empty again
      column = new (shown.view === "pages" ? Pages : Layout)(code);
      columns.set(code, column);
      element("columns").insertBefore(column.element, place);
    }
    column.busy(true);
  }
  if (anew) element("columns").scrollTop = 0;
}

// Words of the page in its language, and the state of its buttons.
function label() {
  const { cldr, direction } = languages.get(shown.ui);
  document.documentElement.lang = cldr;
  document.documentElement.dir = direction;
  document.title = [entry()?.symbol, word("title")].filter(Boolean).join(" · ");
  for (const one of document.querySelectorAll("[data-word]")) one.textContent = word(one.dataset.word);
  for (const one of document.querySelectorAll("[data-label]")) one.ariaLabel = word(one.dataset.label);
  element("search").placeholder = word("search");
  element("interface").value = shown.ui;
  element("symbol").textContent = entry()?.symbol ?? "";
  element("no-symbol").hidden = Boolean(shown.name);
  element("title").textContent = title(entry());
  element("title").dir = "auto";
  element("view-html").ariaPressed = shown.view === "html";
  element("view-pages").ariaPressed = shown.view === "pages";
  if (element("draft")) {
    element("draft").ariaPressed = shown.draft;
    element("lines").ariaPressed = shown.lines;
  }
  const buttons = (entry()?.languages ?? []).map((code, index) => {
    const { name, cldr: lang } = languages.get(code);
    const pressed = shown.languages.includes(code);
    const attributes = { "aria-pressed": pressed, "aria-keyshortcuts": index + 1 };
    const one = made("button", { type: "button", textContent: name, lang, attributes });
    one.onclick = () => toggle(code);
    return one;
  });
  refill(element("languages"), ...buttons);
  downloads();
  for (const column of columns.values()) column.label();
  tellFindings();
}

function toggle(code) {
  const others = shown.languages.filter((one) => one !== code);
  if (others.length === shown.languages.length) wish({ languages: [...others, code] });
  else if (others.length) wish({ languages: others });
}

function downloads() {
  const links = (entry()?.languages ?? []).map((code) => {
    const { name, cldr } = languages.get(code);
    return made("a", { href: source.file(code), textContent: `${name} (PDF)`, lang: cldr, download: "" });
  });
  if (source.archive()) links.push(made("a", { href: source.archive(), textContent: word("all_languages"), download: "" }));
  refill(element("downloads"), ...links);
}

async function status() {
  const { name } = shown;
  const states = await source.status(name);
  if (name === shown.name) for (const column of columns.values()) column.state(states[column.code]);
}

// ---- What comes

function told(kind, event) {
  if (kind === "findings") {
    found = { findings: [], rows: [], marks: {}, ...event };
    if (event.entry && entry()) searchable(Object.assign(entry(), event.entry));
    label();
    status();
    for (const column of columns.values()) column.mark();
    return align();
  }
  const column = columns.get(event.language);
  if (!column || kind !== shown.view) return;
  column.busy(false);
  column.fail(event.findings ?? []);
  if (!event.findings && !event.gone) column.show(event);
}

class Column {
  constructor(code) {
    const { name, cldr, direction } = languages.get(code);
    this.code = code;
    this.direction = direction;
    this.lang = cldr;
    this.badge = made("span", { className: "state", hidden: true });
    this.working = made("span", { className: "busy", hidden: true });
    this.fault = made("div", { className: "fault", hidden: true });
    const title = made("h2", {}, made("span", { textContent: name, lang: cldr }), this.badge, this.working);
    this.element = made("section", { className: "column", attributes: { "aria-label": name } }, title, this.fault);
  }

  label() {
    this.working.textContent = word("building");
    if (this.badge.dataset.state) this.badge.textContent = word(this.badge.dataset.state);
  }

  state(state) {
    this.badge.hidden = !state;
    this.badge.className = `state ${state}`;
    this.badge.dataset.state = state ?? "";
    this.label();
  }

  busy(busy) {
    this.working.hidden = !busy;
    this.label();
  }

  fail(findings) {
    this.element.classList.toggle("broken", findings.length > 0);
    this.fault.hidden = !findings.length;
    if (!findings.length) return this.fault.replaceChildren();
    const listed = made("ul", {}, ...findings.map((one) => tellFinding(one)));
    this.fault.replaceChildren(made("div", { attributes: { role: "alert" } }, listed, this.good ? word("broken") : ""));
  }

  remove() {
    this.element.remove();
  }

  get good() {
    return false;
  }
  mark() {}
  piece() {
    return null;
  }
}

// ---- The layout of a language: its HTML in a frame that runs no script

class Layout extends Column {
  constructor(code) {
    super(code);
    const { name } = languages.get(code);
    this.body = made("iframe", { title: name, attributes: { sandbox: "allow-same-origin" } });
    this.body.srcdoc = "<!DOCTYPE html><html><head></head><body></body></html>";
    this.ready = new Promise((resolve) => this.body.addEventListener("load", resolve, { once: true }));
    this.ready.then(() => this.listen());
    this.lines = {};
    this.texts = new Map();
    this.element.append(this.body);
  }

  get good() {
    return this.texts.size > 0;
  }

  get page() {
    return this.body.contentDocument;
  }

  listen() {
    this.page.addEventListener("click", (event) => this.clicked(event));
    this.page.addEventListener("keydown", pressed);
    for (const kind of ["mouseover", "focusin"]) this.page.addEventListener(kind, (event) => this.tip(event.target));
    for (const kind of ["mouseleave", "focusout"]) this.page.addEventListener(kind, () => this.tip(null));
  }

  async show(event) {
    this.event = event;
    await this.ready;
    if (this.event !== event || !this.page) return;
    const parsed = new DOMParser().parseFromString(unstyled(event.html), "text/html");
    for (const one of parsed.querySelectorAll("script, link, base, meta")) one.remove();
    const notes = this.notes(parsed);
    const texts = new Map([...parsed.querySelectorAll("[id]")].map((one) => [one.id, one.outerHTML]));
    const title = parsed.querySelector("h1");
    if (title) texts.set((title.id = "title"), title.outerHTML);
    await this.dress(event);
    if (this.event !== event || !this.page) return;
    const stays = anchor();
    const { documentElement: root, body } = this.page;
    root.lang = parsed.documentElement.lang;
    root.dir = parsed.documentElement.dir;
    for (const name of body.getAttributeNames()) body.removeAttribute(name);
    for (const { name, value } of parsed.body.attributes) body.setAttribute(name, value);
    body.replaceChildren(...parsed.body.childNodes, notes);
    for (const [id, html] of this.texts.size ? texts : [])
      if (this.texts.get(id) !== html) this.page.getElementById(id)?.classList.add("changed");
    this.texts = texts;
    this.lines = event.lines;
    this.mark();
    this.choose();
    align();
    stays();
    this.page.fonts.ready.then(align);
  }

  // Notes, which stand in the text where they are called, go to its end.
  notes(parsed) {
    const end = made("section", { className: "notes", attributes: { role: "doc-endnotes" } });
    const names = new Map();
    for (const note of parsed.querySelectorAll(".note")) {
      const call = made("a", { className: "call", textContent: note.dataset.call, href: `#${note.id}` });
      call.setAttribute("role", "doc-noteref");
      note.replaceWith(call);
      names.set(note.dataset.call, note.id);
      note.prepend(made("span", { className: "mark", textContent: note.dataset.mark }), " ");
      end.append(note);
    }
    for (const call of parsed.querySelectorAll("span.call"))
      if (names.has(call.textContent)) {
        const again = made("a", { className: "call", textContent: call.textContent, href: `#${names.get(call.textContent)}` });
        again.setAttribute("role", "doc-noteref");
        call.replaceWith(again);
      }
    return end.childElementCount ? end : "";
  }

  // Style sheets are changed without a moment in which there are none.
  async dress(event) {
    const wanted = source.sheets(event);
    if (JSON.stringify(wanted) === this.dressed) return;
    this.dressed = JSON.stringify(wanted);
    const { head } = this.page;
    const before = [...head.children];
    const own = wanted.map((one) =>
      source === carried
        ? made("style", { textContent: one })
        : made("link", { rel: "stylesheet", href: one }),
    );
    const loaded = own.map((one) => one.localName === "link" && new Promise((done) => (one.onload = one.onerror = done)));
    head.append(...own);
    await Promise.all(loaded);
    for (const one of before) one.remove();
  }

  piece(id) {
    return this.page?.getElementById(id) ?? this.page?.getElementById(id.replace(/__(heading|caption)$/, ""));
  }

  clicked(event) {
    const link = event.target.closest("a[href]");
    if (link) {
      event.preventDefault();
      if (link.matches(".call")) return choose(this.code, link.getAttribute("href").slice(1), true);
      return window.open(link.href, "_blank", "noopener,noreferrer");
    }
    let one = event.target.closest("[id]");
    while (one && !(one.id in this.lines)) one = one.parentElement?.closest("[id]");
    if (one) choose(this.code, one.id);
  }

  // The note of a call that is pointed at.
  tip(target) {
    const call = target?.closest?.(".call");
    const before = this.page.querySelector(".tip");
    if (before?.call === call && call) return;
    before?.remove();
    const note = call && this.page.getElementById(call.getAttribute("href").slice(1));
    if (!note) return;
    const tip = made("div", { className: "tip", attributes: { role: "tooltip" } });
    tip.call = call;
    const copy = note.cloneNode(true);
    copy.querySelector(".mark").remove();
    tip.append(...copy.childNodes);
    this.page.body.append(tip);
    const at = call.getBoundingClientRect();
    const frame = this.page.body.getBoundingClientRect();
    const left = Math.min(Math.max(at.left - frame.left - tip.offsetWidth / 2, 4), frame.width - tip.offsetWidth - 4);
    tip.style.left = `${left}px`;
    tip.style.top = `${at.bottom - frame.top + 4}px`;
  }

  mark() {
    if (!this.page?.body) return;
    for (const one of this.page.querySelectorAll("mark")) one.replaceWith(...one.childNodes);
    this.page.body.normalize();
    for (const [id, words] of Object.entries(found.marks[this.code] ?? {})) {
      const piece = this.piece(id);
      if (piece) for (const [text, before] of words) marked(piece, text, before);
    }
  }

  choose() {
    for (const one of this.page?.querySelectorAll(".chosen") ?? []) one.classList.remove("chosen");
    const id = found.rows[chosen.row]?.[this.code] ?? (chosen.code === this.code ? chosen.id : "");
    if (id) this.piece(id)?.classList.add("chosen");
  }
}

// The policy of the page lets no style stand in the text, and says so even of what is only parsed.
const unstyled = (html) => html.replace(/<style\b[^]*?<\/style>/g, "").replace(/\sstyle=("[^"]*"|'[^']*')/g, "");

// Compare as the proofreader does: any space is a space, what has no width does not count, digits are digits.
const DIGITS = [0x660, 0x6f0, 0xff10];
function folded(character) {
  const code = character.codePointAt(0);
  const zero = DIGITS.find((one) => code >= one && code < one + 10);
  if (zero) return String(code - zero);
  if (/[\u00ad\u200b-\u200f\u2060-\u2069\ufeff]/.test(character)) return "";
  if (/\s/.test(character)) return " ";
  return /[\u2010\u2011]/.test(character) ? "-" : character.toLowerCase();
}

// Put a mark around words of a text, of which so many equal ones stand before.
function marked(piece, words, before) {
  const own = piece.ownerDocument;
  const walker = own.createTreeWalker(piece, NodeFilter.SHOW_TEXT);
  let text = "";
  const places = [];
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (node.parentElement.closest(".call, .number, .mark")) continue;
    [...node.data].forEach((character, index, all) => {
      const one = folded(character);
      text += one;
      if (one) places.push([node, all.slice(0, index).join("").length, character.length]);
    });
  }
  const wanted = [...words].map(folded).join("");
  let start = -1;
  for (let turn = 0; turn <= before; turn++) start = text.indexOf(wanted, start + 1);
  if (start < 0 || !wanted) return;
  const ranges = new Map();
  for (const [node, offset, length] of places.slice(start, start + wanted.length)) {
    const range = ranges.get(node) ?? [offset, offset];
    ranges.set(node, [range[0], offset + length]);
  }
  for (const [node, [from, to]] of ranges) {
    const range = own.createRange();
    range.setStart(node, from);
    range.setEnd(node, to);
    range.surroundContents(own.createElement("mark"));
  }
}

// Set what says the same at the same height.
function align() {
  const all = [...columns.values()].filter((one) => one instanceof Layout && one.page?.body?.childElementCount);
  for (const { page } of all) for (const one of page.querySelectorAll("[id]")) one.style.borderTopWidth = "";
  if (all.length > 1) {
    const pieces = found.rows.map((row) => all.map((one) => (row[one.code] ? one.piece(row[one.code]) : null)));
    const tops = pieces.map((row) => row.map((one) => one?.getBoundingClientRect().top));
    const moved = all.map(() => 0);
    pieces.forEach((row, index) => {
      const present = row.flatMap((one, column) => (one ? [column] : []));
      if (present.length < 2) return;
      const line = Math.max(...present.map((column) => tops[index][column] + moved[column]));
      for (const column of present) {
        const more = Math.round(line - tops[index][column] - moved[column]); // a border has whole pixels
        if (!more) continue;
        row[column].style.borderTopWidth = `${more}px`;
        moved[column] += more;
      }
    });
  }
  const heights = all.map(({ page }) => Math.ceil(page.body.getBoundingClientRect().bottom));
  all.forEach((one, index) => (one.body.style.height = `${heights[index]}px`));
}

// Remember which text stands at the head of the window, and give what brings it back there.
function anchor() {
  const main = element("columns");
  const [column] = [...columns.values()].filter((one) => one instanceof Layout && one.texts.size);
  if (!column || !main.scrollTop) return () => {};
  const height = (id) => column.body.getBoundingClientRect().top + (column.piece(id)?.getBoundingClientRect().top ?? NaN);
  const limit = main.getBoundingClientRect().top;
  const id = [...column.texts.keys()].find((one) => height(one) >= limit);
  const before = id && height(id);
  return () => {
    const change = id ? height(id) - before : 0;
    if (change) main.scrollTop += change;
  };
}

// ---- The pages of a language: pictures, with their text to be selected over them

class Pages extends Column {
  constructor(code) {
    super(code);
    this.body = made("div", { className: "sheets", hidden: true });
    this.element.append(this.body);
    this.seen = new IntersectionObserver((all) => {
      for (const { isIntersecting, target } of all)
        if (isIntersecting && !target.runs.done) this.write(target);
    }, { root: element("columns"), rootMargin: "50%" });
  }

  get good() {
    return this.body.childElementCount > 0;
  }

  show({ pages }) {
    this.pages = pages;
    this.body.hidden = false;
    const before = new Map([...this.body.children].map((one) => [one.name, one]));
    this.body.replaceChildren(
      ...pages.map((page) => {
        const kept = before.get(page.name);
        before.delete(page.name);
        return kept ?? this.sheet(page);
      }),
    );
    this.label();
  }

  sheet(page) {
    const picture = made("img", { src: source.picture(page), alt: "" });
    const sheet = made("div", { className: "sheet", dir: "ltr", lang: this.lang, attributes: { role: "group" } }, picture);
    sheet.style.aspectRatio = `${page.width} / ${page.height}`;
    sheet.style.containerType = "inline-size";
    sheet.name = page.name;
    sheet.runs = { page, done: false };
    this.seen.observe(sheet);
    return sheet;
  }

  label() {
    super.label();
    const all = [...(this.body?.children ?? [])];
    all.forEach((one, index) => (one.ariaLabel = filled("page", { page: index + 1, pages: all.length })));
  }

  // Each run of type stands where it is printed, as wide as it is there.
  write(sheet) {
    const { page } = sheet.runs;
    sheet.runs.done = true;
    const spans = page.runs.map(([text, left, bottom, right, top]) => {
      const span = made("span", { textContent: text, dir: "auto" });
      const size = top - bottom;
      const width = measured(text) * size;
      span.style.left = `${(100 * left) / page.width}%`;
      span.style.top = `${(100 * (page.height - top)) / page.height}%`;
      span.style.fontSize = `${(100 * size) / page.width}cqw`;
      if (width) span.style.transform = `scaleX(${(right - left) / width})`;
      return span;
    });
    sheet.append(...spans);
  }

  remove() {
    this.seen.disconnect();
    super.remove();
  }
}

const canvas = document.createElement("canvas").getContext("2d");
canvas.font = "100px serif";
const measured = (text) => canvas.measureText(text).width / 100;

// ---- What was found

function editor(one) {
  if (!settings.editor || !one.path) return "";
  const path = one.path.split("/").map(encodeURIComponent).join("/");
  return settings.editor.replace("{path}", path).replace("{line}", one.line || 1);
}

function tellFinding(one) {
  const where = one.file ? `${one.file}${one.line ? `:${one.line}` : ""}` : "";
  const button = made("button", { type: "button" }, made("b", { textContent: one.code }), ` ${one.message}`);
  const code = one.file?.match(/([^/]+)\.yaml$/)?.[1];
  button.onclick = () => (code && one.unit ? choose(code, one.unit, true) : place(one));
  const parts = [button];
  if (where) parts.push(made("small", { dir: "ltr" }, editor(one) ? made("a", { href: editor(one), textContent: where }) : where));
  if (one.excerpt && !one.unit) parts.push(made("pre", { textContent: one.excerpt, dir: "auto" }));
  if (one.hint) parts.push(made("small", { textContent: one.hint }));
  return made("li", { className: `finding ${one.severity}`, lang: "en", dir: "ltr" }, ...parts);
}

function tellFindings() {
  const { findings } = found;
  const errors = findings.filter((one) => one.severity === "error").length;
  const count = element("count");
  count.textContent = findings.length;
  count.title = filled("count", { errors, warnings: findings.length - errors });
  element("no-findings").hidden = findings.length > 0;
  refill(element("findings").querySelector("ol"), ...findings.map(tellFinding));
}

// ---- A text that is chosen

function choose(code, id, scroll = false) {
  const row = found.rows.findIndex((one) => one[code] === id);
  chosen = { code, row, id };
  for (const column of columns.values()) column.choose?.();
  const file = `resolutions/${shown.name}/${code}.yaml`;
  const column = columns.get(code);
  place({ file, path: `${settings.root}/${file}`, line: column?.lines?.[id] ?? 0 });
  const piece = column?.piece(id);
  if (!piece) return;
  element("said").lang = column.lang;
  element("said").textContent = piece.textContent.slice(0, 200);
  if (!scroll) return;
  const main = element("columns");
  const top = column.body.offsetTop + piece.getBoundingClientRect().top;
  main.scrollTop = top - main.clientHeight / 3;
}

function place(one) {
  element("place").textContent = one.line ? `${one.file}:${one.line}` : one.file || "";
  element("edit").hidden = !editor(one);
  element("edit").href = editor(one) || "#";
}

function step(by) {
  const rows = found.rows;
  if (!rows.length || shown.view !== "html") return;
  const code = columns.has(chosen.code) ? chosen.code : shown.languages[0];
  const column = columns.get(code);
  for (let at = chosen.row + by; at >= 0 && at < rows.length; at += by)
    if (rows[at][code] && column.piece(rows[at][code])) return choose(code, rows[at][code], true);
}

// ---- The list of resolutions

const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

async function openList() {
  if (source === server) list = null;
  await listed();
  element("list").showModal();
  element("search").select();
  search();
}

const looked = new IntersectionObserver((all) => {
  for (const { isIntersecting, target } of all)
    if (isIntersecting) {
      looked.unobserve(target);
      source.status(target.name).then((states) => {
        const chips = Object.entries(states).map(([code, state]) =>
          made("span", { className: `state ${state}`, textContent: `${code} ${word(state)}` }),
        );
        target.querySelector(".states").replaceChildren(...chips);
      });
    }
});

function search() {
  const wanted = plain(element("search").value).split(/\s+/);
  const hits = list.filter((one) => wanted.every((part) => one.words.includes(part)));
  element("nothing-found").hidden = hits.length > 0;
  looked.disconnect();
  element("found").replaceChildren(
    ...hits.slice(0, 500).map((one) => {
      const link = made("a", { href: source.document(one.name), textContent: one.symbol, dir: "ltr" });
      link.onclick = () => element("list").close();
      const about = [one.edition, settings.distributions[shown.ui][one.distribution]].filter(Boolean).join(" · ");
      const row = made(
        "li",
        {},
        link,
        made("span", { className: "name", textContent: title(one), dir: "auto" }),
        made("small", { textContent: about, dir: "auto" }),
        made("span", { className: "states" }),
      );
      row.name = one.name;
      looked.observe(row);
      return row;
    }),
  );
}

// ---- Hands

const keys = {
  v: () => wish({ view: shown.view === "html" ? "pages" : "html" }),
  d: () => element("draft")?.click(),
  l: () => element("lines")?.click(),
  f: () => element("open-findings").click(),
  p: () => element("downloads").togglePopover() && element("downloads").querySelector("a")?.focus(),
  o: () => element("edit").hidden || element("edit").click(),
  j: () => step(1),
  k: () => step(-1),
  "/": openList,
  "?": () => element("help").showModal(),
};

function pressed(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  if (event.target.closest?.("input, select, textarea")) return;
  if (event.key === "Escape") return leave();
  const code = entry()?.languages?.[event.key - 1];
  const act = code ? () => toggle(code) : keys[event.key];
  if (!act) return;
  event.preventDefault();
  act();
}

// Close what is open.
function leave() {
  for (const column of columns.values()) column.tip?.(null);
  if (!element("findings").hidden) element("open-findings").click();
}

document.addEventListener("keydown", pressed);
window.addEventListener("hashchange", read);
element("open-list").onclick = openList;
element("open-help").onclick = keys["?"];
element("open-findings").onclick = ({ currentTarget }) => {
  const panel = element("findings");
  panel.hidden = !panel.hidden;
  currentTarget.ariaExpanded = !panel.hidden;
  (panel.hidden ? currentTarget : panel).focus();
};
element("view-html").onclick = () => wish({ view: "html" });
element("view-pages").onclick = () => wish({ view: "pages" });
element("interface").onchange = ({ target }) => wish({ ui: target.value });
element("search").oninput = search;
element("search").onkeydown = (event) => {
  if (event.key !== "Enter" || event.isComposing) return;
  event.preventDefault();
  element("found").querySelector("a")?.click();
};
if (element("draft")) {
  element("draft").onclick = () => wish({ draft: !shown.draft });
  element("lines").onclick = () => wish({ lines: !shown.lines, view: "pages" });
}
new ResizeObserver(() => requestAnimationFrame(align)).observe(element("columns"));
read();
