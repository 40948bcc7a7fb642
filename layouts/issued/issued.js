// Searches symbols and titles: those of the page, or those of all pages where a list of them stands beside it.
"use strict";
{
  const MOST = 100;
  const element = (id) => document.getElementById(id);
  const form = element("find"), input = element("search"), said = element("said");
  const results = element("results"), documents = element("documents");
  const { found, nothing, only, digits, all } = form.dataset;
  const folded = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const count = (number) => found.replace("{number}", String(number).replace(/\d/g, (one) => [...digits][one]));
  const text = (entry, part) => entry.querySelector(part)?.textContent ?? "";
  const entries = [...document.querySelectorAll(".entry")].map((entry) =>
    ({ entry, words: folded(`${text(entry, ".symbol")} ${text(entry, ".title")}`) }));
  let list;

  const load = async () => {
    if (location.protocol === "file:") return null; // where no page may read a file
    try {
      const answer = await fetch(all);
      const rows = answer.ok ? await answer.json() : null;
      return rows?.map((row) => ({ row, words: folded(`${row[0]} ${row[1]}`) })) ?? null;
    } catch {
      return null;
    }
  };

  const show = async () => {
    const wanted = folded(input.value).split(/\s+/).filter(Boolean);
    const fits = ({ words }) => wanted.every((word) => words.includes(word));
    if (all && wanted.length) {
      const asked = input.value;
      list ??= load();
      const loaded = await list;
      if (asked !== input.value) return;
      if (loaded) return tell(loaded.filter(fits));
    }
    results.hidden = true;
    documents.hidden = false;
    let hits = 0;
    for (const one of entries) hits += !(one.entry.hidden = !fits(one));
    for (const section of document.querySelectorAll("section")) section.hidden = !section.querySelector(".entry:not([hidden])");
    for (const nav of documents.querySelectorAll("nav")) nav.hidden = wanted.length > 0;
    said.textContent = wanted.length ? [hits ? count(hits) : nothing, all ? only : ""].filter(Boolean).join(" – ") : "";
  };

  const tell = (hits) => {
    documents.hidden = true;
    results.hidden = false;
    said.textContent = hits.length ? count(hits.length) : nothing;
    results.replaceChildren(...hits.slice(0, MOST).map(({ row: [symbol, title, address, lang, dir] }) => {
      const item = document.createElement("li"), link = document.createElement("a"), name = document.createElement("span");
      Object.assign(link, { href: address, textContent: symbol, dir: "ltr" });
      Object.assign(name, { textContent: title, lang, dir });
      item.append(link, name);
      return item;
    }));
  };

  form.hidden = false;
  form.onsubmit = (event) => event.preventDefault();
  input.oninput = show;
  // A result on this very page is behind the list of results.
  results.onclick = ({ target }) => {
    if (target.closest("a")) { input.value = ""; show(); }
  };
  if (input.value) show();
}
